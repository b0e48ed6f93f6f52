"""The pages of the interest-and-care conversation, for the two who hold it."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coachkit.features.accounts.queries import coaches_of
from coachkit.features.feedback.conversation import forms, queries, service
from coachkit.features.feedback.conversation.guide import ABOUT, OUTCOMES, QUESTIONS
from coachkit.features.feedback.conversation.models import FitConversation
from coachkit.features.practice.forms import version_sent
from coachkit.platform.access_record import record_look
from coachkit.platform.db import db
from coachkit.platform.errors import InvalidError
from coachkit.platform.policy import Action, LearnerCase, Role
from coachkit.web.access import checks, needs, require, the_actor
from coachkit.web.errors import roll_back
from coachkit.web.forms import BaseForm
from coachkit.web.request import row_sent
from coachkit.web.submits import once

room = Blueprint("conversation", __name__)


@room.get("/conversations")
@needs(Action.PRACTISE)
def mine() -> ResponseReturnValue:
    return _list_page("")


def _list_page(error: str, code: int = 200) -> Response:
    session, actor = db.session(), the_actor()
    html = render_template(
        "feedback/conversation/mine.html",
        cards=queries.conversations(session, learner_id=actor.id),
        coaches=coaches_of(session, actor.id),
        again_on=service.again_on(session, actor.id),
        error=error,
    )
    return make_response(html, code)


@room.post("/conversations/begin")
@checks(Action.OWN_RECORD)
@once
def begin() -> ResponseReturnValue:
    require(Action.OWN_RECORD, LearnerCase(the_actor().id))
    try:
        row = service.begin(db.session(), the_actor(), row_sent("coach_id"))
    except InvalidError as error:
        roll_back()
        return _list_page(error.fields["coach_id"], 422)
    return redirect(url_for("feedback.conversation.page", conversation_id=row.id), 303)


def _found(conversation_id: int, action: Action) -> FitConversation:
    row = service.find(db.session(), the_actor(), conversation_id, action)
    require(action, service.case_of(db.session(), row))
    return row


@room.get("/conversations/<int:conversation_id>")
@checks(Action.HOLD_CONVERSATION)
def page(conversation_id: int) -> ResponseReturnValue:
    row = _found(conversation_id, Action.HOLD_CONVERSATION)
    record_look(the_actor(), [row.learner_id], "opened your interest-and-care conversation", role=Role.COACH)
    return _page(row)


def _page(row: FitConversation, sent: BaseForm | None = None, code: int = 200) -> Response:
    """The page; with the form that came back in its place, the others as they are stored."""
    found = queries.conversation_page(db.session(), row, the_actor().id)
    statement = found.own_statement if found.mine else found.coach_statement
    drawn: tuple[BaseForm, ...] = (
        forms.StatementForm(data={"statement": statement}),
        forms.NotesForm(data={"notes": found.notes}),
        forms.QuoteForm(),
        forms.OutcomeForm(obj=row),
    )
    shown = {type(form).__name__: form for form in (*drawn, *((sent,) if sent else ()))}
    html = render_template(
        "feedback/conversation/page.html",
        page=found,
        statement_form=shown["StatementForm"],
        notes_form=shown["NotesForm"],
        quote_form=shown["QuoteForm"],
        outcome_form=shown["OutcomeForm"],
        questions=QUESTIONS,
        about=ABOUT,
        outcomes=[(value, name, text) for value, (name, text) in OUTCOMES.items()],
    )
    return make_response(html, code)


def _back(conversation_id: int, anchor: str = "") -> ResponseReturnValue:
    return redirect(url_for("feedback.conversation.page", conversation_id=conversation_id) + anchor, 303)


def _refused(conversation_id: int, form: BaseForm, error: InvalidError) -> Response:
    roll_back()
    form.take(error)
    return _page(_found(conversation_id, Action.HOLD_CONVERSATION), form, 422)


@room.post("/conversations/<int:conversation_id>/statement")
@checks(Action.HOLD_CONVERSATION)
@once
def statement(conversation_id: int) -> ResponseReturnValue:
    _found(conversation_id, Action.HOLD_CONVERSATION)
    form = forms.StatementForm()
    try:
        form.expect()
        service.say(
            db.session(),
            the_actor(),
            conversation_id,
            form.statement.data or "",
            version=version_sent(request.form),
        )
    except InvalidError as error:
        return _refused(conversation_id, form, error)
    flash("Kept.", "ok")
    return _back(conversation_id)


@room.post("/conversations/<int:conversation_id>/notes")
@checks(Action.HOLD_CONVERSATION)
@once
def notes(conversation_id: int) -> ResponseReturnValue:
    _found(conversation_id, Action.HOLD_CONVERSATION)
    form = forms.NotesForm()
    try:
        form.expect()
        service.keep_notes(
            db.session(), the_actor(), conversation_id, form.notes.data or "", version=version_sent(request.form)
        )
    except InvalidError as error:
        return _refused(conversation_id, form, error)
    flash("Kept, for thirty days at most.", "ok")
    return _back(conversation_id, "#guide")


@room.post("/conversations/<int:conversation_id>/quotes")
@checks(Action.HOLD_CONVERSATION)
@once
def quote(conversation_id: int) -> ResponseReturnValue:
    _found(conversation_id, Action.HOLD_CONVERSATION)
    form = forms.QuoteForm()
    try:
        form.expect()
        service.quote(
            db.session(),
            the_actor(),
            conversation_id,
            about=form.about.data,
            source=form.source.data,
            text=form.quote.data,
        )
    except InvalidError as error:
        return _refused(conversation_id, form, error)
    return _back(conversation_id, "#seen")


@room.post("/conversations/<int:conversation_id>/quotes/<int:quote_id>/strike")
@checks(Action.HOLD_CONVERSATION)
@once
def strike(conversation_id: int, quote_id: int) -> ResponseReturnValue:
    _found(conversation_id, Action.HOLD_CONVERSATION)
    service.strike(db.session(), the_actor(), conversation_id, quote_id)
    return _back(conversation_id, "#seen")


@room.post("/conversations/<int:conversation_id>/outcome")
@checks(Action.HOLD_CONVERSATION)
@once
def outcome(conversation_id: int) -> ResponseReturnValue:
    row = _found(conversation_id, Action.HOLD_CONVERSATION)
    if request.form.get("agree"):
        service.agree(db.session(), the_actor(), conversation_id, version=version_sent(request.form))
        flash("Agreed. It stays between you two, unless the learner shares the outcome.", "ok")
        return _back(conversation_id)
    form = forms.OutcomeForm()
    try:
        form.expect()
        service.propose(
            db.session(),
            the_actor(),
            conversation_id,
            version=version_sent(request.form),
            outcome=form.outcome.data,
            find_out=form.find_out.data or "",
            find_out_until=form.find_out_until.data,
            next_role=form.next_role.data or "",
        )
    except InvalidError as error:
        return _refused(conversation_id, form, error)
    flash("Proposed. It counts when the other has agreed.", "ok")
    return _back(row.id, "#outcome")


@room.post("/conversations/<int:conversation_id>/delete")
@checks(Action.OWN_RECORD)
@once
def discard(conversation_id: int) -> ResponseReturnValue:
    _found(conversation_id, Action.OWN_RECORD)
    service.discard(db.session(), the_actor(), conversation_id)
    flash("Deleted, for both of you and wherever you had shared it.", "ok")
    return redirect(url_for("feedback.conversation.mine"), 303)
