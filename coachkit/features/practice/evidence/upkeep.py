"""When tidying comes round again; of its own, since adding a file asks for it and tidying ends files."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.platform import jobs
from coachkit.platform.jobs import MAX_TRIES, Outbox

TIDY_EVERY = timedelta(hours=1)


def expect_tidying(session: Session) -> None:
    """One round of tidying is always ahead, from the first file on."""
    ahead = select(Outbox.id).where(
        Outbox.name == "practice.tidy_evidence",
        Outbox.done_at.is_(None),
        Outbox.tries < MAX_TRIES,
        Outbox.lease_until.is_(None),
    )
    if session.scalar(ahead.limit(1)) is None:
        jobs.enqueue(session, "practice.tidy_evidence", delay=TIDY_EVERY)
