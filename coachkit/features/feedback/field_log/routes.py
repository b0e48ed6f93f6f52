"""The learner's field log."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coachkit.features.feedback.field_log import forms, queries, service
from coachkit.features.feedback.queries import plans_of
from coachkit.platform.db import db
from coachkit.platform.errors import InvalidError
from coachkit.platform.policy import Action, LearnerCase
from coachkit.web.access import checks, require, the_actor
from coachkit.web.errors import roll_back
from coachkit.web.request import row_sent
from coachkit.web.submits import once

room = Blueprint("field_log", __name__)


@room.get("/field-log")
@checks(Action.OWN_RECORD)
def page() -> ResponseReturnValue:
    require(Action.OWN_RECORD, LearnerCase(the_actor().id))
    return _page(forms.EntryForm())


def _page(form: forms.EntryForm, code: int = 200) -> Response:
    me = the_actor().id
    html = render_template(
        "feedback/field_log/page.html",
        entries=queries.entries_of(db.session(), me, with_practice=True),
        plans=plans_of(db.session(), me),
        chosen=row_sent("plan_id"),
        form=form,
    )
    return make_response(html, code)


@room.post("/field-log")
@checks(Action.OWN_RECORD)
@once
def write() -> ResponseReturnValue:
    actor = require(Action.OWN_RECORD, LearnerCase(the_actor().id))
    form = forms.EntryForm()
    try:
        form.expect()
        service.write(
            db.session(),
            actor,
            on=form.on.data,
            situation=form.situation.data,
            act=form.act.data,
            effect=form.effect.data,
            witness=form.witness.data or "",
            plan_id=row_sent("plan_id") if request.form.get("plan_id") else None,
        )
    except InvalidError as error:
        roll_back()
        form.take(error)
        return _page(form, 422)
    flash("Kept.", "ok")
    return redirect(url_for("feedback.field_log.page"), 303)


@room.post("/field-log/<int:entry_id>/strike")
@checks(Action.OWN_RECORD)
@once
def strike(entry_id: int) -> ResponseReturnValue:
    actor = require(Action.OWN_RECORD, LearnerCase(the_actor().id))
    service.strike(db.session(), actor, entry_id)
    flash("Taken out.", "ok")
    return redirect(url_for("feedback.field_log.page"), 303)
