"""The attempt that an address names, for the pages of this room and of those above it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from coachkit.features.practice.models import Attempt
from coachkit.features.practice.service import case_of
from coachkit.platform.errors import NotFoundError
from coachkit.platform.policy import Action
from coachkit.web.access import require


def attempt_for(session: Session, attempt_id: int, action: Action) -> Attempt:
    """The attempt, if the person asking may do this with it."""
    attempt = session.get(Attempt, attempt_id)
    if attempt is None:
        raise NotFoundError
    require(action, case_of(session, attempt))
    return attempt
