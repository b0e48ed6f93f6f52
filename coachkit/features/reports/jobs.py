"""Making a PDF from its frozen object."""

from __future__ import annotations

from sqlalchemy.orm import Session

from coachkit.domain.report.progress import ProgressReport
from coachkit.features.reports.document import report_job
from coachkit.features.reports.models import Report
from coachkit.platform import clock
from coachkit.platform.jobs import job
from coachkit.platform.pdf import RenderError
from coachkit.platform.tools import tools


@job("reports.render")
def render(session: Session, *, report_id: int) -> None:
    """Make one report's PDF; a second delivery finds it made. A failure is a sentence for the person."""
    report = session.get(Report, report_id)
    if report is None or report.made_at is not None:
        return
    document = ProgressReport.from_json(report.document)
    try:
        made = tools().renderer.render(report_job(tools().documents, document))
    except RenderError as error:
        report.problem = error.reason_for_user
        return
    report.pdf, report.sha256, report.pages, report.engine = made.pdf, made.sha256, made.pages, made.engine
    report.made_at, report.problem = clock.now(), ""
