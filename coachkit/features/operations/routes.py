"""Pages for those who run coachkit, and everybody's own export."""

from __future__ import annotations

import json

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coachkit.features.accounts.queries import person_view
from coachkit.features.operations import audit_log, erasure, health, publishing
from coachkit.platform.db import db
from coachkit.platform.errors import InvalidError, NotFoundError, UnavailableError
from coachkit.platform.policy import Action
from coachkit.web.access import needs, public, recent_proof, the_actor
from coachkit.web.library import current_library
from coachkit.web.request import HIGHEST_ROW
from coachkit.web.submits import once

room = Blueprint("operations", __name__)


@room.get("/admin/health")
@needs(Action.ADMINISTER)
def health_page() -> ResponseReturnValue:
    return render_template("operations/health.html", findings=health.findings(current_app.config["COACHKIT"]))


@room.get("/admin/content")
@needs(Action.ADMINISTER)
def content_page() -> ResponseReturnValue:
    settings = current_app.config["COACHKIT"]
    try:
        served = current_library()
    except UnavailableError:  # before the first one is published
        served = None
    checked = publishing.check(settings)
    page = publishing.content_page(db.session(), the_actor(), settings, checked, served)
    return render_template("operations/content.html", page=page)


@room.post("/admin/content/publish")
@needs(Action.ADMINISTER)
@once
def publish_content() -> ResponseReturnValue:
    recent_proof()
    db.session.commit()  # others may write while the folder is being read
    checked = publishing.check(current_app.config["COACHKIT"])
    try:
        publishing.publish(db.session(), the_actor(), checked, seen=request.form.get("version", ""))
    except InvalidError as error:
        db.session.rollback()
        flash(error.sentence, "bad")
        return make_response(content_page(), 422)
    flash("Published. Every open page follows within seconds.", "ok")
    return redirect(url_for("operations.content_page"), 303)


@room.post("/admin/content/roll-back")
@needs(Action.ADMINISTER)
@once
def roll_back_content() -> ResponseReturnValue:
    recent_proof()
    publishing.roll_back(db.session(), the_actor(), request.form.get("version", ""))
    flash("This version is served now. Attempts keep their own.", "ok")
    return redirect(url_for("operations.content_page"), 303)


@room.get("/audit")
@needs(Action.READ_AUDIT)
def audit_page() -> ResponseReturnValue:
    before = min(request.args.get("before", 0, type=int), HIGHEST_ROW)
    page = audit_log.audit_page(db.session(), before=before)
    return render_template("operations/audit.html", page=page, whole=health.audit_finding())


@room.get("/account/export")
@needs(Action.USE_ACCOUNT)
def export() -> ResponseReturnValue:
    recent_proof()
    data = erasure.export(db.session(), the_actor())
    response = make_response(json.dumps(data, ensure_ascii=False, indent=2))
    response.headers["Content-Type"] = "application/json; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="my-coachkit-data.json"'
    return response


@room.route("/admin/people/<int:person_id>/erase", methods=["GET", "POST"])
@needs(Action.ADMINISTER)
@once
def erase(person_id: int) -> ResponseReturnValue:
    person = person_view(db.session(), person_id)
    if person is None:
        raise NotFoundError
    if request.method == "GET":
        return render_template("operations/erase.html", person=person, wrong=False)
    recent_proof()
    if request.form.get("email", "").strip().lower() != person.email:
        return make_response(render_template("operations/erase.html", person=person, wrong=True), 422)
    erasure.erase(db.session(), the_actor(), person_id)
    flash("Erased. What others wrote stays without the name; the chain of events still holds.", "ok")
    return redirect(url_for("accounts.people"), 303)


@room.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    """For whatever watches the server: the process answers and the database can be read."""
    db.session.connection()
    response = make_response("ok\n")
    response.headers["Content-Type"] = "text/plain; charset=utf-8"
    return response
