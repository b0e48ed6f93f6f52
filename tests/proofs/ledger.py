"""The learners of a proof: what each meant to send, and what the site acknowledged. The site never sees this ledger."""

from __future__ import annotations

import hashlib
import http.client
import random
import re
import secrets
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.bench.serving import Client
from tests.factories.cast import PASSWORD
from tests.proofs.instance import SCENARIO

GONE = (OSError, http.client.HTTPException)
"""What a client sees of a server that went away."""
WORDS = [
    "eleven",
    "cases",
    "wait",
    "naïve",
    "«Monday»",
    "“who",
    "decides?”",
    "ships",
    "papers",
    "🚢",
    "lag",
    "&",
    "<b>no</b>",
    "because",
    "then",
    "Łódź",
    "half",
]
ATTEMPT = re.compile(r"/practice/(\d+)$")


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class Entry:
    """One attempt as its learner knows it. Texts are kept as digests."""

    learner_id: int
    cue: str
    evidence: str
    lines: dict[str, str]
    attempt_id: int | None = None
    """Set when the start was acknowledged."""
    kept: bool = False
    meant: bool = False
    """Whether the submit was sent at all."""
    submitted: bool = False


@dataclass
class Ledger:
    """All entries, and what happened on the way."""

    entries: list[Entry] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """Answers that no honest client should get."""
    counts: Counter[str] = field(default_factory=Counter)
    acknowledged: threading.Event = field(default_factory=threading.Event)
    """Set at each acknowledged submit, for whoever wants to strike at this moment."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, what: str) -> None:
        with self.lock:
            self.counts[what] += 1


class Learner(threading.Thread):
    """Starts attempts, writes evidence and submits, again and again, until told to stop. Never gives up on a submit."""

    def __init__(
        self, port: int, who: tuple[str, int], criteria: tuple[str, ...], ledger: Ledger, seed: int, *, careless: float
    ) -> None:
        super().__init__(daemon=True)
        self.client, self.ledger, self.criteria = Client(port), ledger, criteria
        self.email, self.id = who
        self.careless = careless
        """How often it hangs up before the answer, and how often it loses one."""
        self.dice = random.Random(seed)
        self.enough, self.abandoned = threading.Event(), threading.Event()
        self.problem: Exception | None = None

    def run(self) -> None:
        try:
            self._sign_in()
            while not self.enough.is_set() and not self.abandoned.is_set():
                self._attempt()
        except Exception as error:  # noqa: BLE001  the proof raises it where it can be seen
            self.problem = error
        finally:
            if self.client._connection is not None:
                self.client._connection.close()

    def _sign_in(self) -> None:
        until = time.monotonic() + 60
        while True:
            try:
                return self.client.sign_in(self.email, PASSWORD)
            except (*GONE, RuntimeError, IndexError):
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def _text(self, kind: str, words: int) -> str:
        return f"{kind} {secrets.token_hex(8)}: " + " ".join(self.dice.choices(WORDS, k=words))

    def _attempt(self) -> None:
        cue, evidence = self._text("If", 8), self._text("She said", 120)
        lines = {criterion: self._text("I asked", 20) for criterion in self.criteria}
        entry = Entry(self.id, sha(cue), sha(evidence), {name: sha(text) for name, text in lines.items()})
        self.ledger.entries.append(entry)
        where = self._send("start", f"/practice/scenarios/{SCENARIO}/start", {"kind": "official", "cue": cue})
        if not where:
            return
        entry.attempt_id = int(ATTEMPT.findall(where)[0])
        if not self._send("evidence", f"{where}/evidence", {"version": "1", "evidence": evidence}):
            return
        entry.kept = entry.meant = True
        form = {"version": "0"}
        for name, text in lines.items():
            form |= {f"level-{name}": "2", f"evidence-{name}": text, f"expected-{name}": "3"}
        if self._send("submit", f"{where}/rate", form):
            entry.submitted = True
            self.ledger.acknowledged.set()

    def _send(self, kind: str, path: str, form: dict[str, str]) -> str:
        """Where the site sent us with its 303, however often it had to be asked; empty if it refused or we gave up."""
        data = {"csrf_token": self.client.token, "idempotency_key": secrets.token_urlsafe(16), **form}
        until, sent = time.monotonic() + 90, 0
        while not self.abandoned.is_set():
            if time.monotonic() > until:
                raise TimeoutError(f"{kind} was not answered for a minute and a half.")
            sent += 1
            mood = self.dice.random()
            try:
                if mood < self.careless:
                    self.ledger.count("hung up before the answer")
                    self._hang_up(path, data)
                    continue
                status, where, page = self.client.ask("POST", path, data)
            except GONE:
                self.ledger.count("connection broke")
                self.abandoned.wait(0.05)
                continue
            if status == 303 and mood > 1 - self.careless:
                self.ledger.count("answer lost on the way")
                continue
            if status == 303:
                self.ledger.count(f"{kind} acknowledged")
                if sent > 1:
                    self.ledger.count("acknowledged to a repeat")
                return where
            if status == 503:
                self.ledger.count("503")
                self.abandoned.wait(0.1)
                continue
            heading = re.findall(r"<h1[^>]*>(.*?)</h1>", page)
            self.ledger.refused.append(f"{kind} of attempt {path}: {status} {heading[:1]}")
            return ""
        return ""

    def _hang_up(self, path: str, data: dict[str, str]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.client.port, timeout=5)
        headers = {"Cookie": self.client.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request("POST", path, urlencode(data), headers)
        finally:
            connection.close()
