"""Which official attempts wait, and who rates them a second time; for a lead coach, and without what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.features.accounts.queries import coaches_of, names
from coachkit.features.practice.models import Attempt, SecondLook
from coachkit.features.practice.queries import LEFT, LibraryOf, receipt_of, title_of
from coachkit.features.practice.second_look import candidates
from coachkit.features.practice.service import OFFICIAL


@dataclass(frozen=True, slots=True)
class WaitingAttempt:
    """An official attempt that nobody has seen from both sides yet."""

    id: int
    receipt: str
    title: str
    submitted_at: datetime
    coaches: tuple[str, ...]
    second: str
    """Who looks a second time, or empty."""
    drawn: bool
    due_at: datetime | None
    lapsed: bool
    could: tuple[tuple[int, str], ...]
    """Who could be asked, those who do not coach the learner first."""


@dataclass(frozen=True, slots=True)
class SecondLooks:
    percent: int
    rows: tuple[WaitingAttempt, ...]


def second_looks(session: Session, library_of: LibraryOf, percent: int) -> SecondLooks:
    """Longest waiting first. Learners are not named, and no level and no word of anybody's is in it."""
    rows = session.execute(
        select(Attempt, SecondLook)
        .outerjoin(SecondLook, SecondLook.attempt_id == Attempt.id)
        .where(
            Attempt.kind == OFFICIAL,
            Attempt.submitted_at.is_not(None),
            Attempt.revealed_at.is_(None),
            Attempt.withdrawn_at.is_(None),
        )
        .order_by(Attempt.submitted_at, Attempt.id)
    ).all()
    return SecondLooks(percent, tuple(_row(session, library_of, attempt, look) for attempt, look in rows))


def _row(session: Session, library_of: LibraryOf, attempt: Attempt, look: SecondLook | None) -> WaitingAttempt:
    able = () if look else sorted(candidates(session, attempt), key=lambda c: c.usual)
    known = names(session, [look.coach_id if look else None, *(c.id for c in able)])
    scenario = library_of(attempt.library_version).scenario(attempt.scenario_id)
    return WaitingAttempt(
        id=attempt.id,
        receipt=receipt_of(attempt),
        title=title_of(attempt, scenario),
        submitted_at=attempt.submitted_at or attempt.created_at,
        coaches=tuple(coach.name for coach in coaches_of(session, attempt.learner_id)),
        second=known.get(look.coach_id or 0, LEFT) if look else "",
        drawn=look is not None and look.drawn,
        due_at=look.due_at if look else None,
        lapsed=look is not None and look.lapsed_at is not None,
        could=tuple((c.id, known.get(c.id, "")) for c in able),
    )
