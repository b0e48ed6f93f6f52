"""A second coach for official attempts: drawn by lot when they are submitted, or asked for by a lead coach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from coachkit.domain.assessment.second_look import Candidate, choose, drawn
from coachkit.features.accounts.queries import coach_ids_of, pseudonym_of, with_role
from coachkit.features.practice.answering import away
from coachkit.features.practice.licences import covered
from coachkit.features.practice.models import Attempt, RatingSheet, SecondLook
from coachkit.platform import audit, clock, jobs
from coachkit.platform.errors import ConflictError, InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor, Role, require
from coachkit.platform.settings import Settings


@dataclass(frozen=True, slots=True)
class Rule:
    """What the house has settled about second looks."""

    percent: int
    days: int
    seed: str
    """Keeps the lot from being foretold."""


def rule_of(settings: Settings) -> Rule:
    """The rule of this installation."""
    return Rule(settings.second_percent, settings.second_days, settings.secret_key)


def coach_id_of(session: Session, attempt_id: int) -> int | None:
    """Who looks at this attempt as the second, unless her time has run out."""
    query = select(SecondLook.coach_id).where(SecondLook.attempt_id == attempt_id, SecondLook.lapsed_at.is_(None))
    return session.scalar(query)


def is_awaited(session: Session, attempt_id: int) -> bool:
    """Whether a second coach still owes her rating. Until then nobody sees anybody's, and the evidence is needed."""
    look = session.get(SecondLook, attempt_id)
    if look is None or look.lapsed_at is not None or look.coach_id is None:
        return False
    locked = select(RatingSheet.id).where(
        RatingSheet.attempt_id == attempt_id, RatingSheet.kind == "second", RatingSheet.locked_at.is_not(None)
    )
    return session.scalar(locked) is None


def candidates(session: Session, attempt: Attempt) -> tuple[Candidate, ...]:
    """Licensed coaches who could look: not the learner, nobody who has begun the first rating, never the only
    coach who could do the first. Nobody, where all there is are the notes of the coach who watched: they are hers.
    """
    if not attempt.can_be_read:
        return ()
    usual = coach_ids_of(session, attempt.learner_id)
    first = session.scalar(
        select(RatingSheet.rater_id).where(RatingSheet.attempt_id == attempt.id, RatingSheet.kind == "coach")
    )
    given = dict(session.execute(select(SecondLook.coach_id, func.count()).group_by(SecondLook.coach_id)).all())
    others = [
        c.id for c in with_role(session, Role.COACH) if c.id not in {attempt.learner_id, first} and usual - {c.id}
    ]
    licensed = {coach_id for _attempt, coach_id in covered(session, [attempt], others)}
    return tuple(
        Candidate(coach_id, coach_id in usual, given.get(coach_id, 0)) for coach_id in others if coach_id in licensed
    )


def draw(session: Session, attempt: Attempt, rule: Rule) -> None:
    """Ask a second coach if the lot falls on this attempt, which was just submitted."""
    ordinal = (
        session.scalar(
            select(func.count())
            .select_from(Attempt)
            .where(Attempt.kind == "official", Attempt.submitted_at.is_not(None))
        )
        or 1
    )
    asked = session.get(SecondLook, attempt.id)
    if asked is not None:
        _renew(session, asked, rule.days)
        return
    if not drawn(ordinal, rule.percent, rule.seed):
        return
    able = candidates(session, attempt)
    gone = away(session, [each.id for each in able], clock.today())
    coach_id = choose(tuple(each for each in able if each.id not in gone) or able, ordinal, rule.seed)
    if coach_id is not None:
        _ask(session, None, attempt, coach_id, rule.days)


def _renew(session: Session, look: SecondLook, days: int) -> None:
    """An attempt came back and is submitted again: whoever was asked before has her whole time again."""
    now = clock.now()
    look.asked_at, look.due_at, look.lapsed_at = now, now + timedelta(days=days), None
    _tell(session, look.attempt_id, days)
    session.flush()


def _tell(session: Session, attempt_id: int, days: int) -> None:
    jobs.enqueue(session, "feedback.tell_second", attempt_id=attempt_id)
    jobs.enqueue(session, "feedback.second_look_ends", delay=timedelta(days=days), attempt_id=attempt_id)


def assign(session: Session, actor: Actor, attempt_id: int, coach_id: int, rule: Rule) -> SecondLook:
    """A lead coach asks for a second look, while nobody has seen anything yet."""
    require(actor, Action.LEAD_COACHES)
    query = select(Attempt).where(Attempt.id == attempt_id, Attempt.kind == "official").with_for_update()
    attempt = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if attempt is None or attempt.submitted_at is None:
        raise NotFoundError
    if attempt.revealed_at is not None or attempt.withdrawn_at is not None:
        raise ConflictError(
            "Nobody can look at this attempt blind any more: both views are shown, or it was withdrawn."
        )
    if session.get(SecondLook, attempt.id) is not None:
        raise ConflictError("A second coach was asked for this attempt already.")
    if coach_id not in {candidate.id for candidate in candidates(session, attempt)}:
        raise InvalidError({"coach_id": "This coach cannot look a second time. Choose another."})
    return _ask(session, actor, attempt, coach_id, rule.days)


def pass_on(session: Session, actor: Actor, attempt: Attempt, coach_id: int, days: int) -> None:
    """Another coach looks instead of the one who was asked."""
    look = session.get_one(SecondLook, attempt.id)
    look.coach_id, look.asked_by = coach_id, actor.id
    subject = pseudonym_of(session, attempt.learner_id)
    audit.record(session, actor, "second-look:hand-over", subject=subject, about=f"attempt:{attempt.id}")
    _renew(session, look, days)


def _ask(session: Session, actor: Actor | None, attempt: Attempt, coach_id: int, days: int) -> SecondLook:
    now = clock.now()
    look = SecondLook(
        attempt_id=attempt.id,
        coach_id=coach_id,
        asked_by=actor.id if actor else None,
        drawn=actor is None,
        asked_at=now,
        due_at=now + timedelta(days=days),
        lapsed_at=None,
    )
    session.add(look)
    subject = pseudonym_of(session, attempt.learner_id)
    audit.record(session, actor, "second-look:ask", subject=subject, about=f"attempt:{attempt.id}")
    _tell(session, attempt.id, days)
    session.flush()
    return look
