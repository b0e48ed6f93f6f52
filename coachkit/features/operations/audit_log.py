"""The chain of events for reading. It names nobody."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.platform.audit import AuditEvent

PAGE = 100


@dataclass(frozen=True, slots=True)
class EventView:
    seq: int
    at: str
    actor: str
    action: str
    subject: str
    about: str
    detail: str
    hash: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A stretch of the chain, newest first."""

    events: tuple[EventView, ...]
    earlier: int
    """For the next page: events before this one; 0 where there are none."""


def audit_page(session: Session, *, before: int = 0) -> AuditPage:
    """A page of events, the newest or those before a given one."""
    query = select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(PAGE)
    if before > 0:
        query = query.where(AuditEvent.seq < before)
    rows = [
        EventView(e.seq, e.at[:19].replace("T", " "), e.actor, e.action, e.subject, e.object, e.detail, e.hash[:12])
        for e in session.scalars(query)
    ]
    return AuditPage(tuple(rows), rows[-1].seq if len(rows) == PAGE and rows[-1].seq > 1 else 0)
