"""Eight processes write to one SQLite file. Each says at BEGIN that it will write, so each waits for its turn.

`python -m tests.proofs.writers shipped|deferred <each>` is the child that forks the writers; `run` starts it.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from coachkit.features.practice.models import Attempt
from coachkit.platform import audit
from coachkit.platform.db import db, writing
from tests.bench import submits
from tests.proofs.instance import Instance

WRITERS = 8
LOCKED = "database is locked"


@dataclass(frozen=True)
class Outcome:
    """What the writers report, and what the file holds."""

    submits: int
    stored: int
    errors: tuple[str, ...]
    median_ms: float
    slowest_ms: float
    chain_whole: bool

    @property
    def locked(self) -> int:
        return sum(LOCKED in error for error in self.errors)


def run(instance: Instance, *, each: int, how: str = "shipped") -> Outcome:
    """Let eight writers submit `each` times."""
    command = [sys.executable, "-m", "tests.proofs.writers", how, str(each)]
    environment = {**os.environ, **instance.environment}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    answers = json.loads(done.stdout)
    times = [t for some, _ in answers for t in some]
    with instance.application():
        stored = db.session.scalar(select(func.count()).where(Attempt.submitted_at.is_not(None)))
        whole = audit.verify(db.session()).broken_at is None
    return Outcome(
        submits=len(times),
        stored=int(stored or 0),
        errors=tuple(error for _, some in answers for error in some),
        median_ms=round(statistics.median(times) * 1000, 1) if times else 0,
        slowest_ms=round(max(times) * 1000, 1) if times else 0,
        chain_whole=whole,
    )


@contextmanager
def deferred() -> Iterator[Session]:
    """The control: begins without a word, reads first, writes later."""
    db.session.rollback()
    with writing(intent=False):
        try:
            session = db.session()
            session.scalar(select(func.count()).select_from(Attempt))
            yield session
            session.commit()
        except BaseException:
            db.session.rollback()
            raise
        finally:
            db.session.remove()


def _write(gate, folder: str, each: int, results) -> None:
    gate.wait(60)
    submits.write(folder, each, results)


def main(how: str, each: int) -> None:
    if how == "deferred":
        submits.transaction = deferred
    context = multiprocessing.get_context("fork")
    results, gate = context.Queue(), context.Barrier(WRITERS)
    folder = os.environ["COACHKIT_INSTANCE"]
    crew = [context.Process(target=_write, args=(gate, folder, each, results)) for _ in range(WRITERS)]
    for one in crew:
        one.start()
    answers = [results.get(timeout=240) for _ in crew]
    for one in crew:
        one.join()
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
