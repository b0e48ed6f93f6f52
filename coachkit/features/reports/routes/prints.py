"""Kits, session sheets, certificates, and what else was kept for printing."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from coachkit.domain.report.sheets import RolePlayKit
from coachkit.features.accounts.queries import learner_case
from coachkit.features.feedback.contest.queries import stands_since
from coachkit.features.reports import programme, queries, service, sheets
from coachkit.features.reports.kinds import DOSSIER, AnySheet
from coachkit.features.reports.measured import outdated
from coachkit.features.reports.routes.frame import pdf_response, room, settings_now, sheet_page
from coachkit.features.reports.routes.purposes import OPENED, look_at_release, require_release
from coachkit.platform import pdf
from coachkit.platform.access_record import record_look
from coachkit.platform.db import db
from coachkit.platform.errors import NotFoundError
from coachkit.platform.policy import Action, ReportCase, Role, allows
from coachkit.web.access import checks, needs, require, the_actor
from coachkit.web.library import current_library, library_of
from coachkit.web.submits import once

OPENED_DOSSIER = "opened the dossier of a decision about you"
NOT_YET = "The file is not made yet."
OUTDATED = "The file holds figures that this house does not show any more. Make a new one."


def _preview(kind: str, sheet: AnySheet, action: str) -> ResponseReturnValue:
    return render_template(
        "reports/print.html",
        **sheet_page(kind, sheet),
        card=None,
        action=action,
        pdf=pdf.status(),
    )


@room.get("/practice/scenarios/<scenario_id>/kit")
@needs(Action.READ_LIBRARY)
def kit(scenario_id: str) -> ResponseReturnValue:
    sheet = sheets.kit(current_library(), settings_now(), the_actor(), scenario_id)
    return _preview("kit", sheet, url_for("reports.print_kit", scenario_id=scenario_id))


@room.post("/practice/scenarios/<scenario_id>/kit")
@needs(Action.READ_LIBRARY)
@once
def print_kit(scenario_id: str) -> ResponseReturnValue:
    kept = sheets.print_kit(db.session(), the_actor(), current_library(), settings_now(), scenario_id)
    return redirect(url_for("reports.kept", report_id=kept.id), 303)


@room.get("/feedback/learners/<int:learner_id>/sheet")
@checks(Action.PRINT_SESSION)
def session_sheet(learner_id: int) -> ResponseReturnValue:
    case = learner_case(db.session(), learner_id)
    require(Action.PRINT_SESSION, case)
    record_look(the_actor(), [learner_id], "opened a sheet for your next talk", role=Role.COACH)
    sheet = sheets.session_sheet(db.session(), current_library(), library_of, settings_now(), the_actor(), case)
    return _preview("session", sheet, url_for("reports.print_session", learner_id=learner_id))


@room.post("/feedback/learners/<int:learner_id>/sheet")
@checks(Action.PRINT_SESSION)
@once
def print_session(learner_id: int) -> ResponseReturnValue:
    case = learner_case(db.session(), learner_id)
    require(Action.PRINT_SESSION, case)
    kept = sheets.print_session(db.session(), the_actor(), current_library(), library_of, settings_now(), case)
    return redirect(url_for("reports.kept", report_id=kept.id), 303)


@room.get("/certificate")
@needs(Action.MAKE_REPORT)
def certificate() -> ResponseReturnValue:
    sheet = sheets.certificate(db.session(), current_library(), library_of, settings_now(), the_actor())
    return _preview("certificate", sheet, url_for("reports.issue_certificate"))


@room.post("/certificate")
@needs(Action.MAKE_REPORT)
@once
def issue_certificate() -> ResponseReturnValue:
    kept = sheets.issue_certificate(db.session(), the_actor(), current_library(), library_of, settings_now())
    return redirect(url_for("reports.kept", report_id=kept.id), 303)


@room.get("/programme/report")
@needs(Action.PRINT_PROGRAMME)
def programme_report() -> ResponseReturnValue:
    sheet = programme.programme_report(db.session(), current_library(), library_of, settings_now(), the_actor())
    return _preview("programme", sheet, url_for("reports.print_programme"))


@room.post("/programme/report")
@needs(Action.PRINT_PROGRAMME)
@once
def print_programme() -> ResponseReturnValue:
    kept = programme.print_programme(db.session(), the_actor(), current_library(), library_of, settings_now())
    return redirect(url_for("reports.kept", report_id=kept.id), 303)


def _print_or_missing(report_id: int) -> queries.Print:
    """What was kept, for whoever asked for it, while he may still read what is in it."""
    found = queries.kept_print(db.session(), report_id)
    if found is None:
        raise NotFoundError
    require(Action.READ_PRINT, ReportCase(found.owner_id))
    if found.purpose_id is not None and found.about_id is not None:
        require_release(found.purpose_id, found.about_id)
    elif found.about_id is not None:
        require(Action.PRINT_SESSION, learner_case(db.session(), found.about_id))
    if found.about_id is not None and not stands_since(db.session(), found.about_id, found.card.issued_at):
        raise NotFoundError
    partners = isinstance(found.sheet, RolePlayKit) and found.sheet.partner is not None
    if partners and not allows(the_actor(), Action.READ_PARTNER_BRIEF):
        raise NotFoundError
    return found


def _look(found: queries.Print) -> None:
    """Recorded before anything is shown. A release that was withdrawn a moment ago holds no more."""
    if found.about_id is None:
        return
    if found.purpose_id is None:
        record_look(the_actor(), [found.about_id], "opened a sheet for your next talk", role=Role.COACH)
        return
    dossier = found.card.kind == DOSSIER
    look_at_release(found.purpose_id, found.about_id, OPENED_DOSSIER if dossier else OPENED)


@room.get("/prints/<int:report_id>")
@checks(Action.READ_PRINT)
def kept(report_id: int) -> ResponseReturnValue:
    found = _print_or_missing(report_id)
    _look(found)
    return render_template("reports/print.html", **sheet_page(found.card.kind, found.sheet), card=found.card)


@room.get("/prints/<int:report_id>/state")
@checks(Action.READ_PRINT)
def kept_state(report_id: int) -> ResponseReturnValue:
    found = _print_or_missing(report_id)
    return render_template("reports/_state.html", card=found.card, base=url_for("reports.kept", report_id=report_id))


@room.get("/prints/<int:report_id>/pdf")
@checks(Action.READ_PRINT)
def kept_file(report_id: int) -> ResponseReturnValue:
    found = _print_or_missing(report_id)
    data = queries.report_pdf(db.session(), report_id)
    of_somebody = found.about_id is not None  # one's own papers stay as one was given them
    if data is None or (of_somebody and outdated(found.sheet)):
        flash(NOT_YET if data is None else OUTDATED, "info")
        return redirect(url_for("reports.kept", report_id=report_id), 303)
    _look(found)
    return pdf_response(data, f"{found.file_name}-{found.card.number}.pdf")


@room.post("/prints/<int:report_id>/again")
@checks(Action.READ_PRINT)
@once
def kept_again(report_id: int) -> ResponseReturnValue:
    _print_or_missing(report_id)
    service.try_again(db.session(), the_actor(), report_id)
    return redirect(url_for("reports.kept", report_id=report_id), 303)


@room.post("/prints/<int:report_id>/withdraw")
@checks(Action.READ_PRINT)
@once
def withdraw_print(report_id: int) -> ResponseReturnValue:
    _print_or_missing(report_id)
    service.withdraw(db.session(), the_actor(), report_id)
    return redirect(url_for("reports.kept", report_id=report_id), 303)
