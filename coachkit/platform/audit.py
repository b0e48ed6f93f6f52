"""Append-only events in a hash chain. They hold pseudonyms and ids, never a name or a text.

Erasing a person destroys the row that maps her pseudonym to her; the chain still verifies. The database refuses to
change or delete an event; `verify` finds one changed byte all the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String, Text, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from coachkit.platform import clock
from coachkit.platform.db import Base, upsert
from coachkit.platform.policy import Actor

GENESIS = "0" * 64
SYSTEM = "system"


class AuditEvent(Base):
    """One thing that happened."""

    __tablename__ = "audit_event"

    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(32))
    """ISO time as text, since the hash is over exactly these characters."""
    actor: Mapped[str] = mapped_column(String(32), index=True)
    action: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(32), index=True)
    """Pseudonym of the person concerned, or empty."""
    object: Mapped[str] = mapped_column(String(80))
    """What it was about, such as `attempt:41`."""
    detail: Mapped[str] = mapped_column(Text)
    """Canonical JSON of ids and numbers."""
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The end of the chain; its one row is locked by whoever appends."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found: how many events, and the first that does not fit (or None)."""

    events: int
    broken_at: int | None
    reason: str = ""


def _digest(event: AuditEvent) -> str:
    parts = (
        str(event.seq),
        event.at,
        event.actor,
        event.action,
        event.subject,
        event.object,
        event.detail,
        event.previous,
    )
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def record(
    session: Session,
    actor: Actor | None,
    action: str,
    *,
    subject: str = "",
    about: str = "",
    at: datetime | None = None,
    **detail: Any,  # noqa: ANN401
) -> None:
    """Append an event in the caller's transaction. `detail` takes ids and numbers only."""
    head = _locked_head(session)
    event = AuditEvent(
        seq=head.seq + 1,
        at=(at or clock.now()).isoformat(timespec="microseconds"),
        actor=actor.pseudonym if actor else SYSTEM,
        action=action,
        subject=subject,
        object=about,
        detail=json.dumps(detail, sort_keys=True, separators=(",", ":")),
        previous=head.hash,
    )
    event.hash = _digest(event)
    session.add(event)
    session.execute(
        update(AuditHead)
        .where(AuditHead.id == 1)
        .values(seq=event.seq, hash=event.hash)
        .execution_options(synchronize_session=False)
    )
    session.flush()
    session.expire(head)


def _locked_head(session: Session) -> AuditHead:
    """The end of the chain, ours until the transaction ends. Two first events at once make one chain, not two."""
    locked = select(AuditHead).where(AuditHead.id == 1).with_for_update()
    if (head := session.scalars(locked).one_or_none()) is None:
        session.execute(upsert(session, AuditHead).values(id=1, seq=0, hash=GENESIS).on_conflict_do_nothing())
        head = session.scalars(locked).one()
    return head


def _events(session: Session, size: int = 2000) -> Iterator[AuditEvent]:
    after = 0
    while batch := session.scalars(
        select(AuditEvent).where(AuditEvent.seq > after).order_by(AuditEvent.seq).limit(size)
    ).all():
        yield from batch
        after = batch[-1].seq
        session.expunge_all()


def verify(session: Session) -> Verdict:
    """Walk the chain from its start to its head."""
    previous, expected = GENESIS, 0
    for event in _events(session):
        expected += 1
        if event.seq != expected:
            return Verdict(expected - 1, expected, "An event is missing.")
        if event.previous != previous or event.hash != _digest(event):
            return Verdict(expected - 1, expected, "An event was changed.")
        previous = event.hash
    head = session.get(AuditHead, 1)
    if head is not None and (head.seq != expected or head.hash != previous):
        return Verdict(expected, expected + 1, "The last events are missing.")
    return Verdict(expected, None)
