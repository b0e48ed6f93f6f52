"""Writing into one's own field log."""

from __future__ import annotations

import re
from datetime import date

from sqlalchemy.orm import Session

from coachkit.features.feedback.field_log.models import FieldEntry
from coachkit.features.feedback.models import Plan
from coachkit.platform import audit, clock
from coachkit.platform.errors import InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor, LearnerCase, require

INITIALS = re.compile(r"[^\W\d_](?:[. -]{0,2}[^\W\d_]){0,3}\.?")


def write(
    session: Session,
    actor: Actor,
    *,
    on: date,
    situation: str,
    act: str,
    effect: str,
    witness: str,
    plan_id: int | None,
) -> FieldEntry:
    """Keep one situation. An entry for a plan is read by whom the plan is for."""
    require(actor, Action.OWN_RECORD, LearnerCase(actor.id))
    found = {}
    if on > clock.today():
        found["on"] = "This day is still to come."
    if witness and not INITIALS.fullmatch(witness):
        found["witness"] = "Initials only, such as M.K.: names have no place here."
    if found:
        raise InvalidError(found)
    plan = session.get(Plan, plan_id) if plan_id is not None else None
    if plan_id is not None and (plan is None or plan.person_id != actor.id):
        raise NotFoundError
    row = FieldEntry(
        person_id=actor.id,
        plan_id=plan_id,
        on=on,
        situation=situation,
        act=act,
        effect=effect,
        witness=witness,
        written_at=clock.now(),
    )
    session.add(row)
    session.flush()
    audit.record(session, actor, "field-log:write", subject=actor.pseudonym, about=f"field-entry:{row.id}")
    return row


def strike(session: Session, actor: Actor, entry_id: int) -> None:
    """Take an entry out."""
    require(actor, Action.OWN_RECORD, LearnerCase(actor.id))
    row = session.get(FieldEntry, entry_id)
    if row is None or row.person_id != actor.id:
        raise NotFoundError
    session.delete(row)
    audit.record(session, actor, "field-log:strike", subject=actor.pseudonym, about=f"field-entry:{entry_id}")
    session.flush()
