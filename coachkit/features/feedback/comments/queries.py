"""Comments as the workspace and the open views show them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.assessment.passages import clock_of, passages
from coachkit.domain.content.model import Library
from coachkit.features.accounts.queries import names
from coachkit.features.feedback.comments.models import EvidenceComment
from coachkit.features.practice.evidence.models import EvidenceFile
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.queries import LEFT


@dataclass(frozen=True, slots=True)
class CommentView:
    """One comment with the place that it is about."""

    id: int
    coach: str
    criterion_id: str
    criterion: str
    place: str
    """«Passage 3» or «3:07 of talk.webm»."""
    passage: int | None
    """Where the text still holds it."""
    file_id: int | None
    """Where the recording is still there."""
    seconds: int | None
    url: str
    """The recording at this moment, for a browser that runs no script."""
    excerpt: str
    text: str


def comments_of(
    session: Session, library: Library, attempt: Attempt, coach_id: int | None = None
) -> tuple[CommentView, ...]:
    """One coach's comments; without her, everybody's, for views that are open to both sides. In the talk's order."""
    query = (
        select(EvidenceComment, EvidenceFile)
        .outerjoin(EvidenceFile, EvidenceFile.id == EvidenceComment.evidence_id)
        .where(EvidenceComment.attempt_id == attempt.id)
        .order_by(EvidenceComment.passage, EvidenceComment.seconds, EvidenceComment.id)
    )
    if coach_id is not None:
        query = query.where(EvidenceComment.coach_id == coach_id)
    rows = session.execute(query).all()
    numbered = {passage.number: passage for passage in passages(attempt.evidence)}
    known = names(session, [row.coach_id for row, _file in rows])
    found = []
    for row, stored in rows:
        file: EvidenceFile | None = stored
        here = file is not None and file.file_id is not None
        if row.seconds is None:
            place = f"Passage {row.passage}"
        else:
            place = f"{clock_of(row.seconds)} of {file.name if file else 'a recording'}"
        stands = row.passage in numbered and numbered[row.passage].holds(row.excerpt.removesuffix("…"))
        found.append(
            CommentView(
                row.id,
                known.get(row.coach_id or 0, LEFT),
                row.criterion_id,
                library.criterion(row.criterion_id).name,
                place,
                row.passage if stands else None,
                row.evidence_id if here else None,
                row.seconds,
                f"/practice/{attempt.id}/files/{row.evidence_id}/content#t={row.seconds}" if here else "",
                row.excerpt,
                row.text,
            )
        )
    return tuple(found)
