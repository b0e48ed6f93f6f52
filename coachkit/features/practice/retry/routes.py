"""The learner's pages about trying again."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coachkit.features.practice.access import attempt_for
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.queries import title_of
from coachkit.features.practice.retry import forms, queries, service
from coachkit.features.practice.service import sealed
from coachkit.platform.db import db
from coachkit.platform.errors import InvalidError, NotFoundError
from coachkit.platform.policy import Action
from coachkit.web.access import checks, needs, the_actor
from coachkit.web.errors import roll_back
from coachkit.web.library import current_library, library_of
from coachkit.web.submits import once

room = Blueprint("retry", __name__)


@room.get("/practice/<int:attempt_id>/retry")
@checks(Action.WRITE_ATTEMPT)
def page(attempt_id: int) -> ResponseReturnValue:
    attempt = attempt_for(db.session(), attempt_id, Action.WRITE_ATTEMPT)
    if sealed(attempt):
        raise NotFoundError
    return _page(attempt, forms.RetryForm(), {})


def _page(attempt: Attempt, form: forms.RetryForm, errors: dict[str, str], code: int = 200) -> Response:
    library = library_of(attempt.library_version)
    scenario = library.scenario(attempt.scenario_id)
    html = render_template(
        "practice/retry/page.html",
        attempt_id=attempt.id,
        title=title_of(attempt, scenario),
        back=f"/feedback/{attempt.id}/reveal" if attempt.revealed_at else f"/practice/{attempt.id}",
        scenario=scenario,
        criteria=[library.criterion(criterion_id) for criterion_id in scenario.criteria],
        chosen=request.form.get("criterion") or next(iter(attempt.focus), ""),
        retries=queries.retries_of(db.session(), library, attempt),
        coach=attempt.revealed_at is not None,
        form=form,
        errors=errors,
    )
    return make_response(html, code)


@room.post("/practice/<int:attempt_id>/retry")
@checks(Action.WRITE_ATTEMPT)
@once
def keep(attempt_id: int) -> ResponseReturnValue:
    attempt = attempt_for(db.session(), attempt_id, Action.WRITE_ATTEMPT)
    form = forms.RetryForm()
    try:
        form.expect()
        service.try_again(
            db.session(),
            the_actor(),
            library_of(attempt.library_version),
            attempt_id,
            criterion_id=request.form.get("criterion", ""),
            said=form.said.data,
            evidence=form.evidence.data,
        )
    except InvalidError as error:
        roll_back()
        form.take(error)
        return _page(attempt, form, error.fields, 422)
    flash("Kept beside the first time. In two days or more, play the parallel form.", "ok")
    return redirect(url_for("practice.retry.page", attempt_id=attempt_id), 303)


@room.get("/practice/growth")
@needs(Action.PRACTISE)
def growth() -> ResponseReturnValue:
    pairs = queries.growth_of(db.session(), current_library(), library_of, the_actor().id, official_only=False)
    return render_template("practice/retry/growth.html", pairs=pairs)
