"""Both views of one attempt, once both are locked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.assessment.compare import Pair, order, summary
from coachkit.domain.assessment.scale import Level
from coachkit.domain.assessment.sheet import Line
from coachkit.domain.content.model import Library
from coachkit.features.accounts.queries import coach_ids_of, names
from coachkit.features.feedback.changing import ChangeView, changes_of
from coachkit.features.feedback.comments.queries import CommentView, comments_of
from coachkit.features.feedback.contest.queries import ContestView, contests_of
from coachkit.features.feedback.contest.service import WINDOW
from coachkit.features.feedback.models import Agreement, LearnerAnswer
from coachkit.features.feedback.queries import PlanView, note_of, plans_of
from coachkit.features.feedback.second import AGREED, agreed_lines
from coachkit.features.feedback.service import PartText
from coachkit.features.practice.models import Attempt, RatingSheet
from coachkit.features.practice.partner.queries import Said, said
from coachkit.features.practice.queries import LEFT, lines_of, title_of
from coachkit.features.practice.retry.queries import RetryView, retries_of
from coachkit.features.practice.service import OFFICIAL, sheet_of
from coachkit.platform import clock


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
    second: Level | None = None
    """What a second coach saw without knowing the first's view."""
    second_evidence: str = ""
    agreed: Level | None = None
    agreed_evidence: str = ""
    contest: ContestView | None = None
    changes: tuple[ChangeView, ...] = ()


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
class AgreementView:
    """Where two coaches owe, or have written, an agreed sheet."""

    criteria: tuple[str, ...]
    asked_at: datetime
    written_by: str
    written_at: datetime | None
    answered_by: str
    answered_at: datetime | None
    dissent: str


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
    second: str
    """The second coach, or empty."""
    viewer: str
    may_contest: bool
    contests: Mapping[str, ContestView]
    """By criterion or half of the note."""
    agreement: AgreementView | None
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
    partner_said: tuple[Said, ...]
    retries: tuple[RetryView, ...]
    comments: tuple[CommentView, ...]


LEARNER, FIRST, SECOND, OTHER = "learner", "first", "second", "other"
"""Who looks: the learner, whoever rated first or second, or another coach of the learner."""


def reveal_page(session: Session, library: Library, attempt: Attempt, viewer_id: int) -> RevealPage | None:
    """All views, once all are locked; None before. A second coach reads ratings, not what is between the other two."""
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
    second_sheet = sheet_of(session, attempt.id, "second")
    if second_sheet is not None and second_sheet.locked_at is None:
        second_sheet = None
    second = lines_of(session, second_sheet.id) if second_sheet else {}
    agreed = agreed_lines(session, attempt.id)
    talks = viewer_id == attempt.learner_id or viewer_id in coach_ids_of(session, attempt.learner_id)
    contests = _contests(session, attempt) if talks else {}
    changes = changes_of(session, attempt.id)
    viewer = _viewer(attempt, coach_sheet, second_sheet, viewer_id)
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
            pair.verdict("You" if viewer == LEARNER else learner, "You" if viewer == FIRST else rater),
            second[pair.criterion_id].level if pair.criterion_id in second else None,
            second[pair.criterion_id].evidence if pair.criterion_id in second else "",
            agreed[pair.criterion_id].level if pair.criterion_id in agreed else None,
            agreed[pair.criterion_id].evidence if pair.criterion_id in agreed else "",
            contests.get(pair.criterion_id),
            changes.get(pair.criterion_id, ()),
        )

    parts = order(pairs)
    note, texts = note_of(session, attempt.id) if talks else (None, {})
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
        second=names(session, [second_sheet.rater_id]).get(second_sheet.rater_id or 0, LEFT) if second_sheet else "",
        viewer=viewer,
        may_contest=viewer == LEARNER and attempt.kind == OFFICIAL and clock.now() <= attempt.revealed_at + WINDOW,
        contests=contests,
        agreement=_agreement(session, library, attempt.id),
        summary=summary(pairs),
        same=tuple(map(row, parts.same)),
        largest=tuple(map(row, parts.largest)),
        rest=tuple(map(row, parts.rest)),
        guessed=any(pair.predicted.given for pair in pairs),
        evidence=attempt.evidence,
        note=NoteView(rater, note.released_at, texts.get("keep"), texts.get("change"))
        if note and note.released_at
        else None,
        answer=AnswerView(answer.text, answer.at) if answer and talks else None,
        plans=plans_of(session, attempt.learner_id, attempt_id=attempt.id) if talks else (),
        critical_moment=scenario.critical_moment,
        partner_said=said(session, attempt) if talks else (),
        retries=retries_of(session, library, attempt) if talks else (),
        comments=comments_of(session, library, attempt) if talks else (),
    )


def _contests(session: Session, attempt: Attempt) -> dict[str, ContestView]:
    return {view.item: view for view in contests_of(session, attempt.learner_id, attempt_id=attempt.id)}


def _viewer(attempt: Attempt, first: RatingSheet, second: RatingSheet | None, viewer_id: int) -> str:
    if viewer_id == attempt.learner_id:
        return LEARNER
    if viewer_id == first.rater_id:
        return FIRST
    return SECOND if second is not None and second.rater_id == viewer_id else OTHER


def _agreement(session: Session, library: Library, attempt_id: int) -> AgreementView | None:
    row = session.get(Agreement, attempt_id)
    if row is None:
        return None
    sheet = sheet_of(session, attempt_id, AGREED)
    known = names(session, [row.answered_by, sheet.rater_id if sheet else None])
    return AgreementView(
        criteria=tuple(library.criterion(criterion_id).name for criterion_id in row.criteria),
        asked_at=row.asked_at,
        written_by=known.get(sheet.rater_id or 0, LEFT) if sheet else "",
        written_at=sheet.saved_at if sheet else None,
        answered_by=known.get(row.answered_by or 0, LEFT) if row.answered_at else "",
        answered_at=row.answered_at,
        dissent=row.dissent,
    )
