"""Submits of a self-rating by 1 and by 8 writing processes: how long they take, and whether any fails."""

from __future__ import annotations

import multiprocessing
import statistics
import time
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from coachkit.app import create_app
from coachkit.domain.assessment.scale import Level
from coachkit.domain.assessment.sheet import Line
from coachkit.features.accounts.models import Person
from coachkit.features.practice import service as practice
from coachkit.platform.db import db, transaction
from coachkit.platform.policy import Actor, Role
from coachkit.platform.settings import read_settings


def _actor(session) -> Actor:
    person = session.query(Person).filter_by(email="ana@tessel.example").one()
    return Actor(person.id, person.name, person.email, person.pseudonym, frozenset({Role.LEARNER}))


def write(folder: str, count: int, results) -> None:
    """Start and submit `count` attempts, each submit in one transaction of its own."""
    app = create_app(read_settings({}, instance=folder))
    times, errors = [], []
    with app.app_context():
        library = app.extensions["coachkit_shelf"].current(db.session())
        scenario = library.scenario("rp04")
        lines = {c: Line(Level(3), "“What broke?”", Level(3)) for c in scenario.criteria}
        for _ in range(count):
            try:
                with transaction() as session:
                    actor = _actor(session)
                    attempt = practice.start(session, actor, library, "rp04", kind="official")
                    attempt_id = attempt.id
                    practice.save_evidence(
                        session, actor, attempt_id, version=1, partner_name="", played_on=None, evidence="He said so."
                    )
                began = time.perf_counter()
                with transaction() as session:
                    practice.submit(session, actor, library, attempt_id, lines, version=0, other="")
                times.append(time.perf_counter() - began)
            except SQLAlchemyError as error:
                errors.append(type(error).__name__ + ": " + str(error)[:80])
    results.put((times, errors))


def measure(folder: Path, count: int = 40) -> dict[str, object]:
    """Per number of processes: submits a second, median and slowest in milliseconds, errors."""
    context = multiprocessing.get_context("spawn")
    found = {}
    for processes in (1, 8):
        results = context.Queue()
        crew = [context.Process(target=write, args=(str(folder), count, results)) for _ in range(processes)]
        for one in crew:
            one.start()
        answers = [results.get(timeout=300) for _ in crew]
        for one in crew:
            one.join()
        times = [t for some, _ in answers for t in some]
        errors = [e for _, some in answers for e in some]
        found[f"{processes} processes"] = {
            "submits": len(times),
            "median_ms": round(statistics.median(times) * 1000, 1),
            "slowest_ms": round(max(times) * 1000, 1),
            "errors": len(errors),
            "first_error": errors[:1],
        }
    return found
