"""Asking for a calibration, and keeping what it found."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, undefer

from coachkit.features.accounts.models import Person
from coachkit.features.calibration.models import CalibrationRun, CurrentMeasure
from coachkit.platform import audit, clock, jobs
from coachkit.platform.jobs import MAX_TRIES, Outbox
from coachkit.platform.policy import Action, Actor, require

if TYPE_CHECKING:
    from coachkit.features.calibration.compute import Made

NIGHT_HOUR = 1
"""When the nightly run is due, in UTC."""
CONFIRMS_AFTER = timedelta(days=28)
"""«Not met» must have been found by an earlier run, at least this much older."""


def ask(session: Session, actor: Actor) -> None:
    """Calibrate now, whether or not anything is new."""
    require(actor, Action.CALIBRATE)
    audit.record(session, actor, "calibration:ask")
    jobs.enqueue(session, "calibration.run", cause="asked")


def newest(session: Session) -> CalibrationRun | None:
    """The run that holds."""
    return session.scalars(select(CalibrationRun).order_by(CalibrationRun.id.desc()).limit(1)).one_or_none()


def result_of(session: Session, run_id: int) -> str:
    """A run's calibration as it was stored."""
    query = select(CalibrationRun).where(CalibrationRun.id == run_id).options(undefer(CalibrationRun.result))
    return zlib.decompress(session.scalars(query).one().result).decode()


def earlier(session: Session) -> int | None:
    """The newest run that is old enough to confirm what is found today."""
    limit = clock.today() - CONFIRMS_AFTER
    query = select(CalibrationRun.id).where(CalibrationRun.as_of <= limit)
    return session.scalar(query.order_by(CalibrationRun.id.desc()).limit(1))


def keep(
    session: Session, made: Made, *, cause: str, library_version: str, rows_hash: str, read_at: datetime | None = None
) -> CalibrationRun:
    """Store a run, and what it says about everybody, in one transaction. It knows what there was at `read_at`."""
    text = made.calibration.to_json()
    run = CalibrationRun(
        made_at=read_at or clock.now(),
        as_of=made.calibration.as_of,
        cause=cause,
        model_version=made.calibration.model_version,
        library_version=library_version,
        inputs_hash=made.calibration.inputs_hash,
        rows_hash=rows_hash,
        counts=made.counts,
        gates=made.gates,
        report=made.report,
        result=zlib.compress(text.encode(), 6),
        result_hash=hashlib.sha256(text.encode()).hexdigest(),
    )
    session.add(run)
    session.flush()
    session.execute(delete(CurrentMeasure))
    people: Mapping[str, int] = dict(
        session.execute(select(Person.pseudonym, Person.id).where(Person.pseudonym.in_(made.standings))).all()
    )
    for pseudonym, data in made.standings.items():
        if pseudonym in people:
            keep_one(session, people[pseudonym], run.id, data)
    audit.record(session, None, "calibration:run", about=f"calibration:{run.id}", ratings=made.counts["used"])
    session.flush()
    return run


def keep_one(session: Session, person_id: int, run_id: int, data: dict[str, Any]) -> None:
    """What a run says about one learner, in place of what was said before."""
    session.execute(delete(CurrentMeasure).where(CurrentMeasure.person_id == person_id))
    session.add(CurrentMeasure(person_id=person_id, run_id=run_id, as_of=clock.today(), made_at=clock.now(), data=data))
    session.flush()


def forget(session: Session) -> None:
    """No figures about persons are kept where measures are off."""
    session.execute(delete(CurrentMeasure))


def expect_the_night(session: Session) -> None:
    """One nightly run is always ahead, from the first rating on."""
    ahead = select(Outbox.id).where(
        Outbox.name == "calibration.night",
        Outbox.done_at.is_(None),
        Outbox.tries < MAX_TRIES,
        Outbox.lease_until.is_(None),
    )
    if session.scalar(ahead.limit(1)) is None:
        jobs.enqueue(session, "calibration.night", delay=_until_night(clock.now()))


def _until_night(now: datetime) -> timedelta:
    due = now.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    return (due if due > now else due + timedelta(days=1)) - now
