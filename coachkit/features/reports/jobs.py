"""Making PDFs from frozen objects, one by one or for a whole cohort."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import structlog
from sqlalchemy import update
from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library
from coachkit.domain.report.progress import ReportIncoherentError
from coachkit.features.reports import service
from coachkit.features.reports.kinds import print_kept
from coachkit.features.reports.models import FAILED, MADE, WAITING, Report, ReportBatch, ReportItem
from coachkit.features.reports.style import house_style
from coachkit.platform import audit, clock
from coachkit.platform.errors import NotFoundError
from coachkit.platform.jobs import job
from coachkit.platform.pdf import Rendered, RenderError
from coachkit.platform.tools import shelf, tools

log = structlog.get_logger()
UNEXPECTED = "It could not be made because of a fault in the program. The log of the server says more."
NOT_RELEASED = "Not released any more, or the purpose has ended."
INCOHERENT = "Its figures contradict each other. Please tell whoever runs coachkit."


def give_up_report(session: Session, *, report_id: int) -> None:
    """The last try has failed: say so where the PDF is waited for."""
    report = _unmade(session, report_id)
    if report is not None:
        report.problem = report.problem or UNEXPECTED


def give_up_item(session: Session, *, item_id: int) -> None:
    """The same for an item of a batch; what was frozen for it stays, and is printed when it is tried again."""
    item = _waiting(session, item_id)
    if item is None:
        return
    if item.report_id is not None:
        give_up_report(session, report_id=item.report_id)
    item.state, item.problem, item.finished_at = FAILED, UNEXPECTED, clock.now()


@job("reports.render", given_up=give_up_report)
def render(session: Session, *, report_id: int) -> None:
    """Make one report's PDF; a second delivery finds it made. A failure is a sentence for the person."""
    report = _unmade(session, report_id)
    if report is None:
        return
    kind, document = report.kind, report.document
    session.commit()  # others write while the PDF is being made
    try:
        made, signed_by = _printed_and_signed(kind, document)
        problem = ""
    except RenderError as error:
        made, signed_by, problem = None, "", error.reason_for_user
        log.warning("report_not_printed", report_id=report_id, detail=error.detail)
    report = _unmade(session, report_id)
    if report is None:
        return
    report.problem = problem
    if made is not None:
        report.pdf, report.sha256, report.pages, report.engine = made.pdf, made.sha256, made.pages, made.engine
        report.made_at, report.signed_by = clock.now(), signed_by
        # The chain of events is the record of issue that nobody can change: number, moment, and what the file was.
        audit.record(
            session, None, "report:file", about=f"report:{report.id}", number=report.number, sha256=made.sha256
        )


def _printed_and_signed(kind: str, document: str) -> tuple[Rendered, str]:
    """The file, and whose signature it carries. A house that signs issues nothing unsigned."""
    signer = tools().signer
    made = print_kept(tools().renderer, tools().documents, kind, document, house_style(tools().settings))
    if signer is None:
        return made, ""
    pdf = signer.sign(made.pdf, clock.now())
    return replace(made, pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest()), signer.certified.words


def _unmade(session: Session, report_id: int) -> Report | None:
    """The report as it is now, unless it is made or gone."""
    report = session.get(Report, report_id, populate_existing=True, with_for_update=True)
    return report if report is not None and report.made_at is None else None


@job("reports.item", given_up=give_up_item)
def make_item(session: Session, *, item_id: int) -> None:
    """One person's report: frozen and kept once, then printed. Whoever comes later goes on where another one died."""
    item = _waiting(session, item_id)
    if item is None:
        return
    if item.report_id is None:
        try:
            item.report_id = freeze(session, item).id
        except ReportIncoherentError:
            item.state, item.problem, item.finished_at = FAILED, INCOHERENT, clock.now()
            return
        except NotFoundError:
            item.state, item.problem, item.finished_at = FAILED, NOT_RELEASED, clock.now()
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


def freeze(session: Session, item: ReportItem) -> Report:
    """The learner's own edition, as he would issue it himself today, without words of his own; or what he released."""
    books = shelf()
    library, settings = books.current(session), tools().settings
    batch = session.get_one(ReportBatch, item.batch_id)

    def library_of(version: str) -> Library:
        return books.version(session, version)

    if batch.purpose_id is None:
        return service.issue_for(session, item.person_id, library, library_of, settings)
    if batch.started_by is None:
        raise NotFoundError
    viewer, purpose = batch.started_by, batch.purpose_id
    return service.freeze_released(session, viewer, library, library_of, settings, purpose, item.person_id)
