"""Giving an attempt back from the workspace."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from coachkit.features.feedback import returning
from coachkit.features.feedback.review_routes import review_again
from coachkit.features.practice.access import attempt_for
from coachkit.platform.db import db
from coachkit.platform.errors import InvalidError
from coachkit.platform.policy import Action
from coachkit.web.access import checks, the_actor
from coachkit.web.errors import roll_back
from coachkit.web.forms import UNSTORABLE, is_storable, normal
from coachkit.web.submits import once

room = Blueprint("returning", __name__)


@room.post("/feedback/<int:attempt_id>/return")
@checks(Action.RATE_ATTEMPT)
@once
def give_back(attempt_id: int) -> ResponseReturnValue:
    attempt_for(db.session(), attempt_id, Action.RATE_ATTEMPT)
    why = (normal(request.form.get("why", "")) or "").strip()
    try:
        if not is_storable(why):
            raise InvalidError({"why": UNSTORABLE})  # noqa: TRY301
        returning.give_back(db.session(), the_actor(), attempt_id, why)
    except InvalidError as error:
        roll_back()
        return review_again(attempt_for(db.session(), attempt_id, Action.RATE_ATTEMPT), error.fields)
    flash("Given back, not rated. The learner is told why, and can send it again.", "ok")
    return redirect(url_for("feedback.queue"), 303)
