"""What contests hold about a person: to take away, or to destroy."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from coachkit.features.feedback.contest.models import Contest
from coachkit.features.feedback.contest.queries import contests_of

TABLES = {"contest": ("person_id", "reviewer_id")}


def export_person(session: Session, person_id: int) -> list[dict[str, Any]]:
    """What the learner contested, and what came of it."""
    return [
        {
            "attempt": view.attempt_id,
            "kind": view.kind,
            "item": view.item,
            "sentence": view.sentence,
            "text": view.text,
            "evidence": view.evidence,
            "opened_at": view.opened_at.isoformat(),
            "outcome": view.outcome,
            "level": view.level.value,
            "wording": view.wording,
            "reasons": view.reasons,
            "decided_at": view.decided_at.isoformat() if view.decided_at else None,
        }
        for view in contests_of(session, person_id)
    ]


def erase_person(session: Session, person_id: int) -> None:
    """A learner's contests go; those that a coach decided lose her name."""
    session.execute(delete(Contest).where(Contest.person_id == person_id))
    session.execute(update(Contest).where(Contest.reviewer_id == person_id).values(reviewer_id=None))
