"""One's own progress report."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from coachkit.domain.report.progress import ProgressReport
from coachkit.features.feedback.field_log.queries import entries_of
from coachkit.features.reports import forms, queries, service
from coachkit.features.reports.measured import as_shown
from coachkit.features.reports.routes.frame import draft, pdf_response, room, settings_now
from coachkit.platform import pdf
from coachkit.platform.db import db
from coachkit.platform.errors import NotFoundError
from coachkit.platform.policy import Action, ReportCase
from coachkit.web.access import checks, needs, require, the_actor
from coachkit.web.forms import refused
from coachkit.web.library import current_library, library_of
from coachkit.web.submits import once


@room.get("/report")
@needs(Action.MAKE_REPORT)
def mine() -> ResponseReturnValue:
    return render_template("reports/mine.html", **_mine(), form=forms.IssueForm())


def _mine() -> dict[str, object]:
    person_id = the_actor().id
    return {
        "report": draft(person_id, for_learner=True),
        "issued": queries.my_reports(db.session(), person_id),
        "pdf": pdf.status(),
        "logged": len(entries_of(db.session(), person_id, with_practice=False)),
    }


@room.post("/report")
@needs(Action.MAKE_REPORT)
@once
def issue() -> ResponseReturnValue:
    form = forms.IssueForm()
    if not form.sent_well():
        return refused("reports/mine.html", **_mine(), form=form)
    report = service.issue(
        db.session(),
        the_actor(),
        current_library(),
        library_of,
        settings_now(),
        comment=form.comment.data or "",
        with_log=bool(form.field_log.data),
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
    return pdf_response(data, f"progress-report-{card.number}.pdf")


@room.get("/report/<int:report_id>/report.json")
@checks(Action.READ_REPORT)
def as_json(report_id: int) -> ResponseReturnValue:
    _card, document = _mine_or_missing(report_id)
    response = make_response(document.to_json())
    response.headers["Content-Type"] = "application/json; charset=utf-8"
    return response


@room.post("/report/<int:report_id>/withdraw")
@checks(Action.READ_REPORT)
@once
def withdraw(report_id: int) -> ResponseReturnValue:
    _mine_or_missing(report_id)
    service.withdraw(db.session(), the_actor(), report_id)
    return redirect(url_for("reports.issued", report_id=report_id), 303)
