"""Comments: for the learner once both views are open."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from coachkit.features.feedback.comments.models import EvidenceComment
from coachkit.features.practice.models import Attempt

TABLES = {"evidence_comment": ("coach_id",)}


def export_person(session: Session, person_id: int) -> list[dict[str, Any]]:
    """Comments on the learner's attempts that all sides have locked."""
    rows = session.scalars(
        select(EvidenceComment)
        .join(Attempt, Attempt.id == EvidenceComment.attempt_id)
        .where(Attempt.learner_id == person_id, Attempt.revealed_at.is_not(None))
        .order_by(EvidenceComment.id)
    )
    return [
        {
            "attempt": row.attempt_id,
            "criterion": row.criterion_id,
            "passage": row.passage,
            "file": row.evidence_id,
            "seconds": row.seconds,
            "excerpt": row.excerpt,
            "text": row.text,
            "at": row.at.isoformat(),
        }
        for row in rows
    ]


def erase_person(session: Session, person_id: int) -> None:
    """A coach's comments stay with the learner's attempt, without her name; a learner's go with his attempts."""
    session.execute(update(EvidenceComment).where(EvidenceComment.coach_id == person_id).values(coach_id=None))
