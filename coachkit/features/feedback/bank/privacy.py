"""Phrases are the coach's own; they go with her."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from coachkit.features.feedback.bank.models import Phrase

TABLES = {"phrase": ("coach_id",)}


def export_person(session: Session, person_id: int) -> list[dict[str, Any]]:
    """What she keeps to say it again."""
    rows = session.scalars(select(Phrase).where(Phrase.coach_id == person_id).order_by(Phrase.id))
    return [{"criterion": row.criterion_id, "text": row.text, "at": row.saved_at.isoformat()} for row in rows]


def erase_person(session: Session, person_id: int) -> None:
    session.execute(delete(Phrase).where(Phrase.coach_id == person_id))
