"""Re-tries beside their attempt, and first and second tries of the same criterion at the same difficulty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library
from coachkit.domain.decision import tries
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.queries import LibraryOf, Observed, lines_of, observed
from coachkit.features.practice.retry.models import Retry
from coachkit.features.practice.service import SELF, sheet_of


@dataclass(frozen=True, slots=True)
class RetryView:
    """A re-try with the evidence line of the first time."""

    criterion: str
    first_evidence: str
    said: str
    evidence: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Growth:
    """The same criterion at the same difficulty, first in the scenario, then in its parallel form."""

    criterion: str
    skill: str
    first: Observed
    again: Observed

    @property
    def words(self) -> str:
        """The step between the two, and nothing more than that."""
        step = (self.again.coach.value or 0) - (self.first.coach.value or 0)
        if step == 0:
            return "the same level"
        levels = "one level" if abs(step) == 1 else f"{abs(step)} levels"
        if step > 0:
            return f"{levels} higher or more" if self.again.capped else f"{levels} higher"
        return f"{levels} lower or more" if self.first.capped else f"{levels} lower"


def retries_of(session: Session, library: Library, attempt: Attempt) -> tuple[RetryView, ...]:
    """All re-tries of an attempt, oldest first. For its learner and whoever may read the attempt."""
    sheet = sheet_of(session, attempt.id, SELF)
    first = lines_of(session, sheet.id) if sheet else {}
    rows = session.scalars(select(Retry).where(Retry.attempt_id == attempt.id).order_by(Retry.id))
    return tuple(
        RetryView(
            library.criterion(row.criterion_id).name,
            first[row.criterion_id].evidence if row.criterion_id in first else "",
            row.said,
            row.evidence,
            row.at,
        )
        for row in rows
    )


def growth_of(
    session: Session, library: Library, library_of: LibraryOf, learner_id: int, *, official_only: bool
) -> tuple[Growth, ...]:
    """First and second tries, newest first. With practice only for the learner himself."""
    rows = observed(session, library_of, [learner_id], official_only=official_only)[learner_id]
    known = {criterion.id: criterion for criterion in library.criteria}
    return tuple(
        Growth(known[again.criterion_id].name, library.skill_of(again.criterion_id).name, first, again)
        for first, again in tries.pairs(rows)
        if first.difficulty == again.difficulty and again.criterion_id in known
    )
