"""What this room holds about a person: to take away, or to destroy.

Runs name people by pseudonym only; erasing the person destroys what the pseudonym means.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from coachkit.features.calibration.models import CurrentMeasure

TABLES = {"current_measure": ("person_id",)}


def export_person(session: Session, person_id: int) -> dict[str, Any]:
    """What the newest calibration says about the person, with its number."""
    row = session.get(CurrentMeasure, person_id)
    if row is None:
        return {"measures": None}
    return {"measures": {"calibration": row.run_id, "as_of": row.as_of.isoformat(), **row.data}}


def erase_person(session: Session, person_id: int) -> None:
    """The person's own figures go at once; the next run is made without the person's ratings."""
    session.execute(delete(CurrentMeasure).where(CurrentMeasure.person_id == person_id))
