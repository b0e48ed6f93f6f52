"""What this room holds about a person: to take away, or to destroy."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from coachkit.features.learning.models import CardReview, QuizAnswer, SectionNote, SectionRead

TABLES = {
    "section_read": ("person_id",),
    "quiz_answer": ("person_id",),
    "card_review": ("person_id",),
    "section_note": ("person_id",),
}


def export_person(session: Session, person_id: int) -> dict[str, Any]:
    """Sections read, answers given, cards reviewed, notes written."""
    read = session.scalars(select(SectionRead).where(SectionRead.person_id == person_id))
    answers = session.scalars(select(QuizAnswer).where(QuizAnswer.person_id == person_id).order_by(QuizAnswer.id))
    reviews = session.scalars(select(CardReview).where(CardReview.person_id == person_id).order_by(CardReview.card_id))
    notes = session.scalars(
        select(SectionNote).where(SectionNote.person_id == person_id).order_by(SectionNote.saved_at)
    )
    return {
        "sections_read": [
            {"module": r.module_id, "section": r.section_id, "skipped_as_known": r.known, "at": r.at.isoformat()}
            for r in read
        ],
        "quiz_answers": [
            {"item": a.item_id, "option": a.option_id, "correct": a.correct, "at": a.at.isoformat()} for a in answers
        ],
        "cards": [
            {
                "card": r.card_id,
                "answer": r.rating,
                "reviews": r.reviews,
                "reviewed_at": r.reviewed_at.isoformat(),
                "due_at": r.due_at.isoformat(),
            }
            for r in reviews
        ],
        "section_notes": [
            {"module": n.module_id, "section": n.section_id, "text": n.text, "saved_at": n.saved_at.isoformat()}
            for n in notes
        ],
    }


def erase_person(session: Session, person_id: int) -> None:
    """Nothing of it stays."""
    for table in (SectionRead, QuizAnswer, CardReview, SectionNote):
        session.execute(delete(table).where(table.person_id == person_id))
