"""Playing the critical two minutes once more, after the ratings."""

from __future__ import annotations

from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library
from coachkit.features.practice.retry.models import Retry
from coachkit.features.practice.service import find, sealed
from coachkit.platform import audit, clock
from coachkit.platform.errors import ConflictError, InvalidError
from coachkit.platform.policy import Action, Actor


def try_again(
    session: Session, actor: Actor, library: Library, attempt_id: int, *, criterion_id: str, said: str, evidence: str
) -> Retry:
    """Keep a re-try beside the attempt that it belongs to. The ratings of that attempt stay as they are."""
    attempt = find(session, actor, attempt_id, Action.WRITE_ATTEMPT, lock=True)
    if sealed(attempt):
        raise ConflictError("Rate what you did first. Trying again comes after that.")
    if criterion_id not in library.scenario(attempt.scenario_id).criteria:
        raise InvalidError({"criterion": "Choose what you wanted to do differently."})
    row = Retry(
        attempt_id=attempt.id,
        person_id=actor.id,
        criterion_id=criterion_id,
        said=said,
        evidence=evidence,
        at=clock.now(),
    )
    session.add(row)
    session.flush()
    audit.record(session, actor, "attempt:retry", subject=actor.pseudonym, about=f"attempt:{attempt.id}")
    return row
