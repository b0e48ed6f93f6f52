"""Compares the learners' ledger with what the database holds afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter, defaultdict

from sqlalchemy import select

from coachkit.features.practice.models import Attempt, Rating, RatingSheet
from coachkit.platform.audit import AuditEvent
from coachkit.platform.db import db
from coachkit.platform.jobs import Outbox
from tests.proofs.instance import Instance
from tests.proofs.ledger import Entry, Ledger, sha

SOUND = {
    "started": "acknowledged starts that are missing",
    "submitted": "acknowledged submits that are missing",
    "evidence": "acknowledged evidence that is missing or differs",
    "texts": "locked self-ratings whose texts differ from what was sent",
    "double": "attempts stored more than once",
    "strange": "attempts that nobody meant",
    "halves": "attempts where submit, locked sheet, event and job do not all stand exactly once",
    "refused": "refusals that an honest client should not get",
    "chain": "audit chains that do not verify",
    "integrity": "failed integrity checks",
}
"""What must all be empty, in words."""


def judge(instance: Instance, ledger: Ledger) -> dict[str, list[str]]:
    """Everything that is wrong, by the names in `SOUND`."""
    found: dict[str, list[str]] = {name: [] for name in SOUND}
    found["refused"] = list(ledger.refused)
    with instance.application():
        compare(Stored(), ledger, found)
        if db.engine.dialect.name == "sqlite":
            verdict = db.session.connection().exec_driver_sql("PRAGMA integrity_check").scalar()
            found["integrity"] += [] if verdict == "ok" else [str(verdict)]
    command = [sys.executable, "-c", "from coachkit.cli import run; run()", "audit", "verify"]
    environment = {**os.environ, **instance.environment}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode or "unbroken" not in done.stdout:
        found["chain"].append(done.stdout + done.stderr)
    return found


class Stored:
    """What the database holds about attempts."""

    def __init__(self) -> None:
        session = db.session
        self.attempts = {row.id: row for row in session.scalars(select(Attempt))}
        self.by_cue: dict[str, list[int]] = defaultdict(list)
        for row in self.attempts.values():
            self.by_cue[sha(row.cue)].append(row.id)
        locked = select(RatingSheet).where(RatingSheet.kind == "self", RatingSheet.locked_at.is_not(None))
        sheets = {row.id: row.attempt_id for row in session.scalars(locked)}
        self.sheets = Counter(sheets.values())
        self.lines: dict[int, list[tuple[str, str, int | None, int | None]]] = defaultdict(list)
        for line in session.scalars(select(Rating)):
            if line.sheet_id in sheets:
                attempt_id = sheets[line.sheet_id]
                self.lines[attempt_id].append((line.criterion_id, sha(line.evidence), line.level, line.predicted_level))
        self.events = Counter(
            (action, about) for action, about in session.execute(select(AuditEvent.action, AuditEvent.object))
        )
        jobs = session.scalars(select(Outbox.args).where(Outbox.name == "feedback.tell_coaches"))
        self.jobs = Counter(int(args["attempt_id"]) for args in jobs)


def compare(stored: Stored, ledger: Ledger, found: dict[str, list[str]]) -> None:
    entries = {entry.cue: entry for entry in ledger.entries}
    for cue, ids in stored.by_cue.items():
        if len(ids) > 1:
            found["double"].append(f"{ids}")
        if cue not in entries:
            found["strange"].append(f"{ids}")
    for entry in ledger.entries:
        if entry.attempt_id is not None:
            _compare_entry(stored, entry, entry.attempt_id, found)
    for attempt_id, attempt in stored.attempts.items():
        submitted = int(attempt.submitted_at is not None)
        about = f"attempt:{attempt_id}"
        standing = {
            "sheet": stored.sheets[attempt_id] - submitted,
            "event": stored.events["attempt:submit", about] - submitted,
            "job": stored.jobs[attempt_id] - submitted,
            "start": stored.events["attempt:start", about] - 1,
        }
        if any(standing.values()):
            found["halves"].append(f"{attempt_id}: {json.dumps(standing)}")


def _compare_entry(stored: Stored, entry: Entry, attempt_id: int, found: dict[str, list[str]]) -> None:
    attempt = stored.attempts.get(attempt_id)
    mine = attempt is not None and attempt.learner_id == entry.learner_id and sha(attempt.cue) == entry.cue
    if attempt is None or not mine:
        found["started"].append(f"{attempt_id}")
    if entry.kept and (attempt is None or sha(attempt.evidence) != entry.evidence):
        found["evidence"].append(f"{attempt_id}")
    if entry.submitted and (attempt is None or attempt.submitted_at is None):
        found["submitted"].append(f"{attempt_id}")
    elif attempt is not None and attempt.submitted_at is not None:
        expected = sorted((name, text, 2, 3) for name, text in entry.lines.items())
        if sorted(stored.lines[attempt_id]) != expected:
            found["texts"].append(f"{attempt_id}")
