"""The progress report as markup, and as a job for the PDF workers."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from jinja2 import Environment

from coachkit.domain.report import charts, wording
from coachkit.domain.report.layout import MOST_PAGES, PORTIONS, layout_of
from coachkit.domain.report.papers import Paper
from coachkit.domain.report.progress import ProgressReport
from coachkit.domain.report.sheets import Certificate, RolePlayKit, SessionSheet
from coachkit.features.reports.style import PLAIN, HouseStyle
from coachkit.platform.pdf import PdfRenderer, Rendered, RenderJob
from coachkit.platform.pdf.glyphs import Coverage, installed_coverage

TEMPLATE = "reports/progress.html"
STYLESHEET = "report.css"

FEWEST_PAGES = 2
ALMOST_EMPTY = 0.25
"""A last page that is filled less than this looks like a mistake."""
TRIES_FOR_LOOKS = 3


@dataclass(frozen=True, slots=True)
class Way:
    """One way to print a report: how many steps below what should fit, and whether lines stand closer."""

    tighter: int
    dense: bool


AS_IT_IS = Way(0, dense=False)
OTHER_WAYS = tuple(Way(tighter, dense=True) for tighter in range(len(PORTIONS)))

_BLANK_LINES = re.compile(r"\n\s*\n")


def paragraphs(text: str) -> list[list[str]]:
    """A person's plain text as paragraphs of lines; the template escapes and breaks them."""
    blocks = _BLANK_LINES.split(text.replace("\r\n", "\n").replace("\r", "\n").strip())
    return [[line.strip() for line in block.split("\n")] for block in blocks if block.strip()]


def report_html(
    env: Environment,
    report: ProgressReport,
    coverage: Coverage | None = None,
    way: Way = AS_IT_IS,
    style: HouseStyle = PLAIN,
) -> str:
    """Well-formed markup that our fonts can draw in full; what they cannot is marked and counted."""
    coverage = coverage or installed_coverage(style.fonts)
    address = urlsplit(report.verify_url)
    rendered = env.get_template(TEMPLATE).render(
        report=report,
        layout=layout_of(report, way.tighter, style.room),
        statuses=[(line.name, line.rubric_status) for skill in report.skills for line in skill.criteria],
        dense=way.dense,
        words=wording,
        charts=charts,
        paragraphs=paragraphs,
        check_address=address.netloc + address.path,
        undrawn=coverage.count_missing(report.to_json()),
        style=style,
    )
    return coverage.drawable(rendered)


def report_job(env: Environment, report: ProgressReport, way: Way = AS_IT_IS, style: HouseStyle = PLAIN) -> RenderJob:
    """Everything that a PDF worker needs to know about one report."""
    return RenderJob(
        html=report_html(env, report, way=way, style=style),
        stylesheet=STYLESHEET,
        attachment=report.to_json(),
        identifier=report.report_id,
        issued_at=report.issued_at,
        links={report.verify_url: f"Check report {report.report_id} on the web"},
        to_be_signed=style.signed,
        pictures=style.pictures,
    )


def printed(renderer: PdfRenderer, env: Environment, report: ProgressReport, style: HouseStyle = PLAIN) -> Rendered:
    """The report on two to six pages, the last of them not almost empty, as far as a few tries can do it."""
    best = renderer.render(report_job(env, report, style=style))
    for number, way in enumerate(OTHER_WAYS):
        too_long = best.pages > MOST_PAGES
        if not too_long and (number >= TRIES_FOR_LOOKS or best.last_page > ALMOST_EMPTY or best.pages <= FEWEST_PAGES):
            break
        other = renderer.render(report_job(env, report, way, style))
        if other.pages < best.pages:
            best = other
    return best


def sheet_job(
    env: Environment,
    body: str,
    title: str,
    sheet: RolePlayKit | SessionSheet | Certificate | Paper,
    style: HouseStyle = PLAIN,
    *,
    dense: bool = False,
) -> RenderJob:
    """A kit, a session sheet or a certificate: one frame, one body that the screen shows too."""
    coverage = installed_coverage(style.fonts)
    text = sheet.to_json()
    url = sheet.verify_url if isinstance(sheet, Certificate | Paper) else ""
    rendered = env.get_template("reports/sheet.html").render(
        sheet=sheet,
        body=body,
        title=title,
        words=wording,
        charts=charts,
        paragraphs=paragraphs,
        undrawn=coverage.count_missing(text),
        on_paper=True,
        style=style,
        dense=dense,
    )
    return RenderJob(
        html=coverage.drawable(rendered),
        stylesheet=STYLESHEET,
        attachment=text,
        identifier=sheet.report_id,
        issued_at=sheet.issued_at,
        links={url: f"Check {title.lower()} {sheet.report_id} on the web"} if url else {},
        to_be_signed=style.signed,
        pictures=style.pictures,
    )


def printed_sheet(
    renderer: PdfRenderer,
    env: Environment,
    body: str,
    title: str,
    sheet: RolePlayKit | SessionSheet | Certificate | Paper,
    style: HouseStyle = PLAIN,
) -> Rendered:
    """The sheet, with lines a little closer where that saves a last page with next to nothing on it."""
    best = renderer.render(sheet_job(env, body, title, sheet, style))
    if best.pages > 1 and best.last_page <= ALMOST_EMPTY:
        other = renderer.render(sheet_job(env, body, title, sheet, style, dense=True))
        if other.pages < best.pages:
            best = other
    return best
