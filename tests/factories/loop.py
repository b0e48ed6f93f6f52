"""The loop of practice and feedback, up to any point of it, through the services; and the forms that pages send."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app
from sqlalchemy.orm import Session

from coachkit.domain.assessment.scale import Level
from coachkit.domain.assessment.sheet import Line
from coachkit.domain.content.model import Library, Scenario
from coachkit.features.accounts import service as accounts
from coachkit.features.accounts.models import Person
from coachkit.features.feedback import second as seconds
from coachkit.features.feedback import service as feedback
from coachkit.features.feedback.contest import service as contests
from coachkit.features.feedback.observation import service as observation
from coachkit.features.feedback.observation.models import Observation
from coachkit.features.feedback.service import PartText
from coachkit.features.practice import second_look
from coachkit.features.practice import service as practice
from coachkit.platform import clock
from coachkit.platform.db import db, transaction
from coachkit.platform.policy import Actor
from tests.factories.cast import Cast

SCENARIO = "rp04"
SAID = "I asked what should be different on Monday. She counted eleven cases."
NOTE = {
    "keep": PartText("In the third minute.", "You asked what should change.", "She named the eleven cases."),
    "change": PartText(
        "Right before the end.", "You gave a date.", "He leaned back.", "What were you after?", "Ask who decides."
    ),
}


def library() -> Library:
    return current_app.extensions["coachkit_shelf"].current(db.session())


def scenario(scenario_id: str = SCENARIO) -> Scenario:
    return library().scenario(scenario_id)


def actor(session: Session, person_id: int) -> Actor:
    person = session.get_one(Person, person_id)
    return Actor(person.id, person.name, person.email, person.pseudonym, accounts.roles_of(session, person.id))


def coached(cast: Cast, learner: str, coach: str) -> None:
    """Give a learner a coach more."""
    with transaction() as session:
        accounts.assign_coach(session, actor(session, cast.ada), coach_id=cast.ids[coach], learner_id=cast.ids[learner])


def uncoached(cast: Cast, learner: str, coach: str) -> None:
    """Take a learner from a coach."""
    with transaction() as session:
        accounts.end_coaching(session, actor(session, cast.ada), coach_id=cast.ids[coach], learner_id=cast.ids[learner])


def started(
    cast: Cast,
    *,
    learner: str = "ana",
    kind: str = "official",
    coach: str | None = None,
    scenario_id: str = SCENARIO,
    evidence: str = SAID,
    days_ago: int = 0,
    **more: object,
) -> int:
    """An attempt with its evidence written down (none, if empty), version 2."""
    with transaction() as session, clock.shifted(-timedelta(days=days_ago)):
        me = actor(session, cast.ids[learner])
        attempt = practice.start(
            session, me, library(), scenario_id, kind=kind, coach_id=cast.ids[coach] if coach else None, **more
        )
        if evidence:
            practice.save_evidence(
                session, me, attempt.id, version=1, partner_name="Rosa", played_on=clock.today(), evidence=evidence
            )
        return attempt.id


def submitted(cast: Cast, *, learner: str = "ana", days_ago: int = 0, own: str = "My own line", **more: object) -> int:
    """An attempt whose learner has locked his own rating, level 2 throughout."""
    attempt_id = started(cast, learner=learner, days_ago=days_ago, **more)
    with transaction() as session, clock.shifted(-timedelta(days=days_ago)):
        me = actor(session, cast.ids[learner])
        case = scenario(str(more.get("scenario_id", SCENARIO)))
        lines = {c: Line(Level(2), f"{own} for {c}.", Level(3)) for c in case.criteria}
        practice.submit(session, me, library(), attempt_id, lines, version=0, other="your coach")
    return attempt_id


def submitted_again(cast: Cast, attempt_id: int, *, learner: str = "ana") -> None:
    """Hand in an attempt that was begun otherwise."""
    with transaction() as session:
        lines = {c: Line(Level(2), f"My own line for {c}.", Level(3)) for c in scenario().criteria}
        me = actor(session, cast.ids[learner])
        practice.submit(session, me, library(), attempt_id, lines, version=0, other="your coach")


def watched(cast: Cast, attempt_id: int, *notes: str, coach: str = "ben") -> None:
    """A coach was asked to watch an attempt, and noted this."""
    with transaction() as session:
        session.add(Observation(attempt_id=attempt_id, coach_id=cast.ids[coach], asked_at=clock.now(), started_at=None))
        session.flush()
        watcher = actor(session, cast.ids[coach])
        for number, text in enumerate(notes):
            observation.note(
                session,
                watcher,
                attempt_id,
                key=f"{number:022}",
                seconds=60 * number,
                criterion_id="",
                text=text,
                criteria=(),
            )


def revealed(cast: Cast, *, by: str = "ben", days_ago: int = 0, seen: str = "Her words show it", **more: object) -> int:
    """An attempt that both sides have locked; the coach gave level 3 throughout."""
    attempt_id = submitted(cast, days_ago=days_ago, **more)
    with clock.shifted(-timedelta(days=days_ago)):
        released(cast, attempt_id, by=by, seen=seen, scenario_id=str(more.get("scenario_id", SCENARIO)))
    return attempt_id


def released(
    cast: Cast,
    attempt_id: int,
    *,
    by: str = "ben",
    seen: str = "Her words show it",
    scenario_id: str = SCENARIO,
    version: int = 0,
) -> None:
    """The coach gives level 3 throughout and sends her note; `version` is that of her draft."""
    with transaction() as session:
        lines = {c: Line(Level(3), f"{seen}, {c}.") for c in scenario(scenario_id).criteria}
        feedback.release(session, actor(session, cast.ids[by]), library(), attempt_id, lines, NOTE, version=version)


def asked_second(cast: Cast, attempt_id: int, coach: str = "mia", *, days: int = 7) -> None:
    """The lead coach asks for a second look at an attempt that waits."""
    with transaction() as session:
        rule = second_look.Rule(0, days, "")
        second_look.assign(session, actor(session, cast.lea), attempt_id, cast.ids[coach], rule)


def looked_twice(
    cast: Cast,
    *,
    by: str = "ben",
    second: str = "mia",
    levels: tuple[int, int] = (1, 3),
    seen: tuple[str, str] = ("Her words show it", "A second pair of eyes"),
    **more: object,
) -> int:
    """An attempt that two coaches have rated blind, each with one level throughout; all views are open."""
    attempt_id = submitted(cast, **more)
    asked_second(cast, attempt_id, second)
    case = scenario(str(more.get("scenario_id", SCENARIO)))
    one, other = (
        {c: Line(Level(n), f"{said}, {c}.") for c in case.criteria} for n, said in zip(levels, seen, strict=True)
    )
    with transaction() as session:
        feedback.release(session, actor(session, cast.ids[by]), library(), attempt_id, one, NOTE, version=0)
        seconds.lock(session, actor(session, cast.ids[second]), library(), attempt_id, other, version=0)
        seconds.compare(session, attempt_id, ())
    return attempt_id


def contested(cast: Cast, attempt_id: int, item: str, *, learner: str = "ana", text: str = "I asked twice.") -> int:
    """The learner sees a rating or half of the note differently."""
    with transaction() as session:
        me = actor(session, cast.ids[learner])
        return contests.contest_item(
            session, me, library(), attempt_id, item, text=text, evidence="Minute three: “what should be different?”"
        ).id


def second_form(case: Scenario, *, level: str = "3", line: str = "A second pair of eyes.") -> dict[str, str]:
    """What the second coach's page sends when everything is filled in."""
    form = {"version": "0"}
    for criterion in case.criteria:
        form |= {f"level-{criterion}": level, f"evidence-{criterion}": line}
    return form


def self_form(
    case: Scenario, *, level: str = "2", line: str = "I asked and waited.", guess: str = "3"
) -> dict[str, str]:
    """What the self-rating page sends when everything is filled in."""
    form = {"version": "0"}
    for criterion in case.criteria:
        form |= {f"level-{criterion}": level, f"evidence-{criterion}": line, f"expected-{criterion}": guess}
    return form


def coach_form(case: Scenario, *, level: str = "3", line: str = "She asked and waited.") -> dict[str, str]:
    """What the coach's page sends when rating and note are filled in."""
    form = {"version": "0"}
    for criterion in case.criteria:
        form |= {f"level-{criterion}": level, f"evidence-{criterion}": line}
    for kind, part in NOTE.items():
        form |= {f"{kind}-{name}": getattr(part, name) for name in ("situation", "behaviour", "effect", "next_try")}
    return form
