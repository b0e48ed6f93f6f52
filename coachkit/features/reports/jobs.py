"""Making PDFs from frozen objects, one by one or for a whole cohort."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from coachkit.domain.report.progress import ReportIncoherentError
from coachkit.features.reports import service
from coachkit.features.reports.kinds import print_kept
from coachkit.features.reports.models import FAILED, MADE, WAITING, Report, ReportItem
from coachkit.platform import clock
from coachkit.platform.jobs import job
from coachkit.platform.pdf import RenderError
from coachkit.platform.tools import shelf, tools

INCOHERENT = "Its figures contradict each other. Please tell whoever runs coachkit."


@job("reports.render")
def render(session: Session, *, report_id: int) -> None:
    """Make one report's PDF; a second delivery finds it made. A failure is a sentence for the person."""
    report = _unmade(session, report_id)
    if report is None:
        return
    kind, document = report.kind, report.document
    session.commit()  # others write while the PDF is being made
    try:
        made = print_kept(tools().renderer, tools().documents, kind, document)
        problem = ""
    except RenderError as error:
        made, problem = None, error.reason_for_user
    report = _unmade(session, report_id)
    if report is None:
        return
    report.problem = problem
    if made is not None:
        report.pdf, report.sha256, report.pages, report.engine = made.pdf, made.sha256, made.pages, made.engine
        report.made_at = clock.now()


def _unmade(session: Session, report_id: int) -> Report | None:
    """The report as it is now, unless it is made or gone."""
    report = session.get(Report, report_id, populate_existing=True, with_for_update=True)
    return report if report is not None and report.made_at is None else None


@job("reports.item")
def make_item(session: Session, *, item_id: int) -> None:
    """One person's report: frozen and kept once, then printed. Whoever comes later goes on where another one died."""
    item = _waiting(session, item_id)
    if item is None:
        return
    if item.report_id is None:
        try:
            item.report_id = freeze(session, item.person_id).id
        except ReportIncoherentError:
            item.state, item.problem, item.finished_at = FAILED, INCOHERENT, clock.now()
            return
    report_id = item.report_id
    session.commit()
    _clear_problem(session, report_id)
    render(session, report_id=report_id)
    session.flush()
    item = _waiting(session, item_id)
    report = session.get(Report, report_id)
    if item is None or report is None:
        return
    if report.made_at is not None:
        item.state, item.finished_at = MADE, clock.now()
    elif report.problem:
        item.state, item.problem, item.finished_at = FAILED, report.problem, clock.now()


def _waiting(session: Session, item_id: int) -> ReportItem | None:
    item = session.get(ReportItem, item_id, populate_existing=True, with_for_update=True)
    return item if item is not None and item.state == WAITING else None


def _clear_problem(session: Session, report_id: int) -> None:
    session.execute(update(Report).where(Report.id == report_id, Report.made_at.is_(None)).values(problem=""))


def freeze(session: Session, person_id: int) -> Report:
    """The learner's own edition, as he would issue it himself today, without words of his own."""
    books = shelf()
    return service.issue_for(
        session,
        person_id,
        books.current(session),
        lambda version: books.version(session, version),
        tools().settings,
    )
