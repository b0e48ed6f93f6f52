"""Pages of those who are named on one record: by account, or by a one-time link from outside."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from coachkit.domain.decision.safeguards import Duty
from coachkit.features.accounts.queries import OUTSIDE
from coachkit.features.decisions import answering, duties, forms
from coachkit.features.decisions.drawing import WORDS, draw
from coachkit.features.decisions.duty_page import DutyPage, duty_page, reads_record
from coachkit.features.decisions.models import DecisionDuty, DecisionRecord
from coachkit.features.decisions.service import find_purpose
from coachkit.platform.access_record import record_look
from coachkit.platform.db import db
from coachkit.platform.errors import InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor
from coachkit.web.access import checks, needs, public, require, the_actor
from coachkit.web.errors import roll_back
from coachkit.web.forms import refused
from coachkit.web.library import current_library
from coachkit.web.submits import once

room = Blueprint("duties", __name__)
VISIT = "visit"


def _look(actor: Actor, duty: DecisionDuty, record: DecisionRecord, *, outside: bool) -> None:
    """Also of a form that is refused, since it shows the record again."""
    if reads_record(db.session(), duty, record):
        about = record.person_id
        who = f"{actor.name}, as" if outside else "as"
        what = f"{who} {Duty(duty.kind).word}, opened a decision about you"
        title = find_purpose(db.session(), record.purpose_id).title
        roll_back()  # what the request has begun would wait for the look, and the look for it
        record_look(actor, [about], what, role=OUTSIDE if outside else "duty", purpose=title)


def _page(duty: DecisionDuty, record: DecisionRecord) -> DutyPage:
    return duty_page(db.session(), current_library(), duty, record)


def _act(actor: Actor, duty_id: int, deed: str, form: forms.WordsForm) -> None:
    session, words, verdict = db.session(), form.words.data or "", form.verdict.data or ""
    form.expect()
    if deed == "sign":
        answering.sign(session, actor, duty_id, verdict=verdict, words=words, stated=bool(form.stated.data))
    elif deed == "rule":
        answering.rule(session, actor, duty_id, verdict=verdict, words=words)
    else:
        answering.note(session, actor, duty_id, words=words)


DONE = {
    "sign": "Your signature or refusal stands on the record.",
    "rule": "Your ruling stands on the record. The person and the CIO are told.",
    "note": "Your note stands on the record.",
}


@room.get("/duties")
@needs(Action.USE_ACCOUNT)
def mine() -> ResponseReturnValue:
    return draw("duties", rows=duties.duties_of(db.session(), the_actor().id))


def _mine(duty_id: int) -> tuple[Actor, DecisionDuty, DecisionRecord]:
    duty, record = duties.duty_of(db.session(), duty_id)
    return require(Action.FULFIL_DUTY, duties.case_of(db.session(), duty, record)), duty, record


@room.get("/duties/<int:duty_id>")
@checks(Action.FULFIL_DUTY)
def duty(duty_id: int) -> ResponseReturnValue:
    actor, row, record = _mine(duty_id)
    _look(actor, row, record, outside=False)
    db.session.commit()  # what follows sees a withdrawal of a moment ago
    _actor, row, record = _mine(duty_id)
    return draw("duty", page=_page(row, record), form=forms.WordsForm(), base=f"/duties/{duty_id}")


@room.post("/duties/<int:duty_id>/<any(sign, rule, note):deed>")
@once
@checks(Action.FULFIL_DUTY)
def fulfil(duty_id: int, deed: str) -> ResponseReturnValue:
    actor, row, record = _mine(duty_id)
    form, page = forms.WordsForm(), _page(row, record)
    try:
        _act(actor, duty_id, deed, form)
    except InvalidError as error:
        form.take(error)
        _look(actor, row, record, outside=False)
        return refused("decisions/duty.html", page=page, form=form, base=f"/duties/{duty_id}", **WORDS)
    flash(DONE[deed], "ok")
    return redirect(url_for(".duty", duty_id=duty_id), 303)


# By a link from outside: it opens one record once, for some hours. Nothing here needs an account.


@room.get("/invited/<token>")
@public
def invited(token: str) -> ResponseReturnValue:
    if not duties.link_holds(db.session(), token):
        return draw("invited_ended"), 404
    return draw("invited")


@room.post("/invited/<token>")
@public
def come_in(token: str) -> ResponseReturnValue:
    cookie[VISIT] = duties.open_link(db.session(), token)
    return redirect(url_for(".visit"), 303)


def _visit() -> tuple[Actor, DecisionDuty, DecisionRecord]:
    key = cookie.get(VISIT)
    if not key:
        raise NotFoundError
    return duties.visitor(db.session(), str(key))


@room.get("/invited/record")
@public
def visit() -> ResponseReturnValue:
    actor, row, record = _visit()
    _look(actor, row, record, outside=True)
    db.session.commit()
    _actor, row, record = _visit()
    return draw("duty", page=_page(row, record), form=forms.WordsForm(), base="/invited/record")


@room.post("/invited/record/<any(sign, rule, note):deed>")
@public
def fulfil_as_guest(deed: str) -> ResponseReturnValue:
    actor, row, record = _visit()
    form, page = forms.WordsForm(), _page(row, record)
    try:
        _act(actor, row.id, deed, form)
    except InvalidError as error:
        form.take(error)
        _look(actor, row, record, outside=True)
        return refused("decisions/duty.html", page=page, form=form, base="/invited/record", **WORDS)
    flash(DONE[deed], "ok")
    return redirect(url_for(".visit"), 303)
