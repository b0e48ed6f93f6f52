"""Issuing a report: the frozen object first, the PDF as a job."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, date, datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from coachkit.domain.assessment.licence import Standing
from coachkit.domain.content.model import Library
from coachkit.domain.decision.months import months_later
from coachkit.domain.decision.rules import SHOWN_FOR_MONTHS
from coachkit.domain.report.progress import Person, ProgressReport
from coachkit.features.accounts.queries import membership, person_view, pseudonym_of
from coachkit.features.decisions.queries import open_release, open_requests, purpose_case
from coachkit.features.decisions.service import find_purpose
from coachkit.features.feedback.contest.queries import contested_items, contests_of, observed_by_others
from coachkit.features.feedback.field_log.queries import EntryView, entries_of
from coachkit.features.feedback.queries import notes_of, plans_of, without_contested
from coachkit.features.learning.queries import minutes_read
from coachkit.features.practice.licences import calibrated
from coachkit.features.practice.queries import LibraryOf, Observed, focus_of
from coachkit.features.reports.compose import Facts, compose
from coachkit.features.reports.kinds import CHECKED, DOSSIER, PROGRAMME, PROGRESS, RELEASED, AnySheet
from coachkit.features.reports.measured import measures_block
from coachkit.features.reports.models import Report
from coachkit.platform import audit, clock, jobs
from coachkit.platform.errors import NotFoundError
from coachkit.platform.policy import Action, Actor, require
from coachkit.platform.settings import Settings
from coachkit.platform.templates import long_date

VERBS = {
    DOSSIER: "dossier:issue",
    PROGRAMME: "programme-report:issue",
    PROGRESS: "report:issue",
    RELEASED: "report:issue-released",
    "certificate": "certificate:issue",
    "kit": "kit:print",
    "session": "session-sheet:print",
}
CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
PREVIEW = "preview"
CODE_LENGTH = 13
"""32 letters to the power of 13 are 65 bits."""


def _hours(library_of: LibraryOf, rows: tuple[Observed, ...], read: int) -> int:
    played = {row.attempt_id: (row.library_version, row.scenario_id) for row in rows}
    minutes = sum(library_of(version).scenario(scenario).minutes.total for version, scenario in played.values())
    return round((minutes + read) / 60)


def _purposes(session: Session, person_id: int) -> list[str]:
    """To which open purposes the person has released official results."""
    return [
        f"The viewers of “{request.title}”, until {long_date(request.ends_on)}: the released edition."
        for request in open_requests(session, person_id)
        if request.released_at is not None
    ]


def _calibrated(session: Session, library: Library, rows: tuple[Observed, ...]) -> dict[str, tuple[date, date]]:
    """When the eye of each coach was checked, for the skills that she rated here under a licence."""
    skills: dict[int, set[str]] = {}
    for row in rows:
        if row.coach_id is not None and row.licence is Standing.HELD:
            skills.setdefault(row.coach_id, set()).add(library.criterion(row.criterion_id).skill)
    names = {row.coach_id: row.coach_name for row in rows}
    return {names[coach_id]: days for coach_id, days in calibrated(session, skills, clock.now()).items()}


def gather(
    session: Session, library: Library, library_of: LibraryOf, settings: Settings, person_id: int, *, for_learner: bool
) -> Facts:
    """What is known about a person for a report: official results only."""
    person = person_view(session, person_id)
    if person is None:
        raise NotFoundError
    rows = observed_by_others(session, library_of, [person_id])[person_id]
    contested = contested_items(session, [person_id])
    oldest = months_later(clock.today(), -SHOWN_FOR_MONTHS)
    if not for_learner:
        rows = tuple(row for row in rows if row.played_on >= oldest)
    known = {criterion.id for criterion in library.criteria}
    member = membership(session, person_id)
    since = datetime.combine(member.since, time(), UTC) if member else clock.now()
    read = minutes_read(session, library, person_id) if for_learner else 0
    shown = tuple(row for row in rows if row.criterion_id in known)
    return Facts(
        person=Person(person.name, settings.role_title, person.unit, settings.organisation),
        since=since,
        weeks=member.weeks(clock.today()) if member else 0,
        hours=_hours(library_of, rows, read),
        observed=shown,
        focus=tuple(c for c in focus_of(session, person_id) if c in known),
        plans=plans_of(session, person_id, official_only=True),
        notes=without_contested(notes_of(session, library_of, person_id), contested.notes),
        contests=contests_of(session, person_id) if for_learner else (),
        comment="",
        measures=measures_block(session, library, person_id, oldest=None if for_learner else oldest),
        audience=(
            "You, and whoever you hand it to.",
            "Your coaches see the same on their own pages.",
            *_purposes(session, person_id),
        ),
        calibrated=_calibrated(session, library, shown),
        for_learner=for_learner,
    )


def draft(
    session: Session,
    library: Library,
    library_of: LibraryOf,
    settings: Settings,
    person_id: int,
    *,
    for_learner: bool,
    comment: str = "",
) -> ProgressReport:
    """The report as it would be issued now; nothing is kept."""
    facts = gather(session, library, library_of, settings, person_id, for_learner=for_learner)
    return compose(
        library,
        replace(facts, comment=comment),
        number=PREVIEW,
        code=PREVIEW,
        verify_url=f"{settings.base_url}/v/{PREVIEW}/{PREVIEW}",
        issued_at=clock.now(),
    )


def issue(
    session: Session,
    actor: Actor,
    library: Library,
    library_of: LibraryOf,
    settings: Settings,
    *,
    comment: str = "",
    with_log: bool = False,
) -> Report:
    """Freeze the actor's report and ask for its PDF, in one transaction. The field log stands in it if the learner says
    so, without what comes from practice: paper is handed on.
    """
    require(actor, Action.MAKE_REPORT)
    entries = entries_of(session, actor.id, with_practice=False) if with_log else ()
    report = _freeze(session, actor, actor.id, library, library_of, settings, comment, entries)
    jobs.enqueue(session, "reports.render", report_id=report.id)
    return report


def issue_for(session: Session, person_id: int, library: Library, library_of: LibraryOf, settings: Settings) -> Report:
    """Freeze a learner's own report on behalf of the house; whoever calls sees to its PDF."""
    return _freeze(session, None, person_id, library, library_of, settings, "")


def _freeze(
    session: Session,
    actor: Actor | None,
    person_id: int,
    library: Library,
    library_of: LibraryOf,
    settings: Settings,
    comment: str,
    entries: tuple[EntryView, ...] = (),
) -> Report:
    facts = gather(session, library, library_of, settings, person_id, for_learner=True)
    document = _numbered(session, library, settings, replace(facts, comment=comment, field_log=entries))
    return keep(session, actor, kind=PROGRESS, document=document, person_id=person_id)


def issue_released(
    session: Session,
    actor: Actor,
    library: Library,
    library_of: LibraryOf,
    settings: Settings,
    purpose_id: int,
    person_id: int,
) -> Report:
    """Freeze what a person has released to a purpose, for its viewer, and ask for the PDF."""
    report = freeze_released(session, actor.id, library, library_of, settings, purpose_id, person_id, actor=actor)
    jobs.enqueue(session, "reports.render", report_id=report.id)
    return report


def freeze_released(
    session: Session,
    viewer_id: int,
    library: Library,
    library_of: LibraryOf,
    settings: Settings,
    purpose_id: int,
    person_id: int,
    *,
    actor: Actor | None = None,
) -> Report:
    """The released edition as it stands now; raises where the release or the purpose does not hold any more."""
    purpose = find_purpose(session, purpose_id)
    case, release = purpose_case(session, purpose), open_release(session, purpose_id, person_id)
    if release is None or not (case.open and case.readiness_current and viewer_id in case.viewer_ids):
        raise NotFoundError
    facts = gather(session, library, library_of, settings, person_id, for_learner=False)
    audience = f"The viewers of “{purpose.title}”, until {long_date(purpose.ends_at)}. Each look is recorded."
    facts = replace(facts, comment=release.comment, audience=(audience,))
    return keep(
        session,
        actor,
        kind=RELEASED,
        document=_numbered(session, library, settings, facts),
        person_id=viewer_id,
        about_id=person_id,
        purpose_id=purpose_id,
    )


def _numbered(session: Session, library: Library, settings: Settings, facts: Facts) -> ProgressReport:
    number, code = new_number(session)
    return compose(
        library,
        facts,
        number=number,
        code=code,
        verify_url=f"{settings.base_url}/v/{number}/{code}",
        issued_at=clock.now().replace(microsecond=0),
    )


def new_number(session: Session) -> tuple[str, str]:
    """The next number, printed on the document, and a random code that proves it."""
    # Numbers follow each other: whoever takes one waits until the other is kept. The head of the chain of events is
    # held at the end of the same transaction anyway.
    session.execute(select(audit.AuditHead.id).with_for_update())
    serial = (session.scalar(select(func.max(Report.id))) or 0) + 1
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    return f"CK-{clock.now():%y}-{serial:05d}", code


def keep(
    session: Session,
    actor: Actor | None,
    *,
    kind: str,
    document: AnySheet,
    person_id: int,
    code: str = "",
    about_id: int | None = None,
    purpose_id: int | None = None,
) -> Report:
    """Keep a frozen document and record that it was issued; its PDF is a job of its own."""
    report = Report(
        kind=kind,
        number=document.report_id,
        code=code or getattr(document, "verification_code", ""),
        person_id=person_id,
        about_id=about_id,
        purpose_id=purpose_id,
        issued_at=document.issued_at,
        document=document.to_json(),
        pdf=None,
        sha256="",
        pages=0,
        engine="",
        made_at=None,
        problem="",
        signed_by="",
        withdrawn_at=None,
    )
    session.add(report)
    session.flush()
    subject = pseudonym_of(session, about_id or person_id)
    audit.record(session, actor, VERBS[kind], subject=subject, about=f"report:{report.id}")
    return report


def try_again(session: Session, actor: Actor, report_id: int) -> Report:
    """Ask once more for a PDF that could not be made."""
    report = session.get(Report, report_id)
    if report is None or report.person_id != actor.id:
        raise NotFoundError
    if report.made_at is None and report.problem:
        report.problem = ""
        jobs.enqueue(session, "reports.render", report_id=report.id)
        session.flush()
    return report


def withdraw(session: Session, actor: Actor, report_id: int) -> Report:
    """Take back what one has issued: its check page says so from now on. The record of its issue stays."""
    report = session.get(Report, report_id, with_for_update=True)
    if report is None or report.person_id != actor.id or report.kind not in CHECKED:
        raise NotFoundError
    if report.withdrawn_at is None:
        report.withdrawn_at = clock.now()
        subject = pseudonym_of(session, report.about_id or report.person_id)
        audit.record(session, actor, "report:withdraw", subject=subject, about=f"report:{report.id}")
        session.flush()
    return report
