"""Files are sent in pieces while clients hang up and servers are killed. All arrive whole; nothing is left behind."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import random
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from coachkit.features.practice.evidence.models import EvidenceFile
from coachkit.platform import audit, clock, jobs, stored_files
from coachkit.platform.db import db
from coachkit.platform.stored_files import PIECE, FilePiece, StoredFile
from coachkit.platform.tools import tools
from tests.bench.serving import Client
from tests.factories.cast import PASSWORD
from tests.proofs.instance import SCENARIO, Instance
from tests.proofs.kill9 import GROUP, WORKER, Site
from tests.proofs.ledger import ATTEMPT, GONE

SHIPPED = "coachkit.wsgi:app"
ACK_FIRST = "tests.proofs.pieces_ack_first:app"
PER_ATTEMPT = 10
HEAD = b"%PDF-1.7\n"
SOUND = {
    "missing": "files that did not arrive",
    "differing": "files whose SHA-256 differs from what was sent",
    "surplus": "files that nobody sent, or that arrived twice",
    "quota": "learners whose used space is not exactly the sum of their files",
    "overdrawn": "learners who could begin one byte more than their quota",
    "orphans": "pieces in the store that no file owns",
    "lost": "pieces of files that are not in the store",
    "left": "rows or bytes of uploads that were begun, left, and given up after a day",
    "refused": "refusals that an honest client should not get",
    "chain": "audit chains that do not verify",
}


@dataclass
class Errand:
    """One file to send, as its sender knows it."""

    owner: str
    attempt_id: int
    data: bytes
    cut_at: int
    """At this byte of the file its connection breaks for the first time."""
    key: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    whole: bool = True
    """Whether it is sent to its end."""
    arrived: bool = False


@dataclass(frozen=True)
class Outcome:
    """What was done and what was found wrong."""

    uploads: int
    bytes: int
    kills: dict[str, int]
    counts: dict[str, int]
    wrong: dict[str, list[str]]
    seconds: float

    @property
    def sound(self) -> bool:
        return not any(self.wrong.values())


class Sender(threading.Thread):
    """One learner's browser: sends its files one after the other, and each again from where it stopped."""

    def __init__(self, port: int, errands: list[Errand], counts: Counter[str], refused: list[str], seed: int) -> None:
        super().__init__(daemon=True)
        self.client, self.errands, self.counts, self.refused = Client(port), errands, counts, refused
        self.dice = random.Random(seed)
        self.problem: Exception | None = None
        self.abandoned = threading.Event()

    def run(self) -> None:
        try:
            self._until(lambda: self.client.sign_in(self.errands[0].owner, PASSWORD) or True)
            for errand in self.errands:
                self._send(errand)
        except Exception as error:  # noqa: BLE001  the proof raises it where it can be seen
            self.problem = error
        finally:
            _hang_up(self.client)

    def _until(self, act: Callable[[], object]) -> object:
        """Try until the site answers; connections break, servers start again."""
        end = time.monotonic() + 120
        while not self.abandoned.is_set():
            try:
                if found := act():
                    return found
            except (*GONE, RuntimeError, IndexError, json.JSONDecodeError):
                self.counts["connection broke"] += 1
            if time.monotonic() > end:
                raise TimeoutError("The site did not come back.")
            time.sleep(0.05)
        return None

    def _send(self, errand: Errand) -> None:
        base = f"/practice/{errand.attempt_id}/files"
        form = {"idempotency_key": errand.key, "name": "talk.pdf", "size": str(len(errand.data))}
        where = str(self._until(lambda: self._begin(base, form)))
        end = len(errand.data) if errand.whole else errand.cut_at
        while not self.abandoned.is_set():
            now = self._until(lambda: self._state(where))
            at = now["arrived"] if isinstance(now, dict) else end
            if at >= end or (not errand.whole and at + PIECE > end):
                break
            self._piece(where, errand, at)
        if errand.whole:
            errand.arrived = bool(self._until(lambda: self._finish(where, errand.data)))

    def _begin(self, base: str, form: dict[str, str]) -> str:
        status, where, page = self.client.post(base, **form)
        if status not in {303, 503}:
            self.refused.append(f"begin: {status} {page[:80]}")
            self.abandoned.set()
        return where

    def _state(self, where: str) -> dict[str, int] | None:
        status, _where, page = self.client.ask("GET", where)
        return json.loads(page) if status == 200 else None

    def _piece(self, where: str, errand: Errand, at: int) -> None:
        data = errand.data[at : at + PIECE]
        cut = errand.cut_at - at if at <= errand.cut_at < at + len(data) else None
        if cut is not None:
            errand.cut_at = -1
        elif self.dice.random() < 0.1:  # and now and then once more
            cut = self.dice.randint(0, len(data))
        self.counts["pieces sent"] += 1
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        connection = http.client.HTTPConnection("127.0.0.1", self.client.port, timeout=30)
        try:
            connection.putrequest("POST", f"{where}/{at}")
            for name, value in {
                "Cookie": self.client.cookie,
                "X-CSRFToken": self.client.token,
                "Content-Type": "application/octet-stream",
                "Content-Length": str(len(data)),
                "Content-Digest": f"sha-256=:{digest}:",
            }.items():
                connection.putheader(name, value)
            connection.endheaders()
            connection.send(data if cut is None else data[:cut])
            if cut is not None:
                self.counts["client hung up in a piece" if cut < len(data) else "client hung up after a piece"] += 1
                return
            answer = connection.getresponse()
            answer.read()
            if answer.status not in {200, 503, 409}:
                self.refused.append(f"piece at {at}: {answer.status}")
        except GONE:
            self.counts["connection broke in a piece"] += 1
        finally:
            connection.close()

    def _finish(self, where: str, data: bytes) -> bool:
        sums = "".join(hashlib.sha256(data[at : at + PIECE]).hexdigest() for at in range(0, len(data), PIECE))
        status, _where, page = self.client.post(f"{where}/finish", digest=hashlib.sha256(sums.encode()).hexdigest())
        if status not in {200, 503}:
            self.refused.append(f"finish: {status} {page[:80]}")
            self.abandoned.set()
        return status == 200


def _sizes(count: int, total: int, dice: random.Random) -> list[int]:
    """So many sizes that make exactly this together."""
    cuts = sorted(dice.sample(range(1, total), count - 1))
    return [after - before for before, after in zip([0, *cuts], [*cuts, total], strict=True)]


def _errands(instance: Instance, uploads: int, quota: int, dice: random.Random, port: int) -> dict[str, list[Errand]]:
    """Each learner's files fill his quota to the last byte; one learner more leaves his half-way."""
    *senders, leaver = instance.learners
    found: dict[str, list[Errand]] = {}
    for owner in (*senders, leaver):
        count = uploads // len(senders) if owner != leaver else 4
        client = Client(port)
        client.sign_in(owner, PASSWORD)
        attempts = [_attempt(client) for _ in range(-(-count // PER_ATTEMPT))]
        found[owner] = []
        for number, size in enumerate(_sizes(count, quota, dice)):
            data = (HEAD + dice.randbytes(size))[:size] if size > len(HEAD) else b"x" * size
            found[owner].append(
                Errand(owner, attempts[number // PER_ATTEMPT], data, dice.randrange(size), whole=owner != leaver)
            )
        _hang_up(client)
    return found


def _hang_up(client: Client) -> None:
    if client._connection is not None:
        client._connection.close()


def _attempt(client: Client) -> int:
    form = {"idempotency_key": secrets.token_urlsafe(16), "kind": "practice"}
    _status, where, _page = client.post(f"/practice/scenarios/{SCENARIO}/start", **form)
    return int(ATTEMPT.findall(where)[0])


def run(
    instance: Instance, *, uploads: int, quota_mb: int, kills: int, target: str = SHIPPED, seed: int = 5
) -> Outcome:
    """Send them all while the server is struck `kills` times at random moments, and judge."""
    began, dice = time.monotonic(), random.Random(seed)
    environment = {**instance.environment, "COACHKIT_UPLOAD_QUOTA_MB": str(quota_mb), "COACHKIT_UPLOAD_LIMIT_MB": "50"}
    instance = replace(instance, environment=environment)
    counts: Counter[str] = Counter()
    refused: list[str] = []
    struck = dict.fromkeys((WORKER, GROUP), 0)
    site = Site(instance, target, dice, workers=2)
    try:
        errands = _errands(instance, uploads, quota_mb * 1_000_000, dice, site.port)
        crew = [Sender(site.port, list(each), counts, refused, seed + n) for n, each in enumerate(errands.values())]
        for one in crew:
            one.start()
        _strike(site, crew, counts, kills, struck, dice)
        for one in crew:
            while one.is_alive():
                site.tend()
                one.join(0.1)
            if one.problem is not None:
                raise one.problem
        everything = [errand for each in errands.values() for errand in each]
        overdrawn = _one_byte_more(site.port, errands)
    finally:
        site.end()
    counts["server given up and started again"] = site.gave_up
    wrong = judge(instance, everything, refused, overdrawn)
    whole = [errand for errand in everything if errand.whole]
    size = sum(len(errand.data) for errand in whole)
    return Outcome(len(whole), size, struck, dict(sorted(counts.items())), wrong, time.monotonic() - began)


def _strike(
    site: Site, crew: list[Sender], counts: Counter[str], kills: int, struck: dict[str, int], dice: random.Random
) -> None:
    """Kill between pieces, drawn at random: a worker, or the whole group, by their process ids."""
    for number in range(kills):
        goal = counts["pieces sent"] + dice.randint(3, 12)
        end = time.monotonic() + 60
        while counts["pieces sent"] < goal and any(one.is_alive() for one in crew):
            if time.monotonic() > end:
                raise TimeoutError("Nothing is sent any more.")
            site.tend()
            time.sleep(0.002)
        time.sleep(dice.uniform(0, 0.03))
        what = GROUP if number % 3 == 2 else WORKER
        struck[what] += site.kill(what)


def _one_byte_more(port: int, errands: dict[str, list[Errand]]) -> list[str]:
    """Whose full quota would still take a byte."""
    found = []
    for owner, mine in errands.items():
        if not mine[0].whole:
            continue
        client = Client(port)
        client.sign_in(owner, PASSWORD)
        form = {"idempotency_key": secrets.token_urlsafe(16), "name": "one more", "size": "1"}
        status, _where, page = client.post(f"/practice/{_attempt(client)}/files", **form)
        if status != 422 or "are free" not in json.loads(page)["problem"]:
            found.append(owner)
        _hang_up(client)
    return found


def judge(instance: Instance, errands: list[Errand], refused: list[str], overdrawn: list[str]) -> dict[str, list[str]]:
    """Read the database and the store, and hold them against what the senders know."""
    wrong: dict[str, list[str]] = {name: [] for name in SOUND}
    wrong["refused"], wrong["overdrawn"] = list(refused), overdrawn
    folder = instance.settings.instance / "files"
    with instance.application():
        _files(errands, wrong)
        _store(folder, wrong)
        with clock.shifted(timedelta(hours=26)):
            jobs.run_waiting()
        with clock.shifted(timedelta(hours=28)):
            jobs.run_waiting()
        states = select(StoredFile).where(StoredFile.state != stored_files.KEPT)
        wrong["left"] += [f"{row.state} {row.token}" for row in db.session.scalars(states)]
        _store(folder, wrong, after=True)
        verdict = audit.verify(db.session())
        wrong["chain"] += [verdict.reason] if verdict.broken_at is not None else []
    return wrong


def _files(errands: list[Errand], wrong: dict[str, list[str]]) -> None:
    session = db.session()
    used: Counter[int] = Counter()
    for errand in errands:
        row = session.scalars(select(StoredFile).where(StoredFile.receipt == errand.key)).one_or_none()
        if row is None or (errand.whole and (row.state != stored_files.KEPT or not errand.arrived)):
            wrong["missing"].append(errand.key)
        elif errand.whole:
            used[row.owner_id or 0] += row.size
            try:
                found = stored_files.read(tools().files, row.token, 0, row.size - 1)
            except Exception as error:  # noqa: BLE001  whatever keeps it from being read, it is not there
                wrong["differing"].append(f"{errand.key}: {type(error).__name__}")
                continue
            if hashlib.sha256(found).digest() != hashlib.sha256(errand.data).digest():
                wrong["differing"].append(errand.key)
    rows = len(session.scalars(select(StoredFile.id)).all()), len(session.scalars(select(EvidenceFile.id)).all())
    if rows != (len(errands), len(errands)):
        wrong["surplus"].append(f"{rows} rows for {len(errands)} files")
    wrong["quota"] += [
        f"{owner}: {stored_files.used_by(session, owner)} instead of {size}"
        for owner, size in used.items()
        if stored_files.used_by(session, owner) != size
    ]


def _store(folder: Path, wrong: dict[str, list[str]], *, after: bool = False) -> None:
    """What lies in the folder, against what the rows say lies there."""
    session = db.session()
    session.rollback()
    pieces = session.execute(
        select(StoredFile.token, StoredFile.state, FilePiece.number, FilePiece.kept).join(
            FilePiece, FilePiece.file_id == StoredFile.id
        )
    ).all()
    known = {f"{token[:2]}/{token}/{number:06}" for token, _state, number, _kept in pieces}
    needed = {f"{token[:2]}/{token}/{number:06}" for token, _state, number, kept in pieces if kept}
    open_tokens = {token for token, state, _number, _kept in pieces if state == stored_files.OPEN}
    lying = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    halves = {path for path in lying if path.endswith(".part") and Path(path).parts[1] in open_tokens}
    wrong["lost"] += sorted(needed - lying)
    wrong["left" if after else "orphans"] += sorted(lying - known - halves)
