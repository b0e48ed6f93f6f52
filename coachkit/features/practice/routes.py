"""The learner's pages about role-plays, up to the moment when the coach has them."""

from __future__ import annotations

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
from coachkit.domain.learning_path.ladder import LADDER
from coachkit.features.practice import dialogues as plays
from coachkit.features.practice import forms, queries, second_look, service
from coachkit.features.practice import path as own_path
from coachkit.features.practice.access import attempt_for
from coachkit.features.practice.answering import answering
from coachkit.features.practice.evidence.queries import FilesPart, files_part
from coachkit.features.practice.evidence.service import limits
from coachkit.features.practice.models import Attempt
from coachkit.platform import clock
from coachkit.platform.db import db
from coachkit.platform.errors import InvalidError, NotFoundError
from coachkit.platform.policy import Action
from coachkit.platform.tools import tools
from coachkit.web.access import checks, needs, the_actor
from coachkit.web.errors import roll_back
from coachkit.web.forms import refused
from coachkit.web.library import current_library, library_of
from coachkit.web.request import row_sent
from coachkit.web.submits import once, unanswered

room = Blueprint("practice", __name__)


@room.get("/practice")
@needs(Action.PRACTISE)
def practice() -> ResponseReturnValue:
    page = queries.practice_page(db.session(), current_library(), the_actor().id)
    return render_template("practice/practice.html", page=page)


@room.get("/practice/scenarios/<scenario_id>")
@needs(Action.READ_LIBRARY)
def scenario(scenario_id: str) -> ResponseReturnValue:
    return _scenario_page(scenario_id, forms.StartForm(), {})


def _scenario_page(scenario_id: str, form: forms.StartForm, errors: dict[str, str], code: int = 200) -> Response:
    page = queries.scenario_page(db.session(), current_library(), the_actor().id, scenario_id)
    if page is None:
        raise NotFoundError
    html = render_template(
        "practice/scenario.html",
        page=page,
        form=form,
        errors=errors,
        sent=request.form,
        focus=request.form.getlist("focus"),
        may_practise="learner" in the_actor().roles,
        may_read_partner=bool({"coach", "lead_coach"} & the_actor().roles),
    )
    return make_response(html, code)


@room.post("/practice/scenarios/<scenario_id>/start")
@needs(Action.PRACTISE)
@once
def start(scenario_id: str) -> ResponseReturnValue:
    form = forms.StartForm()
    try:
        form.expect()
        attempt = service.start(
            db.session(),
            the_actor(),
            current_library(),
            scenario_id,
            kind=request.form.get("kind", ""),
            coach_id=row_sent("coach_id") if request.form.get("coach_id") else None,
            focus=request.form.getlist("focus"),
            cue=form.cue.data or "",
            act=form.act.data or "",
            parallel=request.form.get("parallel") == "1",
        )
    except InvalidError as error:
        roll_back()
        form.take(error)
        return _scenario_page(scenario_id, form, error.fields, 422)
    return redirect(url_for("practice.attempt", attempt_id=attempt.id), 303)


@room.get("/practice/scenarios/<scenario_id>/partner")
@needs(Action.READ_PARTNER_BRIEF)
def partner_card(scenario_id: str) -> ResponseReturnValue:
    try:
        found = current_library().scenario(scenario_id)
    except KeyError as error:
        raise NotFoundError from error
    return render_template("practice/partner_card.html", scenario=found)


@room.get("/practice/<int:attempt_id>")
@checks(Action.WRITE_ATTEMPT)
def attempt(attempt_id: int) -> ResponseReturnValue:
    found = attempt_for(db.session(), attempt_id, Action.WRITE_ATTEMPT)
    form = forms.EvidenceForm(obj=found)
    goal = current_app.config["COACHKIT"].service_goal_days
    waits = answering(db.session(), found, goal, clock.today())
    return render_template(
        "practice/attempt.html", page=_attempt_page(found), form=form, evidence=_files(found), answering=waits
    )


def _files(found: Attempt) -> FilesPart:
    return files_part(db.session(), found, limits(tools().settings))


def _attempt_page(found: Attempt) -> queries.AttemptPage:
    return queries.attempt_page(db.session(), library_of(found.library_version), found)


@room.post("/practice/<int:attempt_id>/evidence")
@checks(Action.WRITE_ATTEMPT)
@once
def evidence(attempt_id: int) -> ResponseReturnValue:
    found = attempt_for(db.session(), attempt_id, Action.WRITE_ATTEMPT)
    form = forms.EvidenceForm()
    try:
        form.expect()
        service.save_evidence(
            db.session(),
            the_actor(),
            attempt_id,
            version=unanswered("unanswered").get("version", forms.version_sent(request.form)),
            partner_name=form.partner_name.data or "",
            played_on=form.played_on.data,
            evidence=form.evidence.data or "",
        )
    except InvalidError as error:
        form.take(error)
        return refused(
            "practice/attempt.html", page=_attempt_page(found), form=form, evidence=_files(found), answering=None
        )
    if request.accept_mimetypes.best == "application/json":
        return jsonify(version=found.version)
    if request.form.get("go_on"):
        return redirect(url_for("practice.rate", attempt_id=attempt_id), 303)
    flash("Saved. Come back whenever you like.", "ok")
    return redirect(url_for("practice.attempt", attempt_id=attempt_id), 303)


@room.get("/practice/<int:attempt_id>/rate")
@checks(Action.WRITE_ATTEMPT)
def rate(attempt_id: int) -> ResponseReturnValue:
    found = attempt_for(db.session(), attempt_id, Action.WRITE_ATTEMPT)
    if queries.state_of(found) not in {"prepare", "rate"}:
        return redirect(url_for("practice.attempt", attempt_id=attempt_id), 303)
    sheet = service.sheet_of(db.session(), attempt_id, service.SELF)
    lines = queries.lines_of(db.session(), sheet.id) if sheet else {}
    return _rate_page(found, lines, {}, sheet.version if sheet else 0)


def _rate_page(found: Attempt, lines: Sheet, errors: dict[str, str], version: int, code: int = 200) -> Response:
    library = library_of(found.library_version)
    page = _attempt_page(found)
    fields = forms.draw_sheet(
        queries.criteria_of(library, page.scenario),
        lines,
        errors,
        other=_other(page),
        guess=service.predicts(found),
        who=page.scenario.stakeholder.name,
    )
    complete = sum(field.status == "complete" for field in fields)
    html = render_template(
        "practice/rate.html",
        page=page,
        fields=fields,
        errors=errors,
        version=version,
        complete=complete,
        other=_other(page),
        guess=service.predicts(found),
    )
    return make_response(html, code)


def _other(page: queries.AttemptPage) -> str:
    return page.waiting_for[0] if len(page.waiting_for) == 1 else "your coach"


def _sent_sheet(found: Attempt) -> Sheet:
    scenario = library_of(found.library_version).scenario(found.scenario_id)
    return forms.read_sheet(request.form, scenario.criteria)


@room.post("/practice/<int:attempt_id>/draft")
@checks(Action.WRITE_ATTEMPT)
def draft(attempt_id: int) -> ResponseReturnValue:
    found = attempt_for(db.session(), attempt_id, Action.WRITE_ATTEMPT)
    lines, version = _sent_sheet(found), forms.version_sent(request.form)
    try:
        forms.storable_lines(lines)
        sheet = service.save_self_draft(
            db.session(), the_actor(), library_of(found.library_version), attempt_id, lines, version=version
        )
    except InvalidError as error:
        roll_back()
        return _rate_page(found, lines, error.fields, version, 422)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(version=sheet.version)
    flash("Your draft is kept. Nobody sees it.", "ok")
    return redirect(url_for("practice.attempt", attempt_id=attempt_id), 303)


@room.post("/practice/<int:attempt_id>/rate")
@checks(Action.WRITE_ATTEMPT)
@once
def submit(attempt_id: int) -> ResponseReturnValue:
    found = attempt_for(db.session(), attempt_id, Action.WRITE_ATTEMPT)
    lines, version = _sent_sheet(found), forms.version_sent(request.form)
    if request.form.get("later"):
        return draft(attempt_id)
    try:
        forms.storable_lines(lines)
        service.submit(
            db.session(),
            the_actor(),
            library_of(found.library_version),
            attempt_id,
            lines,
            version=version,
            other=_other(_attempt_page(found)),
            rule=second_look.rule_of(current_app.config["COACHKIT"]),
        )
    except InvalidError as error:
        roll_back()
        return _rate_page(found, lines, error.fields, version, 422)
    return redirect(url_for("practice.attempt", attempt_id=attempt_id), 303)


@room.post("/practice/<int:attempt_id>/withdraw")
@checks(Action.WRITE_ATTEMPT)
@once
def withdraw(attempt_id: int) -> ResponseReturnValue:
    attempt_for(db.session(), attempt_id, Action.WRITE_ATTEMPT)
    service.withdraw(db.session(), the_actor(), attempt_id)
    flash("Withdrawn. Your coach is not asked any more; it stays counted as withdrawn, for you and her.", "ok")
    return redirect(url_for("practice.practice"), 303)


@room.get("/practice/dialogues")
@needs(Action.READ_LIBRARY)
def dialogues() -> ResponseReturnValue:
    cards = plays.dialogue_cards(db.session(), current_library(), library_of, the_actor().id)
    return render_template("practice/dialogues.html", cards=cards)


@room.get("/practice/dialogues/<dialogue_id>")
@needs(Action.READ_LIBRARY)
def dialogue(dialogue_id: str) -> ResponseReturnValue:
    page = plays.start_page(db.session(), current_library(), library_of, the_actor().id, dialogue_id)
    return render_template("practice/dialogue.html", page=page)


@room.post("/practice/dialogues/<dialogue_id>/start")
@needs(Action.LEARN)
@once
def start_dialogue(dialogue_id: str) -> ResponseReturnValue:
    row = plays.start(db.session(), the_actor(), current_library(), dialogue_id)
    return redirect(plays.play_address(row.id), 303)


@room.get("/practice/dialogues/plays/<int:play_id>")
@needs(Action.LEARN)
def dialogue_play(play_id: int) -> ResponseReturnValue:
    return _play_page(play_id)


def _play_page(play_id: int, problem: str = "") -> Response:
    row = plays.mine(db.session(), the_actor(), play_id)
    page = plays.play_page(db.session(), library_of, row)
    template = "practice/dialogue_end.html" if page.ended else "practice/dialogue_play.html"
    return make_response(render_template(template, page=page, problem=problem), 422 if problem else 200)


@room.post("/practice/dialogues/plays/<int:play_id>/choose")
@needs(Action.LEARN)
@once
def choose(play_id: int) -> ResponseReturnValue:
    turn, choice = row_sent("turn"), request.form.get("choice", "")
    try:
        moved = plays.choose(db.session(), the_actor(), library_of, play_id, choice, turn)
    except InvalidError as error:
        roll_back()
        return _play_page(play_id, error.fields["choice"])
    if not moved:
        flash("The talk had gone on already. At its end you can play it again from any turn.", "info")
    return redirect(plays.play_address(play_id), 303)


@room.post("/practice/dialogues/plays/<int:play_id>/replay")
@needs(Action.LEARN)
@once
def replay(play_id: int) -> ResponseReturnValue:
    row = plays.replay(db.session(), the_actor(), library_of, play_id, row_sent("turn"))
    return redirect(plays.play_address(row.id), 303)


@room.get("/path")
@needs(Action.PRACTISE)
def path() -> ResponseReturnValue:
    return _path_page({}, {})


def _path_page(chosen: dict[str, str], errors: dict[str, str]) -> Response:
    page = own_path.path_page(db.session(), current_library(), library_of, the_actor().id, clock.now(), chosen, errors)
    return make_response(render_template("practice/path.html", page=page, ladder=LADDER), 422 if errors else 200)


@room.post("/path/ladder")
@needs(Action.PRACTISE)
@once
def ladder() -> ResponseReturnValue:
    chosen = {name.removeprefix("step-"): value for name, value in request.form.items() if name.startswith("step-")}
    try:
        own_path.set_rungs(db.session(), the_actor(), current_library(), chosen)
    except InvalidError as error:
        roll_back()
        return _path_page(chosen, error.fields)
    flash("Kept. Nobody else sees it.", "ok")
    return redirect(url_for("practice.path") + "#ladder", 303)
