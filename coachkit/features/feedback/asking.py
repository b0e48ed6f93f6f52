"""Which official attempts wait, and who rates them a second time; for a lead coach, and without what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.features.accounts.queries import coaches_of, names
from coachkit.features.feedback.claims import SECOND, held
from coachkit.features.practice.answering import away
from coachkit.features.practice.models import Attempt, SecondLook
from coachkit.features.practice.queries import LEFT, LibraryOf, receipt_of, title_of
from coachkit.features.practice.second_look import candidates, is_awaited
from coachkit.features.practice.service import OFFICIAL
from coachkit.platform import clock
from coachkit.platform.templates import long_date


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
    """Who could be asked, or could take over as long as it is owed; those who do not coach the learner first."""
    works_until: datetime | None
    """The second coach works on it now."""
    away_until: date | None
    """The second coach is away."""


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
    owed = look is None or is_awaited(session, attempt.id)
    asked = look.coach_id if look else None
    able = sorted((c for c in candidates(session, attempt) if owed and c.id != asked), key=lambda c: c.usual)
    today = clock.today()
    gone = away(session, [*(c.id for c in able), *([asked] if asked else [])], today)
    claim = held(session, [attempt.id], clock.now(), SECOND).get(attempt.id)
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
        could=tuple(
            (c.id, known.get(c.id, "") + (f", away until {long_date(gone[c.id])}" if c.id in gone else ""))
            for c in able
        ),
        works_until=claim.until if claim else None,
        away_until=gone.get(asked) if asked and owed else None,
    )
