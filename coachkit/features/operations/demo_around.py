"""What surrounds the demo's attempts: a partner's two sentences, something contested and answered, the field log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.assessment.scale import Level
from coachkit.domain.content.model import Library
from coachkit.features.feedback.contest import service as contests
from coachkit.features.feedback.contest.service import Verdict
from coachkit.features.feedback.field_log import service as field_log
from coachkit.features.feedback.models import Plan
from coachkit.features.practice.models import Attempt, Rating, RatingSheet
from coachkit.features.practice.partner import service as partner
from coachkit.features.practice.partner.service import Guest
from coachkit.platform import clock
from coachkit.platform.policy import Actor

WHO = "sofia"
PARTNER = "Hanne Dahl"


def played_with(session: Session, actor: Actor, attempt_id: int) -> None:
    """Somebody was asked by link to play this attempt, and leaves two sentences after it."""
    asked = partner.invite(
        session, actor, attempt_id, name=PARTNER, email="hanne.dahl@plant.example", coach_id=None, times=[]
    )
    partner.say(
        session,
        Guest(asked, session.get_one(Attempt, attempt_id)),
        felt="I felt taken seriously when you asked me to finish my sentence.",
        noticed="I noticed that you named a day before I had said what is at stake for my shift.",
    )


def fill(session: Session, library: Library, people: Mapping[str, Actor], now: datetime) -> None:
    """After all attempts are there."""
    _contest(session, library, people, now)
    _log(session, people[WHO], now)


def _contest(session: Session, library: Library, people: Mapping[str, Actor], now: datetime) -> None:
    """One rating is seen differently; somebody else sees what the coach saw, and it is kept."""
    query = (
        select(Attempt)
        .where(Attempt.learner_id == people[WHO].id, Attempt.kind == "official")
        .where(Attempt.revealed_at < now - timedelta(days=7))
        .order_by(Attempt.revealed_at.desc(), Attempt.id)
    )
    attempt = session.scalars(query.limit(1)).first()
    if attempt is None or attempt.revealed_at is None:
        return
    given = session.execute(
        select(Rating.criterion_id, Rating.level)
        .join(RatingSheet, RatingSheet.id == Rating.sheet_id)
        .where(RatingSheet.attempt_id == attempt.id, RatingSheet.kind == "coach", Rating.level.is_not(None))
        .order_by(Rating.level, Rating.criterion_id)
    ).first()
    if given is None:
        return
    with clock.fixed(attempt.revealed_at + timedelta(days=2)):
        row = contests.contest_item(
            session,
            people[WHO],
            library,
            attempt.id,
            given.criterion_id,
            text="I did this before the part that is quoted.",
            evidence="In the first minute I asked, and waited until the answer was complete.",
        )
    looks = next((actor for actor in people.values() if actor.id == row.reviewer_id), None)
    if looks is None:
        return
    seen = Verdict(
        Level(given.level),
        "",
        "The question comes once, and the answer is not taken up.",
        "The question in the first minute is there. Taking the answer up, which the next level asks for, is not.",
    )
    with clock.fixed(attempt.revealed_at + timedelta(days=5)):
        contests.decide(session, looks, row, seen, library.scenario(attempt.scenario_id).max_level(given.criterion_id))


def _log(session: Session, actor: Actor, now: datetime) -> None:
    """What she planned, at work."""
    query = select(Plan.id).join(Attempt, Attempt.id == Plan.attempt_id)
    plan_id = session.scalar(
        query.where(Plan.person_id == actor.id, Attempt.kind == "official").order_by(Plan.id.desc()).limit(1)
    )
    with clock.fixed(now - timedelta(days=2)):
        field_log.write(
            session,
            actor,
            on=clock.today(),
            situation="Dispatch asked for a second label printer by Friday.",
            act="I asked what should be different on Friday, and waited.",
            effect="It was the paper that ran out, not the printer; we changed who orders it.",
            witness="H.D.",
            plan_id=plan_id,
        )
