"""Notes and plans, as this room and others read them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.features.accounts.queries import names
from coachkit.features.feedback.models import FeedbackNote, LearnerAnswer, NotePart, Plan
from coachkit.features.feedback.service import PARTS, PartText
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.queries import LibraryOf, title_of
from coachkit.features.practice.service import OFFICIAL


def note_of(session: Session, attempt_id: int) -> tuple[FeedbackNote | None, dict[str, PartText]]:
    """A note and its parts."""
    row = session.scalars(select(FeedbackNote).where(FeedbackNote.attempt_id == attempt_id)).one_or_none()
    if row is None:
        return None, {}
    parts = session.scalars(select(NotePart).where(NotePart.note_id == row.id))
    return row, {part.kind: PartText(**{name: getattr(part, name) for name in PARTS}) for part in parts}


@dataclass(frozen=True, slots=True)
class PlanView:
    id: int
    attempt_id: int
    cue: str
    act: str
    due_on: date
    witness: str
    created_at: datetime
    outcome: str
    closed_at: datetime | None


def plans_of(
    session: Session, person_id: int, *, attempt_id: int | None = None, official_only: bool = False
) -> tuple[PlanView, ...]:
    """A learner's plans, the next due first. Those from practice are his and his invited coach's alone."""
    query = select(Plan).where(Plan.person_id == person_id)
    if official_only:
        query = query.join(Attempt, Attempt.id == Plan.attempt_id).where(Attempt.kind == OFFICIAL)
    if attempt_id is not None:
        query = query.where(Plan.attempt_id == attempt_id)
    rows = session.scalars(query.order_by(Plan.closed_at.is_not(None), Plan.due_on, Plan.id))
    return tuple(
        PlanView(p.id, p.attempt_id, p.cue, p.act, p.due_on, p.witness, p.created_at, p.outcome, p.closed_at)
        for p in rows
    )


@dataclass(frozen=True, slots=True)
class ReleasedNote:
    """A released note with what it was about."""

    attempt_id: int
    title: str
    official: bool
    coach: str
    released_at: datetime
    keep: PartText | None
    change: PartText | None
    answer: str


def notes_of(
    session: Session, library_of: LibraryOf, learner_id: int, *, official_only: bool = True
) -> tuple[ReleasedNote, ...]:
    """Released notes to a learner, newest first."""
    query = (
        select(FeedbackNote, Attempt)
        .join(Attempt, Attempt.id == FeedbackNote.attempt_id)
        .where(
            Attempt.learner_id == learner_id,
            FeedbackNote.released_at.is_not(None),
            Attempt.withdrawn_at.is_(None),
        )
        .order_by(FeedbackNote.released_at.desc(), FeedbackNote.id.desc())
    )
    if official_only:
        query = query.where(Attempt.kind == OFFICIAL)
    rows = session.execute(query).all()
    known = names(session, (note.coach_id for note, _attempt in rows))
    found = []
    for note, attempt in rows:
        _row, parts = note_of(session, attempt.id)
        answer = session.scalar(select(LearnerAnswer.text).where(LearnerAnswer.attempt_id == attempt.id))
        title = title_of(attempt, library_of(attempt.library_version).scenario(attempt.scenario_id))
        found.append(
            ReleasedNote(
                attempt.id,
                title,
                attempt.kind == OFFICIAL,
                known.get(note.coach_id or 0, "A coach who has left"),
                note.released_at or note.saved_at,
                parts.get("keep"),
                parts.get("change"),
                answer or "",
            )
        )
    return tuple(found)


def without_contested(
    notes: Iterable[ReleasedNote], contested: Collection[tuple[int, str]]
) -> tuple[ReleasedNote, ...]:
    """Notes without the halves that are contested; a note of which nothing is left is left out."""
    kept = (
        replace(
            note,
            keep=None if (note.attempt_id, "keep") in contested else note.keep,
            change=None if (note.attempt_id, "change") in contested else note.change,
        )
        for note in notes
    )
    return tuple(note for note in kept if note.keep or note.change)
