"""The coach's queue and workspace, and the reveal for both."""

from __future__ import annotations

from functools import partial

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

from coachkit.domain.assessment.passages import passages
from coachkit.domain.assessment.scale import LEVELS, NOT_OBSERVED, NOT_OBSERVED_WORD, read_level
from coachkit.domain.content.model import Library
from coachkit.features.accounts.queries import learner_case
from coachkit.features.feedback import changing, forms, record, service, waiting
from coachkit.features.feedback import reveal as seen
from coachkit.features.feedback.contest.pages import open_contests
from coachkit.features.feedback.conversation.queries import conversations
from coachkit.features.feedback.desk import sending
from coachkit.features.feedback.desk.absence import absences_of
from coachkit.features.feedback.desk.batch import finished
from coachkit.features.feedback.desk.context import compared_with
from coachkit.features.feedback.desk.private_notes import note_about
from coachkit.features.feedback.desk.turns import take_next
from coachkit.features.feedback.desk.usefulness import QUESTIONS, taps_of
from coachkit.features.feedback.field_log.queries import entries_for_coach
from coachkit.features.feedback.follow_up import followed_up
from coachkit.features.feedback.observation.queries import asked_to_watch, notes_of
from coachkit.features.feedback.review_routes import all_added, render_review, review_of, write_review
from coachkit.features.practice.access import attempt_for
from coachkit.features.practice.adjustments.service import in_words
from coachkit.features.practice.evidence.queries import files_of
from coachkit.features.practice.forms import version_sent
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.queries import withdrawn_official
from coachkit.features.practice.retry.queries import growth_of
from coachkit.platform import clock
from coachkit.platform.access_record import record_look
from coachkit.platform.db import db
from coachkit.platform.errors import InvalidError, NotFoundError
from coachkit.platform.policy import Action, Role, allows
from coachkit.web.access import checks, needs, require, the_actor
from coachkit.web.errors import roll_back
from coachkit.web.forms import BaseForm
from coachkit.web.library import current_library, library_of
from coachkit.web.submits import once

room = Blueprint("feedback", __name__)
LOCKED = "Locked. A second coach rates this one as well; you all see all views as soon as hers is locked too."


@room.get("/feedback/queue")
@needs(Action.COACH)
def queue() -> ResponseReturnValue:
    session, me = db.session(), the_actor().id
    items = waiting.queue_of(session, library_of, me, clock.now())
    return render_template(
        "feedback/queue.html",
        items=items,
        going=sending.going_out(session, library_of, me),
        finished=finished(session, library_of, me, items),
        goal=current_app.config["COACHKIT"].service_goal_days,
        watching=asked_to_watch(session, library_of, me),
        blocked=len(waiting.waiting_rows(session, me)[1]),
        contests=open_contests(session, library_of, clock.now(), reviewer_id=me),
        away=absences_of(session, me, clock.today()),
    )


@room.get("/feedback/<int:attempt_id>")
@checks(Action.RATE_ATTEMPT)
def review(attempt_id: int) -> ResponseReturnValue:
    attempt = attempt_for(db.session(), attempt_id, Action.RATE_ATTEMPT)
    if attempt.withdrawn_at is not None:
        flash("The learner has withdrawn this attempt.", "info")
        return redirect(url_for("feedback.queue"), 303)
    if attempt.revealed_at is not None:
        return redirect(url_for("feedback.reveal", attempt_id=attempt_id), 303)
    going = sending.going_out(db.session(), library_of, the_actor().id)
    if this := next((each for each in going if each.attempt_id == attempt_id), None):
        return render_template("feedback/desk/sending.html", going=this)
    page = review_of(attempt)
    return render_review(attempt, page, dict(page.lines), page.note, {}, page.version)


@room.post("/feedback/<int:attempt_id>/draft")
@checks(Action.RATE_ATTEMPT)
def draft(attempt_id: int) -> ResponseReturnValue:
    script = request.accept_mimetypes.best == "application/json"
    kept = write_review(attempt_id, service.save_draft if script else all_added(service.save_draft))
    if isinstance(kept, Response):
        return kept
    if script:
        return jsonify(version=kept)
    flash("Your draft is kept. The learner sees nothing of it.", "ok")
    return redirect(url_for("feedback.queue"), 303)


@room.post("/feedback/<int:attempt_id>")
@checks(Action.RATE_ATTEMPT)
@once
def release(attempt_id: int) -> ResponseReturnValue:
    if request.form.get("later"):
        return draft(attempt_id)
    if seconds := current_app.config["COACHKIT"].undo_seconds:
        return _send(attempt_id, seconds)
    released = write_review(attempt_id, all_added(service.release))
    if isinstance(released, Response):
        return released
    waits = released.revealed_at is None
    flash(LOCKED if waits else "Locked and sent. Now you both see both views.", "ok")
    if request.form.get("next"):
        return redirect(take_next(db.session(), library_of, the_actor()), 303)
    if waits:
        return redirect(url_for("feedback.queue"), 303)
    return redirect(url_for("feedback.reveal", attempt_id=attempt_id), 303)


def _send(attempt_id: int, seconds: int) -> ResponseReturnValue:
    """It goes out in some seconds; until then it can be taken back."""
    kept = write_review(attempt_id, all_added(partial(sending.send, seconds=seconds)))
    if isinstance(kept, Response):
        return kept
    if request.form.get("next"):
        return redirect(take_next(db.session(), library_of, the_actor()), 303)
    return redirect(url_for("feedback.review", attempt_id=attempt_id), 303)


@room.get("/feedback/<int:attempt_id>/reveal")
@checks(Action.READ_ATTEMPT)
def reveal(attempt_id: int) -> ResponseReturnValue:
    return _reveal_page(attempt_id, forms.AnswerForm(), forms.PlanForm())


def _reveal_page(attempt_id: int, answer: forms.AnswerForm, plan: forms.PlanForm, code: int = 200) -> Response:
    attempt = attempt_for(db.session(), attempt_id, Action.READ_ATTEMPT)
    mine = attempt.learner_id == the_actor().id
    page = seen.reveal_page(db.session(), library_of(attempt.library_version), attempt, the_actor().id)
    if page is None:
        raise NotFoundError
    if request.method == "GET":
        record_look(
            the_actor(),
            [page.learner_id],
            f"opened both views of your attempt “{page.title}”",
            role=Role.COACH,
        )
        if page.answer:
            answer.text.data = page.answer.text
    evidence = files_of(db.session(), attempt, mine=mine)
    criteria = library_of(attempt.library_version).scenario(attempt.scenario_id).criteria
    noted = notes_of(
        db.session(), attempt.id, {c: library_of(attempt.library_version).criterion(c).name for c in criteria}
    )
    both_tries = allows(the_actor(), Action.READ_LEARNER, learner_case(db.session(), page.learner_id))
    only = not mine or page.official
    pairs = growth_of(db.session(), current_library(), library_of, page.learner_id, official_only=only)
    pairs = tuple(pair for pair in pairs if both_tries and pair.again.attempt_id == attempt_id)
    grown = {pair.again.criterion_id for pair in pairs}
    before = compared_with(db.session(), library_of, attempt, the_actor().id) if both_tries else ()
    html = render_template(
        "feedback/reveal.html",
        page=page,
        mine=mine,
        compared=[each for each in before if each.criterion_id not in grown],
        answer_form=answer,
        plan_form=plan,
        followed=followed_up(db.session(), library_of, page.learner_id, the_actor().id),
        pairs=pairs,
        taps=taps_of(db.session(), attempt_id) if mine else {},
        questions=QUESTIONS,
        evidence=evidence,
        noted=noted,
        passages=passages(page.evidence) if any(c.passage for c in page.comments) else (),
    )
    return make_response(html, code)


def _back(attempt_id: int, anchor: str) -> ResponseReturnValue:
    return redirect(url_for("feedback.reveal", attempt_id=attempt_id) + anchor, 303)


def _not_sent(form: BaseForm, error: InvalidError) -> None:
    roll_back()
    form.take(error)


@room.get("/feedback/<int:attempt_id>/change/<criterion_id>")
@checks(Action.READ_ATTEMPT)
def change(attempt_id: int, criterion_id: str) -> ResponseReturnValue:
    return _change_page(attempt_id, criterion_id, forms.ChangeForm())


def _change_page(attempt_id: int, criterion_id: str, form: forms.ChangeForm, code: int = 200) -> Response:
    attempt = attempt_for(db.session(), attempt_id, Action.READ_ATTEMPT)
    library = library_of(attempt.library_version)
    changing.sheet_to_change(db.session(), the_actor(), library, attempt_id, criterion_id)
    form.level.choices = _levels(library, attempt, criterion_id)
    name = library.criterion(criterion_id).name
    html = render_template("feedback/change.html", attempt=attempt, criterion_id=criterion_id, name=name, form=form)
    return make_response(html, code)


def _levels(library: Library, attempt: Attempt, criterion_id: str) -> list[tuple[str, str]]:
    most = library.scenario(attempt.scenario_id).max_level(criterion_id)
    levels = [(str(value), word) for value, word in LEVELS.items() if value <= most]
    return [("", "Choose"), *levels, (NOT_OBSERVED, NOT_OBSERVED_WORD)]


@room.post("/feedback/<int:attempt_id>/change/<criterion_id>")
@checks(Action.READ_ATTEMPT)
@once
def change_rating(attempt_id: int, criterion_id: str) -> ResponseReturnValue:
    attempt = attempt_for(db.session(), attempt_id, Action.READ_ATTEMPT)
    library, form = library_of(attempt.library_version), forms.ChangeForm()
    changing.sheet_to_change(db.session(), the_actor(), library, attempt_id, criterion_id)
    form.level.choices = _levels(library, attempt, criterion_id)
    try:
        form.expect()
        changing.change_rating(
            db.session(),
            the_actor(),
            library,
            attempt_id,
            criterion_id,
            read_level(form.level.data),
            evidence=form.evidence.data,
            reason=form.reason.data,
            version=version_sent(request.form),
        )
    except InvalidError as error:
        _not_sent(form, error)
        return _change_page(attempt_id, criterion_id, form, 422)
    flash("Changed, with its reason. The first rating stays readable beside it.", "ok")
    return _back(attempt_id, "")


@room.post("/feedback/<int:attempt_id>/answer")
@checks(Action.WRITE_ATTEMPT)
@once
def answer(attempt_id: int) -> ResponseReturnValue:
    attempt_for(db.session(), attempt_id, Action.WRITE_ATTEMPT)
    form = forms.AnswerForm()
    try:
        form.expect()
        service.answer(db.session(), the_actor(), attempt_id, form.text.data, version=version_sent(request.form))
    except InvalidError as error:
        _not_sent(form, error)
        return _reveal_page(attempt_id, form, forms.PlanForm(), 422)
    flash("Your answer stands beside the note.", "ok")
    return _back(attempt_id, "#answer")


@room.post("/feedback/<int:attempt_id>/plan")
@checks(Action.WRITE_ATTEMPT)
@once
def plan(attempt_id: int) -> ResponseReturnValue:
    attempt_for(db.session(), attempt_id, Action.WRITE_ATTEMPT)
    form = forms.PlanForm()
    try:
        form.expect()
        service.make_plan(
            db.session(),
            the_actor(),
            attempt_id,
            cue=form.cue.data,
            act=form.act.data,
            due_on=form.due_on.data,
            witness=form.witness.data or "",
        )
    except InvalidError as error:
        _not_sent(form, error)
        return _reveal_page(attempt_id, forms.AnswerForm(), form, 422)
    flash("The plan is made. It waits on your home page until its day.", "ok")
    return _back(attempt_id, "#plan")


@room.post("/feedback/<int:attempt_id>/plan/<int:plan_id>")
@checks(Action.WRITE_ATTEMPT)
@once
def close_plan(attempt_id: int, plan_id: int) -> ResponseReturnValue:
    attempt_for(db.session(), attempt_id, Action.WRITE_ATTEMPT)
    form = forms.OutcomeForm()
    if not form.sent_well():
        flash(form.outcome.errors[0] if form.outcome.errors else "Say what came of it.", "bad")
        return _back(attempt_id, "#plan")
    service.close_plan(db.session(), the_actor(), plan_id, form.outcome.data)
    flash("Noted. What did you see?", "ok")
    return _back(attempt_id, "#plan")


@room.get("/feedback/learners")
@needs(Action.COACH)
def learners() -> ResponseReturnValue:
    cards = record.my_learners(db.session(), library_of, the_actor().id)
    record_look(
        the_actor(),
        [card.id for card in cards],
        "opened the list of learners, with your turn and dates",
        role=Role.COACH,
    )
    return render_template("feedback/learners.html", cards=cards)


@room.get("/feedback/learners/<int:learner_id>")
@checks(Action.READ_LEARNER)
def learner(learner_id: int) -> ResponseReturnValue:
    require(Action.READ_LEARNER, learner_case(db.session(), learner_id))
    page = record.learner_record(db.session(), current_library(), library_of, learner_id)
    if page is None:
        raise NotFoundError
    record_look(the_actor(), [learner_id], "opened your record: official attempts, notes and plans", role=Role.COACH)
    may_print = allows(the_actor(), Action.PRINT_SESSION, learner_case(db.session(), learner_id))
    talks = conversations(db.session(), learner_id=learner_id, coach_id=the_actor().id)
    keeps_notes = allows(the_actor(), Action.KEEP_NOTES, learner_case(db.session(), learner_id))
    private = note_about(db.session(), the_actor().id, learner_id) if keeps_notes else None
    return render_template(
        "feedback/learner.html",
        page=page,
        may_print_session=may_print,
        talks=talks,
        private=private,
        adjustments=in_words(db.session(), learner_id),
        entries=entries_for_coach(db.session(), learner_id, the_actor().id),
        withdrawn=withdrawn_official(db.session(), learner_id),
        followed=followed_up(db.session(), library_of, learner_id, the_actor().id),
        pairs=growth_of(db.session(), current_library(), library_of, learner_id, official_only=True),
    )
