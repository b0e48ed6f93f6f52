"""A small programme with enough shared ratings to calibrate, all through the services."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from coachkit.domain.assessment.scale import Level
from coachkit.domain.assessment.sheet import Line
from coachkit.features.accounts import service as accounts
from coachkit.features.calibration.models import CalibrationRun, CurrentMeasure
from coachkit.features.feedback import service as feedback
from coachkit.features.practice import service as practice
from coachkit.platform import clock, jobs
from coachkit.platform.db import db, transaction
from coachkit.platform.policy import Role
from tests.factories import loop
from tests.factories.cast import Cast

SCENARIOS = ("rp05", "rp09", "rp02", "rp04")
"""Two that show all five levels, one with four, one with three."""
Levels = Sequence[int]


def learner(cast: Cast, short: str, name: str, *coaches: str) -> Cast:
    """One learner more, with coaches."""
    with transaction() as session:
        person = accounts.new_person(
            session, name=name, email=f"{short}@tessel.example", roles=[Role.LEARNER], unit="Stores"
        )
        known = Cast({**cast.ids, short: person.id})
    for coach in coaches:
        loop.coached(known, short, coach)
    return known


def rated(
    cast: Cast,
    who: str,
    scenario_id: str,
    levels: Levels,
    *,
    by: str = "ben",
    second: str = "",
    second_levels: Levels | None = None,
    days_ago: int = 0,
    own: int = 2,
    line: str = "She asked and waited",
    parallel: bool = False,
) -> int:
    """One official attempt that both sides have locked; levels go round the scenario's criteria, kept to its limit."""
    with transaction() as session, clock.shifted(-timedelta(days=days_ago)):
        me, her, books = loop.actor(session, cast.ids[who]), loop.actor(session, cast.ids[by]), loop.library()
        case = books.scenario(scenario_id)
        attempt = practice.start(session, me, books, scenario_id, kind="official", parallel=parallel)
        practice.save_evidence(
            session, me, attempt.id, version=1, partner_name="Rosa", played_on=clock.today(), evidence=loop.SAID
        )
        mine = {c: Line(Level(min(own, case.max_level(c))), "My own line.", Level(2)) for c in case.criteria}
        practice.submit(session, me, books, attempt.id, mine, version=0, other="your coach")

        def sheet(given: Levels, words: str) -> dict[str, Line]:
            return {
                c: Line(Level(min(given[k % len(given)], case.max_level(c))), f"{words}, {c}.")
                for k, c in enumerate(case.criteria)
            }

        feedback.release(session, her, books, attempt.id, sheet(levels, line), loop.NOTE, version=0)
        if second:
            lines = sheet(second_levels or levels, f"{line} twice")
            practice.save_sheet(session, attempt, cast.ids[second], "second", lines, version=0, lock=True)
        return attempt.id


GOOD, FAIR, POOR = (4, 5, 4, 3, 5), (3, 2, 3, 4, 3), (1, 2, 1, 2, 1)


def programme(cast: Cast) -> Cast:
    """Ana is in the middle, Moe ahead, Zed behind. Ben, Eva and Mia rate them; Mia rates a level lower.

    Neither the order of levels nor its reverse is the order of names.
    """
    loop.coached(cast, "ana", "mia")
    cast = learner(cast, "moe", "Moe Castellan", "ben", "eva")
    cast = learner(cast, "zed", "Zed Iturbe", "eva", "mia")
    plan: tuple[tuple[str, Levels, str, str], ...] = (
        ("ana", FAIR, "ben", "mia"),
        ("moe", GOOD, "eva", "ben"),
        ("zed", POOR, "mia", "eva"),
    )
    for round_ in range(8):
        for who, levels, usual, other in plan:
            by = other if round_ % 3 == 2 else usual
            shift: Callable[[str], Levels] = lambda coach, given=levels: [  # noqa: E731
                max(1, level - (coach == "mia")) for level in given
            ]
            second = "" if round_ % 2 or round_ > 4 else "mia" if who == "moe" else ({usual, other} - {by}).pop()
            rated(
                cast, who, SCENARIOS[round_ % 4], shift(by), by=by, second=second,
                second_levels=shift(second) if second else None, days_ago=120 - 15 * round_, own=3,
            )  # fmt: skip
    return cast


def calibrated(cast: Cast) -> Cast:
    """The programme with two calibrations, one of five weeks ago and one of today, as the jobs make them.

    Tests marked `calibrated` find all of this done.
    """
    cast = programme(cast)
    done()
    with clock.shifted(-timedelta(days=35)):
        run("asked")
    run("asked")
    done()
    return cast


def run(cause: str = "asked") -> None:
    """One calibration, through its job."""
    with transaction() as session:
        jobs.enqueue(session, "calibration.run", cause=cause)
    jobs.run_waiting()


def done() -> None:
    """Nothing waits any more: mails and updates of what was arranged are not what a test is about."""
    with transaction() as session:
        for row in session.scalars(select(jobs.Outbox).where(jobs.Outbox.done_at.is_(None))):
            row.done_at = clock.now()


def runs() -> list[CalibrationRun]:
    """Every run, whole, as it is now."""
    with Session(db.engine, expire_on_commit=False) as own:
        query = select(CalibrationRun).options(undefer(CalibrationRun.report), undefer(CalibrationRun.result))
        return list(own.scalars(query.order_by(CalibrationRun.id)))


def measure(person_id: int) -> CurrentMeasure | None:
    """What is kept about somebody now."""
    with Session(db.engine, expire_on_commit=False) as own:
        return own.get(CurrentMeasure, person_id)
