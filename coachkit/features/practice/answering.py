"""Who answers a submitted attempt, who is away, and how long answers take. The room above does the answering."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from coachkit.domain.coaching.waiting import Waits, waits
from coachkit.domain.coaching.working_days import due, waited
from coachkit.features.accounts.queries import coach_ids_of, names
from coachkit.features.practice.models import Attempt, RatingSheet
from coachkit.platform.db import Base, Id
from coachkit.platform.tools import tools

SHOWN = timedelta(days=120)
"""How far back answers count for what learners are told about waiting."""


class Absence(Base):
    """A coach is away, from one day to another, both included. Why is nobody's business here."""

    __tablename__ = "absence"

    id: Mapped[Id]
    coach_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    created_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("first_day <= last_day", name="days"),)


def answerers(session: Session, attempt: Attempt) -> frozenset[int]:
    """Whose an attempt is to rate: the learner's coaches, or the one to whom a lead coach handed it."""
    coaches = coach_ids_of(session, attempt.learner_id)
    if not attempt.official or attempt.coach_id is None:
        return coaches
    return coaches | {attempt.coach_id} if attempt.revealed_at else frozenset({attempt.coach_id})


def waits_for_coach(session: Session, attempt: Attempt) -> bool:
    """A coach's rating is owed: submitted, not withdrawn, and no coach has locked hers yet."""
    if attempt.submitted_at is None or attempt.withdrawn_at or attempt.revealed_at:
        return False
    locked = select(RatingSheet.id).where(
        RatingSheet.attempt_id == attempt.id, RatingSheet.kind == "coach", RatingSheet.locked_at.is_not(None)
    )
    return session.scalar(locked) is None


def away(session: Session, coach_ids: Iterable[int], day: date) -> dict[int, date]:
    """Who of these is away on this day, and until when."""
    query = select(Absence.coach_id, Absence.last_day).where(
        Absence.coach_id.in_(tuple(coach_ids)), Absence.first_day <= day, Absence.last_day >= day
    )
    found: dict[int, date] = {}
    for coach_id, last_day in session.execute(query):
        found[coach_id] = max(last_day, found.get(coach_id, last_day))
    return found


@dataclass(frozen=True, slots=True)
class Answering:
    """What a learner is told while an attempt waits."""

    goal_days: int
    due_on: date
    late: bool
    waits: Waits | None
    absent: tuple[tuple[str, date], ...]
    """Coaches of his who are away, and until when."""
    nobody_there: bool
    holidays: bool
    """Whether the house has named public holidays, which do not count."""


def answering(session: Session, attempt: Attempt, goal_days: int, today: date) -> Answering | None:
    """For an attempt that waits; None for any other."""
    if attempt.submitted_at is None or not waits_for_coach(session, attempt):
        return None
    ids = answerers(session, attempt)
    if not attempt.official:
        ids &= {attempt.coach_id} if attempt.coach_id else frozenset()
    gone = away(session, ids, today)
    known = names(session, gone)
    sent, holidays = attempt.submitted_at.date(), tools().settings.holidays
    return Answering(
        goal_days,
        due(sent, goal_days, holidays),
        waited(sent, today, holidays) > goal_days,
        recent_waits(session, today),
        tuple(sorted((known.get(coach_id, ""), day) for coach_id, day in gone.items())),
        bool(ids) and set(gone) == set(ids),
        bool(holidays),
    )


def recent_waits(session: Session, today: date) -> Waits | None:
    """How long official attempts waited that were answered in the last months."""
    rows = session.execute(
        select(Attempt.submitted_at, Attempt.revealed_at).where(
            Attempt.kind == "official", Attempt.submitted_at.is_not(None), Attempt.revealed_at.is_not(None)
        )
    )
    return waits(
        waited(sent.date(), seen.date(), tools().settings.holidays)
        for sent, seen in rows
        if sent and seen and today - seen.date() <= SHOWN
    )
