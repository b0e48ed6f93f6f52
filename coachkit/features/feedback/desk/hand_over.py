"""A lead coach hands a learner, or one waiting attempt, from one coach to another. It counts at the next request."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from coachkit.features.accounts.models import Person
from coachkit.features.accounts.queries import learner_ids_of, pseudonym_of
from coachkit.features.accounts.service import move_learner, roles_of
from coachkit.features.feedback import put_aside, telling
from coachkit.features.feedback.claims import SECOND
from coachkit.features.feedback.desk_models import Claim, SecondClaim
from coachkit.features.notices.service import forget, tell
from coachkit.features.practice import second_look
from coachkit.features.practice.answering import waits_for_coach
from coachkit.features.practice.licences import covered
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.service import COACH
from coachkit.platform import audit, jobs
from coachkit.platform.errors import ConflictError, InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor, Role, require
from coachkit.platform.settings import Settings


def _coach(session: Session, coach_id: int, learner_id: int) -> Person:
    coach = session.get(Person, coach_id)
    if coach is None or not coach.active or Role.COACH not in roles_of(session, coach.id) or coach.id == learner_id:
        raise InvalidError({"to": "Choose a coach who is with us, and not the learner."})
    return coach


def _waiting_of(learner_id: int) -> tuple[object, ...]:
    return (
        Attempt.learner_id == learner_id,
        Attempt.kind == "official",
        Attempt.submitted_at.is_not(None),
        Attempt.revealed_at.is_(None),
        Attempt.withdrawn_at.is_(None),
    )


def learner(session: Session, settings: Settings, actor: Actor, *, learner_id: int, from_id: int, to_id: int) -> None:
    """The learner is the other coach's from now on, with everything that waits."""
    require(actor, Action.LEAD_COACHES)
    if learner_id not in learner_ids_of(session, from_id):
        raise NotFoundError
    coach = _coach(session, to_id, learner_id)
    if to_id == from_id:
        raise InvalidError({"to": "The learner is with this coach already."})
    move_learner(session, actor, learner_id=learner_id, from_id=from_id, to_id=coach.id)
    waiting = session.scalars(select(Attempt).where(*_waiting_of(learner_id)).with_for_update())  # type: ignore[arg-type]
    for attempt in waiting:
        session.execute(delete(Claim).where(Claim.attempt_id == attempt.id, Claim.coach_id == from_id))
        forget(session, telling.TURN, attempt.id, [from_id])
        jobs.enqueue(session, "feedback.tell_coaches", attempt_id=attempt.id)
    tell(session, settings, [coach.id], telling.HANDED_LEARNER, learner_id)
    session.flush()


def attempt(session: Session, settings: Settings, actor: Actor, *, attempt_id: int, to_id: int) -> None:
    """One waiting official attempt is the other coach's alone, until both see both. The learner is told."""
    require(actor, Action.LEAD_COACHES)
    query = select(Attempt).where(Attempt.id == attempt_id).with_for_update().execution_options(populate_existing=True)
    row = session.scalars(query).one_or_none()
    if row is None or not row.official or row.submitted_at is None:
        raise NotFoundError
    if not waits_for_coach(session, row):
        raise ConflictError("This attempt waits no more: it was answered or withdrawn meanwhile.")
    coach = _coach(session, to_id, row.learner_id)
    if not covered(session, [row], [coach.id]):
        raise InvalidError({"to": f"{coach.name} holds no valid licence for this attempt."})
    row.coach_id = coach.id
    session.execute(delete(Claim).where(Claim.attempt_id == row.id, Claim.coach_id != coach.id))
    forget(session, telling.TURN, row.id)
    subject = pseudonym_of(session, row.learner_id)
    audit.record(session, actor, "attempt:hand-over", subject=subject, about=f"attempt:{row.id}", to=coach.pseudonym)
    tell(session, settings, [coach.id], telling.HANDED, row.id)
    tell(session, settings, [row.learner_id], telling.OTHER_COACH, row.id)
    session.flush()


def second_view(session: Session, actor: Actor, *, attempt_id: int, to_id: int, days: int) -> None:
    """The second view is another coach's from now on, who begins with an empty sheet and has the whole time."""
    require(actor, Action.LEAD_COACHES)
    query = select(Attempt).where(Attempt.id == attempt_id).with_for_update().execution_options(populate_existing=True)
    row = session.scalars(query).one_or_none()
    before = second_look.coach_id_of(session, attempt_id)
    if row is None or not row.official or row.submitted_at is None:
        raise NotFoundError
    if row.withdrawn_at is not None or before is None or not second_look.is_awaited(session, attempt_id):
        raise ConflictError("This second view is owed no more: it was given, its time is over, or it was withdrawn.")
    begun = put_aside.has(session, attempt_id, to_id, COACH)
    if begun or to_id not in {each.id for each in second_look.candidates(session, row)} - {before}:
        raise InvalidError({"coach_id": "This coach cannot look a second time. Choose another."})
    put_aside.lay_down(session, row, before, SECOND)
    session.execute(delete(SecondClaim).where(SecondClaim.attempt_id == row.id))
    forget(session, [telling.SECOND_VIEW], row.id)
    second_look.pass_on(session, actor, row, to_id, days)
