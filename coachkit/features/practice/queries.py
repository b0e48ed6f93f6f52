"""Attempts as their learner sees them, and what was observed in them once both sides are locked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from coachkit.domain.assessment.licence import Standing, standing
from coachkit.domain.assessment.scale import LEVELS, Level
from coachkit.domain.assessment.second_look import agreed_over
from coachkit.domain.assessment.sheet import Line, Sheet
from coachkit.domain.content.model import Library, RichText, Scenario
from coachkit.features.accounts.queries import coaches_of, names
from coachkit.features.practice.adjustments.service import in_words
from coachkit.features.practice.answering import answerers
from coachkit.features.practice.models import Attempt, AttemptReturn, Rating, RatingChange, RatingSheet, SecondLook
from coachkit.features.practice.partner.queries import Said, said, who_plays
from coachkit.features.practice.second_look import is_awaited
from coachkit.features.practice.service import OFFICIAL

LibraryOf = Callable[[str], Library]
"""A library by its version."""
LEFT = "A coach who has left"
STATES = {
    "prepare": "Your turn: play it and write down what was said",
    "rate": "Your turn: rate yourself",
    "waiting": "With your coach",
    "kept": "Kept for yourself",
    "revealed": "Seen twice",
    "withdrawn": "Withdrawn",
}
CAME_BACK = "It came back: add what is missing, and send it again"


@dataclass(frozen=True, slots=True)
class ReturnView:
    """An attempt came back, not rated."""

    coach: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AttemptCard:
    """An attempt in a list."""

    id: int
    title: str
    scenario_id: str
    official: bool
    state: str
    created_at: datetime
    submitted_at: datetime | None
    revealed_at: datetime | None
    url: str
    returned: ReturnView | None = None
    """Why it came back last, as long as it is not sent again."""

    @property
    def state_words(self) -> str:
        return CAME_BACK if self.returned and self.mine_to_do else STATES[self.state]

    @property
    def mine_to_do(self) -> bool:
        return self.state in {"prepare", "rate"}


@dataclass(frozen=True, slots=True)
class ScenarioCard:
    id: str
    title: str
    summary: str
    difficulty: int
    minutes: int
    criteria: tuple[str, ...]
    tried: int


@dataclass(frozen=True, slots=True)
class PracticePage:
    """What can be played, and what was."""

    attempts: tuple[AttemptCard, ...]
    scenarios: tuple[ScenarioCard, ...]
    coached: bool
    withdrawn: int


@dataclass(frozen=True, slots=True)
class CriterionView:
    """A criterion with its anchors, for a scenario."""

    id: str
    name: str
    status: str
    limit: int
    anchors: tuple[tuple[int, str, str], ...]
    """Level, its name, and what can be seen."""


@dataclass(frozen=True, slots=True)
class ScenarioPage:
    """One scenario before it is started."""

    scenario: Scenario
    world: str
    criteria: tuple[CriterionView, ...]
    coaches: tuple[tuple[int, str], ...]
    attempts: tuple[AttemptCard, ...]


@dataclass(frozen=True, slots=True)
class AttemptPage:
    """One attempt, for its learner."""

    id: int
    version: int
    card: AttemptCard
    scenario: Scenario
    library_version: str
    brief: RichText
    title: str
    focus: tuple[str, ...]
    cue: str
    act: str
    partner_name: str
    played_on: date | None
    evidence: str
    receipt: str
    waiting_for: tuple[str, ...]
    taken_by: str
    """The coach who has begun, or empty."""
    rating_begun: bool
    second: SecondView | None
    """Who looks at it as well, while that is awaited."""
    partner: str
    """Where it stands with whoever plays the other side, in a few words, or empty."""
    partner_said: tuple[Said, ...]
    adjustments: tuple[str, ...]
    watched: bool
    """Whether a coach watched and noted something; her words are sealed."""


@dataclass(frozen=True, slots=True)
class SecondView:
    """A second coach whom the learner waits for."""

    coach: str
    due_at: datetime


def state_of(attempt: Attempt) -> str:
    """Whose turn it is."""
    if attempt.withdrawn_at is not None:
        return "withdrawn"
    if attempt.revealed_at is not None:
        return "revealed"
    if attempt.submitted_at is not None:
        return "waiting" if attempt.kind == OFFICIAL or attempt.coach_id else "kept"
    return "rate" if attempt.has_evidence else "prepare"


def title_of(attempt: Attempt, scenario: Scenario) -> str:
    """The scenario's title, or its parallel form's."""
    return scenario.parallel_form.title if attempt.parallel else scenario.title


def receipt_of(attempt: Attempt) -> str:
    """The number on a receipt: the attempt and the day."""
    return f"{attempt.id:05d}-{attempt.submitted_at:%d%m}" if attempt.submitted_at else ""


def _card(attempt: Attempt, library: Library, came_back: ReturnView | None) -> AttemptCard:
    state = state_of(attempt)
    try:
        title = title_of(attempt, library.scenario(attempt.scenario_id))
    except KeyError:
        title = "A scenario that is no longer offered"
    url = f"/feedback/{attempt.id}/reveal" if state == "revealed" else f"/practice/{attempt.id}"
    return AttemptCard(
        attempt.id,
        title,
        attempt.scenario_id,
        attempt.kind == OFFICIAL,
        state,
        attempt.created_at,
        attempt.submitted_at,
        attempt.revealed_at,
        url,
        came_back if attempt.submitted_at is None and attempt.withdrawn_at is None else None,
    )


def my_attempts(session: Session, library: Library, learner_id: int) -> tuple[AttemptCard, ...]:
    """A learner's attempts, newest first. For the learner."""
    query = select(Attempt).where(Attempt.learner_id == learner_id)
    rows = session.scalars(query.order_by(Attempt.created_at.desc(), Attempt.id.desc())).all()
    came_back = _returns(session, [attempt.id for attempt in rows])
    return tuple(_card(attempt, library, came_back.get(attempt.id)) for attempt in rows)


def withdrawn_official(session: Session, learner_id: int) -> int:
    """How many official attempts a learner has taken back. For him and his coaches; nobody else counts them."""
    query = select(func.count()).select_from(Attempt)
    taken_back = (Attempt.kind == OFFICIAL, Attempt.withdrawn_at.is_not(None))
    return session.scalar(query.where(Attempt.learner_id == learner_id, *taken_back)) or 0


def practice_page(session: Session, library: Library, learner_id: int) -> PracticePage:
    """Everything to play."""
    attempts = my_attempts(session, library, learner_id)
    tried: dict[str, int] = {}
    for attempt in attempts:
        tried[attempt.scenario_id] = tried.get(attempt.scenario_id, 0) + (attempt.submitted_at is not None)
    scenarios = tuple(
        ScenarioCard(
            s.id,
            s.title,
            s.summary,
            s.difficulty,
            s.minutes.total,
            tuple(library.criterion(c).name for c in s.criteria),
            tried.get(s.id, 0),
        )
        for s in sorted(library.scenarios, key=lambda s: (s.difficulty, s.id))
    )
    withdrawn = withdrawn_official(session, learner_id)
    return PracticePage(attempts, scenarios, bool(coaches_of(session, learner_id)), withdrawn)


def criteria_of(library: Library, scenario: Scenario) -> tuple[CriterionView, ...]:
    """A scenario's criteria with their anchors."""
    return tuple(
        CriterionView(
            c.id,
            c.name,
            c.status,
            scenario.max_level(c.id),
            tuple((level, LEVELS[level], text) for level, text in sorted(c.anchors.items())),
        )
        for c in (library.criterion(criterion_id) for criterion_id in scenario.criteria)
    )


def scenario_page(session: Session, library: Library, learner_id: int, scenario_id: str) -> ScenarioPage | None:
    """One scenario, with whom a learner could ask."""
    try:
        scenario = library.scenario(scenario_id)
    except KeyError:
        return None
    coaches = tuple((coach.id, coach.name) for coach in coaches_of(session, learner_id))
    mine = tuple(a for a in my_attempts(session, library, learner_id) if a.scenario_id == scenario_id)
    return ScenarioPage(scenario, library.world(scenario.world).name, criteria_of(library, scenario), coaches, mine)


def attempt_page(session: Session, library: Library, attempt: Attempt) -> AttemptPage:
    """One attempt for its learner: his own things, and nothing of the coach's."""
    scenario = library.scenario(attempt.scenario_id)
    form = scenario.parallel_form if attempt.parallel else scenario
    whose = answerers(session, attempt)
    known = names(session, whose if attempt.kind == OFFICIAL else whose & {attempt.coach_id})
    waiting_for = tuple(sorted(known.values(), key=str.lower))
    begun = session.execute(
        select(RatingSheet.rater_id).where(RatingSheet.attempt_id == attempt.id, RatingSheet.kind == "coach")
    ).scalar_one_or_none()
    own = session.scalar(
        select(func.count())
        .select_from(RatingSheet)
        .where(RatingSheet.attempt_id == attempt.id, RatingSheet.kind == "self")
    )
    return AttemptPage(
        id=attempt.id,
        version=attempt.version,
        card=_card(attempt, library, returned(session, attempt.id)),
        scenario=scenario,
        library_version=attempt.library_version,
        brief=form.learner_brief,
        title=title_of(attempt, scenario),
        focus=tuple(library.criterion(c).name for c in attempt.focus),
        cue=attempt.cue,
        act=attempt.act,
        partner_name=attempt.partner_name,
        played_on=attempt.played_on,
        evidence=attempt.evidence,
        receipt=receipt_of(attempt),
        waiting_for=waiting_for,
        taken_by=names(session, [begun]).get(begun, "") if begun else "",
        rating_begun=bool(own),
        second=_second(session, attempt.id),
        partner=who_plays(session, attempt),
        partner_said=said(session, attempt),
        adjustments=in_words(session, attempt.learner_id),
        watched=attempt.watched,
    )


def returned(session: Session, attempt_id: int) -> ReturnView | None:
    """Why an attempt came back last, if it ever did."""
    return _returns(session, [attempt_id]).get(attempt_id)


def _returns(session: Session, attempt_ids: list[int]) -> dict[int, ReturnView]:
    """The last return of each of these that ever came back."""
    rows = session.scalars(
        select(AttemptReturn).where(AttemptReturn.attempt_id.in_(attempt_ids)).order_by(AttemptReturn.id)
    ).all()
    known = names(session, (row.coach_id for row in rows))
    return {row.attempt_id: ReturnView(known.get(row.coach_id or 0, LEFT), row.why, row.at) for row in rows}


def _second(session: Session, attempt_id: int) -> SecondView | None:
    look = session.get(SecondLook, attempt_id)
    if look is None or not is_awaited(session, attempt_id):
        return None
    return SecondView(names(session, [look.coach_id]).get(look.coach_id or 0, LEFT), look.due_at)


def lines_of(session: Session, sheet_id: int) -> Sheet:
    """A sheet's lines."""
    rows = session.scalars(select(Rating).where(Rating.sheet_id == sheet_id))
    return {
        row.criterion_id: Line(
            Level(row.level, row.not_observed),
            row.evidence,
            Level(row.predicted_level, row.predicted_not_observed),
        )
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class Observed:
    """One criterion in one revealed attempt: both views."""

    attempt_id: int
    criterion_id: str
    scenario_id: str
    scenario_title: str
    parallel: bool
    difficulty: int
    max_level: int
    library_version: str
    played_on: date
    revealed_at: datetime
    official: bool
    own: Level
    predicted: Level
    coach: Level
    own_evidence: str
    coach_evidence: str
    coach_id: int | None
    coach_name: str
    licence: Standing
    """Whether the coach held a valid licence for this skill's rubric when she locked her rating."""

    @property
    def capped(self) -> bool:
        """Whether the coach's level is the most that the scenario could show."""
        return self.coach.value is not None and self.coach.value == self.max_level < 5  # noqa: PLR2004


def observed(
    session: Session, library_of: LibraryOf, learner_ids: list[int], *, official_only: bool = True
) -> dict[int, tuple[Observed, ...]]:
    """What was observed per learner, oldest first; only attempts that both sides have locked.

    Practice belongs to the learner: ask for it only on his own pages.
    """
    query = select(Attempt).where(
        Attempt.learner_id.in_(learner_ids), Attempt.revealed_at.is_not(None), Attempt.withdrawn_at.is_(None)
    )
    if official_only:
        query = query.where(Attempt.kind == OFFICIAL)
    attempts = list(session.scalars(query.order_by(Attempt.played_on, Attempt.id)))
    sheets = _sheets(session, [attempt.id for attempt in attempts])
    coach_names = names(session, {sheet.rater_id for (_a, kind), (sheet, _l) in sheets.items() if kind != "self"})
    found: dict[int, list[Observed]] = {learner_id: [] for learner_id in learner_ids}
    for attempt in attempts:
        library = library_of(attempt.library_version)
        scenario = library.scenario(attempt.scenario_id)
        own_lines = sheets[attempt.id, "self"][1]
        coach_sheet, coach_lines = sheets[attempt.id, "coach"]
        agreed = sheets[attempt.id, "agreed"][1] if (attempt.id, "agreed") in sheets else {}
        lines = agreed_over(coach_lines, agreed)
        first = coach_names.get(coach_sheet.rater_id or 0, LEFT)
        found[attempt.learner_id] += [
            _observed(
                attempt,
                library,
                scenario,
                criterion_id,
                own_lines,
                lines,
                coach_sheet,
                f"{first} and a second coach, agreed" if criterion_id in agreed else first,
            )
            for criterion_id in scenario.criteria
        ]
    return {learner_id: tuple(rows) for learner_id, rows in found.items()}


def _observed(
    attempt: Attempt,
    library: Library,
    scenario: Scenario,
    criterion_id: str,
    own_lines: Sheet,
    coach_lines: Sheet,
    coach_sheet: RatingSheet,
    coach_name: str,
) -> Observed:
    own, coach = own_lines.get(criterion_id, Line()), coach_lines.get(criterion_id, Line())
    revealed_at = attempt.revealed_at or attempt.created_at
    return Observed(
        attempt_id=attempt.id,
        criterion_id=criterion_id,
        scenario_id=scenario.id,
        scenario_title=title_of(attempt, scenario),
        parallel=attempt.parallel,
        difficulty=scenario.difficulty,
        max_level=scenario.max_level(criterion_id),
        library_version=attempt.library_version,
        played_on=attempt.played_on or revealed_at.date(),
        revealed_at=revealed_at,
        official=attempt.kind == OFFICIAL,
        own=own.level,
        predicted=own.predicted,
        coach=coach.level,
        own_evidence=own.evidence,
        coach_evidence=coach.evidence,
        coach_id=coach_sheet.rater_id,
        coach_name=coach_name,
        licence=standing(library, criterion_id, licensed=coach_sheet.licensed),
    )


def _sheets(session: Session, attempt_ids: list[int]) -> dict[tuple[int, str], tuple[RatingSheet, Sheet]]:
    rows = session.execute(
        select(RatingSheet, Rating)
        .join(Rating, Rating.sheet_id == RatingSheet.id)
        .where(RatingSheet.attempt_id.in_(attempt_ids), RatingSheet.locked_at.is_not(None))
    )
    found: dict[tuple[int, str], tuple[RatingSheet, dict[str, Line]]] = {}
    for sheet, row in rows:
        _sheet, lines = found.setdefault((sheet.attempt_id, sheet.kind), (sheet, {}))
        lines[row.criterion_id] = Line(
            Level(row.level, row.not_observed),
            row.evidence,
            Level(row.predicted_level, row.predicted_not_observed),
        )
    for change in session.scalars(
        select(RatingChange)
        .where(RatingChange.sheet_id.in_([sheet.id for sheet, _lines in found.values()]))
        .order_by(RatingChange.id)
    ):
        lines = next(lines for sheet, lines in found.values() if sheet.id == change.sheet_id)
        now = Level(change.level, change.not_observed)
        lines[change.criterion_id] = replace(lines[change.criterion_id], level=now, evidence=change.evidence)
    return dict(found.items())


def focus_of(session: Session, learner_id: int, attempts: int = 3) -> tuple[str, ...]:
    """Criteria that a learner chose to mind in his latest official attempts, newest first."""
    rows = session.scalars(
        select(Attempt.focus)
        .where(Attempt.learner_id == learner_id, Attempt.kind == OFFICIAL, Attempt.withdrawn_at.is_(None))
        .order_by(Attempt.created_at.desc(), Attempt.id.desc())
        .limit(attempts)
    )
    return tuple(dict.fromkeys(criterion_id for row in rows for criterion_id in row))


def ever_rated(session: Session, learner_id: int) -> frozenset[int]:
    """Who has rated this learner at any time, practice and withdrawn attempts included. Says nothing about what."""
    query = (
        select(RatingSheet.rater_id)
        .join(Attempt, Attempt.id == RatingSheet.attempt_id)
        .where(Attempt.learner_id == learner_id, RatingSheet.kind != "self", RatingSheet.rater_id.is_not(None))
    )
    return frozenset(rater_id for rater_id in session.scalars(query) if rater_id is not None)
