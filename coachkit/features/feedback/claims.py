"""Who works on what. Whoever calls holds the attempt's row, so that of two coaches one is first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from coachkit.features.accounts.queries import names
from coachkit.features.feedback import put_aside
from coachkit.features.feedback.desk_models import Claim
from coachkit.features.practice.models import Attempt
from coachkit.platform import clock
from coachkit.platform.errors import ConflictError
from coachkit.platform.policy import Actor

LEASE = timedelta(minutes=30)


def held(session: Session, attempt_ids: Iterable[int], now: datetime) -> dict[int, Claim]:
    """The claims that count at this moment, by attempt."""
    query = select(Claim).where(Claim.attempt_id.in_(tuple(attempt_ids)), Claim.until > now)
    return {claim.attempt_id: claim for claim in session.scalars(query)}


def hold(session: Session, actor: Actor, attempt: Attempt) -> Claim:
    """Take an attempt up, or go on with it: for half an hour from now. Raises where a colleague works on it.

    What a colleague left behind is put aside for her, and what one had put aside oneself comes back.
    """
    now = clock.now()
    claim = session.get(Claim, attempt.id, populate_existing=True)
    if claim is not None and claim.coach_id != actor.id and claim.until > now:
        name = names(session, [claim.coach_id]).get(claim.coach_id, "A colleague")
        raise ConflictError(
            f"{name} works on this attempt until {claim.until:%H:%M} UTC, longer while she writes. "
            "Two coaches on one sheet would mix their views."
        )
    if claim is None:
        claim = Claim(attempt_id=attempt.id, coach_id=actor.id, taken_at=now, until=now + LEASE, sends_at=None)
        session.add(claim)
    elif claim.coach_id != actor.id:
        claim.coach_id, claim.taken_at, claim.sends_at = actor.id, now, None
    claim.until = now + LEASE
    session.flush()
    put_aside.change_hands(session, attempt, actor.id)
    return claim


def give_back(session: Session, coach_id: int, attempt_id: int) -> None:
    """Let go of an attempt; a draft stays where it is until somebody else takes the attempt up."""
    session.execute(delete(Claim).where(Claim.attempt_id == attempt_id, Claim.coach_id == coach_id))


def settle(session: Session, attempt_id: int) -> None:
    """Once an attempt is answered nobody works on it, and nothing is put aside."""
    session.execute(delete(Claim).where(Claim.attempt_id == attempt_id))
    put_aside.forget(session, attempt_id)
