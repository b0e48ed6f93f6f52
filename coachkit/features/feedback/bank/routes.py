"""The page of a coach's phrases."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coachkit.features.feedback.bank import forms, queries, service
from coachkit.features.practice.forms import version_sent
from coachkit.platform.db import db
from coachkit.platform.errors import InvalidError, NotFoundError
from coachkit.platform.policy import Action
from coachkit.web.access import needs, the_actor
from coachkit.web.errors import roll_back
from coachkit.web.library import current_library
from coachkit.web.submits import once

room = Blueprint("bank", __name__)


@room.route("/feedback/phrases", methods=["GET", "POST"])
@needs(Action.COACH)
@once
def phrases() -> ResponseReturnValue:
    form = _form()
    if request.method == "GET":
        return _page(form)
    try:
        form.expect()
        service.keep(db.session(), the_actor(), current_library(), form.criterion.data, form.text.data)
    except InvalidError as error:
        roll_back()
        form.take(error)
        return _page(form, 422)
    flash("Kept. You find it beside every attempt that is rated on this criterion.", "ok")
    return redirect(url_for("feedback.bank.phrases"), 303)


def _form() -> forms.PhraseForm:
    form, library = forms.PhraseForm(), current_library()
    form.criterion.choices = [
        ("", "Choose one"),
        *((c.id, f"{library.skill_of(c.id).name}: {c.name}") for c in library.criteria),
    ]
    return form


def _page(form: forms.PhraseForm, code: int = 200, again: tuple[int, str, str] | None = None) -> Response:
    found = queries.phrases_of(db.session(), current_library(), the_actor().id)
    html = render_template(
        "feedback/bank/phrases.html", form=form, phrases=found, starters=queries.STARTERS, again=again
    )
    return make_response(html, code)


@room.post("/feedback/phrases/<int:phrase_id>")
@needs(Action.COACH)
@once
def reword(phrase_id: int) -> ResponseReturnValue:
    form = forms.WordsForm()
    try:
        form.expect()
        service.reword(db.session(), the_actor(), phrase_id, form.text.data, version=version_sent(request.form))
    except InvalidError as error:
        roll_back()
        form.take(error)
        if queries.phrase(db.session(), the_actor().id, str(phrase_id)) is None:
            raise NotFoundError from error
        return _page(_empty(), 422, (phrase_id, request.form.get("text", ""), form.text.errors[0]))
    flash("Reworded.", "ok")
    return redirect(url_for("feedback.bank.phrases") + f"#phrase-{phrase_id}", 303)


def _empty() -> forms.PhraseForm:
    form = _form()
    form.process()
    return form


@room.post("/feedback/phrases/<int:phrase_id>/delete")
@needs(Action.COACH)
@once
def drop(phrase_id: int) -> ResponseReturnValue:
    service.drop(db.session(), the_actor(), phrase_id)
    flash("Deleted. Comments in which you have used it stay as they are.", "ok")
    return redirect(url_for("feedback.bank.phrases"), 303)
