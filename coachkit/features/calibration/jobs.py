"""Calibrating at night, on demand, and for one learner when a rating arrives.

The engine is loaded inside the handlers: web processes register them too and never need it. Ratings are read and
combined on a connection of their own, so that a long run keeps nobody from writing.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from coachkit.features.calibration import service
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.service import OFFICIAL
from coachkit.platform import clock, jobs
from coachkit.platform.db import own_reading
from coachkit.platform.jobs import job
from coachkit.platform.tools import shelf, tools

if TYPE_CHECKING:
    from coachkit.domain.measurement.calibration import Calibration

LONGEST_RUN = timedelta(hours=6)
"""A night. A run is made from what was there when it began; nobody else should begin the same one meanwhile."""


def one_thread() -> None:
    """Sums repeat exactly, and the machine stays usable, where linear algebra runs on one thread."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def _stored(reading: Session, run_id: int) -> Calibration:
    from coachkit.domain.measurement.calibration import Calibration  # noqa: PLC0415  slow to load

    return Calibration.from_json(service.result_of(reading, run_id))


def _earlier(reading: Session) -> Calibration | None:
    run_id = service.earlier(reading)
    return _stored(reading, run_id) if run_id else None


@job("calibration.run", lease=LONGEST_RUN)
def run(session: Session, *, cause: str) -> None:
    """Calibrate. At night only where something is new."""
    if not tools().settings.measuring:
        service.forget(session)
        return
    one_thread()
    from coachkit.features.calibration import compute, inputs  # noqa: PLC0415  slow to load, and only needed here

    books, read_at = shelf(), clock.now()
    with own_reading() as reading:
        found = inputs.gather(reading, books.current(reading), lambda version: books.version(reading, version))
        before = service.newest(reading)
        if before is not None and (cause == "first" or (cause == "night" and before.rows_hash == found.rows_hash)):
            return
        made = compute.make(found, clock.today(), _earlier(reading))
    service.keep(
        session, made, cause=cause, library_version=found.library_version, rows_hash=found.rows_hash, read_at=read_at
    )
    service.expect_the_night(session)


@job("calibration.night", lease=LONGEST_RUN)
def night(session: Session) -> None:
    """The nightly run, and the next night's place in the queue."""
    run(session, cause="night")
    if tools().settings.measuring:
        service.expect_the_night(session)


@job("calibration.update")
def update(session: Session, *, attempt_id: int) -> None:
    """Bring one learner up to date after a release; the shared calibration stays as it is until the next run."""
    if not tools().settings.measuring:
        return
    one_thread()
    from coachkit.features.calibration import compute, inputs  # noqa: PLC0415  slow to load, and only needed here

    books = shelf()
    with own_reading() as reading:
        attempt = reading.get(Attempt, attempt_id)
        if attempt is None or attempt.kind != OFFICIAL or attempt.revealed_at is None:
            return
        before = service.newest(reading)
        if before is None:
            jobs.enqueue(session, "calibration.run", cause="first")
            return
        library = books.current(reading)
        person_id = attempt.learner_id
        found = inputs.gather(reading, library, lambda version: books.version(reading, version), [person_id])
        if not found.people:
            return
        pseudonym = next(iter(found.people))
        data = compute.update(_stored(reading, before.id), pseudonym, found, clock.today(), _earlier(reading))
    now = service.newest(session)
    if now is not None and now.id == before.id:  # a run that was made meanwhile knows better
        service.keep_one(session, person_id, before.id, data)
    service.expect_the_night(session)
