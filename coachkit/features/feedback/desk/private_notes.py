"""What a coach writes down for herself about a learner: hers to see here, and by law the learner's to take away."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.features.accounts.queries import learner_case, names
from coachkit.features.feedback.desk_models import PrivateNote
from coachkit.features.feedback.observation.models import Observation
from coachkit.features.practice.models import Attempt, AttemptReturn
from coachkit.features.practice.service import STALE
from coachkit.platform import clock
from coachkit.platform.errors import ConflictError, InvalidError
from coachkit.platform.policy import Action, Actor, require

LONGEST = 4000
WITHHELD = (
    "A private note of a coach is left out until the attempt that she has seen has been answered or withdrawn: "
    "until then neither side may see the other's words. Ask again after that."
)


def note_about(session: Session, coach_id: int, learner_id: int) -> tuple[str, int]:
    """A coach's own note about a learner, with its version."""
    row = session.get(PrivateNote, (coach_id, learner_id))
    return (row.text, row.version) if row else ("", 0)


def keep(session: Session, actor: Actor, learner_id: int, text: str, *, version: int) -> int:
    """Write it down; a stale page is refused. Returns the new version."""
    require(actor, Action.KEEP_NOTES, learner_case(session, learner_id))
    if len(text) > LONGEST:
        raise InvalidError({"text": f"At most {LONGEST:,} characters, please."})
    query = select(PrivateNote).where(PrivateNote.coach_id == actor.id, PrivateNote.learner_id == learner_id)
    row = session.scalars(query.with_for_update()).one_or_none()
    if (row.version if row else 0) != version:
        raise ConflictError(STALE)
    if row is None:
        row = PrivateNote(coach_id=actor.id, learner_id=learner_id, text="", saved_at=clock.now(), version=0)
        session.add(row)
    row.text, row.saved_at, row.version = text, clock.now(), version + 1
    session.flush()
    return row.version


def about(session: Session, learner_id: int) -> list[dict[str, Any]]:
    """Every coach's note about a learner, for the learner. Sealed while an attempt of his waits for a coach, and while
    one that a coach has seen is his again: given back, or watched as it was played.
    """
    rows = [row for row in session.scalars(select(PrivateNote).where(PrivateNote.learner_id == learner_id)) if row.text]
    waits = session.scalar(
        select(Attempt.id)
        .where(Attempt.learner_id == learner_id, Attempt.revealed_at.is_(None), Attempt.withdrawn_at.is_(None))
        .where(
            Attempt.submitted_at.is_not(None)
            | Attempt.id.in_(select(AttemptReturn.attempt_id))
            | Attempt.id.in_(select(Observation.attempt_id).where(Observation.started_at.is_not(None)))
        )
        .where((Attempt.kind == "official") | Attempt.coach_id.is_not(None))
        .limit(1)
    )
    known = names(session, (row.coach_id for row in rows))
    return [
        {
            "coach": known.get(row.coach_id, ""),
            "at": row.saved_at.isoformat(),
            **({"withheld": WITHHELD} if waits else {"text": row.text}),
        }
        for row in rows
    ]
