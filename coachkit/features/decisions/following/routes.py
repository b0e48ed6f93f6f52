"""Decision records after they were made: for the CIO who follows them, and for the person whom they concern."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from coachkit.domain.decision.safeguards import Duty
from coachkit.features.decisions import answering, duties, forms, looking_back
from coachkit.features.decisions.drawing import WORDS, draw
from coachkit.features.decisions.duties import FIELDS
from coachkit.features.decisions.models import DecisionRecord
from coachkit.features.decisions.record_page import RecordPage, record_page
from coachkit.platform.access_record import record_look
from coachkit.platform.db import db
from coachkit.platform.errors import InvalidError
from coachkit.platform.policy import Action, Actor
from coachkit.web.access import checks, needs, require, the_actor
from coachkit.web.errors import roll_back
from coachkit.web.forms import BaseForm, refused
from coachkit.web.library import current_library
from coachkit.web.submits import once

room = Blueprint("following", __name__)
KINDS = {field: duty for duty, field in FIELDS.items()}
LOOK = "opened the course of a decision about you"
ANSWER = {"yes": True, "no": False}


@room.get("/decisions/records")
@needs(Action.OPEN_DECISIONS)
def mine_as_cio() -> ResponseReturnValue:
    return draw("my_decisions", page=looking_back.my_decisions(db.session(), the_actor().id))


def _follow(record_id: int) -> tuple[Actor, DecisionRecord]:
    record, case = looking_back.decided(db.session(), record_id)
    return require(Action.FOLLOW_DECISION, case), record


@room.get("/decisions/records/<int:record_id>")
@checks(Action.FOLLOW_DECISION)
def follow(record_id: int) -> ResponseReturnValue:
    actor, record = _follow(record_id)
    record_look(actor, [record.person_id], LOOK, role="cio")
    return draw("follow", **_following(actor, record, forms.LookBackForm()))


def _following(actor: Actor, record: DecisionRecord, back: BaseForm, **kept: forms.DutyForm) -> dict[str, object]:
    """What the page needs: the record without what was seen, and a form for each duty that may be named."""
    session = db.session()
    page = record_page(session, current_library(), record, evidence=False)
    people = duties.eligible(session, record.purpose_id, record.person_id, actor.id)
    naming = {field: kept.get(field) or forms.naming_form(field, people) for field in _may_name(page)}
    return {"page": page, "back": back, "to_name": naming}


def _may_name(page: RecordPage) -> list[str]:
    open_ones = {"signer": page.course.guarded and not page.course.has("signature")}
    open_ones |= {"reader": not page.course.has("ruling"), "hr": True}
    return [] if page.amended_by else [field for field, may in open_ones.items() if may]


@room.post("/decisions/records/<int:record_id>/duties/<any(signer, reader, hr):field>")
@once
@checks(Action.FOLLOW_DECISION)
def name_somebody(record_id: int, field: str) -> ResponseReturnValue:
    actor, record = _follow(record_id)
    session = db.session()
    form = forms.naming_form(field, duties.eligible(session, record.purpose_id, record.person_id, actor.id))
    try:
        form.expect()
        duty = duties.name_later(session, actor, record, KINDS[field], form.named(field))
    except InvalidError as error:
        form.take(error)
        return _follow_refused(actor, record, forms.blank(forms.LookBackForm()), **{field: form})
    flash(f"Named. A mail goes out, and the duty as {Duty(duty.kind).word} ends by itself.", "ok")
    return redirect(url_for(".follow", record_id=record_id), 303)


def _follow_refused(actor: Actor, record: DecisionRecord, back: BaseForm, **kept: forms.DutyForm) -> Response:
    """The page again with what was typed, which is one more look."""
    found, about = _following(actor, record, back, **kept), record.person_id
    roll_back()  # what the request has begun would wait for the look, and the look for it
    record_look(actor, [about], LOOK, role="cio")
    return refused("decisions/follow.html", **found, **WORDS)


@room.post("/decisions/records/<int:record_id>/look-back")
@once
@checks(Action.FOLLOW_DECISION)
def look_back(record_id: int) -> ResponseReturnValue:
    actor, record = _follow(record_id)
    form = forms.LookBackForm()
    try:
        form.expect()
        looking_back.look_back(
            db.session(),
            actor,
            record_id,
            came_true=ANSWER.get(form.came_true.data),
            what_happened=form.what_happened.data or "",
            sound=ANSWER.get(form.sound.data),
            process=form.why.data or "",
        )
    except InvalidError as error:
        form.take(error)
        return _follow_refused(actor, record, form)
    flash("Kept. It counts in your score, and in nobody else’s.", "ok")
    return redirect(url_for(".follow", record_id=record_id), 303)


# The person whom a record concerns


def _mine(record_id: int) -> RecordPage:
    session = db.session()
    return record_page(session, current_library(), answering.my_record(session, the_actor(), record_id))


@room.get("/purposes/decisions/<int:record_id>")
@needs(Action.RELEASE)
def my_record(record_id: int) -> ResponseReturnValue:
    return draw("my_record", page=_mine(record_id), **_words())


def _words() -> dict[str, forms.WordsForm]:
    return {reply: forms.words_form(reply, f"Your {reply}") for reply in ("answer", "appeal")}


@room.post("/purposes/decisions/<int:record_id>/<any(answer, appeal):reply>")
@needs(Action.RELEASE)
@once
def say(record_id: int, reply: str) -> ResponseReturnValue:
    both, session, actor = _words(), db.session(), the_actor()
    form = both[reply]
    page = _mine(record_id)
    try:
        form.expect()
        if reply == "answer":
            answering.answer(session, actor, record_id, words=form.words.data or "", unwanted=bool(form.unwanted.data))
        else:
            answering.appeal(session, actor, record_id, words=form.words.data or "")
    except InvalidError as error:
        form.take(error)
        forms.blank(both["appeal" if reply == "answer" else "answer"])
        return refused("decisions/my_record.html", page=page, **both, **WORDS)
    told = (
        "Your answer stands on the record."
        if reply == "answer"
        else "Your appeal stands on the record, and its reader is told."
    )
    flash(told, "ok")
    return redirect(url_for(".my_record", record_id=record_id), 303)
