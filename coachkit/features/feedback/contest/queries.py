"""What is contested and what came of it: for the people concerned, and for every room that shows results to others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.assessment.scale import Level
from coachkit.features.feedback.contest.models import Contest
from coachkit.features.feedback.contest.service import CHANGED, KEPT, NOTE, RATING, REMOVED, SENTENCE, is_open
from coachkit.features.practice.queries import LibraryOf, Observed, observed

Item = tuple[int, str]
"""An attempt, and a criterion or half of a note."""


@dataclass(frozen=True, slots=True)
class Change:
    """What stands in place of a contested rating now."""

    level: Level
    evidence: str


@dataclass(frozen=True, slots=True)
class Contested:
    """What these people contest, as others may know it: what is withheld, and what stands changed."""

    ratings: frozenset[Item]
    """Open, or removed: others do not see them."""
    notes: frozenset[Item]
    skills: frozenset[Item]
    """A person and a skill about which a sentence is contested."""
    changed: Mapping[Item, Change]
    since: Mapping[int, datetime]
    """Per person, when something was last contested, decided or taken back."""

    def hides(self, person_id: int, attempt_id: int, criterion_id: str, skill_id: str) -> bool:
        """Whether others may not see this rating."""
        return (attempt_id, criterion_id) in self.ratings or (person_id, skill_id) in self.skills


def contested_items(session: Session, person_ids: Iterable[int] | None) -> Contested:
    """THE question that every room asks before it shows results to somebody else. None asks about everybody."""
    query = select(Contest)
    if person_ids is not None:
        query = query.where(Contest.person_id.in_(sorted(set(person_ids))))
    hidden: dict[str, set[Item]] = {RATING: set(), NOTE: set(), SENTENCE: set()}
    changed: dict[Item, Change] = {}
    since: dict[int, datetime] = {}
    for row in session.scalars(query):
        last = max(moment for moment in (row.opened_at, row.decided_at, row.withdrawn_at) if moment is not None)
        since[row.person_id] = max(last, since.get(row.person_id, last))
        item = (row.attempt_id or row.person_id, row.item)
        if is_open(row) or row.outcome == REMOVED:
            hidden[row.kind].add(item)
        elif row.outcome == CHANGED and row.kind == RATING:
            changed[item] = Change(Level(row.level, row.not_observed), row.wording)
        elif row.outcome == CHANGED and row.kind == NOTE:  # the new wording stands on the page of both views
            hidden[NOTE].add(item)
    return Contested(frozenset(hidden[RATING]), frozenset(hidden[NOTE]), frozenset(hidden[SENTENCE]), changed, since)


def observed_by_others(
    session: Session, library_of: LibraryOf, person_ids: list[int]
) -> dict[int, tuple[Observed, ...]]:
    """Official observations as anybody but the two may see them: nothing that is contested or was removed."""
    contested = contested_items(session, person_ids)
    return {
        person_id: tuple(
            _as_it_stands(row, contested)
            for row in rows
            if not contested.hides(person_id, row.attempt_id, row.criterion_id, _skill(library_of, row))
        )
        for person_id, rows in observed(session, library_of, person_ids).items()
    }


def _skill(library_of: LibraryOf, row: Observed) -> str:
    return library_of(row.library_version).criterion(row.criterion_id).skill


def _as_it_stands(row: Observed, contested: Contested) -> Observed:
    change = contested.changed.get((row.attempt_id, row.criterion_id))
    if change is None:
        return row
    return replace(
        row,
        coach=change.level,
        coach_evidence=change.evidence,
        coach_name=f"{row.coach_name}; changed after a second look",
    )


def stands_since(session: Session, person_id: int, frozen_at: datetime) -> bool:
    """Whether everything in a paper about this person, frozen then, still stands: nothing in it is contested now,
    was changed or was removed. A paper made while something is contested does not hold it.
    """
    rows = session.scalars(
        select(Contest).where(
            Contest.person_id == person_id, Contest.opened_at >= frozen_at, Contest.withdrawn_at.is_(None)
        )
    )
    return all(row.outcome == KEPT for row in rows)


@dataclass(frozen=True, slots=True)
class ContestView:
    """One contest, for the learner and his coaches."""

    id: int
    attempt_id: int | None
    kind: str
    item: str
    sentence: str
    text: str
    evidence: str
    opened_at: datetime
    due_at: datetime
    outcome: str
    level: Level
    wording: str
    reasons: str
    decided_at: datetime | None
    outside: bool
    """Whoever looked was asked from outside, and holds no licence."""

    @property
    def open(self) -> bool:
        return self.decided_at is None


def _view(row: Contest) -> ContestView:
    return ContestView(
        row.id,
        row.attempt_id,
        row.kind,
        row.item,
        row.sentence,
        row.text,
        row.evidence,
        row.opened_at,
        row.due_at,
        row.outcome or "",
        Level(row.level, row.not_observed),
        row.wording,
        row.reasons,
        row.decided_at,
        bool(row.outsider),
    )


def contests_of(session: Session, person_id: int, *, attempt_id: int | None = None) -> tuple[ContestView, ...]:
    """What a learner has contested and not taken back, newest first."""
    query = select(Contest).where(Contest.person_id == person_id, Contest.withdrawn_at.is_(None))
    if attempt_id is not None:
        query = query.where(Contest.attempt_id == attempt_id)
    return tuple(map(_view, session.scalars(query.order_by(Contest.opened_at.desc(), Contest.id.desc()))))
