"""Telling the coach who was asked, and forgetting the notes of the talk."""

from __future__ import annotations

from sqlalchemy.orm import Session

from coachkit.features.accounts.models import Person
from coachkit.features.accounts.queries import coach_ids_of
from coachkit.features.feedback.conversation import service
from coachkit.features.feedback.conversation.models import FitConversation
from coachkit.platform.jobs import job
from coachkit.platform.mail import compose
from coachkit.platform.tools import send, tools


@job("feedback.ask_for_conversation")
def ask_for_conversation(session: Session, *, conversation_id: int) -> None:
    """Tell the coach, if she still coaches the learner; the mail says neither who nor what."""
    row = session.get(FitConversation, conversation_id)
    coach = session.get(Person, row.coach_id) if row and row.coach_id else None
    if row is None or coach is None or not coach.active or coach.id not in coach_ids_of(session, row.learner_id):
        return
    settings = tools().settings
    text = tools().documents.get_template("email/conversation.txt")
    link = f"{settings.base_url}/conversations/{row.id}"
    send(session, [compose(settings, coach.email, "Asked for a talk", text.render(name=coach.name, link=link))])


@job("feedback.forget_talk_notes")
def forget_talk_notes(session: Session, *, conversation_id: int) -> None:
    """After thirty days."""
    service.forget_notes(session, conversation_id)
