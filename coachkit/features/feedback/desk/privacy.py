"""What the desk holds about a person: to take away, or to destroy."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from coachkit.features.feedback.desk.private_notes import about
from coachkit.features.feedback.desk_models import Claim, PrivateNote, PutAside, SecondClaim, Usefulness

TABLES = {
    "claim": ("coach_id",),
    "second_claim": ("coach_id",),
    "put_aside": ("coach_id",),
    "private_note": ("coach_id", "learner_id"),
    "usefulness": ("person_id",),
}


def export_person(session: Session, person_id: int) -> dict[str, Any]:
    """Coaches' private notes about the learner, and his own taps. Claims and drafts say nothing about a coach."""
    taps = session.scalars(select(Usefulness).where(Usefulness.person_id == person_id).order_by(Usefulness.attempt_id))
    return {
        "private_notes_about_you": about(session, person_id),
        "feedback_on_feedback": [
            {"attempt": row.attempt_id, "useful": row.useful, "fits": row.fits, "at": row.at.isoformat()}
            for row in taps
        ],
    }


def erase_person(session: Session, person_id: int) -> None:
    """A coach's notes go with her, and a learner's with him."""
    session.execute(delete(Claim).where(Claim.coach_id == person_id))
    session.execute(delete(SecondClaim).where(SecondClaim.coach_id == person_id))
    session.execute(delete(PutAside).where(PutAside.coach_id == person_id))
    both = or_(PrivateNote.coach_id == person_id, PrivateNote.learner_id == person_id)
    session.execute(delete(PrivateNote).where(both))
    session.execute(delete(Usefulness).where(Usefulness.person_id == person_id))
