"""The kinds of printed documents: which object, which template, what it is called."""

from __future__ import annotations

from dataclasses import dataclass

from jinja2 import Environment

from coachkit.domain.report.progress import ProgressReport
from coachkit.domain.report.sheets import Certificate, RolePlayKit, SessionSheet
from coachkit.features.reports.document import printed, sheet_job
from coachkit.platform.pdf import PdfRenderer, Rendered

AnySheet = RolePlayKit | SessionSheet | Certificate
PROGRESS = "progress"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of sheet."""

    frozen: type[AnySheet]
    body: str
    """The part of the page that screen and PDF share."""
    title: str
    file_name: str


KINDS = {
    "kit": Kind(RolePlayKit, "reports/_kit.html", "Role-play kit", "role-play-kit"),
    "session": Kind(SessionSheet, "reports/_session.html", "Session sheet", "session-sheet"),
    "certificate": Kind(Certificate, "reports/_certificate.html", "Certificate of completion", "certificate"),
}
CHECKED = ("progress", "certificate")
"""Kinds that a paper can be checked for; kits and session sheets prove nothing."""


def kind_of(sheet: AnySheet) -> str:
    """Under which key a sheet is kept."""
    return next(key for key, kind in KINDS.items() if isinstance(sheet, kind.frozen))


def thawed(kind: str, text: str) -> AnySheet:
    """The sheet from its kept text."""
    return KINDS[kind].frozen.from_json(text)


def print_kept(renderer: PdfRenderer, templates: Environment, kind: str, text: str) -> Rendered:
    """The PDF of any kept document."""
    if kind == PROGRESS:
        return printed(renderer, templates, ProgressReport.from_json(text))
    known = KINDS[kind]
    return renderer.render(sheet_job(templates, known.body, known.title, known.frozen.from_json(text)))
