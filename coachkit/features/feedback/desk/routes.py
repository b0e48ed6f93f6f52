"""The desk's pages and acts: taking up and letting go, taking back, being away, private notes, handing over."""

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

from coachkit.features.accounts.queries import learner_case
from coachkit.features.feedback import claims
from coachkit.features.feedback.desk import (
    absence,
    batch,
    forms,
    hand_over,
    lead,
    private_notes,
    sending,
    turns,
    usefulness,
)
from coachkit.features.feedback.rating_pages import claimed
from coachkit.features.practice.access import attempt_for
from coachkit.features.practice.answering import waits_for_coach
from coachkit.features.practice.forms import version_sent
from coachkit.features.practice.service import find
from coachkit.platform import clock
from coachkit.platform.access_record import record_look
from coachkit.platform.db import db
from coachkit.platform.errors import ConflictError, InvalidError
from coachkit.platform.policy import Action, Role
from coachkit.platform.settings import Settings
from coachkit.platform.templates import counted
from coachkit.web.access import checks, needs, require, the_actor
from coachkit.web.errors import roll_back
from coachkit.web.forms import is_storable, normal
from coachkit.web.library import library_of
from coachkit.web.request import row_sent
from coachkit.web.submits import once

room = Blueprint("desk", __name__)


def _settings() -> Settings:
    found: Settings = current_app.config["COACHKIT"]
    return found


@room.post("/feedback/queue/next")
@needs(Action.COACH)
@once
def take_next() -> ResponseReturnValue:
    return redirect(turns.take_next(db.session(), library_of, the_actor()), 303)


@room.post("/feedback/queue/send")
@needs(Action.COACH)
@once
def send_finished() -> ResponseReturnValue:
    ticked, seconds = forms.chosen(request.form.getlist("send")), _settings().undo_seconds
    done = batch.send_all(db.session(), library_of, the_actor(), ticked, seconds=seconds)
    if done.sent:
        how = "on the way. Each can be taken back below" if seconds else "locked and sent"
        flash(f"{counted(len(done.sent), 'review')} {how}.", "ok")
    elif not done.stopped:
        flash("Nothing was chosen, so nothing was sent.", "info")
    for sentence in done.stopped:
        flash(sentence, "bad")
    return redirect(url_for("feedback.queue"), 303)


@room.post("/feedback/<int:attempt_id>/claim")
@checks(Action.RATE_ATTEMPT)
def claim(attempt_id: int) -> ResponseReturnValue:
    attempt_for(db.session(), attempt_id, Action.RATE_ATTEMPT)
    attempt = find(db.session(), the_actor(), attempt_id, Action.RATE_ATTEMPT, lock=True)
    if not waits_for_coach(db.session(), attempt):
        raise ConflictError("This attempt waits no more.")
    found = claims.hold(db.session(), the_actor(), attempt)
    return claimed(found, "feedback.review", attempt_id)


@room.post("/feedback/<int:attempt_id>/give-back")
@checks(Action.RATE_ATTEMPT)
def give_back(attempt_id: int) -> ResponseReturnValue:
    attempt_for(db.session(), attempt_id, Action.RATE_ATTEMPT)
    claims.give_back(db.session(), the_actor().id, attempt_id)
    flash("Given back. A draft of yours stays, until a colleague takes it up; then it is put aside for you.", "ok")
    return redirect(url_for("feedback.queue"), 303)


@room.post("/feedback/<int:attempt_id>/take-back")
@checks(Action.RATE_ATTEMPT)
def take_back(attempt_id: int) -> ResponseReturnValue:
    attempt_for(db.session(), attempt_id, Action.RATE_ATTEMPT)
    sending.take_back(db.session(), the_actor(), attempt_id)
    flash("Taken back. Nobody has seen it.", "ok")
    return redirect(url_for("feedback.review", attempt_id=attempt_id), 303)


@room.post("/feedback/<int:attempt_id>/useful")
@checks(Action.WRITE_ATTEMPT)
def useful(attempt_id: int) -> ResponseReturnValue:
    attempt_for(db.session(), attempt_id, Action.WRITE_ATTEMPT)
    question, _, value = request.form.get("tap", "").partition("-")
    usefulness.tap(db.session(), the_actor(), attempt_id, question, value)
    return redirect(url_for("feedback.reveal", attempt_id=attempt_id) + "#useful", 303)


@room.get("/feedback/landed")
@needs(Action.COACH)
def landed() -> ResponseReturnValue:
    blocks = usefulness.trend(db.session(), the_actor().id)
    return render_template("feedback/desk/landed.html", blocks=blocks, questions=usefulness.QUESTIONS)


@room.post("/feedback/learners/<int:learner_id>/private-note")
@checks(Action.KEEP_NOTES)
def private_note(learner_id: int) -> ResponseReturnValue:
    require(Action.KEEP_NOTES, learner_case(db.session(), learner_id))
    text = normal(request.form.get("private", "")) or ""
    if not is_storable(text):
        raise InvalidError({"private": "There is a character in this text that cannot be stored."})
    version = private_notes.keep(db.session(), the_actor(), learner_id, text, version=version_sent(request.form))
    if request.accept_mimetypes.best == "application/json":
        return jsonify(version=version)
    flash("Your private note is kept.", "ok")
    return redirect(url_for("feedback.learner", learner_id=learner_id) + "#private", 303)


@room.route("/feedback/absence", methods=["GET", "POST"])
@needs(Action.COACH)
@once
def absences() -> ResponseReturnValue:
    form = forms.AbsenceForm()
    if request.method == "GET":
        return _absence_page(form)
    try:
        form.expect()
        absence.begin(db.session(), the_actor(), form.first_day.data, form.last_day.data)
    except InvalidError as error:
        roll_back()
        form.take(error)
        return _absence_page(form, 422)
    flash("Noted. Learners who wait for you see until when you are away.", "ok")
    return redirect(url_for("feedback.desk.absences"), 303)


def _absence_page(form: forms.AbsenceForm, code: int = 200) -> Response:
    found = absence.absences_of(db.session(), the_actor().id, clock.today())
    return make_response(render_template("feedback/desk/absence.html", form=form, absences=found), code)


@room.post("/feedback/absence/<int:absence_id>/end")
@needs(Action.COACH)
def end_absence(absence_id: int) -> ResponseReturnValue:
    absence.end(db.session(), the_actor(), absence_id)
    flash("Welcome back.", "ok")
    return redirect(url_for("feedback.desk.absences"), 303)


@room.get("/feedback/coaches")
@needs(Action.LEAD_COACHES)
def coaches() -> ResponseReturnValue:
    return _lead_page({})


def _lead_page(errors: dict[str, str], code: int = 200) -> Response:
    page = lead.lead_page(db.session(), clock.now(), _settings().service_goal_days)
    if request.method == "GET":
        seen = [row.learner_id for row in page.waiting]
        record_look(
            the_actor(), seen, "saw that an official attempt of yours waits, and how long", role=Role.LEAD_COACH
        )
    html = render_template(
        "feedback/coaches.html", page=page, errors=errors, measuring=_settings().measuring, today=clock.today()
    )
    return make_response(html, code)


@room.post("/feedback/coaches/hand-over")
@needs(Action.LEAD_COACHES)
@once
def hand_over_to() -> ResponseReturnValue:
    session, settings, actor, to = db.session(), _settings(), the_actor(), row_sent("to")
    try:
        if request.form.get("attempt"):
            hand_over.attempt(session, settings, actor, attempt_id=row_sent("attempt"), to_id=to)
        else:
            learner_id, from_id = forms.pair(request.form.get("learner", ""))
            hand_over.learner(session, settings, actor, learner_id=learner_id, from_id=from_id, to_id=to)
    except InvalidError as error:
        roll_back()
        return _lead_page(error.fields, 422)
    flash("Handed over. It counts from now on, and those concerned are told.", "ok")
    return redirect(url_for("feedback.desk.coaches"), 303)
