"""What works on this machine and what is missing, in sentences that say what to do."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from coachkit.platform import audit, clock, jobs, pdf, schema
from coachkit.platform.db import db
from coachkit.platform.library import LibrarySnapshot
from coachkit.platform.pdf.glyphs import fallback_files
from coachkit.platform.settings import Settings

LOW_DISK = 500 * 1024 * 1024
SLOW = timedelta(minutes=15)
ENDS_SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    fine: bool
    sentence: str


def findings(settings: Settings) -> tuple[Finding, ...]:
    """Everything worth knowing. Looks, and changes nothing."""
    return (
        _database(),
        _library(),
        _pdf(),
        _scripts(settings),
        _signature(settings),
        _jobs(),
        _mail(settings),
        _disk(settings),
        _address(settings),
    )


def _database() -> Finding:
    kind = "PostgreSQL" if db.engine.dialect.name == "postgresql" else "SQLite"
    if not schema.is_current():
        return Finding("Database", fine=False, sentence=f"{kind} lacks tables of this version. Run «coachkit init».")
    return Finding("Database", fine=True, sentence=f"{kind}, with all tables of this version.")


def _library() -> Finding:
    row = db.session.execute(
        select(LibrarySnapshot.version, LibrarySnapshot.published_at).where(LibrarySnapshot.current)
    ).one_or_none()
    if row is None:
        return Finding("Library", fine=False, sentence="None is published. Run «coachkit publish».")
    return Finding("Library", fine=True, sentence=f"Version {row.version[:12]}, published {row.published_at:%d %B %Y}.")


def _pdf() -> Finding:
    state = pdf.status()
    more = f" Inside their processes: {pdf.network()}." if state.ready else ""
    return Finding("PDF reports", fine=state.ready, sentence=state.sentence + more)


def _scripts(settings: Settings) -> Finding:
    """Ours draw Latin, Greek and Cyrillic; what else a name may be written in."""
    files = fallback_files(settings.report_fonts)
    if not files:
        words = "PDFs draw Latin, Greek and Cyrillic. For more: apt-get install fonts-noto-core fonts-noto-cjk."
        return Finding("Scripts", fine=True, sentence=words)
    names = sorted({path.name.removeprefix("Noto").partition("-")[0] for path in files})
    return Finding("Scripts", fine=True, sentence=f"PDFs draw Latin, Greek, Cyrillic, and Noto {', '.join(names)}.")


def _signature(settings: Settings) -> Finding:
    signer = pdf.make_signer(settings.signing_file, settings.signing_passphrase)
    if signer is None:
        return Finding("Signatures", fine=True, sentence="Off; reports are proved by their fingerprint and check code.")
    try:
        certified = signer.certified
    except pdf.RenderError as error:
        return Finding("Signatures", fine=False, sentence=f"Reports cannot be signed: {error.detail}.")
    left = certified.until - clock.now()
    words = f"Reports are signed by {certified.words}, until {certified.until:%d %B %Y}."
    return Finding("Signatures", fine=left > ENDS_SOON, sentence=words)


def _jobs() -> Finding:
    oldest, broken = db.session.execute(
        select(
            func.min(jobs.Outbox.created_at).filter(jobs.Outbox.tries < jobs.MAX_TRIES),
            func.count(jobs.Outbox.id).filter(jobs.Outbox.tries >= jobs.MAX_TRIES),
        ).where(jobs.Outbox.done_at.is_(None))
    ).one()
    if broken:
        return Finding("Jobs", fine=False, sentence=f"{broken} failed three times. The log says why.")
    if oldest and clock.now() - oldest > SLOW:  # type: ignore[truthy-bool]  # there may be no job at all
        return Finding(
            "Jobs", fine=False, sentence="Some have waited for over a quarter of an hour. Is a worker running?"
        )
    return Finding("Jobs", fine=True, sentence="None is late.")


def _mail(settings: Settings) -> Finding:
    if settings.smtp_host:
        return Finding("Mail", fine=True, sentence=f"Sent through {settings.smtp_host}.")
    return Finding(
        "Mail", fine=True, sentence="No mail server is set; mails are written to the folder «mail» of the instance."
    )


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.instance).free
    words = f"{free / 1024**3:.1f} GiB free."
    return Finding("Disk", fine=free > LOW_DISK, sentence=words)


def _address(settings: Settings) -> Finding:
    local = "127.0.0.1" in settings.base_url or "localhost" in settings.base_url
    if not settings.secure and not local:
        return Finding("Address", fine=False, sentence="People reach coachkit without encryption. Put it behind HTTPS.")
    return Finding(
        "Address", fine=True, sentence=f"{settings.base_url}{'' if settings.secure else ' (this machine only)'}."
    )


def audit_finding() -> Finding:
    """Whether the chain of events is whole; walks all of it."""
    verdict = audit.verify(db.session())
    if verdict.broken_at is not None:
        return Finding("Audit chain", fine=False, sentence=f"Event {verdict.broken_at}: {verdict.reason}")
    return Finding("Audit chain", fine=True, sentence=f"{verdict.events} events, unbroken.")
