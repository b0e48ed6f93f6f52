"""The second coach's page, the agreed sheet of two coaches, and who looks a second time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from coachkit.domain.assessment.sheet import Sheet
from coachkit.features.feedback import agreed_page, asking, claims, put_aside, second, workspace
from coachkit.features.feedback.desk import hand_over
from coachkit.features.feedback.forms import DissentForm
from coachkit.features.feedback.rating_pages import claimed, looked
from coachkit.features.practice import second_look
from coachkit.features.practice.access import attempt_for
from coachkit.features.practice.evidence.queries import shown_files
from coachkit.features.practice.forms import draw_sheet, read_sheet, storable_lines, version_sent
from coachkit.features.practice.models import Attempt
from coachkit.platform import clock
from coachkit.platform.db import db
from coachkit.platform.errors import ConflictError, InvalidError, NotFoundError
from coachkit.platform.policy import Action
from coachkit.web.access import checks, needs, the_actor
from coachkit.web.errors import roll_back
from coachkit.web.library import library_of
from coachkit.web.request import row_sent
from coachkit.web.submits import once

room = Blueprint("second", __name__)
T = TypeVar("T")
SHOWN = 200
HANDED = "A lead coach has handed this second view to a colleague. What you wrote is below; nothing is asked of you."


@room.get("/feedback/<int:attempt_id>/second")
@checks(Action.RATE_SECOND)
def review(attempt_id: int) -> ResponseReturnValue:
    attempt = attempt_for(db.session(), attempt_id, Action.RATE_SECOND)
    if attempt.withdrawn_at is not None:
        flash("The learner has withdrawn this attempt.", "info")
        return redirect(url_for("feedback.queue"), 303)
    if attempt.revealed_at is not None:
        return redirect(url_for("feedback.reveal", attempt_id=attempt_id), 303)
    page = _page(attempt)
    return _render(page, page.lines, {}, page.version)


def _page(attempt: Attempt) -> workspace.ReviewPage:
    library = library_of(attempt.library_version)
    who, now = the_actor().id, clock.now()
    return workspace.review_page(db.session(), library, library_of, attempt, who, now, kind=second.SECOND)


def _render(
    page: workspace.ReviewPage, lines: Sheet, errors: dict[str, str], version: int, code: int = 200
) -> Response:
    looked(page.learner_id, f"opened your attempt “{page.title}” to rate it as the second coach", again=bool(errors))
    fields = draw_sheet(page.criteria, lines, errors, other="", guess=False, who=page.scenario.stakeholder.name)
    claim = claims.held(db.session(), [page.id], clock.now(), second.SECOND).get(page.id)
    complete = sum(field.status == "complete" for field in fields)
    html = render_template(
        "feedback/second.html",
        page=page,
        evidence=shown_files(db.session(), page.id),
        fields=fields,
        errors=errors,
        version=version,
        complete=complete,
        until=claim.until if claim else None,
    )
    return make_response(html, code)


def _hers(attempt_id: int) -> Attempt:
    """The attempt, while she is its second coach. If a colleague is by now, she learns that and keeps her words."""
    try:
        return attempt_for(db.session(), attempt_id, Action.RATE_SECOND)
    except NotFoundError:
        if put_aside.has(db.session(), attempt_id, the_actor().id, second.SECOND):
            raise ConflictError(HANDED) from None
        raise


def _write(attempt_id: int, act: Callable[..., T]) -> T | Response:
    """Hand the second sheet to a service; what cannot be taken comes back as it was typed."""
    attempt = _hers(attempt_id)
    lines, version, library = _sent(attempt), version_sent(request.form), library_of(attempt.library_version)
    try:
        storable_lines(lines)
        return act(db.session(), the_actor(), library, attempt_id, lines, version=version)
    except InvalidError as error:
        roll_back()
        return _render(_page(attempt), lines, error.fields, version, 422)


@room.post("/feedback/<int:attempt_id>/second/draft")
@checks(Action.RATE_SECOND)
def draft(attempt_id: int) -> ResponseReturnValue:
    kept = _write(attempt_id, second.save_draft)
    if isinstance(kept, Response):
        return kept
    if request.accept_mimetypes.best == "application/json":
        return jsonify(version=kept)
    flash("Your draft is kept. Nobody else sees it.", "ok")
    return redirect(url_for("feedback.queue"), 303)


@room.post("/feedback/<int:attempt_id>/second")
@checks(Action.RATE_SECOND)
@once
def lock(attempt_id: int) -> ResponseReturnValue:
    if request.form.get("later"):
        return draft(attempt_id)
    locked = _write(attempt_id, second.lock)
    if isinstance(locked, Response):
        return locked
    if locked.revealed_at is None:
        flash("Locked. You see the other views as soon as the first coach has locked hers.", "ok")
        return redirect(url_for("feedback.queue"), 303)
    flash("Locked. All views are open now.", "ok")
    return redirect(url_for("feedback.reveal", attempt_id=attempt_id), 303)


@room.post("/feedback/<int:attempt_id>/second/claim")
@checks(Action.RATE_SECOND)
def claim(attempt_id: int) -> ResponseReturnValue:
    _hers(attempt_id)
    found = second.keep(db.session(), the_actor(), attempt_id)
    return claimed(found, "feedback.second.review", attempt_id)


@room.post("/feedback/<int:attempt_id>/second/give-back")
@checks(Action.RATE_SECOND)
def give_back(attempt_id: int) -> ResponseReturnValue:
    _hers(attempt_id)
    claims.give_back(db.session(), the_actor().id, attempt_id, second.SECOND)
    flash("Given back. Your draft stays, and the second view is still yours to give.", "ok")
    return redirect(url_for("feedback.queue"), 303)


def _sent(attempt: Attempt) -> Sheet:
    criteria = library_of(attempt.library_version).scenario(attempt.scenario_id).criteria
    return read_sheet(request.form, criteria)


@room.get("/feedback/<int:attempt_id>/agreed")
@checks(Action.READ_ATTEMPT)
def agreed(attempt_id: int) -> ResponseReturnValue:
    return _agreed_page(attempt_id, None, {}, DissentForm())


def _agreed_page(
    attempt_id: int, lines: Sheet | None, errors: dict[str, str], form: DissentForm, code: int = SHOWN
) -> Response:
    attempt = attempt_for(db.session(), attempt_id, Action.READ_ATTEMPT)
    _attempt, row = second.agreement_for(db.session(), the_actor(), attempt_id)
    library = library_of(attempt.library_version)
    page = agreed_page.agreed_page(db.session(), library, attempt, row, the_actor().id)
    look = f"opened the two coaches' views of your attempt “{page.title}”"
    looked(attempt.learner_id, look, again=code != SHOWN)
    fields = draw_sheet(
        page.criteria, page.lines if lines is None else lines, errors, other="", guess=False, who=page.stakeholder
    )
    version = page.version if lines is None else version_sent(request.form)
    evidence = shown_files(db.session(), attempt.id)
    html = render_template(
        "feedback/agreed.html",
        page=page,
        evidence=evidence,
        fields=fields,
        errors=errors,
        version=version,
        form=form,
    )
    return make_response(html, code)


@room.post("/feedback/<int:attempt_id>/agreed")
@checks(Action.READ_ATTEMPT)
@once
def write_agreed(attempt_id: int) -> ResponseReturnValue:
    attempt = attempt_for(db.session(), attempt_id, Action.READ_ATTEMPT)
    lines, library, version = _sent(attempt), library_of(attempt.library_version), version_sent(request.form)
    try:
        storable_lines(lines)
        second.write_agreed(db.session(), the_actor(), library, attempt_id, lines, version=version)
    except InvalidError as error:
        roll_back()
        return _agreed_page(attempt_id, lines, error.fields, DissentForm(), 422)
    flash("Kept. Your colleague reads it and has the last word.", "ok")
    return redirect(url_for("feedback.reveal", attempt_id=attempt_id), 303)


@room.post("/feedback/<int:attempt_id>/agreed/answer")
@checks(Action.READ_ATTEMPT)
@once
def answer_agreed(attempt_id: int) -> ResponseReturnValue:
    attempt_for(db.session(), attempt_id, Action.READ_ATTEMPT)
    form = DissentForm()
    try:
        form.expect_dissent(wanted=request.form.get("act") == "dissent")
        second.answer_agreed(
            db.session(),
            the_actor(),
            attempt_id,
            dissent=(form.dissent.data or "") if request.form.get("act") == "dissent" else "",
            version=version_sent(request.form),
        )
    except InvalidError as error:
        roll_back()
        form.take(error)
        return _agreed_page(attempt_id, None, {}, form, 422)
    flash("The agreed sheet is closed. It stands beside your own two, which stay as they are.", "ok")
    return redirect(url_for("feedback.reveal", attempt_id=attempt_id), 303)


@room.get("/feedback/second-looks")
@needs(Action.LEAD_COACHES)
def looks() -> ResponseReturnValue:
    return _looks_page({})


def _looks_page(errors: dict[str, str], code: int = 200) -> Response:
    settings = current_app.config["COACHKIT"]
    page = asking.second_looks(db.session(), library_of, settings.second_percent)
    return make_response(render_template("feedback/second_looks.html", page=page, errors=errors), code)


@room.post("/feedback/second-looks/<int:attempt_id>")
@needs(Action.LEAD_COACHES)
@once
def ask(attempt_id: int) -> ResponseReturnValue:
    rule = second_look.rule_of(current_app.config["COACHKIT"])
    try:
        second_look.assign(db.session(), the_actor(), attempt_id, request.form.get("coach_id", 0, int), rule)
    except InvalidError as error:
        roll_back()
        return _looks_page(error.fields, 422)
    flash("Asked. She rates without seeing anybody else's view.", "ok")
    return redirect(url_for("feedback.second.looks"), 303)


@room.post("/feedback/second-looks/<int:attempt_id>/hand-over")
@needs(Action.LEAD_COACHES)
@once
def pass_on(attempt_id: int) -> ResponseReturnValue:
    days, to = current_app.config["COACHKIT"].second_days, row_sent("coach_id")
    try:
        hand_over.second_view(db.session(), the_actor(), attempt_id=attempt_id, to_id=to, days=days)
    except InvalidError as error:
        roll_back()
        return _looks_page(error.fields, 422)
    flash("Handed over. She begins with an empty sheet and has the whole time.", "ok")
    return redirect(url_for("feedback.second.looks"), 303)
