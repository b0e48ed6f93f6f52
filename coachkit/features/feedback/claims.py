"""Who works on what. Whoever calls holds the attempt's row, so that of two coaches one is first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from coachkit.features.accounts.queries import names
from coachkit.features.feedback import put_aside
from coachkit.features.feedback.desk_models import Claim, Lease, SecondClaim
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.service import COACH
from coachkit.platform import clock
from coachkit.platform.errors import ConflictError
from coachkit.platform.policy import Actor

LEASE = timedelta(minutes=30)
SECOND = "second"
CLAIMS: dict[str, type[Lease]] = {COACH: Claim, SECOND: SecondClaim}
"""One for each kind of rating: a first and a second coach work side by side and never on the same sheet."""


def held(session: Session, attempt_ids: Iterable[int], now: datetime, kind: str = COACH) -> Mapping[int, Lease]:
    """The claims that count at this moment, by attempt."""
    claim = CLAIMS[kind]
    query = select(claim).where(claim.attempt_id.in_(tuple(attempt_ids)), claim.until > now)
    return {claim.attempt_id: claim for claim in session.scalars(query)}


def hold(session: Session, actor: Actor, attempt: Attempt, kind: str = COACH) -> Lease:
    """Take an attempt up, or go on with it: for half an hour from now. Raises where a colleague works on it.

    What a colleague left behind is put aside for her, and what one had put aside oneself comes back.
    """
    now, model = clock.now(), CLAIMS[kind]
    claim = session.get(model, attempt.id, populate_existing=True)
    if claim is not None and claim.coach_id != actor.id and claim.until > now:
        name = names(session, [claim.coach_id]).get(claim.coach_id, "A colleague")
        raise ConflictError(
            f"{name} works on this attempt until {claim.until:%H:%M} UTC, longer while she writes. "
            "Two coaches on one sheet would mix their views."
        )
    if claim is None:
        claim = model(attempt_id=attempt.id, coach_id=actor.id, taken_at=now, until=now + LEASE, sends_at=None)
        session.add(claim)
    elif claim.coach_id != actor.id:
        claim.coach_id, claim.taken_at, claim.sends_at = actor.id, now, None
    claim.until = now + LEASE
    session.flush()
    put_aside.change_hands(session, attempt, actor.id, kind)
    return claim


def give_back(session: Session, coach_id: int, attempt_id: int, kind: str = COACH) -> None:
    """Let go of an attempt; a draft stays where it is until somebody else takes the attempt up."""
    claim = CLAIMS[kind]
    session.execute(delete(claim).where(claim.attempt_id == attempt_id, claim.coach_id == coach_id))


def settle(session: Session, attempt_id: int, kind: str = COACH) -> None:
    """Once a rating is given nobody works on it, and nothing of it is put aside."""
    claim = CLAIMS[kind]
    session.execute(delete(claim).where(claim.attempt_id == attempt_id))
    put_aside.forget(session, attempt_id, kind)
