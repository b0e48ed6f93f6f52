"""The progress report as markup, and as a job for the PDF workers."""

import re
from urllib.parse import urlsplit

from jinja2 import Environment

from coachkit.domain.report import charts, wording
from coachkit.domain.report.layout import skill_layouts
from coachkit.domain.report.progress import ProgressReport
from coachkit.platform.pdf import RenderJob
from coachkit.platform.pdf.glyphs import Coverage, installed_coverage

TEMPLATE = "reports/progress.html"
STYLESHEET = "report.css"

_BLANK_LINES = re.compile(r"\n\s*\n")


def paragraphs(text: str) -> list[list[str]]:
    """A person's plain text as paragraphs of lines; the template escapes and breaks them."""
    blocks = _BLANK_LINES.split(text.replace("\r\n", "\n").replace("\r", "\n").strip())
    return [[line.strip() for line in block.split("\n")] for block in blocks if block.strip()]


def report_html(env: Environment, report: ProgressReport, coverage: Coverage | None = None) -> str:
    """Well-formed markup that our fonts can draw in full; what they cannot is marked and counted."""
    coverage = coverage or installed_coverage()
    address = urlsplit(report.verify_url)
    rendered = env.get_template(TEMPLATE).render(
        report=report,
        layouts=skill_layouts(report),
        words=wording,
        charts=charts,
        paragraphs=paragraphs,
        check_address=address.netloc + address.path,
        undrawn=coverage.count_missing(report.to_json()),
    )
    return coverage.drawable(rendered)


def report_job(env: Environment, report: ProgressReport) -> RenderJob:
    """Everything that a PDF worker needs to know about one report."""
    return RenderJob(
        html=report_html(env, report),
        stylesheet=STYLESHEET,
        attachment=report.to_json(),
        identifier=report.report_id,
        issued_at=report.issued_at,
        links={report.verify_url: f"Check report {report.report_id} on the web"},
    )
