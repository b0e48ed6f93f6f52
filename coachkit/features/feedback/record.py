"""A coach's learners, and what she sees of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library
from coachkit.features.accounts.queries import PersonView, learner_ids_of, person_view
from coachkit.features.feedback.queries import PlanView, ReleasedNote, notes_of, plans_of
from coachkit.features.feedback.waiting import waiting_rows
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.queries import AttemptCard, LibraryOf, Observed, observed
from coachkit.features.practice.service import OFFICIAL


@dataclass(frozen=True, slots=True)
class LearnerCard:
    """A learner in his coach's list."""

    id: int
    name: str
    unit: str
    turn: str
    waiting: int
    last_contact: datetime | None
    attempts: int
    next_plan: PlanView | None


def my_learners(session: Session, coach_id: int) -> tuple[LearnerCard, ...]:
    """A coach's learners, by name."""
    cards = []
    hers = [row.learner_id for row in waiting_rows(session, coach_id)[0] if row.official]
    for learner_id in learner_ids_of(session, coach_id):
        person = person_view(session, learner_id)
        if person is None:
            continue
        mine = and_(Attempt.learner_id == learner_id, Attempt.withdrawn_at.is_(None), Attempt.kind == OFFICIAL)
        waiting = hers.count(learner_id)
        revealed, last = session.execute(
            select(func.count(Attempt.id), func.max(Attempt.revealed_at)).where(mine, Attempt.revealed_at.is_not(None))
        ).one()
        plans = [plan for plan in plans_of(session, learner_id, official_only=True) if plan.closed_at is None]
        cards.append(
            LearnerCard(
                person.id,
                person.name,
                person.unit,
                "Your turn" if waiting else "Learner's turn",
                waiting,
                last,
                revealed,
                plans[0] if plans else None,
            )
        )
    return tuple(sorted(cards, key=lambda card: card.name.lower()))


@dataclass(frozen=True, slots=True)
class CriterionHistory:
    """One criterion over a learner's official attempts, oldest first."""

    name: str
    skill: str
    rows: tuple[Observed, ...]


@dataclass(frozen=True, slots=True)
class LearnerRecord:
    """What a coach sees of one learner: official attempts, notes and plans."""

    person: PersonView
    history: tuple[CriterionHistory, ...]
    notes: tuple[ReleasedNote, ...]
    plans: tuple[PlanView, ...]
    attempts: tuple[AttemptCard, ...]


def history_of(library: Library, rows: tuple[Observed, ...]) -> tuple[CriterionHistory, ...]:
    """Observations by criterion, in the framework's order; no mean, no trend."""
    found: dict[str, list[Observed]] = {}
    for row in rows:
        found.setdefault(row.criterion_id, []).append(row)
    ordered = [criterion for criterion in library.criteria if criterion.id in found]
    return tuple(
        CriterionHistory(criterion.name, library.skill_of(criterion.id).name, tuple(found[criterion.id]))
        for criterion in ordered
    )


def learner_record(session: Session, library: Library, library_of: LibraryOf, learner_id: int) -> LearnerRecord | None:
    """A learner's official work, for his coach."""
    person = person_view(session, learner_id)
    if person is None:
        return None
    rows = observed(session, library_of, [learner_id])[learner_id]
    return LearnerRecord(
        person,
        history_of(library, rows),
        notes_of(session, library_of, learner_id),
        plans_of(session, learner_id, official_only=True),
        (),
    )
