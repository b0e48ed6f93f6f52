"""Issued reports: their list, their frozen object, their file, and what a stranger with the code may know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from coachkit.domain.report.progress import ProgressReport
from coachkit.features.decisions.queries import release_ended
from coachkit.features.reports.kinds import CHECKED, KINDS, PROGRESS, RELEASED, AnySheet, thawed
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
    withdrawn_at: datetime | None

    @property
    def provable(self) -> bool:
        """Whether a paper of its kind can be checked."""
        return self.kind in CHECKED


@dataclass(frozen=True, slots=True)
class Check:
    """What the verify page says to whoever has the number and the code."""

    number: str
    title: str
    """What kind of document it is."""
    name: str
    """Whom or what it is about."""
    issued_at: datetime
    sha256: str
    signed_by: str
    state: Literal["valid", "replaced", "withdrawn"]
    changed_at: datetime | None
    """Since when it is replaced or withdrawn."""


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
        report.withdrawn_at,
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
    purpose_id: int | None
    card: ReportCard
    title: str
    body: str
    file_name: str
    sheet: AnySheet


def kept_print(session: Session, report_id: int) -> Print | None:
    """A kept sheet, or nothing."""
    report = session.get(Report, report_id, options=[undefer(Report.document)])
    if report is None or report.kind == PROGRESS:
        return None
    kind, sheet = KINDS[report.kind], thawed(report.kind, report.document)
    return Print(
        report.person_id,
        report.about_id,
        report.purpose_id,
        _card(report),
        kind.title,
        kind.body,
        kind.file_name,
        sheet,
    )


def report_pdf(session: Session, report_id: int) -> bytes | None:
    """The file, once it is made."""
    return session.scalar(select(Report.pdf).where(Report.id == report_id, Report.made_at.is_not(None)))


def plain_code(code: str) -> str:
    """A code as it is kept, however it was typed: without gaps and dashes, in capitals."""
    return "".join(sign for sign in code.upper() if sign.isalnum())


def check(session: Session, number: str, code: str) -> Check | None:
    """A document by its printed number and code, or nothing: the number alone tells nobody anything."""
    report = session.scalars(
        select(Report)
        .where(Report.number == number, Report.code == code, Report.kind.in_(CHECKED))
        .options(undefer(Report.document))
    ).one_or_none()
    if report is None:
        return None
    sheet = thawed(report.kind, report.document)
    state, since = _standing(session, report)
    return Check(
        report.number,
        KINDS[report.kind].title,
        sheet.heading,
        report.issued_at,
        report.sha256,
        report.signed_by,
        state,
        since,
    )


def _standing(session: Session, report: Report) -> tuple[Literal["valid", "replaced", "withdrawn"], datetime | None]:
    """Withdrawn by whoever issued it, or with the release that it rested on; or replaced by one that stands."""
    if report.withdrawn_at is not None:
        return "withdrawn", report.withdrawn_at
    if report.kind == RELEASED and report.purpose_id and report.about_id:
        ended = release_ended(session, report.purpose_id, report.about_id)
        if ended is not None:
            return "withdrawn", ended
    later = (
        select(Report.issued_at)
        .where(
            Report.id > report.id,
            Report.kind == report.kind,
            Report.person_id == report.person_id,
            Report.about_id.is_not_distinct_from(report.about_id),
            Report.purpose_id.is_not_distinct_from(report.purpose_id),
            Report.withdrawn_at.is_(None),
            Report.made_at.is_not(None),
        )
        .order_by(Report.id)
        .limit(1)
    )
    since = session.scalar(later)
    return ("replaced", since) if since else ("valid", None)
