"""The field log for its learner, for a coach, and for the learner's own report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from coachkit.features.feedback.field_log.models import FieldEntry
from coachkit.features.feedback.models import Plan
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.service import OFFICIAL


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry."""

    id: int
    on: date
    situation: str
    act: str
    effect: str
    witness: str
    plan: str
    """«If …, then I will …», or empty."""


def _views(session: Session, rows: Iterable[FieldEntry]) -> tuple[EntryView, ...]:
    rows = list(rows)
    plans = {
        plan.id: plan
        for plan in session.scalars(select(Plan).where(Plan.id.in_({row.plan_id for row in rows} - {None})))
    }

    def words(plan: Plan | None) -> str:
        return f"If {plan.cue}, then I will {plan.act}" if plan else ""

    return tuple(
        EntryView(row.id, row.on, row.situation, row.act, row.effect, row.witness, words(plans.get(row.plan_id or 0)))
        for row in rows
    )


def _of(learner_id: int) -> Select[FieldEntry]:
    """A learner's entries with the attempt whose plan each carries out, newest first."""
    return (
        select(FieldEntry)
        .outerjoin(Plan, Plan.id == FieldEntry.plan_id)
        .outerjoin(Attempt, Attempt.id == Plan.attempt_id)
        .where(FieldEntry.person_id == learner_id)
        .order_by(FieldEntry.on.desc(), FieldEntry.id.desc())
    )


def entries_of(session: Session, learner_id: int, *, with_practice: bool) -> tuple[EntryView, ...]:
    """A learner's entries. Those that carry out a plan from practice are for his own pages only."""
    query = _of(learner_id)
    if not with_practice:
        query = query.where(or_(FieldEntry.plan_id.is_(None), Attempt.kind == OFFICIAL))
    return _views(session, session.scalars(query))


def entries_for_coach(session: Session, learner_id: int, coach_id: int) -> tuple[EntryView, ...]:
    """What a coach reads: all but what comes from practice to which she was not invited."""
    hers = or_(FieldEntry.plan_id.is_(None), Attempt.kind == OFFICIAL, Attempt.coach_id == coach_id)
    return _views(session, session.scalars(_of(learner_id).where(hers)))
