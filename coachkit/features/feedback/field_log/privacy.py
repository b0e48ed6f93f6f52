"""The field log, to take away or to destroy."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from coachkit.features.feedback.field_log.models import FieldEntry
from coachkit.features.feedback.field_log.queries import entries_of

TABLES = {"field_entry": ("person_id",)}


def export_person(session: Session, person_id: int) -> dict[str, Any]:
    """All entries."""
    return {
        "field_log": [
            {
                "on": entry.on.isoformat(),
                "situation": entry.situation,
                "act": entry.act,
                "effect": entry.effect,
                "witness": entry.witness,
                "plan": entry.plan,
            }
            for entry in entries_of(session, person_id, with_practice=True)
        ]
    }


def erase_person(session: Session, person_id: int) -> None:
    """The learner's entries go."""
    session.execute(delete(FieldEntry).where(FieldEntry.person_id == person_id))
