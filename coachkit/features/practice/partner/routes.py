"""Asking a partner; and the page behind the link, for somebody without an account."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coachkit.features.accounts import signin
from coachkit.features.accounts.queries import coaches_of
from coachkit.features.practice.access import attempt_for
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.partner import forms, queries, service
from coachkit.features.practice.service import sealed
from coachkit.platform.db import db
from coachkit.platform.errors import InvalidError, NotFoundError
from coachkit.platform.policy import Action
from coachkit.web.access import checks, current_actor, public, the_actor
from coachkit.web.errors import roll_back
from coachkit.web.library import library_of
from coachkit.web.request import row_sent
from coachkit.web.submits import once

room = Blueprint("partner", __name__)


@room.get("/practice/<int:attempt_id>/partner")
@checks(Action.WRITE_ATTEMPT)
def invitation(attempt_id: int) -> ResponseReturnValue:
    return _page(attempt_for(db.session(), attempt_id, Action.WRITE_ATTEMPT), forms.InviteForm())


def _page(attempt: Attempt, form: forms.InviteForm, errors: dict[str, str] | None = None, code: int = 200) -> Response:
    scenario = library_of(attempt.library_version).scenario(attempt.scenario_id)
    html = render_template(
        "practice/partner/invitation.html",
        attempt_id=attempt.id,
        title=scenario.parallel_form.title if attempt.parallel else scenario.title,
        asked=queries.invitations(db.session(), attempt),
        standing=service.open_invitation(db.session(), attempt) is not None,
        over=attempt.withdrawn_at is not None or not sealed(attempt),
        coaches=coaches_of(db.session(), attempt.learner_id),
        form=form,
        errors=errors or {},
        chosen_coach=row_sent("coach_id"),
    )
    return make_response(html, code)


@room.post("/practice/<int:attempt_id>/partner")
@checks(Action.WRITE_ATTEMPT)
@once
def invite(attempt_id: int) -> ResponseReturnValue:
    attempt = attempt_for(db.session(), attempt_id, Action.WRITE_ATTEMPT)
    form = forms.InviteForm()
    try:
        form.expect()
        asked = service.invite(
            db.session(),
            the_actor(),
            attempt_id,
            name=form.name.data or "",
            email=form.email.data or "",
            coach_id=row_sent("coach_id") or None,
            times=form.times,
        )
        if form.email.data and not signin.may_mail_a_link(form.email.data):
            raise InvalidError({"email": "Enough links have gone to this address for now."})  # noqa: TRY301
    except InvalidError as error:
        roll_back()
        form.take(error)
        return _page(attempt, form, error.fields, 422)
    flash(f"{asked.name} is asked by mail.", "ok")
    return redirect(url_for("practice.partner.invitation", attempt_id=attempt_id), 303)


@room.post("/practice/<int:attempt_id>/partner/end")
@checks(Action.WRITE_ATTEMPT)
@once
def revoke(attempt_id: int) -> ResponseReturnValue:
    attempt_for(db.session(), attempt_id, Action.WRITE_ATTEMPT)
    service.revoke(db.session(), the_actor(), attempt_id)
    flash("Taken back. The link has ended.", "ok")
    return redirect(url_for("practice.partner.invitation", attempt_id=attempt_id), 303)


def _guest(token: str, *, lock: bool = False) -> service.Guest:
    actor = current_actor()
    return service.guest(db.session(), token, viewer_id=actor.id if actor else None, lock=lock)


def _ended() -> ResponseReturnValue:
    return render_template("practice/partner/ended.html"), 404


def _card(token: str, came: service.Guest, form: forms.WordsForm, error: str = "", code: int = 200) -> Response:
    found = queries.card(db.session(), library_of(came.attempt.library_version), came)
    html = render_template("practice/partner/card.html", card=found, token=token, form=form, error=error)
    return make_response(html, code)


@room.get("/partner/<token>")
@public
def card(token: str) -> ResponseReturnValue:
    try:
        came = _guest(token)
    except NotFoundError:
        return _ended()
    return _card(token, came, forms.WordsForm())


@room.post("/partner/<token>/answer")
@public
def answer(token: str) -> ResponseReturnValue:
    came = _came_by(token)
    if came is None:
        return _ended()
    if request.form.get("no"):
        service.decline(db.session(), came)
        return redirect(url_for("practice.partner.thanks"), 303)
    try:
        service.choose(db.session(), came, row_sent("time"))
    except InvalidError as error:
        return _card(token, came, forms.WordsForm(), error.fields["time"], 422)
    flash("Chosen. The other is told by mail.", "ok")
    return redirect(url_for("practice.partner.card", token=token), 303)


@room.post("/partner/<token>/words")
@public
def words(token: str) -> ResponseReturnValue:
    came = _came_by(token)
    if came is None:
        return _ended()
    form = forms.WordsForm()
    try:
        form.expect()
        service.say(db.session(), came, felt=form.felt.data or "", noticed=form.noticed.data or "")
    except InvalidError as error:
        roll_back()
        form.take(error)
        return _card(token, _guest(token), form, code=422)
    return redirect(url_for("practice.partner.thanks"), 303)


def _came_by(token: str) -> service.Guest | None:
    """Who sends something by a link; misses are counted, so that nobody tries many. Reading changes nothing."""
    signin.slow_down("partner", "", failed=False)
    try:
        return _guest(token, lock=True)
    except NotFoundError:
        signin.slow_down("partner", "", failed=True)
        return None


@room.get("/partner")
@public
def thanks() -> ResponseReturnValue:
    return render_template("practice/partner/thanks.html")
