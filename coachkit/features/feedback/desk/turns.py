"""Taking up the next attempt: the longest waiting on which nobody works."""

from __future__ import annotations

from sqlalchemy.orm import Session

from coachkit.features.feedback import claims
from coachkit.features.feedback.waiting import queue_of
from coachkit.features.practice.answering import waits_for_coach
from coachkit.features.practice.queries import LibraryOf
from coachkit.features.practice.service import find
from coachkit.platform import clock
from coachkit.platform.errors import ConflictError
from coachkit.platform.policy import Action, Actor


def take_next(session: Session, library_of: LibraryOf, actor: Actor) -> str:
    """Claim it, and say where it is; the queue where nothing is free."""
    for item in queue_of(session, library_of, actor.id, clock.now()):
        if item.begun_by:
            continue
        if item.second:
            return item.url
        attempt = find(session, actor, item.id, Action.RATE_ATTEMPT, lock=True)
        if not waits_for_coach(session, attempt):
            continue
        try:
            claims.hold(session, actor, attempt)
        except ConflictError:  # a colleague was faster by a moment
            continue
        return item.url
    return "/feedback/queue"
