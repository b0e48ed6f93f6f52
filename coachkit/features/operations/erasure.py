"""Taking one's data away, and being forgotten: every room's handler, highest room first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from sqlalchemy.orm import Session

from coachkit.features.accounts import privacy as accounts
from coachkit.features.accounts.queries import pseudonym_of
from coachkit.features.calibration import privacy as calibration
from coachkit.features.decisions import privacy as decisions
from coachkit.features.feedback import privacy as feedback
from coachkit.features.learning import privacy as learning
from coachkit.features.licence import privacy as licence
from coachkit.features.notices import privacy as notices
from coachkit.features.organisation import privacy as organisation
from coachkit.features.practice import privacy as practice
from coachkit.features.reports import privacy as reports
from coachkit.platform import audit
from coachkit.platform.errors import ConflictError, NotFoundError
from coachkit.platform.policy import Action, Actor, require


class Handler(Protocol):
    """What each room's `privacy` module offers."""

    TABLES: Mapping[str, tuple[str, ...]]

    @staticmethod
    def export_person(session: Session, person_id: int) -> dict[str, Any]: ...

    @staticmethod
    def erase_person(session: Session, person_id: int) -> None: ...


HANDLERS: tuple[Any, ...] = (
    reports,
    decisions,
    organisation,
    calibration,
    feedback,
    licence,
    practice,
    learning,
    notices,
    accounts,
)


def export(session: Session, actor: Actor) -> dict[str, Any]:
    """Everything that coachkit holds about whoever asks."""
    require(actor, Action.USE_ACCOUNT)
    found: dict[str, Any] = {}
    for handler in reversed(HANDLERS):
        found |= handler.export_person(session, actor.id)
    return found


def erase(session: Session, actor: Actor, person_id: int) -> None:
    """Destroy a person's data and the meaning of her pseudonym. The audit chain still verifies."""
    require(actor, Action.ADMINISTER)
    pseudonym = pseudonym_of(session, person_id)
    if not pseudonym:
        raise NotFoundError
    if person_id == actor.id:
        raise ConflictError("You cannot erase your own account. Another administrator can.")
    for handler in HANDLERS:
        handler.erase_person(session, person_id)
    audit.record(session, actor, "person:erase", subject=pseudonym)
