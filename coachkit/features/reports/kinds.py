"""The kinds of printed documents: which object, which template, what it is called."""

from __future__ import annotations

from dataclasses import dataclass

from jinja2 import Environment

from coachkit.domain.report.papers import DecisionDossier, Paper, ProgrammeReport
from coachkit.domain.report.progress import ProgressReport
from coachkit.domain.report.sheets import Certificate, RolePlayKit, SessionSheet
from coachkit.features.reports.document import printed, printed_sheet
from coachkit.features.reports.style import PLAIN, HouseStyle
from coachkit.platform.pdf import PdfRenderer, Rendered

SmallSheet = RolePlayKit | SessionSheet | Certificate | Paper
AnySheet = ProgressReport | SmallSheet
PROGRESS, RELEASED, DOSSIER, PROGRAMME = "progress", "released", "dossier", "programme"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of sheet."""

    frozen: type[AnySheet]
    body: str
    """The part of the page that screen and PDF share."""
    title: str
    file_name: str


KINDS = {
    PROGRESS: Kind(ProgressReport, "reports/_document.html", "Progress report", "progress-report"),
    RELEASED: Kind(ProgressReport, "reports/_document.html", "Progress report, released edition", "released-report"),
    "kit": Kind(RolePlayKit, "reports/_kit.html", "Role-play kit", "role-play-kit"),
    "session": Kind(SessionSheet, "reports/_session.html", "Session sheet", "session-sheet"),
    DOSSIER: Kind(DecisionDossier, "reports/_paper.html", "Decision dossier", "decision-dossier"),
    PROGRAMME: Kind(ProgrammeReport, "reports/_paper.html", "Programme report", "programme-report"),
    "certificate": Kind(Certificate, "reports/_certificate.html", "Certificate of completion", "certificate"),
}
CHECKED = (PROGRESS, RELEASED, DOSSIER, PROGRAMME, "certificate")
"""Kinds that a paper can be checked for; kits and session sheets prove nothing."""


def kind_of(sheet: SmallSheet) -> str:
    """Under which key a sheet is kept."""
    return next(key for key, kind in KINDS.items() if isinstance(sheet, kind.frozen))


def thawed(kind: str, text: str) -> AnySheet:
    """The sheet from its kept text."""
    return KINDS[kind].frozen.from_json(text)


def print_kept(
    renderer: PdfRenderer, templates: Environment, kind: str, text: str, style: HouseStyle = PLAIN
) -> Rendered:
    """The PDF of any kept document."""
    known, document = KINDS[kind], thawed(kind, text)
    if isinstance(document, ProgressReport):
        return printed(renderer, templates, document, style)
    return printed_sheet(renderer, templates, known.body, known.title, document, style)
