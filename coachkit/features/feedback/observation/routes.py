"""Asking a coach to watch, and her page while she does."""

from __future__ import annotations

from flask import Blueprint, Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coachkit.domain.assessment.passages import clock_of
from coachkit.features.feedback.observation import queries, service
from coachkit.features.feedback.observation.models import Observation
from coachkit.features.practice.access import attempt_for
from coachkit.features.practice.models import Attempt
from coachkit.platform.access_record import record_look
from coachkit.platform.db import db
from coachkit.platform.errors import InvalidError, NotFoundError
from coachkit.platform.policy import Action, Role
from coachkit.web.access import checks, require, the_actor
from coachkit.web.errors import roll_back
from coachkit.web.forms import is_storable, normal
from coachkit.web.library import library_of
from coachkit.web.request import row_sent
from coachkit.web.submits import KEY, once

room = Blueprint("observation", __name__)


@room.get("/feedback/<int:attempt_id>/observer")
@checks(Action.WRITE_ATTEMPT)
def observer(attempt_id: int) -> ResponseReturnValue:
    return _observer_page(attempt_for(db.session(), attempt_id, Action.WRITE_ATTEMPT), "")


def _observer_page(attempt: Attempt, error: str, code: int = 200) -> Response:
    page = queries.observer_page(db.session(), library_of(attempt.library_version), attempt)
    return make_response(render_template("feedback/observation/observer.html", page=page, error=error), code)


@room.post("/feedback/<int:attempt_id>/observer")
@checks(Action.WRITE_ATTEMPT)
@once
def ask(attempt_id: int) -> ResponseReturnValue:
    attempt = attempt_for(db.session(), attempt_id, Action.WRITE_ATTEMPT)
    if request.form.get("nobody"):
        service.unask(db.session(), the_actor(), attempt_id)
        flash("Nobody watches now. What was noted already stays sealed until both ratings are locked.", "ok")
        return redirect(url_for("feedback.observation.observer", attempt_id=attempt_id), 303)
    try:
        service.ask(db.session(), the_actor(), attempt_id, row_sent("coach_id"))
    except InvalidError as error:
        roll_back()
        return _observer_page(attempt, error.fields["coach_id"], 422)
    flash("Asked. It stands at the top of the coach's queue now.", "ok")
    return redirect(url_for("feedback.observation.observer", attempt_id=attempt_id), 303)


def _watched(attempt_id: int) -> tuple[Attempt, Observation]:
    attempt = db.session().get(Attempt, attempt_id)
    if attempt is None:
        raise NotFoundError
    require(Action.OBSERVE, service.case_of(db.session(), attempt, the_actor().id))
    return service.find_observation(db.session(), the_actor(), attempt_id)


@room.get("/feedback/<int:attempt_id>/observe")
@checks(Action.OBSERVE)
def observe(attempt_id: int) -> ResponseReturnValue:
    attempt, row = _watched(attempt_id)
    page = queries.observe_page(db.session(), library_of(attempt.library_version), attempt, row)
    record_look(the_actor(), [page.learner_id], f"opened “{page.title}” to watch it", role=Role.COACH)
    return _observe_page(page, {}, "")


def _observe_page(page: queries.ObservePage, errors: dict[str, str], text: str, code: int = 200) -> Response:
    html = render_template("feedback/observation/observe.html", page=page, errors=errors, text=text)
    return make_response(html, code)


@room.post("/feedback/<int:attempt_id>/observe/start")
@checks(Action.OBSERVE)
@once
def start(attempt_id: int) -> ResponseReturnValue:
    _watched(attempt_id)
    service.start(db.session(), the_actor(), attempt_id)
    return redirect(url_for("feedback.observation.observe", attempt_id=attempt_id), 303)


@room.post("/feedback/<int:attempt_id>/observe/notes")
@checks(Action.OBSERVE)
@once
def note(attempt_id: int) -> ResponseReturnValue:
    attempt, row = _watched(attempt_id)
    library = library_of(attempt.library_version)
    text, key = normal(request.form.get("text", "")) or "", request.form.get("key", "")
    script = request.accept_mimetypes.best == "application/json"
    try:
        if not is_storable(text):
            raise InvalidError({"text": "There is a character in this note that cannot be stored. Please delete it."})  # noqa: TRY301
        kept = service.note(
            db.session(),
            the_actor(),
            attempt_id,
            key=key if KEY.fullmatch(key) else request.form["idempotency_key"],
            seconds=row_sent("seconds") if request.form.get("seconds") else None,
            criterion_id=request.form.get("criterion", ""),
            text=text,
            criteria=library.scenario(attempt.scenario_id).criteria,
        )
    except InvalidError as error:
        roll_back()
        if script:
            return make_response(jsonify(problem=next(iter(error.fields.values()))), 422)
        attempt, row = _watched(attempt_id)
        page = queries.observe_page(db.session(), library, attempt, row)
        return _observe_page(page, error.fields, text, 422)
    if script:
        return jsonify(key=kept.key, clock=clock_of(kept.seconds))
    return redirect(url_for("feedback.observation.observe", attempt_id=attempt_id) + "#notes", 303)
