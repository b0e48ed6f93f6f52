"""The demo programme: a believable organisation, the same every time.

Nobody in it exists. Ratings are drawn from a simple model of growth, strictness and difficulty, so that later pages
have something true to show; texts come from `demo_texts.yaml`. Everything passes through the services of real work.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml
from flask import current_app
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from coachkit.domain.assessment.scale import Level
from coachkit.domain.assessment.sheet import Line, Sheet
from coachkit.domain.content.model import Library, Scenario
from coachkit.features.accounts import service as accounts
from coachkit.features.accounts.models import Coaching, Cohort, CohortMember, Person
from coachkit.features.accounts.secrets import hash_password
from coachkit.features.feedback import follow_up
from coachkit.features.feedback import second as seconds
from coachkit.features.feedback import service as feedback
from coachkit.features.feedback.follow_up import FollowUp
from coachkit.features.feedback.models import Agreement
from coachkit.features.feedback.service import PartText
from coachkit.features.learning import service as learning
from coachkit.features.operations import (
    demo_around,
    demo_calibration,
    demo_decisions,
    demo_desk,
    demo_licences,
    demo_organisation,
)
from coachkit.features.operations.demo_people import ADMIN, AUDITOR, CIO, COACHES, LEAD, LEARNERS, PASSWORD, Learner
from coachkit.features.practice import second_look
from coachkit.features.practice import service as practice
from coachkit.features.practice.models import Attempt
from coachkit.platform import clock, jobs
from coachkit.platform.db import db, transaction
from coachkit.platform.policy import Actor, Role
from coachkit.platform.settings import Settings

Truth = dict[str, float]
"""How an attempt went, per criterion, on the 1–5 scale."""
SEED = 2026
ORGANISATION = "Tessel Components"
MONTHS = timedelta(days=30)
STRICTNESS = {"marta": 0.35, "oren": -0.35, "lin": 0.0, "tomas": 0.15}
DOUBLE_RATED = 0.2
EASY_FIRST, HARD = 3, 3
"""How many easy scenarios come first, and from which difficulty on a scenario is hard."""
OF_A_CRITERION, OF_A_RATER = 0.55, 0.85
"""How far one criterion lies from the others, and one look from another, in levels: people see the same talk
differently, and a demo whose coaches nearly agree would make measures that no real ones can be."""
PARALLEL = 0.45
"""How often the parallel form is played within two weeks."""
SIGN_INS = (
    ("Learner", "sofia.reyes@tessel.example", PASSWORD),
    ("Coach", "marta.keller@tessel.example", PASSWORD),
    ("CIO", "ruth.vasari@tessel.example", PASSWORD),
)


class NotEmptyError(Exception):
    """There are people in this instance; the demo would mix with them."""


def is_demo() -> bool:
    """Whether this instance holds the demo programme."""
    found = db.session.scalar(select(Person.id).where(Person.email == SIGN_INS[0][1]))
    db.session.remove()
    return found is not None


@dataclass(frozen=True, slots=True)
class World:
    """What the demo is made with."""

    session: Session
    library: Library
    dice: Random
    texts: dict[str, Any]
    people: dict[str, Actor]
    now: datetime

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """Do something at that moment."""
        with clock.fixed(moment):
            yield


def fill() -> None:
    """Fill an empty instance. Raises `NotEmptyError` where there is somebody already."""
    settings: Settings = current_app.config["COACHKIT"]
    with transaction() as session:
        if session.scalar(select(func.count()).select_from(Person)):
            raise NotEmptyError
        library = current_app.extensions["coachkit_shelf"].current(session)
        texts = yaml.safe_load((Path(__file__).parent / "demo_texts.yaml").read_text(encoding="utf-8"))
        world = World(session, library, Random(SEED), texts, {}, clock.now())  # noqa: S311  a demo is no secret
        _people(world, settings)
        demo_licences.fill(session, library, world.people, [key for key, _name, _unit in COACHES], world.now)
        for learner in LEARNERS:
            _reading(world, learner)
            _attempts(world, learner)
        demo_around.fill(session, library, world.people, world.now)
        demo_desk.fill(session, library, settings, world.people, world.now)
        demo_organisation.fill(session, world.people, world.now)
        demo_decisions.fill(session, library, world.people, world.now)
        if settings.measuring:
            demo_calibration.fill(session, library, world.now)
        demo_decisions.decide(session, library, world.people, world.now)
        # Nobody waits for mails of the past.
        past = jobs.Outbox.not_before <= clock.now()
        session.execute(update(jobs.Outbox).where(past).values(done_at=clock.now()))
        session.info.pop("enqueued", None)


def _people(world: World, settings: Settings) -> None:
    hashed = hash_password(settings, PASSWORD)

    def add(key: str, name: str, roles: list[Role], unit: str, track: str = "it") -> None:
        first, last = name.lower().split(" ", 1)
        email = f"{_plain(first)}.{_plain(last)}@tessel.example"
        person = accounts.new_person(
            world.session, name=name, email=email, roles=roles, unit=unit, track=track, password_hash=hashed
        )
        world.people[key] = Actor(person.id, name, email, person.pseudonym, frozenset(roles))

    start = world.now - 8 * MONTHS
    with world.at(start):
        for key, name, unit in COACHES:
            add(key, name, [Role.COACH], unit)
        add(LEAD[0], LEAD[1], [Role.LEAD_COACH], LEAD[2])
        add(CIO[0], CIO[1], [Role.CIO], CIO[2])
        add(ADMIN[0], ADMIN[1], [Role.ADMIN], ADMIN[2])
        add(AUDITOR[0], AUDITOR[1], [Role.AUDITOR], AUDITOR[2])
    for learner in LEARNERS:
        with world.at(world.now - timedelta(weeks=learner.weeks)):
            add(learner.key, learner.name, [Role.LEARNER], learner.unit, learner.track)
            _join(world, learner)


def _plain(name: str) -> str:
    """A name as it stands in an address."""
    table = str.maketrans(
        {"ö": "o", "ü": "u", "é": "e", "í": "i", "ó": "o", "á": "a", "ç": "c", "ø": "o", " ": ".", "'": ""}
    )
    return name.translate(table)


def _join(world: World, learner: Learner) -> None:
    since = (world.now - timedelta(weeks=learner.weeks)).date()
    name = "First cohort" if learner.weeks > 20 else "Second cohort"  # noqa: PLR2004
    cohort = world.session.scalars(select(Cohort).where(Cohort.name == name)).one_or_none()
    if cohort is None:
        cohort = Cohort(name=name, starts_on=since)
        world.session.add(cohort)
        world.session.flush()
    person_id = world.people[learner.key].id
    world.session.add(CohortMember(cohort_id=cohort.id, person_id=person_id, since=since))
    for coach in (learner.coach, learner.second_coach):
        if coach:
            world.session.add(
                Coaching(coach_id=world.people[coach].id, learner_id=person_id, since=clock.now(), until=None)
            )
    world.session.flush()


def _reading(world: World, learner: Learner) -> None:
    """Read as many modules as fits the time in the programme, and answer their quizzes."""
    modules = [m for m in world.library.modules if learner.track in m.tracks]
    actor = world.people[learner.key]
    for number, module in enumerate(modules[: learner.modules]):
        moment = world.now - timedelta(weeks=learner.weeks) + timedelta(days=5 + 9 * number)
        if moment > world.now:
            break
        with world.at(moment):
            last = number == learner.modules - 1
            for section in module.sections[: 3 if last else None]:
                learning.mark_read(world.session, actor, world.library, module.slug, section.id)
            for item in () if last else module.quiz:
                chosen = world.dice.choices(item.options, weights=[3 if o.key else 1 for o in item.options])[0]
                learning.answer(world.session, actor, world.library, module.slug, item.id, chosen.id)


def _attempts(world: World, learner: Learner) -> None:
    """Official attempts over the weeks, the last ones perhaps still waiting, and some practice."""
    scenarios = [s for s in world.library.scenarios if s.id in world.texts["accounts"]]
    scenarios.sort(key=lambda s: (s.difficulty, s.id))
    if not scenarios:
        return
    total = learner.attempts
    span = max(7, learner.weeks * 7 - 14)
    for number in range(total):
        played = world.now - timedelta(days=span - round(number * span / max(1, total)) - 2, hours=number % 7)
        scenario = _next_scenario(scenarios, number)
        months = (learner.weeks * 7 - (world.now - played).days) / 30
        waiting = learner.waiting and number == total - 1
        with_partner = learner.key == demo_around.WHO and number == total - 2
        moment = min(played, world.now - timedelta(hours=3))
        _one_attempt(world, learner, scenario, moment, months, waiting=waiting, with_partner=with_partner)
        again = played + timedelta(days=world.dice.randint(6, 14))
        if not waiting and again < world.now - timedelta(days=8) and world.dice.random() < PARALLEL:
            _one_attempt(world, learner, scenario, again, months + 0.6, waiting=False, parallel=True)
    if learner.weeks > 4:  # noqa: PLR2004
        _practice_for_oneself(world, learner, scenarios[0])
    if learner.begun:
        with world.at(world.now - timedelta(days=1)):
            practice.start(
                world.session,
                world.people[learner.key],
                world.library,
                scenarios[-1].id,
                kind="official",
                cue="he names a tool in the first minute",
                act="ask what it should change, and wait",
                focus=scenarios[-1].criteria[:1],
            )


def _next_scenario(scenarios: list[Scenario], number: int) -> Scenario:
    """Three easy ones to begin with; from then on mostly those with room for more than level 3."""
    easy = [s for s in scenarios if s.difficulty < HARD]
    hard = [s for s in scenarios if s.difficulty >= HARD]
    if not hard or number < EASY_FIRST:
        return easy[number % len(easy)]
    later = number - EASY_FIRST
    return easy[later % len(easy)] if later % 4 == EASY_FIRST else hard[later % len(hard)]


def _practice_for_oneself(world: World, learner: Learner, scenario: Scenario) -> None:
    actor = world.people[learner.key]
    with world.at(world.now - timedelta(weeks=learner.weeks) + timedelta(days=12)):
        attempt = practice.start(world.session, actor, world.library, scenario.id, kind="practice")
        truth = _truth(world, learner, scenario, 0.2)
        _evidence(world, actor, attempt.id, scenario.id, truth)
        lines = _sheet(world, learner, scenario, truth, own=True)
        practice.submit(world.session, actor, world.library, attempt.id, lines, version=0, other="")


def _evidence(world: World, actor: Actor, attempt_id: int, told_as: str, truth: Truth) -> None:
    """An account of the talk; the bank holds three for each scenario, from a poor one to one that went far."""
    accounts_told = world.texts["accounts"][told_as]
    mean = sum(truth.values()) / len(truth)
    told = accounts_told[max(0, min(len(accounts_told) - 1, round(mean - 1.6)))]
    practice.save_evidence(
        world.session,
        actor,
        attempt_id,
        version=1,
        partner_name=world.dice.choice(world.texts["partners"]),
        played_on=clock.today(),
        evidence=told.strip(),
    )


def _one_attempt(
    world: World,
    learner: Learner,
    scenario: Scenario,
    played: datetime,
    months: float,
    *,
    waiting: bool,
    parallel: bool = False,
    with_partner: bool = False,
) -> None:
    actor = world.people[learner.key]
    truth = _truth(world, learner, scenario, months)
    plan = world.dice.choice(world.texts["plans"])
    with world.at(played):
        attempt = practice.start(
            world.session,
            actor,
            world.library,
            scenario.id,
            kind="official",
            parallel=parallel,
            focus=[world.dice.choice(scenario.criteria)],
            cue=plan["if"],
            act=plan["then"],
        )
        _evidence(world, actor, attempt.id, "parallel" if parallel else scenario.id, truth)
        if with_partner:
            demo_around.played_with(world.session, actor, attempt.id)
    with world.at(min(played + timedelta(hours=2), world.now)):
        own = _sheet(world, learner, scenario, truth, own=True)
        coach_name = world.people[learner.coach].name
        practice.submit(world.session, actor, world.library, attempt.id, own, version=0, other=coach_name)
    answered = played + timedelta(days=world.dice.randint(1, 6), hours=3)
    if waiting or answered > world.now:
        return
    key = learner.second_coach if learner.second_coach and world.dice.random() < 0.35 else learner.coach  # noqa: PLR2004
    other = learner.coach if key == learner.second_coach else learner.second_coach
    with world.at(played + timedelta(hours=3)):
        twice = bool(other) and world.dice.random() < DOUBLE_RATED
        if twice:
            rule = second_look.Rule(0, 7, "")
            lead = world.people[LEAD[0]]
            second_look.assign(world.session, lead, attempt.id, world.people[other].id, rule)
    with world.at(answered):
        lines = _sheet(world, learner, scenario, truth, own=False, strictness=STRICTNESS[key])
        note = _note(world, scenario, lines)
        feedback.release(
            world.session,
            world.people[key],
            world.library,
            attempt.id,
            lines,
            note,
            version=0,
            followed=_followed(world, attempt),
        )
        if twice:
            view = _sheet(world, learner, scenario, truth, own=False, strictness=STRICTNESS[other])
            seconds.lock(world.session, world.people[other], world.library, attempt.id, view, version=0)
            seconds.compare(world.session, attempt.id, ())
            _agree(world, attempt.id, world.people[other], world.people[key], lines, view)
    _afterwards(world, learner, attempt.id, answered + timedelta(days=1))


def _followed(world: World, attempt: Attempt) -> FollowUp | None:
    """What became of the last advice, where there was one."""
    earlier = world.session.execute(follow_up.advice_before(attempt)).first()
    if earlier is None:
        return None
    return FollowUp(earlier[2].id, tuple(follow_up.FIXED)[attempt.id % len(follow_up.FIXED)])


def _agree(world: World, attempt_id: int, writes: Actor, answers: Actor, one: Sheet, other: Sheet) -> None:
    """Two coaches who were far apart meet between their levels, if they were asked to."""
    asked = world.session.get(Agreement, attempt_id)
    if asked is None:
        return
    lines = {c: Line(Level(_between(one[c].level, other[c].level)), other[c].evidence) for c in asked.criteria}
    version = seconds.write_agreed(world.session, writes, world.library, attempt_id, lines, version=0)
    seconds.answer_agreed(world.session, answers, attempt_id, dissent="", version=version)


def _between(one: Level, other: Level) -> int:
    return round(((one.value or 1) + (other.value or 1)) / 2)


def _afterwards(world: World, learner: Learner, attempt_id: int, moment: datetime) -> None:
    """Most learners answer and plan; the newest note may still wait for it."""
    if moment > world.now or world.dice.random() < 0.15:  # noqa: PLR2004
        return
    actor = world.people[learner.key]
    with world.at(moment):
        words, now = (
            world.dice.choice(world.texts["answers"]).strip(),
            world.session.get_one(Attempt, attempt_id).version,
        )
        feedback.answer(world.session, actor, attempt_id, words, version=now)
        plan = world.dice.choice(world.texts["plans"])
        made = feedback.make_plan(
            world.session,
            actor,
            attempt_id,
            cue=plan["if"],
            act=plan["then"],
            due_on=clock.today() + timedelta(days=8),
            witness=world.dice.choice(world.texts["partners"]),
        )
    later = moment + timedelta(days=9)
    if later < world.now:
        with world.at(later):
            feedback.close_plan(world.session, actor, made.id, world.dice.choice(world.texts["outcomes"]).strip())


def _truth(world: World, learner: Learner, scenario: Scenario, months: float) -> Truth:
    """How it went, on the 1–5 scale, per criterion: one day's form for all of them."""
    form = world.dice.gauss(0, 0.35)
    hard = (scenario.difficulty - 2) * 0.25
    return {
        c: learner.level
        + learner.growth * months
        - hard
        + form
        + learner.bent.get(c.split(".")[0], 0.0)
        + world.dice.gauss(0, OF_A_CRITERION)
        for c in scenario.criteria
    }


def _sheet(
    world: World,
    learner: Learner,
    scenario: Scenario,
    truth: Truth,
    *,
    own: bool,
    strictness: float = 0.0,
) -> Sheet:
    """What one rater writes down."""
    lines = {}
    for criterion_id in scenario.criteria:
        seen = truth[criterion_id] + (learner.self_view if own else -strictness) + world.dice.gauss(0, OF_A_RATER)
        level = _level(world, seen, scenario.max_level(criterion_id), unseen=0.04 if own else 0.06)
        guess = _level(world, truth[criterion_id] + learner.self_view / 2, scenario.max_level(criterion_id), unseen=0.0)
        lines[criterion_id] = Line(
            level, _evidence_line(world, criterion_id, level, own=own), guess if own else Level(None)
        )
    return lines


def _level(world: World, value: float, most: int, *, unseen: float) -> Level:
    if world.dice.random() < unseen:
        return Level(None, not_observed=True)
    return Level(max(1, min(most, round(value))))


def _evidence_line(world: World, criterion_id: str, level: Level, *, own: bool) -> str:
    bank = world.texts["evidence"].get(criterion_id, world.texts["evidence"]["any"])
    choices = bank["unseen" if level.not_observed else level.value]["self" if own else "coach"]
    return str(world.dice.choice(choices)).strip()


def _note(world: World, scenario: Scenario, lines: Sheet) -> dict[str, PartText]:
    """One thing to keep and one to change, about criteria of this scenario."""
    ranked = sorted(scenario.criteria, key=lambda c: lines[c].level.value or 0)
    notes = world.texts["notes"]
    found = {}
    for kind, criterion_id in (("keep", ranked[-1]), ("change", ranked[0])):
        part = world.dice.choice(notes.get(criterion_id, notes["any"])[kind])
        found[kind] = PartText(**{name: str(part.get(name, "")).strip() for name in feedback.PARTS})
    return found
