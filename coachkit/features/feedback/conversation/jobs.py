"""Telling the coach who was asked, and forgetting the notes of the talk."""

from __future__ import annotations

from sqlalchemy.orm import Session

from coachkit.features.accounts.queries import coach_ids_of
from coachkit.features.feedback.conversation import service
from coachkit.features.feedback.conversation.models import FitConversation
from coachkit.features.notices.kinds import register
from coachkit.features.notices.service import tell
from coachkit.platform.jobs import job
from coachkit.platform.tools import tools

ASKED = "talk-asked"


@register(
    ASKED,
    subject="Asked for a talk",
    sentence="A learner of yours asks you for a talk, by choice.",
    path="/conversations/{about}",
)
def is_asked(session: Session, person_id: int, conversation_id: int) -> bool:
    """She was asked, and coaches the learner still."""
    row = session.get(FitConversation, conversation_id)
    return row is not None and row.coach_id == person_id and person_id in coach_ids_of(session, row.learner_id)


@job("feedback.ask_for_conversation")
def ask_for_conversation(session: Session, *, conversation_id: int) -> None:
    """Tell the coach; neither who asks nor what it is about is said."""
    row = session.get(FitConversation, conversation_id)
    if row is not None and row.coach_id is not None and is_asked(session, row.coach_id, conversation_id):
        tell(session, tools().settings, [row.coach_id], ASKED, conversation_id)


@job("feedback.forget_talk_notes")
def forget_talk_notes(session: Session, *, conversation_id: int) -> None:
    """After thirty days."""
    service.forget_notes(session, conversation_id)
