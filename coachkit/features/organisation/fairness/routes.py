"""The work sheet, for whoever holds HR's link, and the making of that link. Posting counts changes nothing anywhere."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from coachkit.domain.decision import fairness
from coachkit.domain.decision.fairness import Group
from coachkit.features.organisation.fairness import service
from coachkit.features.organisation.fairness.forms import CountsForm
from coachkit.platform.db import db
from coachkit.platform.policy import Action
from coachkit.web.access import needs, public, recent_proof, the_actor
from coachkit.web.forms import refused

room = Blueprint("fairness", __name__)


@room.get("/admin/fairness")
@needs(Action.INVITE_ANSWERS)
def door() -> ResponseReturnValue:
    return render_template("organisation/fairness_link.html", link="", days=service.LIFE.days)


@room.post("/admin/fairness")
@needs(Action.INVITE_ANSWERS)
def make_link() -> ResponseReturnValue:
    """The link is shown once, in the answer itself."""
    recent_proof()
    token = service.make_link(db.session(), the_actor())
    base = current_app.config["COACHKIT"].base_url
    return render_template("organisation/fairness_link.html", link=f"{base}/fairness/{token}", days=service.LIFE.days)


@room.route("/fairness/<token>", methods=["GET", "POST"])
@public
def sheet(token: str) -> ResponseReturnValue:
    if not service.opens(db.session(), token):
        return render_template("organisation/link_ended.html"), 404
    form = CountsForm()
    if not form.sent_well():
        if form.errors:
            return refused("organisation/fairness.html", form=form, found=None)
        return render_template("organisation/fairness.html", form=form, found=None)
    first = Group(form.first_chosen.data, form.first_others.data)
    second = Group(form.second_chosen.data, form.second_others.data)
    if problem := fairness.problem(first, second):
        form.form_errors.append(problem)
        return refused("organisation/fairness.html", form=form, found=None)
    return render_template("organisation/fairness.html", form=form, found=fairness.look(first, second))
