"""Issued reports: their list, their frozen object, their file, and what a stranger with the code may know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from coachkit.domain.report.progress import ProgressReport
from coachkit.features.reports.kinds import CHECKED, KINDS, PROGRESS, AnySheet, thawed
from coachkit.features.reports.models import Report


@dataclass(frozen=True, slots=True)
class ReportCard:
    """An issued report in a list."""

    id: int
    kind: str
    number: str
    code: str
    issued_at: datetime
    made: bool
    pages: int
    sha256: str
    problem: str


@dataclass(frozen=True, slots=True)
class Check:
    """What the verify page says."""

    number: str
    name: str
    issued_at: datetime
    sha256: str
    newest: bool
    """Whether no later report of this person was issued."""


def _card(report: Report) -> ReportCard:
    return ReportCard(
        report.id,
        report.kind,
        report.number,
        report.code,
        report.issued_at,
        report.made_at is not None,
        report.pages,
        report.sha256,
        report.problem,
    )


def my_reports(session: Session, person_id: int) -> tuple[ReportCard, ...]:
    """A person's reports and certificates, newest first."""
    mine = (Report.person_id == person_id, Report.kind.in_(CHECKED))
    query = select(Report).where(*mine).order_by(Report.issued_at.desc(), Report.id.desc())
    return tuple(_card(report) for report in session.scalars(query))


def report_card(session: Session, report_id: int) -> tuple[int, ReportCard, ProgressReport] | None:
    """Whose report it is, its card, and its frozen object."""
    report = session.get(Report, report_id, options=[undefer(Report.document)])
    if report is None or report.kind != PROGRESS:
        return None
    return report.person_id, _card(report), ProgressReport.from_json(report.document)


@dataclass(frozen=True, slots=True)
class Print:
    """A kept kit, session sheet or certificate."""

    owner_id: int
    about_id: int | None
    card: ReportCard
    title: str
    body: str
    file_name: str
    sheet: AnySheet


def kept_print(session: Session, report_id: int) -> Print | None:
    """A kept sheet, or nothing."""
    report = session.get(Report, report_id, options=[undefer(Report.document)])
    if report is None or report.kind not in KINDS:
        return None
    kind, sheet = KINDS[report.kind], thawed(report.kind, report.document)
    return Print(report.person_id, report.about_id, _card(report), kind.title, kind.body, kind.file_name, sheet)


def report_pdf(session: Session, report_id: int) -> bytes | None:
    """The file, once it is made."""
    return session.scalar(select(Report.pdf).where(Report.id == report_id, Report.made_at.is_not(None)))


def check(session: Session, number: str, code: str) -> Check | None:
    """A report by its printed number and code, or nothing: the number alone tells nobody anything."""
    report = session.scalars(
        select(Report)
        .where(Report.number == number, Report.code == code, Report.kind.in_(CHECKED))
        .options(undefer(Report.document))
    ).one_or_none()
    if report is None:
        return None
    same = (Report.person_id == report.person_id, Report.kind == report.kind)
    later = session.scalar(select(Report.id).where(*same, Report.id > report.id).limit(1))
    if report.kind == PROGRESS:
        name = ProgressReport.from_json(report.document).person.name
    else:
        name = thawed(report.kind, report.document).heading
    return Check(report.number, name, report.issued_at, report.sha256, later is None)
