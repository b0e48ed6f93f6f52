"""What this room holds about a person: to take away, or to destroy."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ScalarResult, delete, select, update
from sqlalchemy.orm import Session

from coachkit.features.feedback.bank import privacy as bank
from coachkit.features.feedback.comments import privacy as comments
from coachkit.features.feedback.contest import privacy as contest
from coachkit.features.feedback.conversation import privacy as conversation
from coachkit.features.feedback.desk import privacy as desk
from coachkit.features.feedback.field_log import privacy as field_log
from coachkit.features.feedback.models import Agreement, FeedbackNote, LearnerAnswer, NotePart, Plan
from coachkit.features.feedback.observation import privacy as observation
from coachkit.features.feedback.service import PARTS
from coachkit.features.feedback.sponsor import privacy as sponsor
from coachkit.features.practice.models import Attempt

TABLES = {
    "feedback_note": ("coach_id",),
    "agreement": ("answered_by",),
    "learner_answer": ("person_id",),
    "plan": ("person_id",),
    **bank.TABLES,
    **comments.TABLES,
    **conversation.TABLES,
    **observation.TABLES,
    **desk.TABLES,
    **field_log.TABLES,
    **sponsor.TABLES,
    **contest.TABLES,
}


def export_person(session: Session, person_id: int) -> dict[str, Any]:
    """Notes about the learner's attempts, his answers and plans. A coach's note is the learner's to read."""
    notes = session.execute(
        select(FeedbackNote, NotePart)
        .join(NotePart, NotePart.note_id == FeedbackNote.id)
        .join(Attempt, Attempt.id == FeedbackNote.attempt_id)
        .where(Attempt.learner_id == person_id, FeedbackNote.released_at.is_not(None))
        .order_by(FeedbackNote.id, NotePart.kind)
    )
    answers = session.scalars(select(LearnerAnswer).where(LearnerAnswer.person_id == person_id))
    plans = session.scalars(select(Plan).where(Plan.person_id == person_id).order_by(Plan.id))
    agreements = session.scalars(
        select(Agreement).join(Attempt, Attempt.id == Agreement.attempt_id).where(Attempt.learner_id == person_id)
    )
    return {
        "observations": observation.export_person(session, person_id),
        "agreements": [
            {
                "attempt": a.attempt_id,
                "criteria": a.criteria,
                "asked_at": a.asked_at.isoformat(),
                "answered_at": a.answered_at.isoformat() if a.answered_at else None,
                "dissent": a.dissent,
            }
            for a in agreements
        ],
        "phrases": bank.export_person(session, person_id),
        "comments": comments.export_person(session, person_id),
        "contests": contest.export_person(session, person_id),
        "feedback_notes": [
            {"attempt": note.attempt_id, "kind": part.kind, **{name: getattr(part, name) for name in PARTS}}
            for note, part in notes
        ],
        "advice_followed_up": [
            {"attempt": note.attempt_id, "advice_of_attempt": note.advice_id, "fixed": note.fixed}
            for note in _followed_up(session, person_id)
        ],
        "answers": [{"attempt": a.attempt_id, "text": a.text, "at": a.at.isoformat()} for a in answers],
        "plans": [
            {
                "attempt": p.attempt_id,
                "if": p.cue,
                "then": p.act,
                "by": p.due_on.isoformat(),
                "witness": p.witness,
                "outcome": p.outcome,
            }
            for p in plans
        ],
        **conversation.export_person(session, person_id),
        **desk.export_person(session, person_id),
        **field_log.export_person(session, person_id),
        **sponsor.export_person(session, person_id),
    }


def _followed_up(session: Session, person_id: int) -> ScalarResult[FeedbackNote]:
    return session.scalars(
        select(FeedbackNote)
        .join(Attempt, Attempt.id == FeedbackNote.attempt_id)
        .where(Attempt.learner_id == person_id, FeedbackNote.released_at.is_not(None))
        .where(FeedbackNote.fixed.is_not(None))
        .order_by(FeedbackNote.id)
    )


def erase_person(session: Session, person_id: int) -> None:
    """A learner's answers and plans go (his notes went with his attempts); a coach's notes lose her name."""
    session.execute(delete(LearnerAnswer).where(LearnerAnswer.person_id == person_id))
    session.execute(delete(Plan).where(Plan.person_id == person_id))
    for corner in (bank, comments, contest, conversation, desk, field_log, observation, sponsor):
        corner.erase_person(session, person_id)
    session.execute(update(Agreement).where(Agreement.answered_by == person_id).values(answered_by=None))
    session.execute(update(FeedbackNote).where(FeedbackNote.coach_id == person_id).values(coach_id=None))
