"""What a sponsor sees: plans, hours and dates, as far as the learner shares them. Nothing else is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from coachkit.features.accounts.queries import names
from coachkit.features.feedback.queries import PlanView, plans_of
from coachkit.features.feedback.sponsor.models import Sponsor


@dataclass(frozen=True, slots=True)
class Shared:
    """The sponsor's page about one learner."""

    learner: str
    learner_id: int
    sponsor: str
    plans: tuple[PlanView, ...]
    shows_plans: bool
    hours: str
    dates: str
    until: datetime

    @property
    def anything(self) -> bool:
        return bool(self.shows_plans or self.hours or self.dates)


def shared(session: Session, row: Sponsor) -> Shared:
    """Exactly what the page shows; the learner's preview is the same object. Plans from practice are never in it."""
    plans = plans_of(session, row.learner_id, official_only=True) if row.shows_plans else ()
    return Shared(
        learner=names(session, [row.learner_id]).get(row.learner_id, ""),
        learner_id=row.learner_id,
        sponsor=row.name,
        plans=tuple(plan for plan in plans if plan.closed_at is None),
        shows_plans=row.shows_plans,
        hours=row.hours,
        dates=row.dates,
        until=row.expires_at,
    )
