"""The learner's page about adjustments."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coachkit.features.practice.adjustments import service
from coachkit.platform.db import db
from coachkit.platform.policy import Action, LearnerCase
from coachkit.web.access import checks, require, the_actor
from coachkit.web.submits import once

room = Blueprint("adjustments", __name__)


@room.get("/practice/adjustments")
@checks(Action.OWN_RECORD)
def page() -> ResponseReturnValue:
    actor = require(Action.OWN_RECORD, LearnerCase(the_actor().id))
    chosen = service.adjustments_of(db.session(), actor.id)
    return render_template("practice/adjustments/page.html", kinds=service.KINDS, chosen=chosen)


@room.post("/practice/adjustments")
@checks(Action.OWN_RECORD)
@once
def keep() -> ResponseReturnValue:
    actor = require(Action.OWN_RECORD, LearnerCase(the_actor().id))
    service.set_adjustments(db.session(), actor, request.form.getlist("adjustment"))
    flash("Kept. Your coaches see it beside your attempts.", "ok")
    return redirect(url_for("practice.adjustments.page"), 303)
