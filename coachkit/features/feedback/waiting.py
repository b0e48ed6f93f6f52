"""What waits for a coach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from coachkit.domain.coaching.order import place
from coachkit.domain.coaching.working_days import waited
from coachkit.features.accounts.models import Coaching
from coachkit.features.accounts.queries import names
from coachkit.features.feedback.claims import held
from coachkit.features.practice.licences import covered
from coachkit.features.practice.models import Attempt, RatingSheet, SecondLook
from coachkit.features.practice.queries import LibraryOf, title_of
from coachkit.features.practice.service import OFFICIAL
from coachkit.platform.tools import tools


@dataclass(frozen=True, slots=True)
class QueueItem:
    """An attempt that waits for a coach."""

    id: int
    title: str
    learner: str
    official: bool
    submitted_at: datetime
    waiting_days: int
    working_days: int
    begun_by: str
    """A colleague who works on it now, or empty."""
    until: datetime | None
    """Until when it is hers, unless she goes on."""
    mine: bool
    url: str
    second: bool = False
    """She looks as the second coach, blind to the first."""


def _waiting_for(coach_id: int) -> ColumnElement[bool]:
    """Submitted work that is meant for this coach, whatever her licences."""
    hers = select(Coaching.learner_id).where(Coaching.coach_id == coach_id, Coaching.until.is_(None))
    official = Attempt.kind == OFFICIAL
    return and_(
        Attempt.submitted_at.is_not(None),
        Attempt.revealed_at.is_(None),
        Attempt.withdrawn_at.is_(None),
        Attempt.learner_id != coach_id,
        or_(
            and_(official, Attempt.coach_id.is_(None), Attempt.learner_id.in_(hers)),
            and_(official, Attempt.coach_id == coach_id),
            and_(~official, Attempt.coach_id == coach_id, Attempt.learner_id.in_(hers)),
        ),
        Attempt.id.not_in(select(SecondLook.attempt_id).where(SecondLook.coach_id == coach_id, _not_lapsed())),
        Attempt.id.not_in(select(RatingSheet.attempt_id).where(RatingSheet.kind == "coach", _locked())),
    )


def waiting_rows(session: Session, coach_id: int) -> tuple[tuple[Attempt, ...], tuple[Attempt, ...]]:
    """What waits for this coach, longest first; and, apart from it, what her licences do not cover."""
    rows = sorted(
        session.scalars(select(Attempt).where(_waiting_for(coach_id))),
        key=lambda row: place(coach_id, (row.submitted_at or row.created_at).date(), row.id),
    )
    hers = {attempt_id for attempt_id, _coach in covered(session, rows, [coach_id])}
    return tuple(row for row in rows if row.id in hers), tuple(row for row in rows if row.id not in hers)


def _not_lapsed() -> ColumnElement[bool]:
    return SecondLook.lapsed_at.is_(None)


def _locked() -> ColumnElement[bool]:
    return RatingSheet.locked_at.is_not(None)


def _second_looks(session: Session, library_of: LibraryOf, coach_id: int, now: datetime) -> list[QueueItem]:
    """What waits for her as the second coach."""
    rated = select(RatingSheet.attempt_id).where(RatingSheet.kind == "second")
    asked = session.execute(
        select(Attempt, SecondLook)
        .join(SecondLook, SecondLook.attempt_id == Attempt.id)
        .where(
            SecondLook.coach_id == coach_id,
            _not_lapsed(),
            Attempt.submitted_at.is_not(None),
            Attempt.revealed_at.is_(None),
            Attempt.withdrawn_at.is_(None),
            Attempt.id.not_in(rated.where(_locked())),
        )
    ).all()
    hers = {attempt_id for attempt_id, _coach in covered(session, [attempt for attempt, _look in asked], [coach_id])}
    rows = [(attempt, look) for attempt, look in asked if attempt.id in hers]
    begun = set(session.scalars(rated.where(RatingSheet.rater_id == coach_id)))
    known = names(session, (attempt.learner_id for attempt, _look in rows))
    return [
        QueueItem(
            attempt.id,
            title_of(attempt, library_of(attempt.library_version).scenario(attempt.scenario_id)),
            known.get(attempt.learner_id, ""),
            official=True,
            submitted_at=look.asked_at,
            waiting_days=(now - look.asked_at).days,
            working_days=waited(look.asked_at.date(), now.date(), tools().settings.holidays),
            begun_by="",
            until=None,
            mine=attempt.id in begun,
            url=f"/feedback/{attempt.id}/second",
            second=True,
        )
        for attempt, look in rows
    ]


def queue_of(session: Session, library_of: LibraryOf, coach_id: int, now: datetime) -> tuple[QueueItem, ...]:
    """What waits for this coach and may be rated by her, the longest waiting first."""
    rows, _unlicensed = waiting_rows(session, coach_id)
    claims = held(session, [row.id for row in rows], now)
    drafts = set(
        session.scalars(
            select(RatingSheet.attempt_id).where(
                RatingSheet.attempt_id.in_([row.id for row in rows]),
                RatingSheet.kind == "coach",
                RatingSheet.rater_id == coach_id,
            )
        )
    )
    known = names(session, [*(row.learner_id for row in rows), *(claim.coach_id for claim in claims.values())])
    items = []
    for row in rows:
        at, claim = row.submitted_at or row.created_at, claims.get(row.id)
        other = claim if claim and claim.coach_id != coach_id else None
        if claim and not other and claim.sends_at:
            continue
        scenario = library_of(row.library_version).scenario(row.scenario_id)
        items.append(
            QueueItem(
                row.id,
                title_of(row, scenario),
                known.get(row.learner_id, ""),
                row.kind == OFFICIAL,
                at,
                (now - at).days,
                waited(at.date(), now.date(), tools().settings.holidays),
                known.get(other.coach_id, "A colleague") if other else "",
                other.until if other else None,
                mine=not other and (claim is not None or row.id in drafts),
                url=f"/feedback/{row.id}",
            )
        )
    items += _second_looks(session, library_of, coach_id, now)
    return tuple(sorted(items, key=lambda item: place(coach_id, item.submitted_at.date(), item.id)))
