"""The list of what happened, the choice about mails, and the way out that every mail carries."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coachkit.features.notices import queries, service
from coachkit.platform.db import db
from coachkit.platform.policy import Action
from coachkit.web import news
from coachkit.web.access import needs, public, the_actor
from coachkit.web.submits import once

room = Blueprint("notices", __name__)


@room.get("/notices")
@needs(Action.USE_ACCOUNT)
def notices() -> ResponseReturnValue:
    session, me = db.session(), the_actor().id
    listed, over = queries.my_notices(session, me)
    return render_template(
        "notices/notices.html",
        notices=listed,
        over=over,
        mails=queries.mails_of(session, me),
        choices=service.CHOICES,
    )


def settle() -> None:
    """At the end of whatever somebody did: what that has settled for her leaves the count in her bar."""
    if news.count():
        service.settle(db.session(), the_actor().id)


@room.post("/notices/<int:notice_id>")
@needs(Action.USE_ACCOUNT)
def open_notice(notice_id: int) -> ResponseReturnValue:
    return redirect(service.read(db.session(), the_actor(), notice_id), 303)


@room.post("/notices/read")
@needs(Action.USE_ACCOUNT)
def read_all() -> ResponseReturnValue:
    service.read_all(db.session(), the_actor())
    return redirect(url_for("notices.notices"), 303)


@room.post("/notices/mails")
@needs(Action.USE_ACCOUNT)
@once
def choose() -> ResponseReturnValue:
    service.choose(db.session(), the_actor(), request.form.get("mails", ""))
    flash("Kept. It counts from now on.", "ok")
    return redirect(url_for("notices.notices"), 303)


@room.get("/notices/stop/<token>")
@public
def ask_stop(token: str) -> ResponseReturnValue:
    service.holder(db.session(), current_app.config["COACHKIT"], token)
    return render_template("notices/stop.html", token=token, done=False)


@room.post("/notices/stop/<token>")
@public
def stop(token: str) -> ResponseReturnValue:
    """A mail program's one click comes without a session (RFC 8058), so this route takes no form token."""
    service.stop(db.session(), current_app.config["COACHKIT"], token)
    return render_template("notices/stop.html", token=token, done=True)
