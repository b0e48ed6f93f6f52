"""Which purposes may be shown the outcome: those that ask this person and are open."""

from __future__ import annotations

from sqlalchemy.orm import Session

from coachkit.features.decisions.queries import open_requests
from coachkit.features.feedback.conversation import service as conversation
from coachkit.platform.errors import NotFoundError
from coachkit.platform.policy import Actor


def share(session: Session, actor: Actor, conversation_id: int, purpose_id: int, *, statement_attached: bool) -> None:
    """Show the outcome to an open purpose that asks whoever shares it."""
    if purpose_id not in {request.id for request in open_requests(session, actor.id)}:
        raise NotFoundError
    conversation.share(session, actor, conversation_id, purpose_id, statement_attached=statement_attached)
