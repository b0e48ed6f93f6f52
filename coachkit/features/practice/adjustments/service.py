"""Setting and reading one's adjustments. Pages of the learner and his coaches show them; nothing else asks for them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from coachkit.features.practice.adjustments.models import Adjustment
from coachkit.platform import audit, clock
from coachkit.platform.policy import Action, Actor, LearnerCase, require

KINDS = {
    "more_time": ("More time", "The minutes of a scenario are a proposal; take what you need."),
    "written": ("In writing instead of live", "Play by letters or chat. What was written is the evidence."),
    "no_camera": ("No camera", "Sound or text is enough, in the talk and as evidence."),
}


def set_adjustments(session: Session, actor: Actor, chosen: Iterable[str]) -> None:
    """Exactly these apply from now on."""
    require(actor, Action.OWN_RECORD, LearnerCase(actor.id))
    wanted = set(chosen) & set(KINDS)
    row = session.get(Adjustment, actor.id)
    if not wanted:
        if row is not None:
            session.delete(row)
    else:
        row = row or Adjustment(person_id=actor.id, set_at=clock.now())
        for kind in KINDS:
            setattr(row, kind, kind in wanted)
        row.set_at = clock.now()
        session.add(row)
    audit.record(session, actor, "adjustments:set", subject=actor.pseudonym, about="adjustments:own")
    session.flush()


def adjustments_of(session: Session, learner_id: int) -> tuple[str, ...]:
    """Which apply to this learner. For him and his coaches."""
    row = session.get(Adjustment, learner_id)
    return tuple(kind for kind in KINDS if row is not None and getattr(row, kind))


def in_words(session: Session, learner_id: int) -> tuple[str, ...]:
    """Their names."""
    return tuple(KINDS[kind][0] for kind in adjustments_of(session, learner_id))
