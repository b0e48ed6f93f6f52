"""What was noted while somebody was watched: for the learner once both views are open."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from coachkit.features.feedback.observation.models import Observation, ObservationNote
from coachkit.features.practice.models import Attempt

TABLES = {"observation": ("coach_id",)}


def export_person(session: Session, person_id: int) -> list[dict[str, Any]]:
    """Notes about the learner's attempts that both sides have locked."""
    rows = session.execute(
        select(ObservationNote, Observation.attempt_id)
        .join(Observation, Observation.id == ObservationNote.observation_id)
        .join(Attempt, Attempt.id == Observation.attempt_id)
        .where(Attempt.learner_id == person_id, Attempt.revealed_at.is_not(None))
        .order_by(ObservationNote.id)
    )
    return [
        {"attempt": attempt_id, "seconds": row.seconds, "criterion": row.criterion_id, "text": row.text}
        for row, attempt_id in rows
    ]


def erase_person(session: Session, person_id: int) -> None:
    """A coach's notes stay with the learner's attempt, without her name; a learner's go with his attempts."""
    session.execute(update(Observation).where(Observation.coach_id == person_id).values(coach_id=None))
