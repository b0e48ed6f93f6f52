"""What this room holds about a person: to take away, or to destroy."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from coachkit.features.learning.models import QuizAnswer, SectionRead

TABLES = {"section_read": ("person_id",), "quiz_answer": ("person_id",)}


def export_person(session: Session, person_id: int) -> dict[str, Any]:
    """Sections read and answers given."""
    read = session.scalars(select(SectionRead).where(SectionRead.person_id == person_id))
    answers = session.scalars(select(QuizAnswer).where(QuizAnswer.person_id == person_id).order_by(QuizAnswer.id))
    return {
        "sections_read": [{"module": r.module_id, "section": r.section_id, "at": r.at.isoformat()} for r in read],
        "quiz_answers": [
            {"item": a.item_id, "option": a.option_id, "correct": a.correct, "at": a.at.isoformat()} for a in answers
        ],
    }


def erase_person(session: Session, person_id: int) -> None:
    """Nothing of it stays."""
    session.execute(delete(SectionRead).where(SectionRead.person_id == person_id))
    session.execute(delete(QuizAnswer).where(QuizAnswer.person_id == person_id))
