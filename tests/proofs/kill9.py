"""Learners submit while processes are killed. What was acknowledged is there once; nothing is there twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from coachkit.platform.db import db
from tests.bench import serving
from tests.proofs.instance import Instance
from tests.proofs.judge import judge
from tests.proofs.ledger import Learner, Ledger

SHIPPED = "coachkit.wsgi:app"
ACK_FIRST = "tests.proofs.ack_first:app"
NO_KEYS = "tests.proofs.no_keys:app"
WORKER, WORKERS, GROUP, BACKEND = "one worker", "all workers", "the whole process group", "a PostgreSQL backend"


@dataclass(frozen=True)
class Outcome:
    """What was done, what was acknowledged, and what was found wrong."""

    kills: dict[str, int]
    counts: dict[str, int]
    intended: int
    wrong: dict[str, list[str]]
    seconds: float

    @property
    def sound(self) -> bool:
        return not any(self.wrong.values())

    @property
    def lost(self) -> int:
        return len(self.wrong["submitted"])

    @property
    def double(self) -> int:
        return len(self.wrong["double"])


class Site:
    """A served instance whose processes can be killed and started again on the same port."""

    def __init__(self, instance: Instance, target: str, dice: random.Random, *, workers: int) -> None:
        self.instance, self.target, self.dice, self.workers = instance, target, dice, workers
        self.gave_up = 0
        self.port = serving.free_port()
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        return serving.start(self.target, self.instance.environment, self.port, workers=self.workers)

    def tend(self) -> None:
        """What a service manager does: start the server again where it has given up.

        Granian does so when the same worker dies twice within a few seconds, which it takes for a fault of ours.
        """
        if self.process.poll() is not None:
            self.gave_up += 1
            self.process = self._start()

    def _workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()] if children.exists() else []

    def kill(self, what: str) -> bool:
        """Strike once with SIGKILL. False where there was nothing to strike."""
        if what == GROUP:
            serving.stop(self.process)
            self.process = self._start()
            return True
        pids = self._backends() if what == BACKEND else self._workers()
        if what != WORKERS:
            pids = self.dice.sample(pids, min(1, len(pids)))
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                return False
        return bool(pids)

    def _backends(self) -> list[int]:
        engine = create_engine(self.instance.settings.url, poolclass=NullPool)
        query = text(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        with engine.connect() as connection:
            pids = [int(row[0]) for row in connection.execute(query)]
        engine.dispose()
        return pids

    def end(self) -> None:
        serving.stop(self.process)


def scalar(statement: str) -> object:
    """One value from the database of the current application."""
    found = db.session.scalar(text(statement))
    db.session.remove()
    return found


@contextmanager
def _learning(site: Site, ledger: Ledger, seed: int, careless: float) -> Iterator[list[Learner]]:
    crew = [
        Learner(site.port, who, site.instance.criteria, ledger, seed * 100 + number, careless=careless)
        for number, who in enumerate(site.instance.learners.items())
    ]
    for one in crew:
        one.start()
    try:
        yield crew
    finally:
        for one in crew:
            one.abandoned.set()
        for one in crew:
            one.join(40)


def run(
    instance: Instance,
    kills: list[str],
    *,
    target: str = SHIPPED,
    seed: int = 9,
    warm: int = 6,
    between: int = 4,
    pause: float = 0.6,
    careless: float = 0.05,
    workers: int = 2,
) -> Outcome:
    """Strike as often as `kills` says, in random order and at random moments, and judge.

    Before the first strike `warm` submits, before each later one `between` submits are acknowledged, so that every
    strike hits a site at work. Half of the strikes come in the moment of an acknowledgement.
    """
    began, dice, ledger = time.monotonic(), random.Random(seed), Ledger()
    struck = dict.fromkeys(kills, 0)
    order = dice.sample(kills, len(kills))
    site = Site(instance, target, dice, workers=workers)
    try:
        with _learning(site, ledger, seed, careless) as crew:
            _wait_for(site, ledger, crew, warm)
            for number, what in enumerate(order):
                if number % 2 == 0:
                    ledger.acknowledged.clear()
                    ledger.acknowledged.wait(20)
                else:
                    time.sleep(dice.uniform(0, pause))
                struck[what] += site.kill(what)
                if target == SHIPPED or number + 1 < len(order):
                    _wait_for(site, ledger, crew, between)
            if target != ACK_FIRST:
                _finish(site, crew)
    finally:
        site.end()
    for one in crew:
        if one.problem is not None:
            raise one.problem
    ledger.counts["server given up and started again"] = site.gave_up
    wrong = judge(instance, ledger)
    return Outcome(struck, dict(sorted(ledger.counts.items())), len(ledger.entries), wrong, time.monotonic() - began)


def _wait_for(site: Site, ledger: Ledger, crew: list[Learner], more: int, seconds: float = 90) -> None:
    """Until this many more submits are acknowledged."""
    goal = ledger.counts["submit acknowledged"] + more
    _until(
        site, lambda: ledger.counts["submit acknowledged"] >= goal or not any(one.is_alive() for one in crew), seconds
    )


def _finish(site: Site, crew: list[Learner], seconds: float = 90) -> None:
    """Let every learner bring his attempt to its end."""
    for one in crew:
        one.enough.set()
    _until(site, lambda: not any(one.is_alive() for one in crew), seconds)


def _until(site: Site, reached: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > until:
            raise TimeoutError("The site did not come back in time.")
        site.tend()
        time.sleep(0.01)
