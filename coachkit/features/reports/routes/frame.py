"""The room's blueprint, and what all of its pages use."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, make_response

from coachkit.domain.report import wording
from coachkit.domain.report.papers import DecisionDossier
from coachkit.domain.report.progress import ProgressReport
from coachkit.features.reports import service
from coachkit.features.reports.document import paragraphs
from coachkit.features.reports.kinds import KINDS, AnySheet
from coachkit.features.reports.measured import as_shown, dossier_as_shown
from coachkit.platform.db import db
from coachkit.platform.settings import Settings
from coachkit.web.library import current_library, library_of

room = Blueprint("reports", __name__)


def settings_now() -> Settings:
    found: Settings = current_app.config["COACHKIT"]
    return found


def draft(person_id: int, *, for_learner: bool, comment: str = "") -> ProgressReport:
    """A progress report as it would be issued now."""
    return service.draft(
        db.session(), current_library(), library_of, settings_now(), person_id, for_learner=for_learner, comment=comment
    )


def pdf_response(data: bytes, name: str) -> Response:
    """A file to keep, which nothing in between may keep too."""
    response = make_response(data)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


SEEN_BY = {
    "kit": "You. Without the partner's card it holds nothing that a learner may not know.",
    "session": "You, and the learner, who may take it away with his data. Each look is recorded and shown to him.",
    "certificate": "You, and whoever you give it to. It holds no level and no rating.",
    "dossier": "You, while you may open the record. Each look is recorded and shown to the person.",
    "programme": "You, and whoever you give it to. It holds counts of groups, and nobody's name.",
    "released": "You, within this purpose and while the release holds. Each look is recorded and shown to the person.",
}


def sheet_page(kind: str, sheet: AnySheet) -> dict[str, object]:
    """What the page of a kept document needs."""
    known = KINDS[kind]
    shown = sheet
    if isinstance(sheet, ProgressReport):
        shown = as_shown(sheet)
    elif isinstance(sheet, DecisionDossier):
        shown = dossier_as_shown(sheet)
    return {
        "sheet": shown,
        "report": shown,
        "own": False,
        "title": known.title,
        "body": known.body,
        "words": wording,
        "paragraphs": paragraphs,
        "seen_by": SEEN_BY[kind],
    }
