"""What somebody was told, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from coachkit.features.accounts.models import Person
from coachkit.features.notices.kinds import KINDS
from coachkit.features.notices.models import Notice, NoticeChoice
from coachkit.features.notices.service import EACH

MOST = 100
UNREAD = (
    select(func.count(Notice.id))
    .where(Notice.person_id == Person.id, Notice.read_at.is_(None))
    .correlate(Person)
    .scalar_subquery()
)
"""How many notices a person has not read, for whoever asks for the person anyway."""


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One event."""

    id: int
    sentence: str
    at: datetime
    unread: bool


def my_notices(session: Session, person_id: int) -> tuple[tuple[NoticeView, ...], int]:
    """Newest first; and how many unread events concern the person no longer, which are counted and not listed."""
    over = {row.id for row, stands in _pending(session, person_id) if not stands}
    listed = tuple(
        NoticeView(row.id, KINDS[row.kind].sentence, row.at, row.read_at is None)
        for row in _rows(session, person_id, unread=False)
        if row.id not in over
    )
    return listed, len(over)


def unread(session: Session, person_id: int) -> int:
    """How many events somebody has not looked at yet."""
    return sum(stands for _, stands in _pending(session, person_id))


def _pending(session: Session, person_id: int) -> list[tuple[Notice, bool]]:
    """What is unread, and whether it still concerns the person: a few statements for each, so asked once a page."""
    rows = _rows(session, person_id, unread=True)
    return [(row, KINDS[row.kind].stands(session, person_id, row.about)) for row in rows]


def _rows(session: Session, person_id: int, *, unread: bool) -> list[Notice]:
    query = select(Notice).where(Notice.person_id == person_id, Notice.kind.in_(tuple(KINDS)))
    if unread:
        query = query.where(Notice.read_at.is_(None))
    return list(session.scalars(query.order_by(Notice.at.desc(), Notice.id.desc()).limit(MOST)))


def mails_of(session: Session, person_id: int) -> str:
    """How somebody wants mails."""
    return session.scalar(select(NoticeChoice.mails).where(NoticeChoice.person_id == person_id)) or EACH
