"""Conversations, to take away or to destroy."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from coachkit.features.feedback.conversation.models import FitConversation, FitQuote, FitShare

TABLES = {"fit_conversation": ("learner_id", "coach_id", "proposed_by"), "fit_quote": ("person_id",)}


def _export(session: Session, row: FitConversation) -> dict[str, Any]:
    quotes = session.scalars(select(FitQuote).where(FitQuote.conversation_id == row.id).order_by(FitQuote.id))
    shares = session.scalars(select(FitShare).where(FitShare.conversation_id == row.id))
    return {
        "begun_at": row.begun_at.isoformat(),
        "held_on": row.held_on.isoformat() if row.held_on else None,
        "own_statement": row.own_statement,
        "coach_statement": row.coach_statement,
        "notes": row.notes,
        "outcome": row.outcome,
        "find_out": row.find_out,
        "find_out_until": row.find_out_until.isoformat() if row.find_out_until else None,
        "next_role": row.next_role,
        "quotes": [{"about": q.about, "source": q.source, "text": q.text} for q in quotes],
        "shared_with_purposes": [
            {"purpose": s.purpose_id, "since": s.shared_at.isoformat(), "statement_attached": s.statement_attached}
            for s in shares
        ],
    }


def export_person(session: Session, person_id: int) -> dict[str, Any]:
    """A learner's conversations, with what his coach said in them."""
    rows = session.scalars(
        select(FitConversation).where(FitConversation.learner_id == person_id).order_by(FitConversation.id)
    )
    return {"conversations": [_export(session, row) for row in rows]}


def erase_person(session: Session, person_id: int) -> None:
    """A learner's conversations go; a coach's part in those of others stays, without her name."""
    session.execute(delete(FitConversation).where(FitConversation.learner_id == person_id))
    for column in (FitConversation.coach_id, FitConversation.proposed_by):
        session.execute(update(FitConversation).where(column == person_id).values({column: None}))
    session.execute(update(FitQuote).where(FitQuote.person_id == person_id).values(person_id=None))
