"""A fresh instance for one proof: the cast, six more learners with a coach each, and its processes' environment."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Flask

from coachkit.app import create_app
from coachkit.features.accounts import secrets, service
from coachkit.features.accounts.models import Coaching
from coachkit.platform import clock, library, schema
from coachkit.platform.db import db, transaction
from coachkit.platform.policy import Role
from coachkit.platform.settings import Settings, read_settings
from tests.factories.cast import PASSWORD, Cast, licensed, make_cast
from tests.factories.library import tiny_library_files

SCENARIO = "rp04"
PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Instance:
    """Where it is, who learns in it, and what its processes need to know."""

    settings: Settings
    cast: Cast
    learners: dict[str, int]
    """Addresses and ids."""
    criteria: tuple[str, ...]
    environment: dict[str, str]

    @contextmanager
    def application(self) -> Iterator[Flask]:
        """The application in this process, to arrange and to judge."""
        app = create_app(self.settings)
        with app.app_context():
            try:
                yield app
            finally:
                db.session.remove()
                db.engine.dispose()

    def processes(self) -> list[int]:
        """Ids of living processes that work for this instance."""
        mark = f"COACHKIT_INSTANCE={self.settings.instance}".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                ours = mark in (folder / "environ").read_bytes().split(b"\0")
                alive = (folder / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
            except OSError:
                continue
            if ours and alive and int(folder.name) != os.getpid():
                found.append(int(folder.name))
        return found

    def is_quiet(self, seconds: float = 10) -> bool:
        """Whether no process of it is left, or soon none will be."""
        until = time.monotonic() + seconds
        while self.processes():
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        return True


def tiny_content(folder: Path) -> Path:
    """A library that loads fast, with the proofs' scenario."""
    for path, text in tiny_library_files().items():
        target = folder / path.replace("rp01", SCENARIO)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.replace(b"rp01", SCENARIO.encode()))
    return folder


def make(folder: Path, *, database_url: str = "", content: Path | None = None) -> Instance:
    """Tables, a library and the people. Without `content` it is the tiny library."""
    (folder / "tmp").mkdir(parents=True)
    settings = read_settings(
        {},
        instance=folder,
        content=content or tiny_content(folder / "content"),
        database_url=database_url,
        hash_memory_kib=64,
        hash_time=1,
    )
    app = create_app(settings)
    with app.app_context():
        schema.upgrade()
        with transaction() as session:
            loaded = library.publish(session, settings.content)
        if loaded.library is None:
            raise ValueError([str(problem) for problem in loaded.problems])
        cast = make_cast(settings)
        learners = _learners(settings)
        db.engine.dispose()
    scenario = loaded.library.scenario(SCENARIO)
    environment = {
        "COACHKIT_INSTANCE": str(settings.instance),
        "COACHKIT_CONTENT": str(settings.content),
        "COACHKIT_DATABASE_URL": database_url,
        "COACHKIT_SECRET_KEY": settings.secret_key,
        "COACHKIT_HASH_MEMORY_KIB": "64",
        "COACHKIT_HASH_TIME": "1",
        "COACHKIT_SQLITE_SYNCHRONOUS": "FULL",
        "COACHKIT_QUIET": "1",
        "GRANIAN_RESPAWN_INTERVAL": "0.1",
        "PYTHONPATH": str(PROJECT),
        "TMPDIR": str(folder / "tmp"),
    }
    return Instance(settings, cast, learners, tuple(scenario.criteria), environment)


def _learners(settings: Settings) -> dict[str, int]:
    hashed = secrets.hash_password(settings, PASSWORD)
    found = {}
    with transaction() as session:
        for number in range(1, 7):
            pair = {}
            for role in (Role.LEARNER, Role.COACH):
                pair[role] = service.new_person(
                    session,
                    name=f"{role.title()} {number}",
                    email=f"{role}{number}@tessel.example",
                    roles=[role],
                    unit="Logistics",
                    password_hash=hashed,
                )
            learner, coach = pair[Role.LEARNER], pair[Role.COACH]
            since = clock.now() - timedelta(weeks=1)
            licensed(session, coach.id)
            session.add(Coaching(coach_id=coach.id, learner_id=learner.id, since=since, until=None))
            found[learner.email] = learner.id
    return found
