"""`make prove`: every proof in its full form. `make prove ARGS="kill9 writers"` runs some of them.

Ends with 1 where a promise did not hold, or where a control, which must fail, held.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

if "XDG_RUNTIME_DIR" not in os.environ:  # the PostgreSQL wheel warns without one
    os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, os.environ["XDG_RUNTIME_DIR"], ignore_errors=True)

from coachkit.platform import log
from tests.factories.postgres import start_server
from tests.proofs import access_record, kill9, outbox, paper, publish, statements, told, uploads, writers
from tests.proofs.instance import Instance, make
from tests.proofs.judge import SOUND

HOW = """\
Six learners start official attempts, write evidence and submit self-ratings at a site with two web processes. Now and
then they hang up before the answer, or lose it; every form is sent again with the same key until it is acknowledged.
Meanwhile processes are killed with SIGKILL, half of the time in the moment of an acknowledgement, and started again. A
ledger on the learners' side, which the site never sees, holds what was meant (digests of all texts) and what was
acknowledged. SQLite runs with synchronous=FULL, PostgreSQL with its own defaults. Where the same worker dies twice
within a few seconds, Granian gives up; it is then started again, as a service manager would."""
TURNS = """\
The control must fail: a transaction that has read cannot wait for a turn, since what it read is old by then. Times were
taken with all eight at work at once, under the load named below; a writer waits for 15 seconds at most. How to wait is
not left to SQLite: with its own way of asking ever more seldom, the slowest of the same 480 took 5 to 12 seconds."""
LIMITS = """\
A power cut: SIGKILL leaves the operating system's cache alive. The library is a small one, for a fast start."""
FORGIVING = ("fsync", "synchronous_commit", "full_page_writes")


@contextmanager
def sqlite() -> Iterator[Instance]:
    """A fresh instance with a small library, so that servers start fast."""
    with tempfile.TemporaryDirectory(prefix="coachkit-proof-") as folder:
        instance = make(Path(folder) / "instance")
        yield instance
        _nothing_left(instance)


@contextmanager
def postgresql() -> Iterator[tuple[Instance, str]]:
    """The same on a PostgreSQL server of its own, which syncs as one in earnest does; and the server's version."""
    server = start_server()
    try:
        for setting in FORGIVING:
            server.run(f"ALTER SYSTEM RESET {setting}")
        server.run("SELECT pg_reload_conf()")
        server.run("CREATE DATABASE proof")
        with tempfile.TemporaryDirectory(prefix="coachkit-proof-") as folder:
            instance = make(Path(folder) / "instance", database_url=server.url("proof"))
            with instance.application():
                version = str(kill9.scalar("SHOW server_version")).split()[0]
            yield instance, version
            _nothing_left(instance)
    finally:
        server.stop()


def _nothing_left(instance: Instance) -> None:
    if not instance.is_quiet():
        raise RuntimeError(f"Processes were left behind: {instance.processes()}")


def prove_kill9() -> bool:
    began = time.monotonic()
    runs: list[tuple[str, kill9.Outcome]] = []
    plan = [kill9.WORKER] * 10 + [kill9.WORKERS] * 5 + [kill9.GROUP] * 5
    with sqlite() as instance:
        runs.append(("SQLite", kill9.run(instance, plan, between=8, pause=1.5)))
    with postgresql() as (instance, version):
        runs.append(("PostgreSQL", kill9.run(instance, [*plan, *[kill9.BACKEND] * 5], between=8, pause=1.5)))
    controls = []
    for words, target in (("acknowledges before it commits", kill9.ACK_FIRST), ("ignores keys", kill9.NO_KEYS)):
        with sqlite() as instance:
            controls.append((words, kill9.run(instance, [kill9.GROUP] * 4, target=target)))
    caught = controls[0][1].lost > 0 and controls[1][1].double > 0
    body = "\n\n".join(
        [
            HOW,
            "## What was done",
            _done(runs),
            "## What was found",
            _found(runs),
            "## Controls, which must fail",
            "The same run against two spoilt sites. If these passed, the proof would be worth nothing.",
            paper.table(
                ("A site that …", "kills", "submits acknowledged", "of them lost", "attempts stored twice or more"),
                [
                    (words, sum(one.kills.values()), one.counts.get("submit acknowledged", 0), one.lost, one.double)
                    for words, one in controls
                ],
            ),
            "The first commits three tenths of a second late; the second forgets which keys it has answered.",
            "## What this does not show",
            LIMITS,
        ]
    )
    paper.write(
        "kill9",
        "Killed while people submit",
        "An acknowledged submit is never lost, and a repeated one makes one attempt, whichever processes die.",
        body,
        seconds=time.monotonic() - began,
        postgres=version,
    )
    return caught and all(one.sound for _, one in runs)


def _done(runs: list[tuple[str, kill9.Outcome]]) -> str:
    kinds = dict.fromkeys(kind for _, one in runs for kind in one.kills)
    counts = dict.fromkeys(what for _, one in runs for what in one.counts)
    rows: list[tuple[object, ...]] = [
        (f"killed: {kind}", *(one.kills.get(kind, 0) for _, one in runs)) for kind in kinds
    ]
    rows.append(("attempts meant", *(one.intended for _, one in runs)))
    rows += [(what, *(one.counts.get(what, 0) for _, one in runs)) for what in sorted(counts)]
    rows.append(("seconds", *(round(one.seconds) for _, one in runs)))
    return paper.table(("", *(name for name, _ in runs)), rows)


def _found(runs: list[tuple[str, kill9.Outcome]]) -> str:
    rows: list[tuple[object, ...]] = [
        (words, *(len(one.wrong[name]) for _, one in runs)) for name, words in SOUND.items()
    ]
    return paper.table(("Must be none", *(name for name, _ in runs)), rows)


def prove_writers() -> bool:
    began, found = time.monotonic(), {}
    for how in ("shipped", "deferred"):
        with sqlite() as instance:
            found[how] = writers.run(instance, each=60, how=how)
    shipped, deferred = found["shipped"], found["deferred"]
    rows: list[tuple[object, ...]] = [
        ("submits tried", *(writers.WRITERS * 60 for _ in found)),
        ("submits done", shipped.submits, deferred.submits),
        ("of them in the file", shipped.stored, deferred.stored),
        ("“database is locked”", shipped.locked, deferred.locked),
        ("other errors", *(len(one.errors) - one.locked for one in (shipped, deferred))),
        ("median ms of a submit", shipped.median_ms, deferred.median_ms),
        ("slowest", shipped.slowest_ms, deferred.slowest_ms),
        ("audit chain whole", *("yes" if one.chain_whole else "no" for one in (shipped, deferred))),
    ]
    paper.write(
        "writers",
        "Eight writers, one SQLite file",
        "Eight processes that write to one SQLite file wait for their turn; none is told that the database is locked.",
        paper.table(("", "as shipped: BEGIN IMMEDIATE", "control: BEGIN, then a read, then the writes"), rows)
        + f"\n\n{TURNS}",
        seconds=time.monotonic() - began,
    )
    whole = shipped.stored == shipped.submits == writers.WRITERS * 60 and not shipped.errors and shipped.chain_whole
    return whole and deferred.locked > 0


def prove_outbox() -> bool:
    began = time.monotonic()
    with sqlite() as instance:
        shipped = outbox.run(instance, reports=24, items=6, mails=80, kills=18, forced=4, workers=3)
    with sqlite() as instance:
        naive = outbox.run(instance, reports=0, mails=20, kills=0, forced=0, frozen=False, how="no-claim")
    with sqlite() as instance:
        notices = told.run(instance, forced=3)
    doubled = sum(count for times, count in shipped.mails.items() if times > 1)
    rows: list[tuple[object, ...]] = [
        ("jobs, each delivered three times", shipped.jobs, naive.jobs),
        ("workers killed at random", shipped.kills, naive.kills),
        ("workers killed between handing over a mail and committing", shipped.forced, naive.forced),
        ("workers frozen over a report until its lease was over and another had made it", shipped.frozen, naive.frozen),
        ("jobs taken up more than once", shipped.taken_again, naive.taken_again),
        ("jobs undone at the end (must be none)", shipped.undone, naive.undone),
        ("jobs finished twice (must be none)", shipped.done_twice, naive.done_twice),
        ("reports", shipped.reports, naive.reports),
        ("reports asked for, six of them as a cohort's", shipped.wanted, naive.wanted),
        ("a cohort's reports that are not made (must be none)", sum(shipped.items.values()) - shipped.items["made"], 0),
        ("reports made other than exactly once (must be none)", _others(shipped.made), _others(naive.made)),
        ("PDFs that differ from their digest (must be none)", shipped.bad_files, naive.bad_files),
        ("mail jobs", sum(shipped.mails.values()), sum(naive.mails.values())),
        ("people without their mail (must be none)", shipped.mails[0], naive.mails[0]),
        ("people with more than one mail", doubled, sum(n for times, n in naive.mails.items() if times > 1)),
        (
            "of them in a job that no worker died over (must be none)",
            shipped.doubled_in_one_try,
            naive.doubled_in_one_try,
        ),
        ("people with other than exactly one valid link (must be none)", _others(shipped.links), _others(naive.links)),
    ]
    paper.write(
        "outbox",
        "Workers killed over their jobs",
        "Each job's work happens exactly once, whichever workers die and however often it is delivered. A mail is the"
        " exception that no database can take away: see below.",
        paper.table(("", "as shipped", "control: jobs are done without being claimed"), rows)
        + f"""

A mail leaves the house before the job can be committed. A worker that dies between the two leaves a job that looks
undone, so the mail is sent again when the lease has ended: {shipped.forced} workers were killed at exactly this point,
and {doubled} people got a second mail. An invitation or reset that comes twice works in its newest edition only; the
older link has ended. A report is written in the same transaction as the job's end, so it is made once.

Leases last five minutes. They were not shortened: each of the three rounds, as many as a job has tries, ran with its
clock ahead of the round before by more than a lease. A job over which three workers died would be left to a person, and
the health page says so; none of these was. Measured on SQLite; the claims are the same statements on PostgreSQL.

Everything else that people are told is a notice: a row in the same transaction as what happened, and a mail with a
number of its own. {notices.notices} notices went to a real mail server, each mail job delivered three times, and
{notices.forced} workers were killed after the server had taken a mail and before they could commit. Notices without
their mail: {notices.missing}. Mails that came a second time: {notices.twice}, each with its number, by which mail
programs know it as the same. Mails that came again in any other way: {notices.other}.
""",
        seconds=time.monotonic() - began,
    )
    return shipped.sound and notices.sound and naive.done_twice > 0 and naive.mails[1] == 0


def _others(counted: dict[int, int]) -> int:
    return sum(count for times, count in counted.items() if times != 1)


def prove_access_record() -> bool:
    began = time.monotonic()
    with sqlite() as instance:
        first = access_record.run(instance)
    with postgresql() as (instance, version):
        second = access_record.run(instance)
    rows: list[tuple[object, ...]] = [
        (one.who, f"`{one.path}`", one.shows, one.records, *(f"{p.denied}, {len(p.leaks)} shown" for p in (one, other)))
        for one, other in zip(first, second, strict=True)
    ]
    paper.write(
        "access_record",
        "No look without its record",
        "A page about a person writes down who looked before it answers. Where this cannot be written, it answers 503"
        " and shows nothing.",
        paper.table(
            (
                "who asks",
                "page",
                "words of hers in health",
                "records in health",
                "SQLite refuses",
                "PostgreSQL refuses",
            ),
            rows,
        )
        + "\n\nOn SQLite a trigger refuses rows in `access_record`; on PostgreSQL the site's own role may not insert."
        " Everything else can be read and written meanwhile.",
        seconds=time.monotonic() - began,
        postgres=version,
    )
    return all(page.sound for page in (*first, *second))


def prove_publish() -> bool:
    began = time.monotonic()
    with sqlite() as instance:
        first = publish.run(instance, kills=25)
    with postgresql() as (instance, version):
        second = publish.run(instance, kills=25)
    with sqlite() as instance:
        control = publish.run(instance, kills=6, how="in-place")
    paper.write(
        "publish",
        "Killed publishers and bad packs under living readers",
        "Every read of the library, whole or as a page, shows one whole valid edition, whoever publishes and dies.",
        publish.page(first, second, control),
        seconds=time.monotonic() - began,
        postgres=version,
    )
    return first.sound and second.sound and bool(control.torn)


UPLOADS = """\
Five learners send files in pieces of 256 KiB, each with its SHA-256. Every file's connection breaks once at a byte
drawn at random, and one sending in ten breaks again somewhere. Meanwhile
workers and whole process groups are killed with SIGKILL by their process ids and started again. A sender remembers
nothing but the key of its upload: it asks how far the file has come and goes on there. The files of each learner fill
the quota to its last byte; a sixth learner leaves four uploads half-way, and the clock is then set a day ahead."""


def prove_uploads() -> bool:
    began = time.monotonic()
    with sqlite() as instance:
        first = uploads.run(instance, uploads=100, quota_mb=20, kills=20)
    with postgresql() as (instance, version):
        second = uploads.run(instance, uploads=100, quota_mb=20, kills=20)
    with sqlite() as instance:
        control = uploads.run(instance, uploads=20, quota_mb=4, kills=6, target=uploads.ACK_FIRST)
    runs = [("SQLite", first), ("PostgreSQL", second), ("control: acknowledges before it writes", control)]
    done: list[tuple[object, ...]] = [
        ("files", *(one.uploads for _, one in runs)),
        ("bytes", *(f"{one.bytes:,}" for _, one in runs)),
        *((f"killed: {kind}", *(one.kills[kind] for _, one in runs)) for kind in first.kills),
        *((what, *(one.counts.get(what, 0) for _, one in runs)) for what in sorted(first.counts | second.counts)),
        ("seconds", *(round(one.seconds) for _, one in runs)),
    ]
    found: list[tuple[object, ...]] = [
        (words, *(len(one.wrong[name]) for _, one in runs)) for name, words in uploads.SOUND.items()
    ]
    head = ("", *(name for name, _ in runs))
    body = [UPLOADS, "## What was done", paper.table(head, done), "## What was found"]
    body += [
        paper.table(("Must be none", *head[1:]), found),
        "The control, which must fail, writes a piece half a second",
    ]
    body[-1] += (
        " after it has said that it is kept.\n\n## What this does not show\n\nA power cut, and an S3 store: files"
    )
    body[-1] += " lay in a folder. A folder's pieces are synced before they are acknowledged."
    paper.write(
        "uploads",
        "Interrupted uploads",
        "A file arrives whole whatever dies on its way; it counts exactly, and nothing is left behind.",
        "\n\n".join(body),
        seconds=time.monotonic() - began,
        postgres=version,
    )
    return first.sound and second.sound and bool(control.wrong["lost"] or control.wrong["differing"])


def prove_statements() -> bool:
    began = time.monotonic()
    found = statements.run()
    statements.keep(found, time.monotonic() - began)
    wrong = statements.faults(found)
    for fault in wrong:
        print(f"statements: {fault}", flush=True)
    return not wrong


PROOFS: dict[str, Callable[[], bool]] = {
    "kill9": prove_kill9,
    "writers": prove_writers,
    "outbox": prove_outbox,
    "access_record": prove_access_record,
    "publish": prove_publish,
    "uploads": prove_uploads,
    "statements": prove_statements,
}


def main(names: list[str]) -> int:
    warnings.simplefilter("default")
    log.set_up(readable=False)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that also an ended proof takes its processes with it
    failed = []
    for name in names or PROOFS:
        began = time.monotonic()
        held = PROOFS[name]()
        print(f"{name}: {'holds' if held else 'DOES NOT HOLD'} ({time.monotonic() - began:.0f} s)", flush=True)
        failed += [] if held else [name]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
