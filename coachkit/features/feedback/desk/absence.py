"""A coach says when she is away. Her learners see it while they wait, and a lead coach can hand over what is hers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.features.feedback.waiting import waiting_rows
from coachkit.features.practice.answering import Absence, answerers, away
from coachkit.platform import audit, clock, jobs
from coachkit.platform.errors import InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor, require


@dataclass(frozen=True, slots=True)
class AbsenceView:
    """Days away, now or to come."""

    id: int
    first_day: date
    last_day: date
    now: bool


def absences_of(session: Session, coach_id: int, today: date) -> tuple[AbsenceView, ...]:
    """A coach's days away that are not over, the next first."""
    query = select(Absence).where(Absence.coach_id == coach_id, Absence.last_day >= today)
    rows = session.scalars(query.order_by(Absence.first_day, Absence.id))
    return tuple(AbsenceView(row.id, row.first_day, row.last_day, row.first_day <= today) for row in rows)


def begin(session: Session, actor: Actor, first_day: date, last_day: date) -> Absence:
    """Be away from one day to another. Where nobody else is there for what waits, the lead coaches learn of it."""
    require(actor, Action.COACH)
    today = clock.today()
    if last_day < max(first_day, today):
        raise InvalidError({"last_day": "This day lies before the first, or has passed."})
    row = Absence(coach_id=actor.id, first_day=first_day, last_day=last_day, created_at=clock.now())
    session.add(row)
    audit.record(session, actor, "absence:begin", subject=actor.pseudonym)
    session.flush()
    if first_day <= today:
        for attempt in waiting_rows(session, actor.id)[0]:
            ids = answerers(session, attempt)
            if attempt.official and not ids - set(away(session, ids, today)):
                jobs.enqueue(session, "feedback.nobody_there", attempt_id=attempt.id)
    return row


def end(session: Session, actor: Actor, absence_id: int) -> None:
    """Back again, or not away after all: from today on it counts no more."""
    require(actor, Action.COACH)
    row = session.get(Absence, absence_id)
    if row is None or row.coach_id != actor.id:
        raise NotFoundError
    session.delete(row)
    audit.record(session, actor, "absence:end", subject=actor.pseudonym)
    session.flush()
