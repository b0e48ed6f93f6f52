"""Role-play kits, session sheets and certificates: gathered, frozen, and kept for printing."""

from __future__ import annotations

import re
from datetime import datetime
from html.parser import HTMLParser

from sqlalchemy.orm import Session

from coachkit.domain.content.fields import RichText
from coachkit.domain.content.model import Library
from coachkit.domain.content.roleplay import Scenario
from coachkit.domain.report.progress import Plan
from coachkit.domain.report.sheets import (
    BETWEEN_CELLS,
    BULLET,
    Anchor,
    Certificate,
    LatestView,
    LearnerCard,
    Looked,
    ModuleDone,
    ObserverSheet,
    PartnerCard,
    RolePlayKit,
    SessionSheet,
    Told,
    Turn,
)
from coachkit.features.accounts.queries import membership, person_view
from coachkit.features.feedback.contest.queries import contested_items, observed_by_others
from coachkit.features.feedback.queries import notes_of, plans_of, without_contested
from coachkit.features.learning.finished import modules_done
from coachkit.features.practice.queries import LibraryOf, focus_of, observed
from coachkit.features.reports.compose import observation_of
from coachkit.features.reports.kinds import SmallSheet, kind_of
from coachkit.features.reports.models import Report
from coachkit.features.reports.service import PREVIEW, keep, new_number
from coachkit.platform import clock, jobs
from coachkit.platform.errors import NotFoundError
from coachkit.platform.policy import Action, Actor, LearnerCase, allows, require
from coachkit.platform.settings import Settings

BLOCKS = {"p", "li", "h2", "h3", "h4", "tr", "blockquote", "pre"}
CELLS = {"td", "th"}
WHITE = re.compile(r"\s+")


class _Blocks(HTMLParser):
    """The text of an author's cleaned HTML, one string per block; list items and table rows are marked as such."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag == "p" and self.found[-1] == BULLET:
            return
        if tag in BLOCKS:
            self.found.append(BULLET if tag == "li" else "")
        elif tag in CELLS:
            self.found[-1] += BETWEEN_CELLS

    def handle_data(self, data: str) -> None:
        self.found[-1] += WHITE.sub(" ", data)


def plain(text: RichText) -> tuple[str, ...]:
    """An author's text as blocks for paper."""
    reader = _Blocks()
    reader.feed(text.html)
    rows = ([" ".join(cell.split()) for cell in block.strip().split(BETWEEN_CELLS)] for block in reader.found)
    return tuple(BETWEEN_CELLS.join(cells) for cells in rows if any(cells))


def _whom(scenario: Scenario) -> str:
    other = scenario.stakeholder
    return f"{other.name}, {other.role}, {other.unit}"


def _partner(scenario: Scenario) -> PartnerCard:
    return PartnerCard(
        _whom(scenario),
        plain(scenario.partner_brief),
        scenario.wants,
        scenario.fears,
        tuple(Told(fact.fact, fact.unlock) for fact in scenario.facts),
        tuple(Turn(point.when, point.then) for point in scenario.turning_points),
    )


def _observer(library: Library, scenario: Scenario) -> ObserverSheet:
    looked = tuple(
        Looked(
            criterion.name,
            scenario.max_level(criterion.id),
            tuple(Anchor(int(level), words) for level, words in sorted(criterion.anchors.items())),
        )
        for criterion in (library.criterion(criterion_id) for criterion_id in scenario.criteria)
    )
    return ObserverSheet(scenario.critical_moment, looked, scenario.debrief_questions)


def kit(library: Library, settings: Settings, actor: Actor, scenario_id: str, *, number: str = PREVIEW) -> RolePlayKit:
    """One scenario on paper; what only the partner may know is there for those who may read it."""
    require(actor, Action.READ_LIBRARY)
    try:
        scenario = library.scenario(scenario_id)
    except KeyError as error:
        raise NotFoundError from error
    whole = allows(actor, Action.READ_PARTNER_BRIEF)
    looked_at = tuple(library.criterion(criterion_id).name for criterion_id in scenario.criteria)
    return RolePlayKit(
        report_id=number,
        issued_at=_moment(),
        organisation=settings.organisation,
        scenario=scenario.id,
        title=scenario.title,
        status=scenario.status,
        difficulty=scenario.difficulty,
        prepare=scenario.minutes.prepare,
        play=scenario.minutes.play,
        debrief=scenario.minutes.debrief,
        learner=LearnerCard(_whom(scenario), plain(scenario.learner_brief), looked_at),
        partner=_partner(scenario) if whole else None,
        observer=_observer(library, scenario) if whole else None,
    )


def session_sheet(
    session: Session,
    library: Library,
    library_of: LibraryOf,
    settings: Settings,
    actor: Actor,
    case: LearnerCase,
    *,
    number: str = PREVIEW,
) -> SessionSheet:
    """Where a coach and her learner left off. Practice of the learner's own is not in it."""
    require(actor, Action.PRINT_SESSION, case)
    learner_id = case.learner_id
    person = person_view(session, learner_id)
    if person is None:
        raise NotFoundError
    known = {criterion.id: criterion.name for criterion in library.criteria}
    rows = [r for r in observed_by_others(session, library_of, [learner_id])[learner_id] if r.criterion_id in known]
    notes, hidden = notes_of(session, library_of, learner_id), contested_items(session, [learner_id]).notes
    last = [row for row in rows if row.attempt_id == rows[-1].attempt_id] if rows else []
    advised = next((note for note in without_contested(notes, hidden) if note.change is not None), None)
    plans = [plan for plan in plans_of(session, learner_id, official_only=True) if plan.closed_at is None]
    return SessionSheet(
        report_id=number,
        issued_at=_moment(),
        organisation=settings.organisation,
        learner=person.name,
        unit=person.unit,
        coach=actor.name,
        latest=tuple(LatestView(known[row.criterion_id], observation_of(row, own=True)) for row in last),
        advice=advised.change.next_try if advised and advised.change else "",
        advised_on=advised.released_at.date() if advised else None,
        plans=tuple(Plan(plan.cue, plan.act, plan.due_on, plan.witness) for plan in plans[:6]),
        focus=tuple(known[c] for c in focus_of(session, learner_id) if c in known),
    )


def certificate(
    session: Session,
    library: Library,
    library_of: LibraryOf,
    settings: Settings,
    actor: Actor,
    *,
    number: str = PREVIEW,
    code: str = PREVIEW,
) -> Certificate:
    """What the actor took part in: counts and dates, and no level."""
    require(actor, Action.MAKE_REPORT)
    person = person_view(session, actor.id)
    if person is None:
        raise NotFoundError
    member = membership(session, actor.id)
    rows = observed(session, library_of, [actor.id])[actor.id]
    days = sorted(row.played_on for row in rows)
    return Certificate(
        report_id=number,
        verification_code=code,
        verify_url=f"{settings.base_url}/v/{number}/{code}",
        issued_at=_moment(),
        name=person.name,
        role_title=settings.role_title,
        unit=person.unit,
        organisation=settings.organisation,
        since=member.since if member else clock.today(),
        modules=tuple(ModuleDone(*done) for done in modules_done(session, library, actor.id)),
        modules_in_programme=len(library.modules),
        attempts=len({row.attempt_id for row in rows}),
        scenarios=len({row.scenario_id for row in rows}),
        first_attempt=days[0] if days else None,
        latest_attempt=days[-1] if days else None,
    )


def print_kit(session: Session, actor: Actor, library: Library, settings: Settings, scenario_id: str) -> Report:
    """Keep a kit and ask for its PDF."""
    number, code = new_number(session)
    return _keep(session, actor, kit(library, settings, actor, scenario_id, number=number), code)


def print_session(
    session: Session, actor: Actor, library: Library, library_of: LibraryOf, settings: Settings, case: LearnerCase
) -> Report:
    """Keep a session sheet and ask for its PDF. It goes when the learner is erased, and he may take it away."""
    number, code = new_number(session)
    sheet = session_sheet(session, library, library_of, settings, actor, case, number=number)
    return _keep(session, actor, sheet, code, about_id=case.learner_id)


def issue_certificate(
    session: Session, actor: Actor, library: Library, library_of: LibraryOf, settings: Settings
) -> Report:
    """Freeze the actor's certificate and ask for its PDF."""
    number, code = new_number(session)
    sheet = certificate(session, library, library_of, settings, actor, number=number, code=code)
    return _keep(session, actor, sheet, code)


def _keep(session: Session, actor: Actor, sheet: SmallSheet, code: str, about_id: int | None = None) -> Report:
    report = keep(session, actor, kind=kind_of(sheet), document=sheet, code=code, person_id=actor.id, about_id=about_id)
    jobs.enqueue(session, "reports.render", report_id=report.id)
    return report


def _moment() -> datetime:
    return clock.now().replace(microsecond=0)
