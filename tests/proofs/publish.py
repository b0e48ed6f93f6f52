"""Publishers are killed and bad packs are published under living readers; every read sees one whole valid edition.

Each edition carries its number in every one of its files, so that a mixture would show. `python -m
tests.proofs.publish good|in-place <folder> <seed>` is a publisher; `run` starts one after the other and kills them.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

from sqlalchemy import select, update

from coachkit.app import create_app
from coachkit.domain.content.model import Library
from coachkit.features.operations import publishing
from coachkit.platform import library
from coachkit.platform.db import db, transaction
from coachkit.platform.errors import InvalidError
from coachkit.platform.library import LibrarySnapshot, Shelf
from coachkit.platform.settings import read_settings
from tests.bench.serving import Client, server
from tests.factories.cast import PASSWORD
from tests.factories.library import tiny_library_files, written
from tests.proofs import paper
from tests.proofs.instance import Instance

EDITIONS = 12
MARK = re.compile(r"edition-(\d+)")
MARKED = {
    "library.yaml": "The tiny programme",
    "glossary.yaml": "What somebody asks for by name",
    "misconceptions.yaml": "Citing a rule settles a request",
    "criteria/trust.yaml": "Promises without a date",
    "modules/first-talk/module.md": "has a ship and no papers",
    "modules/first-talk/quiz.yaml": "Request 1: somebody asks",
    "modules/first-talk/cards.yaml": "Want, need, measure",
    "modules/first-talk/files/one-page.md": "Want: ______",
    "scenarios/rp01.yaml": "Find out what she needs",
    "dialogues/bd1.yaml": "Papers come late",
    "calibration/cal-interviewing-1.yaml": "For the papers",
}
FAULTS: tuple[tuple[str, bytes], ...] = (
    ("criteria/trust.yaml", b"Promises well"),
    ("scenarios/rp01.yaml", b"unknown: {"),
    ("modules/first-talk/module.md", b"[[nothing]] [@NOBODY]"),
)
"""What makes an edition bad; every third one is."""
PAGES = ("/modules/first-talk/why-it-matters", "/practice/scenarios/rp01", "/glossary", "/criteria/trust")


def edition(number: int) -> dict[str, bytes]:
    """One edition; bad where its number can be divided by three."""
    files = tiny_library_files()
    for path, words in MARKED.items():
        assert files[path].count(words.encode()) >= 1, path
        files[path] = files[path].replace(words.encode(), f"{words} edition-{number}".encode(), 1)
    if is_bad(number):
        path, fault = FAULTS[number // 3 % len(FAULTS)]
        mark = f" edition-{number}".encode()
        files[path] = files[path].replace(mark, b" " + fault + mark, 1)
    return files


def is_bad(number: int) -> bool:
    return number % 3 == 0


@dataclass
class Outcome:
    """What was done, and what readers saw."""

    published: int = 0
    rejected: int = 0
    kills: int = 0
    reads: int = 0
    pages: int = 0
    seen: set[int] = field(default_factory=set)
    torn: list[str] = field(default_factory=list)
    """Reads that showed two editions, a bad one, or none."""
    failed: list[str] = field(default_factory=list)
    """Reads that showed nothing."""
    current: int = 0
    """Versions that are marked as served at the end."""
    unreadable: int = 0
    """Stored versions that are not whole at the end."""

    @property
    def sound(self) -> bool:
        return not self.torn and not self.failed and self.current == 1 and self.unreadable == 0


def page(sqlite: Outcome, postgresql: Outcome, control: Outcome) -> str:
    """What was found, for docs/proofs."""
    runs = (sqlite, postgresql, control)
    rows: list[tuple[object, ...]] = [
        ("publishers killed with SIGKILL", *(one.kills for one in runs)),
        ("editions published and acknowledged", *(one.published for one in runs)),
        ("bad editions refused", *(one.rejected for one in runs)),
        ("whole libraries read from the database", *(one.reads for one in runs)),
        ("pages read from two web processes", *(one.pages for one in runs)),
        ("different editions seen", *(len(one.seen) for one in runs)),
        ("reads that mix editions, or show a bad one (must be none)", *(len(one.torn) for one in runs)),
        ("reads that show nothing (must be none)", *(len(one.failed) for one in runs)),
        ("versions marked as served at the end (must be one)", *(one.current for one in runs)),
        ("stored versions that are not whole (must be none)", *(one.unreadable for one in runs)),
    ]
    head = ("", "SQLite", "PostgreSQL", "control: what is served is changed in place (SQLite)")
    return (
        f"{EDITIONS} editions of a small library carry their number in each of their {len(MARKED)} kinds of files;"
        " every third one is bad. A publisher publishes one after the other at random until it is killed, often inside"
        " its transaction, which is held open for a moment on purpose. Meanwhile fresh readers load everything, and two"
        " people read pages; each read is searched for the numbers.\n\n" + paper.table(head, rows)
    )


def judge(text: str, outcome: Outcome, where: str, *, all_marks: int = 1) -> None:
    """One read: every mark in it names the same good edition."""
    marks = MARK.findall(text)
    numbers = {int(mark) for mark in marks}
    if len(numbers) != 1 or len(marks) < all_marks or any(map(is_bad, numbers)):
        outcome.torn.append(f"{where}: {sorted(numbers)}, {len(marks)} marks")
    outcome.seen |= numbers


def run(instance: Instance, *, kills: int, how: str = "good", seed: int = 7) -> Outcome:
    """Publishers one after the other, killed at random moments, under readers of both kinds."""
    folder = instance.settings.instance / "editions"
    for number in range(EDITIONS):
        written(edition(number), folder / str(number))
    outcome, stop = Outcome(), threading.Event()
    with instance.application() as app:
        with transaction() as session:
            library.publish(session, folder / "1")
        environment = {**instance.environment, "COACHKIT_LIBRARY_CHECK_SECONDS": "0"}
        with server("coachkit.wsgi:app", environment) as (port, _):
            readers = [
                threading.Thread(target=_guarded, args=(work, outcome))
                for work in (
                    lambda: _read_whole(app, outcome, stop),
                    lambda: _read_pages(port, "ana", outcome, stop),
                    lambda: _read_pages(port, "dan", outcome, stop),
                )
            ]
            for reader in readers:
                reader.start()
            dice = random.Random(seed)
            for number in range(kills):
                _one_publisher(instance, folder, how, number, dice, outcome)
            stop.set()
            for reader in readers:
                reader.join(60)
        _look_at_the_end(outcome)
    return outcome


def _guarded(work: Callable[[], None], outcome: Outcome) -> None:
    try:
        work()
    except Exception as error:  # noqa: BLE001  a reader that dies is a finding
        outcome.failed.append(f"{type(error).__name__}: {error}")


def _read_whole(app, outcome: Outcome, stop: threading.Event) -> None:
    """Everything of the library, by a process that has just begun."""
    with app.app_context():
        while not stop.is_set():
            found: Library = Shelf(0).current(db.session())
            judge(found.model_dump_json(), outcome, "library", all_marks=len(MARKED))
            outcome.reads += 1
            db.session.remove()


def _read_pages(port: int, who: str, outcome: Outcome, stop: threading.Event) -> None:
    client = Client(port)
    client.sign_in(f"{who}@tessel.example", PASSWORD)
    while True:
        for path in PAGES:
            if stop.is_set():
                if client._connection is not None:
                    client._connection.close()
                return
            try:
                status, _, page = client.ask("GET", path)
            except (OSError, HTTPException) as error:
                outcome.failed.append(f"{path}: {type(error).__name__}")
                continue
            outcome.pages += 1
            if status != 200:
                outcome.failed.append(f"{path}: {status}")
            else:
                judge(page, outcome, path)


def _one_publisher(
    instance: Instance, folder: Path, how: str, number: int, dice: random.Random, outcome: Outcome
) -> None:
    command = [sys.executable, "-m", "tests.proofs.publish", how, str(folder), str(number)]
    environment = {**os.environ, **instance.environment}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        ready = child.stdout.readline()
        if ready != "ready\n":
            raise RuntimeError(f"The publisher did not begin: {ready!r}")
        time.sleep(dice.uniform(0.5, 4))
        child.kill()
        rest = child.stdout.read()
    outcome.kills += 1
    outcome.published += rest.count("published")
    outcome.rejected += rest.count("rejected")


def _look_at_the_end(outcome: Outcome) -> None:
    session = db.session()
    outcome.current = sum(each.current for each in library.versions(session))
    for each in library.versions(session):
        if MARK.search(each.title):
            found = Shelf(0).version(session, each.version)
            marks = MARK.findall(found.model_dump_json())
            outcome.unreadable += len(set(marks)) != 1 or len(marks) < len(MARKED)
    db.session.remove()


def publisher(how: str, folder: Path, seed: int) -> None:
    """Publish one edition after the other until somebody kills this process."""
    dice = random.Random(seed)
    app = create_app(read_settings())
    with app.app_context():
        print("ready", flush=True)
        while True:
            checked = library.check_folder(folder / str(dice.randrange(EDITIONS)))
            try:
                if how == "in-place" and checked.library is not None:
                    _in_place(checked, dice)
                else:
                    with transaction() as session:
                        publishing.publish(session, None, checked)
                        time.sleep(dice.uniform(0, 0.06))
                print("published", flush=True)
            except InvalidError:
                print("rejected", flush=True)
            time.sleep(dice.uniform(0, 0.03))


def _in_place(checked: library.Checked, dice: random.Random) -> None:
    """The control: changes the files of what is served, some now and the rest a moment later."""
    paths = list(checked.files)
    for part in (paths[: len(paths) // 2], paths):
        with transaction() as session:
            current = session.scalars(select(LibrarySnapshot.version).where(LibrarySnapshot.current)).one()
            files = library.files_of(session, current) | {path: checked.files[path] for path in part}
            row = update(LibrarySnapshot).where(LibrarySnapshot.version == current)
            session.execute(row.values(files=library._pack(files), reading=None))
        time.sleep(dice.uniform(0.02, 0.08))


if __name__ == "__main__":
    publisher(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
