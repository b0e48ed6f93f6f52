"""One's own report, its file, and the page on which a paper can be checked."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from coachkit.domain.report import wording
from coachkit.domain.report.progress import ProgressReport
from coachkit.domain.report.sheets import RolePlayKit
from coachkit.features.accounts.queries import cohorts, learner_case
from coachkit.features.decisions.queries import asked_people, open_release, purpose_case
from coachkit.features.decisions.service import find_purpose
from coachkit.features.reports import batches, forms, queries, service, sheets
from coachkit.features.reports.kinds import KINDS, AnySheet
from coachkit.features.reports.measured import as_shown
from coachkit.platform import pdf
from coachkit.platform.access_record import record_look
from coachkit.platform.db import db
from coachkit.platform.errors import NotFoundError
from coachkit.platform.policy import Action, ReportCase, Role, allows
from coachkit.platform.settings import Settings
from coachkit.web.access import checks, needs, public, require, the_actor
from coachkit.web.forms import refused
from coachkit.web.library import current_library, library_of
from coachkit.web.request import row_sent
from coachkit.web.submits import once

room = Blueprint("reports", __name__)


def _settings() -> Settings:
    found: Settings = current_app.config["COACHKIT"]
    return found


def _draft(person_id: int, *, for_learner: bool, comment: str = "") -> ProgressReport:
    return service.draft(
        db.session(), current_library(), library_of, _settings(), person_id, for_learner=for_learner, comment=comment
    )


@room.get("/report")
@needs(Action.MAKE_REPORT)
def mine() -> ResponseReturnValue:
    return render_template("reports/mine.html", **_mine(), form=forms.IssueForm())


def _mine() -> dict[str, object]:
    person_id = the_actor().id
    return {
        "report": _draft(person_id, for_learner=True),
        "issued": queries.my_reports(db.session(), person_id),
        "pdf": pdf.status(),
    }


@room.post("/report")
@needs(Action.MAKE_REPORT)
@once
def issue() -> ResponseReturnValue:
    form = forms.IssueForm()
    if not form.sent_well():
        return refused("reports/mine.html", **_mine(), form=form)
    report = service.issue(
        db.session(), the_actor(), current_library(), library_of, _settings(), comment=form.comment.data or ""
    )
    return redirect(url_for("reports.issued", report_id=report.id), 303)


def _mine_or_missing(report_id: int) -> tuple[queries.ReportCard, ProgressReport]:
    found = queries.report_card(db.session(), report_id)
    if found is None:
        raise NotFoundError
    person_id, card, document = found
    require(Action.READ_REPORT, ReportCase(person_id))
    return card, document


@room.get("/report/<int:report_id>")
@checks(Action.READ_REPORT)
def issued(report_id: int) -> ResponseReturnValue:
    card, document = _mine_or_missing(report_id)
    return render_template("reports/issued.html", card=card, report=as_shown(document))


@room.get("/report/<int:report_id>/state")
@checks(Action.READ_REPORT)
def state(report_id: int) -> ResponseReturnValue:
    """For the page that waits: the panel that says how far it is."""
    card, _document = _mine_or_missing(report_id)
    return render_template("reports/_state.html", card=card)


@room.post("/report/<int:report_id>/again")
@checks(Action.READ_REPORT)
@once
def again(report_id: int) -> ResponseReturnValue:
    _mine_or_missing(report_id)
    service.try_again(db.session(), the_actor(), report_id)
    return redirect(url_for("reports.issued", report_id=report_id), 303)


@room.get("/report/<int:report_id>/pdf")
@checks(Action.READ_REPORT)
def file(report_id: int) -> ResponseReturnValue:
    card, _document = _mine_or_missing(report_id)
    data = queries.report_pdf(db.session(), report_id)
    if data is None:
        flash("The file is not made yet.", "info")
        return redirect(url_for("reports.issued", report_id=report_id), 303)
    return _pdf_response(data, f"progress-report-{card.number}.pdf")


def _pdf_response(data: bytes, name: str) -> Response:
    response = make_response(data)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@room.get("/report/<int:report_id>/report.json")
@checks(Action.READ_REPORT)
def as_json(report_id: int) -> ResponseReturnValue:
    _card, document = _mine_or_missing(report_id)
    response = make_response(document.to_json())
    response.headers["Content-Type"] = "application/json; charset=utf-8"
    return response


@room.get("/decisions/<int:purpose_id>/people/<int:person_id>/report")
@checks(Action.READ_REPORT)
def released(purpose_id: int, person_id: int) -> ResponseReturnValue:
    """The released edition for a purpose: what coaches saw, without the person's own ratings, notes and plans."""
    session = db.session()
    purpose = find_purpose(session, purpose_id)
    if person_id not in dict(asked_people(session, purpose_id)):  # then not even its title is
        raise NotFoundError
    held = open_release(session, purpose_id, person_id)
    require(Action.READ_REPORT, ReportCase(person_id, purpose_case(session, purpose), released=held is not None))
    record_look(the_actor(), [person_id], "read your report, released edition", role=Role.CIO, purpose=purpose.title)
    session.commit()  # what follows sees a withdrawal of a moment ago
    release = open_release(session, purpose_id, person_id)
    require(Action.READ_REPORT, ReportCase(person_id, purpose_case(session, purpose), released=release is not None))
    document = _draft(person_id, for_learner=False, comment=release.comment if release else "")
    return render_template("reports/released.html", report=document, purpose_id=purpose_id, purpose=purpose.title)


SEEN_BY = {
    "kit": "You. Without the partner's card it holds nothing that a learner may not know.",
    "session": "You, and the learner, who may take it away with his data. Each look is recorded and shown to him.",
    "certificate": "You, and whoever you give it to. It holds no level and no rating.",
}


def _preview(kind: str, sheet: AnySheet, action: str) -> ResponseReturnValue:
    return render_template(
        "reports/print.html",
        **_sheet_page(kind, sheet),
        card=None,
        action=action,
        pdf=pdf.status(),
    )


def _sheet_page(kind: str, sheet: AnySheet) -> dict[str, object]:
    known = KINDS[kind]
    return {"sheet": sheet, "title": known.title, "body": known.body, "words": wording, "seen_by": SEEN_BY[kind]}


@room.get("/practice/scenarios/<scenario_id>/kit")
@needs(Action.READ_LIBRARY)
def kit(scenario_id: str) -> ResponseReturnValue:
    sheet = sheets.kit(current_library(), _settings(), the_actor(), scenario_id)
    return _preview("kit", sheet, url_for("reports.print_kit", scenario_id=scenario_id))


@room.post("/practice/scenarios/<scenario_id>/kit")
@needs(Action.READ_LIBRARY)
@once
def print_kit(scenario_id: str) -> ResponseReturnValue:
    kept = sheets.print_kit(db.session(), the_actor(), current_library(), _settings(), scenario_id)
    return redirect(url_for("reports.kept", report_id=kept.id), 303)


@room.get("/feedback/learners/<int:learner_id>/sheet")
@checks(Action.PRINT_SESSION)
def session_sheet(learner_id: int) -> ResponseReturnValue:
    case = learner_case(db.session(), learner_id)
    require(Action.PRINT_SESSION, case)
    record_look(the_actor(), [learner_id], "opened a sheet for your next talk", role=Role.COACH)
    sheet = sheets.session_sheet(db.session(), current_library(), library_of, _settings(), the_actor(), case)
    return _preview("session", sheet, url_for("reports.print_session", learner_id=learner_id))


@room.post("/feedback/learners/<int:learner_id>/sheet")
@checks(Action.PRINT_SESSION)
@once
def print_session(learner_id: int) -> ResponseReturnValue:
    case = learner_case(db.session(), learner_id)
    require(Action.PRINT_SESSION, case)
    kept = sheets.print_session(db.session(), the_actor(), current_library(), library_of, _settings(), case)
    return redirect(url_for("reports.kept", report_id=kept.id), 303)


@room.get("/certificate")
@needs(Action.MAKE_REPORT)
def certificate() -> ResponseReturnValue:
    sheet = sheets.certificate(db.session(), current_library(), library_of, _settings(), the_actor())
    return _preview("certificate", sheet, url_for("reports.issue_certificate"))


@room.post("/certificate")
@needs(Action.MAKE_REPORT)
@once
def issue_certificate() -> ResponseReturnValue:
    kept = sheets.issue_certificate(db.session(), the_actor(), current_library(), library_of, _settings())
    return redirect(url_for("reports.kept", report_id=kept.id), 303)


def _print_or_missing(report_id: int) -> queries.Print:
    """The sheet, for whoever asked for it, while he may still read what is in it."""
    found = queries.kept_print(db.session(), report_id)
    if found is None:
        raise NotFoundError
    require(Action.READ_PRINT, ReportCase(found.owner_id))
    if found.about_id is not None:
        require(Action.PRINT_SESSION, learner_case(db.session(), found.about_id))
    if (
        isinstance(found.sheet, RolePlayKit)
        and found.sheet.partner
        and not allows(the_actor(), Action.READ_PARTNER_BRIEF)
    ):
        raise NotFoundError
    return found


def _look(found: queries.Print) -> None:
    if found.about_id is not None:
        record_look(the_actor(), [found.about_id], "opened a sheet for your next talk", role=Role.COACH)


@room.get("/prints/<int:report_id>")
@checks(Action.READ_PRINT)
def kept(report_id: int) -> ResponseReturnValue:
    found = _print_or_missing(report_id)
    _look(found)
    return render_template("reports/print.html", **_sheet_page(found.card.kind, found.sheet), card=found.card)


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
    if data is None:
        flash("The file is not made yet.", "info")
        return redirect(url_for("reports.kept", report_id=report_id), 303)
    _look(found)
    return _pdf_response(data, f"{found.file_name}-{found.card.number}.pdf")


@room.post("/prints/<int:report_id>/again")
@checks(Action.READ_PRINT)
@once
def kept_again(report_id: int) -> ResponseReturnValue:
    _print_or_missing(report_id)
    service.try_again(db.session(), the_actor(), report_id)
    return redirect(url_for("reports.kept", report_id=report_id), 303)


@room.get("/admin/reports")
@needs(Action.ADMINISTER)
def batch_list() -> ResponseReturnValue:
    session = db.session()
    return render_template(
        "reports/batches.html", batches=batches.all_batches(session), cohorts=cohorts(session), pdf=pdf.status()
    )


@room.post("/admin/reports")
@needs(Action.ADMINISTER)
@once
def start_batch() -> ResponseReturnValue:
    batch = batches.start(db.session(), the_actor(), row_sent("cohort_id"))
    return redirect(url_for("reports.batch", batch_id=batch.id), 303)


def _batch_or_missing(batch_id: int) -> batches.BatchView:
    found = batches.view(db.session(), batch_id)
    if found is None:
        raise NotFoundError
    return found


@room.get("/admin/reports/<int:batch_id>")
@needs(Action.ADMINISTER)
def batch(batch_id: int) -> ResponseReturnValue:
    return render_template("reports/batch.html", batch=_batch_or_missing(batch_id))


@room.get("/admin/reports/<int:batch_id>/state")
@needs(Action.ADMINISTER)
def batch_state(batch_id: int) -> ResponseReturnValue:
    """For the page that waits."""
    return render_template("reports/_batch.html", batch=_batch_or_missing(batch_id))


@room.post("/admin/reports/<int:batch_id>/cancel")
@needs(Action.ADMINISTER)
@once
def cancel_batch(batch_id: int) -> ResponseReturnValue:
    batches.cancel(db.session(), the_actor(), batch_id)
    return redirect(url_for("reports.batch", batch_id=batch_id), 303)


@room.post("/admin/reports/<int:batch_id>/again")
@needs(Action.ADMINISTER)
@once
def batch_again(batch_id: int) -> ResponseReturnValue:
    batches.try_again(db.session(), the_actor(), batch_id)
    return redirect(url_for("reports.batch", batch_id=batch_id), 303)


@room.get("/v/<number>/<code>")
@public
def verify(number: str, code: str) -> ResponseReturnValue:
    found = queries.check(db.session(), number, code)
    return render_template("reports/verify.html", check=found), 200 if found else 404
