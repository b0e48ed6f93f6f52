"""The coach's queue and workspace, the reveal, and what others may read of feedback."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from coachkit.domain.assessment.compare import Pair, order, summary
from coachkit.domain.assessment.scale import Level
from coachkit.domain.assessment.sheet import Line, Sheet
from coachkit.domain.content.model import Library, RichText, Scenario
from coachkit.features.accounts.models import Coaching
from coachkit.features.accounts.queries import (
    PersonView,
    learner_ids_of,
    names,
    person_view,
    with_role,
)
from coachkit.features.feedback.models import FeedbackNote, LearnerAnswer, NotePart, Plan
from coachkit.features.feedback.service import PARTS, Note, PartText
from coachkit.features.practice.models import Attempt, RatingSheet
from coachkit.features.practice.queries import (
    AttemptCard,
    CriterionView,
    LibraryOf,
    Observed,
    criteria_of,
    lines_of,
    observed,
    receipt_of,
    title_of,
)
from coachkit.features.practice.service import OFFICIAL, sheet_of
from coachkit.platform.policy import Role


@dataclass(frozen=True, slots=True)
class QueueItem:
    """An attempt that waits for a coach."""

    id: int
    title: str
    learner: str
    official: bool
    submitted_at: datetime
    waiting_days: int
    begun_by: str
    mine: bool


def _waiting_for(coach_id: int) -> object:
    hers = select(Coaching.learner_id).where(Coaching.coach_id == coach_id, Coaching.until.is_(None))
    return and_(
        Attempt.submitted_at.is_not(None),
        Attempt.revealed_at.is_(None),
        Attempt.withdrawn_at.is_(None),
        Attempt.learner_id.in_(hers),
        Attempt.learner_id != coach_id,
        or_(Attempt.kind == OFFICIAL, Attempt.coach_id == coach_id),
    )


def queue_of(session: Session, library_of: LibraryOf, coach_id: int, now: datetime) -> tuple[QueueItem, ...]:
    """What waits for this coach, longest first."""
    rows = list(
        session.scalars(
            select(Attempt).where(_waiting_for(coach_id)).order_by(Attempt.submitted_at, Attempt.id)  # type: ignore[arg-type]
        )
    )
    begun = dict(
        session.execute(
            select(RatingSheet.attempt_id, RatingSheet.rater_id).where(
                RatingSheet.attempt_id.in_([row.id for row in rows]), RatingSheet.kind == "coach"
            )
        ).all()
    )
    known = names(session, [*(row.learner_id for row in rows), *begun.values()])
    items = []
    for row in rows:
        at = row.submitted_at or row.created_at
        rater = begun.get(row.id)
        scenario = library_of(row.library_version).scenario(row.scenario_id)
        items.append(
            QueueItem(
                row.id,
                title_of(row, scenario),
                known.get(row.learner_id, ""),
                row.kind == OFFICIAL,
                at,
                (now - at).days,
                known.get(rater or 0, "") if rater else "",
                rater == coach_id,
            )
        )
    return tuple(items)


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """The coach's workspace. It holds nothing of the learner's own rating."""

    id: int
    title: str
    learner: str
    learner_id: int
    official: bool
    submitted_at: datetime
    played_on: date | None
    partner_name: str
    evidence: str
    receipt: str
    scenario: Scenario
    brief: RichText
    partner_brief: RichText
    criteria: tuple[CriterionView, ...]
    lines: Sheet
    note: Note
    version: int
    begun_by: str
    """A colleague who has begun, or empty."""
    queue: tuple[QueueItem, ...]
    last_advice: str
    """The next try of the latest released note to this learner."""


def note_of(session: Session, attempt_id: int) -> tuple[FeedbackNote | None, dict[str, PartText]]:
    """A note and its parts."""
    row = session.scalars(select(FeedbackNote).where(FeedbackNote.attempt_id == attempt_id)).one_or_none()
    if row is None:
        return None, {}
    parts = session.scalars(select(NotePart).where(NotePart.note_id == row.id))
    return row, {part.kind: PartText(**{name: getattr(part, name) for name in PARTS}) for part in parts}


def review_page(
    session: Session, library: Library, library_of: LibraryOf, attempt: Attempt, coach_id: int, now: datetime
) -> ReviewPage:
    """Everything a coach needs to rate this attempt blind."""
    scenario = library.scenario(attempt.scenario_id)
    form = scenario.parallel_form if attempt.parallel else scenario
    sheet = sheet_of(session, attempt.id, "coach")
    mine = sheet is not None and sheet.rater_id == coach_id
    _row, parts = note_of(session, attempt.id) if mine else (None, {})
    known = names(session, [attempt.learner_id, sheet.rater_id if sheet else None])
    return ReviewPage(
        id=attempt.id,
        title=title_of(attempt, scenario),
        learner=known.get(attempt.learner_id, ""),
        learner_id=attempt.learner_id,
        official=attempt.kind == OFFICIAL,
        submitted_at=attempt.submitted_at or attempt.created_at,
        played_on=attempt.played_on,
        partner_name=attempt.partner_name,
        evidence=attempt.evidence,
        receipt=receipt_of(attempt),
        scenario=scenario,
        brief=form.learner_brief,
        partner_brief=form.partner_brief,
        criteria=criteria_of(library, scenario),
        lines=lines_of(session, sheet.id) if sheet and mine else {},
        note=parts,
        version=sheet.version if sheet and mine else 0,
        begun_by=known.get(sheet.rater_id or 0, "A colleague") if sheet and not mine else "",
        queue=queue_of(session, library_of, coach_id, now),
        last_advice=_last_advice(session, attempt),
    )


def _last_advice(session: Session, attempt: Attempt) -> str:
    query = (
        select(NotePart.next_try)
        .join(FeedbackNote, FeedbackNote.id == NotePart.note_id)
        .join(Attempt, Attempt.id == FeedbackNote.attempt_id)
        .where(
            Attempt.learner_id == attempt.learner_id,
            Attempt.kind == OFFICIAL,
            FeedbackNote.released_at.is_not(None),
            NotePart.kind == "change",
            Attempt.id != attempt.id,
        )
        .order_by(FeedbackNote.released_at.desc())
        .limit(1)
    )
    return session.scalar(query) or ""


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
class PlanView:
    id: int
    attempt_id: int
    cue: str
    act: str
    due_on: date
    witness: str
    created_at: datetime
    outcome: str
    closed_at: datetime | None


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


def plans_of(
    session: Session, person_id: int, *, attempt_id: int | None = None, official_only: bool = False
) -> tuple[PlanView, ...]:
    """A learner's plans, the next due first. Those from practice are his and his invited coach's alone."""
    query = select(Plan).where(Plan.person_id == person_id)
    if official_only:
        query = query.join(Attempt, Attempt.id == Plan.attempt_id).where(Attempt.kind == OFFICIAL)
    if attempt_id is not None:
        query = query.where(Plan.attempt_id == attempt_id)
    rows = session.scalars(query.order_by(Plan.closed_at.is_not(None), Plan.due_on, Plan.id))
    return tuple(
        PlanView(p.id, p.attempt_id, p.cue, p.act, p.due_on, p.witness, p.created_at, p.outcome, p.closed_at)
        for p in rows
    )


@dataclass(frozen=True, slots=True)
class ReleasedNote:
    """A released note with what it was about."""

    attempt_id: int
    title: str
    official: bool
    coach: str
    released_at: datetime
    keep: PartText | None
    change: PartText | None
    answer: str


def notes_of(
    session: Session, library_of: LibraryOf, learner_id: int, *, official_only: bool = True
) -> tuple[ReleasedNote, ...]:
    """Released notes to a learner, newest first."""
    query = (
        select(FeedbackNote, Attempt)
        .join(Attempt, Attempt.id == FeedbackNote.attempt_id)
        .where(
            Attempt.learner_id == learner_id,
            FeedbackNote.released_at.is_not(None),
            Attempt.withdrawn_at.is_(None),
        )
        .order_by(FeedbackNote.released_at.desc(), FeedbackNote.id.desc())
    )
    if official_only:
        query = query.where(Attempt.kind == OFFICIAL)
    rows = session.execute(query).all()
    known = names(session, (note.coach_id for note, _attempt in rows))
    found = []
    for note, attempt in rows:
        _row, parts = note_of(session, attempt.id)
        answer = session.scalar(select(LearnerAnswer.text).where(LearnerAnswer.attempt_id == attempt.id))
        title = title_of(attempt, library_of(attempt.library_version).scenario(attempt.scenario_id))
        found.append(
            ReleasedNote(
                attempt.id,
                title,
                attempt.kind == OFFICIAL,
                known.get(note.coach_id or 0, "A coach who has left"),
                note.released_at or note.saved_at,
                parts.get("keep"),
                parts.get("change"),
                answer or "",
            )
        )
    return tuple(found)


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
    for learner_id in learner_ids_of(session, coach_id):
        person = person_view(session, learner_id)
        if person is None:
            continue
        mine = and_(Attempt.learner_id == learner_id, Attempt.withdrawn_at.is_(None), Attempt.kind == OFFICIAL)
        waiting = session.scalar(
            select(func.count())
            .select_from(Attempt)
            .where(mine, Attempt.submitted_at.is_not(None), Attempt.revealed_at.is_(None))
        )
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
                waiting or 0,
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


@dataclass(frozen=True, slots=True)
class CoachLoad:
    """How much waits for one coach; nothing about what."""

    name: str
    learners: int
    waiting: int
    longest_days: int | None


def coach_loads(session: Session, now: datetime) -> tuple[CoachLoad, ...]:
    """Per coach, by name: how many learners, how many official attempts wait, and how long the oldest has waited."""
    loads = []
    for coach in with_role(session, Role.COACH):
        waiting = and_(_waiting_for(coach.id), Attempt.kind == OFFICIAL)  # type: ignore[arg-type]
        count, oldest = session.execute(
            select(func.count(Attempt.id), func.min(Attempt.submitted_at)).where(waiting)
        ).one()
        learners = len(learner_ids_of(session, coach.id))
        loads.append(CoachLoad(coach.name, learners, count, (now - oldest).days if oldest else None))
    return tuple(loads)
