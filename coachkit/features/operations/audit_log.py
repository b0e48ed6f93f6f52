"""The chain of events for reading. It names nobody, and of practice it does not even tell one person from another."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.features.feedback.models import Plan
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.service import PRACTICE
from coachkit.platform.audit import AuditEvent

PAGE = 100
SOMEBODY = "somebody"
OWN = ("conversation:", "partner:", "adjustments:", "field-entry:", "sponsor:")
"""What belongs to a learner, and perhaps a coach, whatever it is about: readers learn that it happened, not to whom."""


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
    events = list(session.scalars(query))
    private = _practice(session, [event.object for event in events])
    rows = [_view(event, private=event.object in private or event.object.startswith(OWN)) for event in events]
    return AuditPage(tuple(rows), rows[-1].seq if len(rows) == PAGE and rows[-1].seq > 1 else 0)


def _view(event: AuditEvent, *, private: bool) -> EventView:
    actor, subject, detail = (SOMEBODY, "", "") if private else (event.actor, event.subject, event.detail)
    at = event.at[:19].replace("T", " ")
    return EventView(event.seq, at, actor, event.action, subject, event.object, detail, event.hash[:12])


def _practice(session: Session, objects: list[str]) -> set[str]:
    """Which of these objects are practice, or plans made in it: readers may know whose pseudonym is whose."""
    attempts, plans = _ids(objects, "attempt:"), _ids(objects, "plan:")
    kept = session.scalars(select(Attempt.id).where(Attempt.id.in_(attempts), Attempt.kind == PRACTICE))
    made = session.scalars(
        select(Plan.id).join(Attempt, Attempt.id == Plan.attempt_id).where(Plan.id.in_(plans), Attempt.kind == PRACTICE)
    )
    return {f"attempt:{number}" for number in kept} | {f"plan:{number}" for number in made}


def _ids(objects: list[str], prefix: str) -> set[int]:
    return {int(name.removeprefix(prefix)) for name in objects if name.startswith(prefix)}
