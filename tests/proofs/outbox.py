"""Jobs delivered three times, to workers that are killed or frozen while they do them."""

from __future__ import annotations

import email
import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from coachkit.app import with_queue
from coachkit.features.accounts import service as accounts
from coachkit.features.accounts.models import Cohort, CohortMember, OneTime, Person
from coachkit.features.reports import batches
from coachkit.features.reports import service as reports
from coachkit.features.reports.models import MADE, Report, ReportItem
from coachkit.platform import clock, jobs
from coachkit.platform.db import db, transaction
from coachkit.platform.jobs import LEASE, Outbox, Queue
from coachkit.platform.policy import Role
from tests.factories import loop
from tests.proofs.instance import Instance

DELIVERED = 3
ROUND = int(LEASE.total_seconds()) // 60 + 1
"""Minutes by which each round's clock is ahead of the one before: more than a lease."""
COUNT = "CREATE TRIGGER {0} AFTER UPDATE OF {1} WHEN NEW.{2} IS NOT NULL BEGIN INSERT INTO {0} VALUES (NEW.id); END"
COUNTING = (
    "CREATE TABLE proof_made (report_id INTEGER)",
    COUNT.format("proof_made", "pdf ON report", "pdf"),
    "CREATE TABLE proof_done (job_id INTEGER)",
    COUNT.format("proof_done", "done_at ON outbox", "done_at"),
)
"""The database itself counts how often a report is made and a job finished."""


@dataclass(frozen=True)
class Outcome:
    """What came of the jobs."""

    jobs: int
    kills: int
    forced: int
    """Workers that were made to die between handing a mail over and committing."""
    frozen: int
    undone: int
    taken_again: int
    """Jobs that needed more than one try."""
    done_twice: int
    reports: int
    wanted: int
    """Reports asked for, one by one and as a cohort's."""
    items: Counter[str]
    """States of the cohort's reports at the end."""
    made: Counter[int]
    """How many numbers of reports were made so many times."""
    bad_files: int
    """PDFs that are none or that differ from their digest."""
    mails: Counter[int]
    """How many mail jobs led to so many mails."""
    doubled_in_one_try: int
    """Mail jobs with more than one mail although no worker died over them."""
    links: Counter[int]
    """How many people hold so many valid links."""
    seconds: float

    @property
    def sound(self) -> bool:
        whole = not (self.undone or self.done_twice or self.bad_files or self.doubled_in_one_try)
        once = set(self.made) <= {1} and self.reports == self.wanted and set(self.items) <= {MADE}
        return whole and once and set(self.links) <= {1} and 0 not in self.mails


class Crew:
    """Worker processes of one instance."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.workers: list[subprocess.Popen[bytes]] = []

    def start(self, how: str = "shipped", *, ahead: int = 0) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.proofs.job_runner", how, str(ahead)]
        one = subprocess.Popen(
            command,
            env={**os.environ, **self.instance.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.workers.append(one)
        return one

    def kill(self, one: subprocess.Popen[bytes]) -> None:
        one.kill()
        one.wait()
        self.workers.remove(one)

    def end(self) -> None:
        for one in list(self.workers):
            self.kill(one)


@contextmanager
def _queue(app: Flask) -> Iterator[Queue]:
    queue = with_queue(app)
    try:
        yield queue
    finally:
        queue.huey.storage.close()


def run(
    instance: Instance,
    *,
    reports: int,
    mails: int,
    items: int = 0,
    kills: int = 4,
    forced: int = 1,
    frozen: bool = True,
    workers: int = 2,
    how: str = "shipped",
    seed: int = 9,
) -> Outcome:
    """Three rounds, as many as a job has tries: killing and freezing, killing, and none of it.

    What a dead worker held is due again when its lease ends; each round's clock is ahead by more than that.
    """
    began, dice, crew, struck = time.monotonic(), random.Random(seed), Crew(instance), 0
    with instance.application() as app:
        _prepare(mails)
        with _queue(app) as queue:
            try:
                for job_id in _due(0)[:forced]:
                    queue.hand_over(job_id)
                    crew.start("dies-after-mailing").wait(60)
                _issue(app, instance, reports)
                _start_batch(instance, items)
                _deliver(queue, _due(0), dice)
                sleeper = _freeze(crew) if frozen else None
                for number, most in enumerate((kills - kills // 3, kills // 3, 0)):
                    ahead = number * ROUND
                    if number:
                        _deliver(queue, _due(ahead), dice)
                    struck += _round(crew, queue, dice, workers, most, how=how, ahead=ahead)
                if sleeper:
                    _awake(sleeper, queue)
            finally:
                crew.end()
        return _judge(instance, struck, forced, int(frozen), reports + items, began)


def _prepare(mails: int) -> None:
    with transaction() as session:
        for statement in COUNTING:
            session.execute(text(statement))
        for number in range(mails):
            _invite(session, number)


def _issue(app: Flask, instance: Instance, wanted: int) -> None:
    shelf, learners = app.extensions["coachkit_shelf"], list(instance.learners.values())
    with transaction() as session:
        library = shelf.current(session)
        for number in range(wanted):
            actor = loop.actor(session, learners[number % len(learners)])
            reports.issue(session, actor, library, lambda version: shelf.version(session, version), instance.settings)


def _start_batch(instance: Instance, wanted: int) -> None:
    """A cohort's reports in one go, which its workers freeze themselves."""
    if not wanted:
        return
    with transaction() as session:
        cohort = Cohort(name="Proof", starts_on=clock.today())
        session.add(cohort)
        session.flush()
        for learner_id in list(instance.learners.values())[:wanted]:
            session.add(CohortMember(cohort_id=cohort.id, person_id=learner_id, since=clock.today()))
        session.flush()
        batches.start(session, loop.actor(session, instance.cast.ada), cohort.id)


def _invite(session: Session, number: int) -> None:
    """A mail job whose person gets no other mail."""
    guest = accounts.new_person(
        session, name=f"Guest {number}", email=f"guest{number}@tessel.example", roles=[Role.LEARNER]
    )
    jobs.enqueue(session, "accounts.mail_link", person_id=guest.id, kind="invitation")


def _deliver(queue: Queue, ids: list[int], dice: random.Random) -> None:
    """Mail jobs and reports mixed, each of them three times."""
    for job_id in dice.sample(ids * DELIVERED, len(ids) * DELIVERED):
        queue.hand_over(job_id)


def _due(ahead: int) -> list[int]:
    with clock.shifted(timedelta(minutes=ahead)):
        found = jobs.waiting(db.session())
    db.session.remove()
    return found


def _held() -> list[int]:
    """Reports that somebody is making now."""
    query = select(Outbox.id).where(
        Outbox.name.like("reports.%"), Outbox.done_at.is_(None), Outbox.lease_until.is_not(None)
    )
    found = list(db.session.scalars(query))
    db.session.remove()
    return found


def _freeze(crew: Crew) -> subprocess.Popen[bytes]:
    """Stop a worker that has a report in its hands. It must not have the write lock in them as well."""
    before = set(_held())
    one = crew.start()
    _wait(lambda: set(_held()) - before, 60)
    for _ in range(200):
        time.sleep(0.02)
        one.send_signal(signal.SIGSTOP)
        if set(_held()) - before and _others_may_write():
            return one
        one.send_signal(signal.SIGCONT)
    raise TimeoutError("No worker could be stopped with a report in its hands.")


def _others_may_write() -> bool:
    with db.engine.connect() as connection:
        raw = connection.connection.driver_connection
        raw.execute("PRAGMA busy_timeout=200")
        try:
            raw.execute("BEGIN IMMEDIATE")
            raw.execute("ROLLBACK")
        except raw.OperationalError:
            return False
        finally:
            raw.execute("PRAGMA busy_timeout=15000")
    return True


def _awake(sleeper: subprocess.Popen[bytes], queue: Queue) -> None:
    """Let the frozen worker go on, and wait until it has finished what it had: it does its jobs one after another."""
    sleeper.send_signal(signal.SIGCONT)
    with transaction() as session:
        _invite(session, 1_000_000)
    _wait(lambda: not _unfinished(), 120)
    _wait(lambda: not queue.huey.pending_count(), 60)


def _round(crew: Crew, queue: Queue, dice: random.Random, workers: int, most: int, *, how: str, ahead: int) -> int:
    """Let workers do what is due, killing `most` of them on the way; returns how many were killed."""
    if not most and not _unfinished():
        return 0
    crewed = [crew.start(how, ahead=ahead) for _ in range(workers)]
    struck, until = 0, time.monotonic() + 240
    strike = time.monotonic() + 1
    while _due(ahead) or (not most and (_unfinished() or queue.huey.pending_count())):
        if time.monotonic() > until:
            raise TimeoutError(f"{len(_due(ahead))} jobs were not taken up.")
        if struck < most and time.monotonic() > strike and (_held() or dice.random() < 0.05):
            time.sleep(dice.uniform(0, 0.4))
            victim = dice.choice(crewed)
            crewed.remove(victim)
            crew.kill(victim)
            crewed.append(crew.start(how, ahead=ahead))
            struck += 1
            strike = time.monotonic() + dice.uniform(0.3, 2)
        time.sleep(0.05)
    for one in crewed:  # where there is something to kill for: some of them hold a job at this moment
        crew.kill(one)
    return struck + (len(crewed) if most else 0)


def _unfinished() -> bool:
    found = db.session.scalar(select(func.count(Outbox.id)).where(Outbox.done_at.is_(None)))
    db.session.remove()
    return bool(found)


def _wait(reached: Callable[[], object], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > until:
            raise TimeoutError("It did not happen in time.")
        time.sleep(0.02)


def _judge(instance: Instance, struck: int, forced: int, frozen: int, wanted: int, began: float) -> Outcome:
    session = db.session
    rows = list(session.scalars(select(Outbox)))
    made = Counter(session.scalars(text("SELECT report_id FROM proof_made")))
    done = Counter(session.scalars(text("SELECT job_id FROM proof_done")))
    issued = list(session.scalars(select(Report)))
    sent = Counter(
        str(email.message_from_bytes(path.read_bytes())["To"])
        for path in (instance.settings.instance / "mail").glob("*.eml")
    )
    guests = {guest.id: guest.email for guest in session.scalars(select(Person).where(Person.name.like("Guest %")))}
    links = Counter(session.scalars(select(OneTime.person_id)))
    mail_jobs = {row.args["person_id"]: row.tries for row in rows if row.name == "accounts.mail_link"}
    return Outcome(
        jobs=len(rows),
        kills=struck,
        forced=forced,
        frozen=frozen,
        undone=sum(row.done_at is None for row in rows),
        taken_again=sum(row.tries > 1 for row in rows),
        done_twice=sum(times > 1 for times in done.values()),
        reports=len(issued),
        wanted=wanted,
        items=Counter(session.scalars(select(ReportItem.state))),
        made=Counter(made[report.id] for report in issued),
        bad_files=sum(not _whole(report) for report in issued),
        mails=Counter(sent[address] for address in guests.values()),
        doubled_in_one_try=sum(sent[guests[who]] > 1 for who, tries in mail_jobs.items() if tries == 1),
        links=Counter(links[who] for who in guests),
        seconds=time.monotonic() - began,
    )


def _whole(report: Report) -> bool:
    pdf = report.pdf or b""
    return pdf.startswith(b"%PDF") and hashlib.sha256(pdf).hexdigest() == report.sha256
