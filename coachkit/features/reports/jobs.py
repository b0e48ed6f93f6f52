"""Making a PDF from its frozen object."""

from __future__ import annotations

from sqlalchemy.orm import Session

from coachkit.features.reports.kinds import print_kept
from coachkit.features.reports.models import Report
from coachkit.platform import clock
from coachkit.platform.jobs import job
from coachkit.platform.pdf import RenderError
from coachkit.platform.tools import tools


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
