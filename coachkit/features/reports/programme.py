"""The programme report: counted from what the rooms below hold, frozen, and kept for printing."""

from __future__ import annotations

from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library
from coachkit.domain.decision import tries
from coachkit.domain.report.papers import ProgrammeReport
from coachkit.domain.report.programme import LEAST, Taking, sections
from coachkit.features.accounts.queries import cohorts, with_role
from coachkit.features.learning.finished import modules_done
from coachkit.features.practice.queries import LibraryOf, Observed, focus_of, observed
from coachkit.features.reports.kinds import PROGRAMME
from coachkit.features.reports.models import Report
from coachkit.features.reports.service import PREVIEW, keep, new_number
from coachkit.platform import clock, jobs
from coachkit.platform.policy import Action, Actor, Role, require
from coachkit.platform.settings import Settings

LIMITS = (
    "It counts what was seen in practice situations. It does not show what people do at work.",
    "Nothing in it is said of a person, a unit or a coach, and nothing can be: groups are not compared.",
    "Counts that rest on fewer than five people are not given, nor those that all but a few share.",
)


def programme_report(
    session: Session,
    library: Library,
    library_of: LibraryOf,
    settings: Settings,
    actor: Actor,
    *,
    number: str = PREVIEW,
    code: str = PREVIEW,
) -> ProgrammeReport:
    """The programme as it stands now."""
    require(actor, Action.PRINT_PROGRAMME)
    members = {member.id for cohort in cohorts(session) for member in cohort.members if member.active}
    learners = sorted(members & {person.id for person in with_role(session, Role.LEARNER)})
    rows = observed(session, library_of, learners) if learners else {}
    takings = tuple(_taking(session, library, person_id, rows[person_id]) for person_id in learners)
    return ProgrammeReport(
        report_id=number,
        verification_code=code,
        verify_url=f"{settings.base_url}/v/{number}/{code}",
        issued_at=clock.now().replace(microsecond=0),
        organisation=settings.organisation,
        title="The programme in figures",
        for_whom=f"Counted for the CIO on {clock.today():%d %B %Y}, from groups of {LEAST} people or more.",
        warning="",
        limits=LIMITS,
        sections=sections(
            takings,
            modules=tuple(module.title for module in library.modules),
            skills=tuple(skill.name for skill in library.skills if skill.kind != "role"),
            coaches=len(with_role(session, Role.COACH)),
        ),
        seal="",
    )


def _taking(session: Session, library: Library, person_id: int, rows: tuple[Observed, ...]) -> Taking:
    known = {criterion.id: criterion for criterion in library.criteria}
    skills = {skill.id: skill.name for skill in library.skills}
    rated = [row for row in rows if row.criterion_id in known and row.coach.value is not None]
    pairs = [(first, again) for first, again in tries.pairs(rows) if first.difficulty == again.difficulty]
    return Taking(
        modules=frozenset(title for title, _day, _known in modules_done(session, library, person_id)),
        ratings=tuple((skills[known[row.criterion_id].skill], row.coach.value or 0) for row in rated),
        focus=frozenset(known[c].name for c in focus_of(session, person_id) if c in known),
        attempts=len({row.attempt_id for row in rows}),
        scenarios=frozenset(row.scenario_id for row in rows),
        retries=len(pairs),
        higher=sum((again.coach.value or 0) > (first.coach.value or 0) for first, again in pairs),
    )


def print_programme(
    session: Session, actor: Actor, library: Library, library_of: LibraryOf, settings: Settings
) -> Report:
    """Keep it and ask for its PDF."""
    number, code = new_number(session)
    document = programme_report(session, library, library_of, settings, actor, number=number, code=code)
    report = keep(session, actor, kind=PROGRAMME, document=document, person_id=actor.id)
    jobs.enqueue(session, "reports.render", report_id=report.id)
    return report
