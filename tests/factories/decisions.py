"""Readiness, basis, purposes and releases with rated attempts behind them, all through the services."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from flask import current_app
from sqlalchemy.orm import Session

from coachkit.domain.assessment.scale import Level
from coachkit.domain.assessment.sheet import Line
from coachkit.domain.content.model import Library
from coachkit.domain.decision.forecast import Forecast
from coachkit.domain.decision.questions import QUESTIONS
from coachkit.domain.decision.readiness import Answer
from coachkit.domain.decision.rules import Proposal
from coachkit.domain.decision.safeguards import Duty
from coachkit.features.accounts import service as accounts
from coachkit.features.accounts.models import Person
from coachkit.features.decisions import board, deciding, queries, records, service
from coachkit.features.decisions.case_file import role_skills
from coachkit.features.decisions.duties import Named
from coachkit.features.decisions.models import DecisionRecord
from coachkit.features.feedback import service as feedback
from coachkit.features.feedback.service import PartText
from coachkit.features.organisation import service as organisation
from coachkit.features.practice import service as practice
from coachkit.platform import clock
from coachkit.platform.db import db, transaction
from coachkit.platform.policy import Actor
from tests.factories.cast import Cast

UNSEEN = Level(None, not_observed=True)
NOTE = {"keep": PartText("In the third minute.", "You asked what should change.", "She named the eleven cases.")}


def library_of(version: str) -> Library:
    return current_app.extensions["coachkit_shelf"].version(db.session(), version)


def library() -> Library:
    return current_app.extensions["coachkit_shelf"].current(db.session())


def actor(session: Session, person_id: int) -> Actor:
    person = session.get_one(Person, person_id)
    return Actor(person.id, person.name, person.email, person.pseudonym, accounts.roles_of(session, person.id))


def second_coach(cast: Cast, learner: str = "ana", coach: str = "mia") -> None:
    """Mia coaches Ana as well."""
    with transaction() as session:
        accounts.assign_coach(session, actor(session, cast.ada), coach_id=cast.ids[coach], learner_id=cast.ids[learner])


def rated(
    cast: Cast,
    scenario_id: str,
    level: int | None,
    *,
    days_ago: int = 10,
    learner: str = "ana",
    coach: str = "ben",
    parallel: bool = False,
    kind: str = "official",
    evidence: str = "She asked what should change on Monday, and waited.",
) -> int:
    """One attempt that both have rated: the coach gives this level everywhere (None: not observed)."""
    with transaction() as session, clock.shifted(-timedelta(days=days_ago)):
        me, her = actor(session, cast.ids[learner]), actor(session, cast.ids[coach])
        books = library()
        scenario = books.scenario(scenario_id)
        attempt = practice.start(
            session,
            me,
            books,
            scenario_id,
            kind=kind,
            parallel=parallel,
            coach_id=cast.ids[coach] if kind == "practice" else None,
        )
        practice.save_evidence(
            session, me, attempt.id, version=1, partner_name="Rosa", played_on=clock.today(), evidence="What was said."
        )
        own = {c: Line(Level(2), "My own line for this.", Level(2)) for c in scenario.criteria}
        practice.submit(session, me, books, attempt.id, own, version=0, other="your coach")
        given = UNSEEN if level is None else Level(level)
        seen = {c: Line(given, f"{evidence} ({c})") for c in scenario.criteria}
        feedback.release(session, her, books, attempt.id, seen, NOTE, version=0)
        return attempt.id


def answers(default: int = 3, **changed: int) -> dict[str, Answer]:
    """Everybody gives the same answer; RC_4=0 changes one."""
    levels = {q.id: changed.get(q.id.replace("-", "_"), default) for q in QUESTIONS}
    line = "The minutes of the last review."
    return {question_id: Answer(level, (level,) * 4, line) for question_id, level in levels.items()}


def ready(on: date | None = None, *, default: int = 3, **changed: int) -> int:
    """A readiness result: ready, unless answers are changed."""
    with transaction() as session:
        return organisation.record_readiness(session, None, answers(default, **changed), on or clock.today()).id


def basis(cast: Cast) -> None:
    """Notice, legal basis and consultation are on record."""
    with transaction() as session:
        service.record_basis(
            session,
            actor(session, cast.ada),
            notice="Letter of 3 March to all liaisons.",
            legal_basis="Works agreement 12.",
            consultation="Works council, 1 March.",
        )


def purpose(
    cast: Cast,
    *people: str,
    kind: str = "role-decision",
    line: int = 3,
    days: int = 60,
    viewer: str = "cleo",
    title: str = "Liaison posts after the merger",
) -> int:
    """A purpose that asks these people (Ana and Dan, if none are named)."""
    with transaction() as session:
        books = library()
        return service.state_purpose(
            session,
            actor(session, cast.ids[viewer]),
            books,
            kind=kind,
            title=title,
            why="Two of the five posts change after the merger.",
            role_name="Liaison",
            lines={skill_id: line for skill_id, _name in role_skills(books)},
            ends_on=clock.today() + timedelta(days=days),
            viewer_ids=[],
            person_ids=[cast.ids[name] for name in people or ("ana", "dan")],
        ).id


COMMENT = "My segment lost its only clerk in June."


def released(cast: Cast, purpose_id: int, who: str = "ana", comment: str = COMMENT) -> None:
    with transaction() as session:
        service.release(session, actor(session, cast.ids[who]), purpose_id, comment=comment)


def withdrawn(cast: Cast, purpose_id: int, who: str = "ana") -> None:
    with transaction() as session:
        service.withdraw(session, actor(session, cast.ids[who]), purpose_id)


def opened(cast: Cast, *people: str, **kwargs) -> int:
    """A ready organisation with a basis, a purpose, and Ana's release to it."""
    ready()
    basis(cast)
    purpose_id = purpose(cast, *people, **kwargs)
    released(cast, purpose_id)
    return purpose_id


FORECAST = Forecast("leads one planning round alone", 80, clock.today() + timedelta(days=120))
CONFIRM = Proposal(
    "confirm", "Two heads of unit asked for her by name.", "Waiting for another quarter.", forecast=FORECAST
)
DEVELOP = replace(
    CONFIRM,
    outcome="develop",
    plan="Three talks with Eva on the second “no”.",
    coach_hours=12,
    protected_hours=2,
    review_on=clock.today() + timedelta(days=90),
)
REPLACE = replace(
    CONFIRM,
    outcome="replace",
    work_reason="The audit of July was handed in three weeks late.",
    work_reason_on=clock.today() - timedelta(days=100),
    work_reason_who="T. Bielak",
    offered="Twelve hours of coaching and a partner for a quarter.",
    offered_on=clock.today() - timedelta(weeks=20),
)
OUTSIDER = Named(
    name="Colin Achebe", email="colin@elsewhere.example", why="Head of HR at the parent", reports_to_nobody_here=True
)


def independent(cast: Cast) -> dict[Duty, Named]:
    """Otto signs second, and somebody from outside would read an appeal."""
    return {
        Duty.SECOND_SIGNER: Named(cast.otto, why="Audits, and reports to the board", reports_to_nobody_here=True),
        Duty.APPEAL_READER: OUTSIDER,
    }


def enough_seen(cast: Cast) -> None:
    """Six official attempts in three scenarios over 95 days, by two coaches."""
    second_coach(cast)
    for number, days_ago in enumerate((100, 80, 60, 40, 20, 5)):
        scenario = ("rp04", "rp19", "rp01")[number % 3]
        rated(cast, scenario, 2, days_ago=days_ago, coach="ben" if number % 2 else "mia")


def duty_id(cast: Cast, record_id: int, duty: Duty) -> int:
    with transaction() as session:
        return next(
            line.id
            for line in records.course_of(session, session.get_one(DecisionRecord, record_id)).duties
            if line.kind == duty.value and line.current
        )


def seen_now(cast: Cast, purpose_id: int, who: str = "ana") -> tuple[str, int | None]:
    """Fingerprint and newest record of the page that the CIO would get."""
    found = queries_page(cast, purpose_id, who)
    return found.seen, found.amends


def queries_page(cast: Cast, purpose_id: int, who: str = "ana") -> board.PersonPage:
    with transaction() as session:
        row = service.find_purpose(session, purpose_id)
        page = board.person_page(session, library(), library_of, row, cast.ids[who])
        assert page is not None
        return page


def board_page(cast: Cast, purpose_id: int) -> board.Board:
    with transaction() as session:
        row = service.find_purpose(session, purpose_id)
        looked = queries.released_ids(session, purpose_id)
        return board.board(session, library(), library_of, row, looked)


def decided(
    cast: Cast,
    purpose_id: int,
    proposal: Proposal = CONFIRM,
    *,
    who: str = "ana",
    by: str = "cleo",
    page: tuple[str, int | None] | None = None,
    named: dict[Duty, Named] | None = None,
) -> int:
    """Decide on the page as it is now, or on one that was opened earlier."""
    seen, amends = page or seen_now(cast, purpose_id, who)
    with transaction() as session:
        return deciding.record_decision(
            session,
            actor(session, cast.ids[by]),
            library(),
            library_of,
            purpose_id,
            cast.ids[who],
            proposal,
            seen=seen,
            amends=amends,
            named=named,
        ).id
