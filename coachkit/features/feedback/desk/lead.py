"""What a lead coach sees: who waits how long for whom, who is away, who has too much. No feedback, no ratings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from coachkit.domain.coaching.waiting import Waits
from coachkit.domain.coaching.working_days import waited
from coachkit.features.accounts.queries import learner_ids_of, names, with_role
from coachkit.features.feedback.claims import held
from coachkit.features.feedback.waiting import waiting_rows
from coachkit.features.practice.answering import answerers, away, recent_waits
from coachkit.features.practice.licences import covered
from coachkit.features.practice.models import Attempt, RatingSheet
from coachkit.features.practice.service import COACH, OFFICIAL
from coachkit.platform.policy import Role
from coachkit.platform.tools import tools

MOST_LEARNERS = 6
RECENT = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class CoachLoad:
    """How much a coach has; nothing about what."""

    id: int
    name: str
    learners: tuple[tuple[int, str], ...]
    waiting: int
    late: int
    """Of these, how many have waited longer than the goal."""
    longest_days: int | None
    answered: int
    """In the last four weeks."""
    away_until: date | None

    @property
    def overloaded(self) -> bool:
        return len(self.learners) > MOST_LEARNERS


@dataclass(frozen=True, slots=True)
class Waiting:
    """One official attempt that waits."""

    attempt_id: int
    learner_id: int
    learner: str
    sent_at: datetime
    days: int
    """Working days."""
    late: bool
    coaches: tuple[tuple[str, date | None], ...]
    """Whose it is to rate, and until when each is away."""
    working: str
    """Who works on it at this moment, or empty."""
    nobody: bool
    """Nobody is there who may rate it."""
    offers: tuple[tuple[int, str], ...]
    """To whom it can be handed: present, licensed, not the learner."""


@dataclass(frozen=True, slots=True)
class LeadPage:
    loads: tuple[CoachLoad, ...]
    waiting: tuple[Waiting, ...]
    goal_days: int
    waits: Waits | None
    holidays: tuple[date, ...]
    """Public holidays to come, as the house has named them."""


def lead_page(session: Session, now: datetime, goal_days: int) -> LeadPage:
    """Coaches by name, and what waits, the longest first."""
    today, holidays = now.date(), tools().settings.holidays
    coaches = {coach.id: coach.name for coach in with_role(session, Role.COACH)}
    gone = away(session, coaches, today)
    loads = tuple(_load(session, coach_id, name, gone, now, goal_days) for coach_id, name in coaches.items())
    query = select(Attempt).where(
        Attempt.kind == OFFICIAL,
        Attempt.submitted_at.is_not(None),
        Attempt.revealed_at.is_(None),
        Attempt.withdrawn_at.is_(None),
    )
    rated = select(RatingSheet.attempt_id).where(RatingSheet.kind == COACH, RatingSheet.locked_at.is_not(None))
    query = query.where(Attempt.id.not_in(rated)).order_by(Attempt.submitted_at, Attempt.id)
    rows = list(session.scalars(query))
    known = names(session, (row.learner_id for row in rows)) | coaches
    claims = held(session, (row.id for row in rows), now)
    licensed = covered(session, rows, coaches)
    waiting = []
    for row in rows:
        sent = row.submitted_at or row.created_at
        whose = answerers(session, row) & set(coaches)
        days = waited(sent.date(), today, holidays)
        claim = claims.get(row.id)
        able = {coach_id for coach_id in coaches if (row.id, coach_id) in licensed and coach_id not in gone}
        waiting.append(
            Waiting(
                row.id,
                row.learner_id,
                known.get(row.learner_id, ""),
                sent,
                days,
                days > goal_days,
                tuple(sorted((coaches[coach_id], gone.get(coach_id)) for coach_id in whose)),
                known.get(claim.coach_id, "") if claim else "",
                not whose & able,
                tuple((c, coaches[c]) for c in coaches if c in able - whose - {row.learner_id}),
            )
        )
    return LeadPage(
        loads, tuple(waiting), goal_days, recent_waits(session, today), tuple(day for day in holidays if day >= today)
    )


def _load(
    session: Session, coach_id: int, name: str, gone: dict[int, date], now: datetime, goal_days: int
) -> CoachLoad:
    mine, unlicensed = waiting_rows(session, coach_id)
    sent = [row.submitted_at for row in (*mine, *unlicensed) if row.official and row.submitted_at]
    learners = names(session, learner_ids_of(session, coach_id))
    answered = select(func.count(RatingSheet.id)).join(Attempt, Attempt.id == RatingSheet.attempt_id)
    return CoachLoad(
        coach_id,
        name,
        tuple(sorted(learners.items(), key=lambda item: item[1].lower())),
        len(sent),
        sum(waited(at.date(), now.date(), tools().settings.holidays) > goal_days for at in sent),
        (now - min(sent)).days if sent else None,
        session.scalar(
            answered.where(
                Attempt.kind == OFFICIAL,
                RatingSheet.kind == COACH,
                RatingSheet.rater_id == coach_id,
                RatingSheet.locked_at > now - RECENT,
            )
        )
        or 0,
        gone.get(coach_id),
    )
