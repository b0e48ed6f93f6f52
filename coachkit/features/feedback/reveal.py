"""Both views of one attempt, once both are locked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.assessment.compare import Pair, order, summary
from coachkit.domain.assessment.scale import Level
from coachkit.domain.assessment.sheet import Line
from coachkit.domain.content.model import Library
from coachkit.features.accounts.queries import names
from coachkit.features.feedback.models import LearnerAnswer
from coachkit.features.feedback.queries import PlanView, note_of, plans_of
from coachkit.features.feedback.service import PartText
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.queries import lines_of, title_of
from coachkit.features.practice.service import OFFICIAL, sheet_of


@dataclass(frozen=True, slots=True)
class RevealRow:
    """One criterion, seen twice."""

    criterion_id: str
    name: str
    own: Level
    predicted: Level
    coach: Level
    max_level: int
    own_evidence: str
    coach_evidence: str
    verdict: str


@dataclass(frozen=True, slots=True)
class NoteView:
    """A released note."""

    coach: str
    released_at: datetime
    keep: PartText | None
    change: PartText | None


@dataclass(frozen=True, slots=True)
class AnswerView:
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RevealPage:
    """Both views of one attempt, side by side."""

    id: int
    version: int
    title: str
    scenario_id: str
    official: bool
    revealed_at: datetime
    learner: str
    learner_id: int
    coach: str
    summary: str
    same: tuple[RevealRow, ...]
    largest: tuple[RevealRow, ...]
    rest: tuple[RevealRow, ...]
    guessed: bool
    evidence: str
    note: NoteView | None
    answer: AnswerView | None
    plans: tuple[PlanView, ...]
    critical_moment: str


def reveal_page(session: Session, library: Library, attempt: Attempt, *, viewer_is_learner: bool) -> RevealPage | None:
    """Both views, once both are locked; None before."""
    own_sheet, coach_sheet = sheet_of(session, attempt.id, "self"), sheet_of(session, attempt.id, "coach")
    locked = own_sheet and coach_sheet and own_sheet.locked_at and coach_sheet.locked_at and attempt.revealed_at
    if not locked or own_sheet is None or coach_sheet is None or attempt.revealed_at is None:
        return None
    scenario = library.scenario(attempt.scenario_id)
    own, coach = lines_of(session, own_sheet.id), lines_of(session, coach_sheet.id)
    known = names(session, [attempt.learner_id, coach_sheet.rater_id])
    learner, rater = (
        known.get(attempt.learner_id, ""),
        known.get(coach_sheet.rater_id or 0, "A coach who has left"),
    )
    pairs = [
        Pair(c, own.get(c, Line()).level, own.get(c, Line()).predicted, coach.get(c, Line()).level)
        for c in scenario.criteria
    ]

    def row(pair: Pair) -> RevealRow:
        return RevealRow(
            pair.criterion_id,
            library.criterion(pair.criterion_id).name,
            pair.own,
            pair.predicted,
            pair.coach,
            scenario.max_level(pair.criterion_id),
            own[pair.criterion_id].evidence,
            coach[pair.criterion_id].evidence,
            pair.verdict("You" if viewer_is_learner else learner, rater if viewer_is_learner else "You"),
        )

    parts = order(pairs)
    note, texts = note_of(session, attempt.id)
    answer = session.scalars(select(LearnerAnswer).where(LearnerAnswer.attempt_id == attempt.id)).one_or_none()
    return RevealPage(
        id=attempt.id,
        version=attempt.version,
        title=title_of(attempt, scenario),
        scenario_id=scenario.id,
        official=attempt.kind == OFFICIAL,
        revealed_at=attempt.revealed_at,
        learner=learner,
        learner_id=attempt.learner_id,
        coach=rater,
        summary=summary(pairs),
        same=tuple(map(row, parts.same)),
        largest=tuple(map(row, parts.largest)),
        rest=tuple(map(row, parts.rest)),
        guessed=any(pair.predicted.given for pair in pairs),
        evidence=attempt.evidence,
        note=NoteView(rater, note.released_at, texts.get("keep"), texts.get("change"))
        if note and note.released_at
        else None,
        answer=AnswerView(answer.text, answer.at) if answer else None,
        plans=plans_of(session, attempt.learner_id, attempt_id=attempt.id),
        critical_moment=scenario.critical_moment,
    )
