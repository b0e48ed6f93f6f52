"""A coach's learners, and what she sees of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from coachkit.domain.coaching.again import words
from coachkit.domain.content.model import Library
from coachkit.features.accounts.queries import PersonView, learner_ids_of, person_view
from coachkit.features.feedback.models import LearnerAnswer
from coachkit.features.feedback.queries import PlanView, ReleasedNote, notes_of, plans_of
from coachkit.features.feedback.waiting import waiting_rows
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.queries import AttemptCard, LibraryOf, Observed, observed
from coachkit.features.practice.service import OFFICIAL
from coachkit.platform import clock
from coachkit.platform.templates import counted


@dataclass(frozen=True, slots=True)
class LearnerCard:
    """A learner in his coach's list."""

    id: int
    name: str
    unit: str
    turn: str
    """Whose turn it is, and with what."""
    waiting: int
    last_contact: datetime | None
    attempts: int
    again: str
    """The newest second try beside the first, in words, or empty."""
    next_plan: PlanView | None


def my_learners(session: Session, library_of: LibraryOf, coach_id: int) -> tuple[LearnerCard, ...]:
    """A coach's learners, by name."""
    hers = [row.learner_id for row in waiting_rows(session, coach_id)[0] if row.official]
    learner_ids = learner_ids_of(session, coach_id)
    seen = observed(session, library_of, list(learner_ids))
    cards = [
        _card(session, person, hers.count(learner_id), seen[learner_id])
        for learner_id in learner_ids
        if (person := person_view(session, learner_id)) is not None
    ]
    return tuple(sorted(cards, key=lambda card: card.name.lower()))


def _card(session: Session, person: PersonView, waiting: int, seen: tuple[Observed, ...]) -> LearnerCard:
    mine = and_(Attempt.learner_id == person.id, Attempt.withdrawn_at.is_(None), Attempt.kind == OFFICIAL)
    revealed, sent, shown = session.execute(
        select(func.count(Attempt.revealed_at), func.max(Attempt.submitted_at), func.max(Attempt.revealed_at)).where(
            mine
        )
    ).one()
    answered = session.scalar(
        select(func.max(LearnerAnswer.at)).join(Attempt, Attempt.id == LearnerAnswer.attempt_id).where(mine)
    )
    unanswered = session.scalar(
        select(func.count(Attempt.id))
        .outerjoin(LearnerAnswer, LearnerAnswer.attempt_id == Attempt.id)
        .where(mine, Attempt.revealed_at.is_not(None), LearnerAnswer.id.is_(None))
    )
    plans = [plan for plan in plans_of(session, person.id, official_only=True) if plan.closed_at is None]
    return LearnerCard(
        person.id,
        person.name,
        person.unit,
        _turn(waiting, unanswered or 0, plans, clock.today()),
        waiting,
        max((at for at in (sent, shown, answered) if at), default=None),
        revealed,
        again_words(seen),
        plans[0] if plans else None,
    )


def _turn(waiting: int, unanswered: int, plans: list[PlanView], today: date) -> str:
    if waiting:
        return f"Yours: {counted(waiting, 'attempt')}"
    if unanswered:
        return f"Learner's: answer to {counted(unanswered, 'feedback', 'feedbacks')}"
    if plans and plans[0].due_on < today:
        return "Learner's: what came of the plan"
    return "Learner's: the next attempt"


def again_words(seen: tuple[Observed, ...]) -> str:
    """The newest second try at a scenario beside the first one."""
    tries: dict[str, dict[int, dict[str, int]]] = {}
    for row in sorted(seen, key=lambda row: row.attempt_id):
        levels = tries.setdefault(row.scenario_id, {}).setdefault(row.attempt_id, {})
        if row.coach.value is not None:
            levels[row.criterion_id] = row.coach.value
    again = max((max(of) for of in tries.values() if len(of) > 1), default=0)
    for scenario_id, of in tries.items():
        if again in of:
            found = words(of[min(of)], of[again])
            title = next(row.scenario_title for row in seen if row.scenario_id == scenario_id)
            return f"“{title}”, played again: {found}" if found else ""
    return ""


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
