"""Rounds of the pulse: opened, answered through links, closed. Fewer than five answers are destroyed, not shown."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from coachkit.domain.organisation import inquiry, pulse
from coachkit.features.organisation import queries
from coachkit.features.organisation.models import Round, RoundLink
from coachkit.features.organisation.service import NONE_OPEN, begin_round
from coachkit.platform import audit, clock
from coachkit.platform.errors import ConflictError
from coachkit.platform.policy import Action, Actor, require


def begin(session: Session, actor: Actor, phase: str) -> Round:
    """Ask the business, before the start or some months on."""
    return begin_round(session, actor, inquiry.PULSE, pulse.CHOICES, title=pulse.PHASES[phase])


def close(session: Session, actor: Actor) -> Round:
    """End the round. From here on its means can be read, if at least five have answered."""
    require(actor, Action.READ_READINESS)
    row = queries.open_round(session, inquiry.PULSE, lock=True)
    if row is None:
        raise ConflictError(NONE_OPEN)
    row.closed_at = clock.now()
    enough = pulse.answered(row.tally) >= pulse.FEWEST
    if not enough:
        row.tally, row.remarks = {}, []
    session.execute(delete(RoundLink).where(RoundLink.round_id == row.id))
    session.flush()
    audit.record(session, actor, "inquiry:close", about=f"inquiry:{row.id}", shown=enough)
    return row
