"""The learner's page about the sponsor; and the sponsor's own page, by account or by link."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coachkit.features.accounts import signin
from coachkit.features.accounts.queries import SPONSOR
from coachkit.features.feedback.sponsor import forms, queries, service
from coachkit.platform.access_record import record_look
from coachkit.platform.db import db
from coachkit.platform.errors import InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor, LearnerCase
from coachkit.web.access import checks, needs, public, require, the_actor
from coachkit.web.errors import roll_back
from coachkit.web.forms import BaseForm
from coachkit.web.submits import once

room = Blueprint("sponsor", __name__)
LOOK = "opened what you share with your sponsor"


@room.get("/sponsor")
@checks(Action.OWN_RECORD)
def mine() -> ResponseReturnValue:
    require(Action.OWN_RECORD, LearnerCase(the_actor().id))
    return _page()


def _page(sent: BaseForm | None = None, code: int = 200) -> Response:
    row = service.current(db.session(), the_actor().id)
    stored = {"plans": row.shows_plans, "hours": row.hours, "dates": row.dates} if row else {}
    html = render_template(
        "feedback/sponsor/mine.html",
        preview=queries.shared(db.session(), row) if row else None,
        name_form=sent if isinstance(sent, forms.NameForm) else forms.NameForm(),
        share_form=sent if isinstance(sent, forms.ShareForm) else forms.ShareForm(data=stored),
    )
    return make_response(html, code)


@room.post("/sponsor")
@checks(Action.OWN_RECORD)
@once
def name() -> ResponseReturnValue:
    actor = require(Action.OWN_RECORD, LearnerCase(the_actor().id))
    form = forms.NameForm()
    try:
        form.expect()
        service.name(db.session(), actor, called=form.name.data, email=form.email.data)
    except InvalidError as error:
        roll_back()
        form.take(error)
        return _page(form, 422)
    flash("Named. Nothing is shared yet, and nobody is told.", "ok")
    return redirect(url_for("feedback.sponsor.mine"), 303)


@room.post("/sponsor/share")
@checks(Action.OWN_RECORD)
@once
def share() -> ResponseReturnValue:
    actor = require(Action.OWN_RECORD, LearnerCase(the_actor().id))
    form, send = forms.ShareForm(), bool(request.form.get("send"))
    try:
        form.expect()
        row = service.share(
            db.session(),
            actor,
            plans=bool(form.plans.data),
            hours=form.hours.data or "",
            dates=form.dates.data or "",
            send=send,
        )
        if send and not signin.may_mail_a_link(row.email or f"account:{row.person_id}"):
            raise InvalidError({"hours": "Enough mails have gone there for now. What you share counts all the same."})  # noqa: TRY301
    except InvalidError as error:
        roll_back()
        form.take(error)
        return _page(form, 422)
    flash("Shared, and your sponsor is told by mail." if send else "Kept. This is what is shared now.", "ok")
    return redirect(url_for("feedback.sponsor.mine"), 303)


@room.post("/sponsor/end")
@checks(Action.OWN_RECORD)
@once
def end() -> ResponseReturnValue:
    actor = require(Action.OWN_RECORD, LearnerCase(the_actor().id))
    service.end(db.session(), actor)
    flash("Ended. Nothing of yours is shown there any more.", "ok")
    return redirect(url_for("feedback.sponsor.mine"), 303)


@room.get("/sponsor/<token>")
@public
def by_link(token: str) -> ResponseReturnValue:
    try:
        row = service.by_link(db.session(), token)
    except NotFoundError:
        return render_template("practice/partner/ended.html"), 404
    visitor = Actor(0, row.name, "", "", frozenset())
    record_look(visitor, [row.learner_id], LOOK, role=SPONSOR)
    return render_template("feedback/sponsor/shared.html", pages=[queries.shared(db.session(), row)])


@room.get("/sponsored")
@needs(Action.USE_ACCOUNT)
def by_account() -> ResponseReturnValue:
    rows = service.named(db.session(), the_actor().id)
    pages = [queries.shared(db.session(), row) for row in rows]
    record_look(the_actor(), [page.learner_id for page in pages], LOOK, role=SPONSOR)
    return render_template("feedback/sponsor/shared.html", pages=sorted(pages, key=lambda page: page.learner.lower()))
