"""A door for HR: a link that an administrator hands over. Whoever decides never makes one."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from coachkit.features.accounts import secrets
from coachkit.platform import audit
from coachkit.platform.policy import Action, Actor, require

PURPOSE = "hr-sheet"
LIFE = timedelta(days=14)


def make_link(session: Session, actor: Actor) -> str:
    """A token that opens the empty sheet for two weeks. It opens nothing else, and nothing is stored behind it."""
    require(actor, Action.INVITE_ANSWERS)
    token = secrets.give(session, PURPOSE, None, LIFE)
    audit.record(session, actor, "fairness:link")
    return token


def opens(session: Session, token: str) -> bool:
    """Whether the link works today."""
    return secrets.holds(session, PURPOSE, token)
