"""Purposes and decisions: pages of the CIO, of the person who is asked, and of the administrator."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from coachkit.features.accounts.queries import with_role
from coachkit.features.decisions import board as boards
from coachkit.features.decisions import deciding, duties, forms, more_evidence, queries, service
from coachkit.features.decisions.basis import basis_page, has_basis
from coachkit.features.decisions.case_file import role_skills
from coachkit.features.decisions.drawing import WORDS, draw
from coachkit.features.decisions.models import Purpose
from coachkit.features.decisions.record_page import record_page, sees_forecast
from coachkit.features.organisation.queries import readiness_page, readiness_today
from coachkit.platform.access_record import record_look
from coachkit.platform.db import db
from coachkit.platform.errors import ConflictError, InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor, Role
from coachkit.web.access import checks, needs, recent_proof, require, the_actor
from coachkit.web.forms import refused
from coachkit.web.library import current_library, library_of
from coachkit.web.request import row_sent
from coachkit.web.submits import once

room = Blueprint("decisions", __name__)


@room.route("/admin/basis", methods=["GET", "POST"])
@needs(Action.ADMINISTER)
@once
def basis() -> ResponseReturnValue:
    form = forms.BasisForm()
    if request.method == "GET":
        return draw("basis", page=basis_page(db.session()), form=form)
    recent_proof()
    if not form.sent_well():
        return refused("decisions/basis.html", page=basis_page(db.session()), form=form)
    try:
        service.record_basis(
            db.session(),
            the_actor(),
            notice=form.notice.data or "",
            legal_basis=form.legal_basis.data or "",
            consultation=form.consultation.data or "",
        )
    except InvalidError as error:
        form.take(error)
        return refused("decisions/basis.html", page=basis_page(db.session()), form=form)
    flash("Recorded. Decisions about posts may be prepared from now on.", "ok")
    return redirect(url_for("decisions.basis"), 303)


@room.post("/admin/basis/end")
@needs(Action.ADMINISTER)
@once
def end_basis() -> ResponseReturnValue:
    recent_proof()
    service.end_basis(db.session(), the_actor())
    flash("Ended. Purposes about posts answer nobody from now on.", "ok")
    return redirect(url_for("decisions.basis"), 303)


@room.get("/decisions")
@needs(Action.OPEN_DECISIONS)
def purposes() -> ResponseReturnValue:
    session = db.session()
    _row, result = readiness_today(session)
    return draw(
        "purposes",
        page=queries.purposes_of(session, the_actor().id),
        readiness=result,
        basis=has_basis(session),
    )


def _purpose_form() -> forms.PurposeForm:
    session, me = db.session(), the_actor().id
    learners = [(p.id, p.name) for p in with_role(session, Role.LEARNER) if p.id != me]
    others = [(p.id, p.name) for p in with_role(session, Role.CIO) if p.id != me]
    return forms.purpose_form(role_skills(current_library()), learners, others)


@room.route("/decisions/new", methods=["GET", "POST"])
@needs(Action.OPEN_DECISIONS)
@once
def new_purpose() -> ResponseReturnValue:
    form, skills = _purpose_form(), role_skills(current_library())
    if request.method == "GET":
        return draw("new", form=form, skills=skills, basis=has_basis(db.session()))
    recent_proof()
    if not form.sent_well():
        return _new_refused(form)
    try:
        purpose = service.state_purpose(
            db.session(),
            the_actor(),
            current_library(),
            kind=form.kind.data,
            title=form.title.data,
            why=form.why.data,
            role_name=form.role_name.data,
            ends_on=form.ends_on.data,
            lines={skill: int(form[f"line-{skill}"].data) for skill, _name in skills},
            viewer_ids=[int(value) for value in form["viewers"].data or []],
            person_ids=[int(value) for value in form["people"].data or []],
        )
    except InvalidError as error:
        form.take(error)
        return _new_refused(form)
    flash("The purpose stands. Everybody whom you ask finds it on the home page.", "ok")
    return redirect(url_for("decisions.board", purpose_id=purpose.id), 303)


def _new_refused(form: forms.PurposeForm) -> Response:
    skills = role_skills(current_library())
    return refused("decisions/new.html", form=form, skills=skills, basis=has_basis(db.session()), **WORDS)


def _read_again() -> None:
    """End this request's view of the database, so that what follows sees withdrawals of a moment ago."""
    db.session.commit()


@room.get("/decisions/<int:purpose_id>")
@checks(Action.READ_PURPOSE)
def board(purpose_id: int) -> ResponseReturnValue:
    session = db.session()
    purpose = service.find_purpose(session, purpose_id)
    case = queries.purpose_case(session, purpose)
    if not case.readiness_current:
        # Who may look at all may read that nobody is shown, and why. The page names no person.
        require(Action.READ_PURPOSE, replace(case, readiness_current=True))
        strip = queries.strip_of(session, purpose, role_skills(current_library()))
        return draw("not_yet", strip=strip, page=readiness_page(session))
    actor = require(Action.READ_PURPOSE, case)
    looked = queries.released_ids(session, purpose_id)
    _look(actor, purpose, looked, "opened the board with your released results")
    _read_again()
    require(Action.READ_PURPOSE, queries.purpose_case(session, purpose))
    return draw("board", page=boards.board(session, current_library(), library_of, purpose, looked))


def _look(actor: Actor, purpose: Purpose, person_ids: frozenset[int], what: str) -> None:
    record_look(actor, sorted(person_ids), what, role="cio", purpose=purpose.title)


@room.post("/decisions/<int:purpose_id>/close")
@needs(Action.OPEN_DECISIONS)
@once
def close(purpose_id: int) -> ResponseReturnValue:
    service.close_purpose(db.session(), the_actor(), purpose_id)
    flash("The purpose is closed. Nothing of it can be seen any more.", "ok")
    return redirect(url_for("decisions.purposes"), 303)


@room.get("/decisions/<int:purpose_id>/people/<int:person_id>")
@checks(Action.READ_PERSON)
def person(purpose_id: int, person_id: int) -> ResponseReturnValue:
    session = db.session()
    purpose = service.find_purpose(session, purpose_id)
    actor = require(Action.READ_PERSON, queries.person_case(session, purpose, person_id))
    _look(actor, purpose, frozenset({person_id}), "opened your released results")
    _read_again()
    require(Action.READ_PERSON, queries.person_case(session, purpose, person_id))
    return draw("person", page=_person_page(purpose, person_id), form=_decision_form(actor, purpose, person_id))


def _decision_form(actor: Actor, purpose: Purpose, person_id: int) -> forms.DecisionForm:
    return forms.decision_form(duties.eligible(db.session(), purpose.id, person_id, actor.id))


@room.post("/decisions/<int:purpose_id>/people/<int:person_id>/more")
@once
@checks(Action.READ_PERSON)
def more(purpose_id: int, person_id: int) -> ResponseReturnValue:
    session = db.session()
    purpose = service.find_purpose(session, purpose_id)
    actor = require(Action.READ_PERSON, queries.person_case(session, purpose, person_id))
    more_evidence.ask(session, actor, purpose, person_id, request.form.get("skill", ""))
    flash("Asked. The person is told, and decides.", "ok")
    return redirect(url_for("decisions.person", purpose_id=purpose_id, person_id=person_id, _anchor="more"), 303)


def _person_page(purpose: Purpose, person_id: int) -> boards.PersonPage:
    page = boards.person_page(db.session(), current_library(), library_of, purpose, person_id)
    if page is None:
        raise NotFoundError
    return page


@room.post("/decisions/<int:purpose_id>/people/<int:person_id>")
@once
@checks(Action.DECIDE)
def decide(purpose_id: int, person_id: int) -> ResponseReturnValue:
    session = db.session()
    purpose = service.find_purpose(session, purpose_id)
    actor = require(Action.DECIDE, queries.person_case(session, purpose, person_id))
    form, amends = _decision_form(actor, purpose, person_id), row_sent("amends") or None
    seen = request.form.get("seen", "")
    if not form.sent_well():
        return _decision_refused(purpose, person_id, form, seen)
    try:
        record = deciding.record_decision(
            session,
            actor,
            current_library(),
            library_of,
            purpose_id,
            person_id,
            form.proposal(),
            seen=seen,
            amends=amends,
            named=form.duties(),
        )
    except InvalidError as error:
        form.take(error)
        return _decision_refused(purpose, person_id, form, seen)
    flash("The decision is on record. The person can read it from now on.", "ok")
    where = url_for("decisions.record", purpose_id=purpose_id, person_id=person_id, record_id=record.id)
    return redirect(where, 303)


def _decision_refused(purpose: Purpose, person_id: int, form: forms.DecisionForm, seen: str) -> Response:
    """The page again, with what was typed. Only evidence whose look is on record is shown again."""
    page = _person_page(purpose, person_id)
    if page.seen != seen:
        raise ConflictError(deciding.OTHER_EVIDENCE)
    return refused("decisions/person.html", page=page, form=form, **WORDS)


@room.get("/decisions/<int:purpose_id>/people/<int:person_id>/decision/<int:record_id>")
@checks(Action.READ_PERSON)
def record(purpose_id: int, person_id: int, record_id: int) -> ResponseReturnValue:
    session = db.session()
    purpose = service.find_purpose(session, purpose_id)
    actor = require(Action.READ_PERSON, queries.person_case(session, purpose, person_id))
    deciding.find_record(session, record_id, purpose_id=purpose_id, person_id=person_id)
    _look(actor, purpose, frozenset({person_id}), "opened a decision about you")
    _read_again()
    require(Action.READ_PERSON, queries.person_case(session, purpose, person_id))
    found = deciding.find_record(session, record_id, purpose_id=purpose_id, person_id=person_id)
    page = record_page(session, current_library(), found, forecast=sees_forecast(session, found, actor.id))
    return draw("record", page=page, mine=False, follows=found.decided_by == actor.id)


@room.get("/purposes")
@needs(Action.RELEASE)
def my_purposes() -> ResponseReturnValue:
    return draw("my_purposes", page=queries.my_purposes(db.session(), the_actor().id))


def _request_page(purpose_id: int) -> boards.RequestPage:
    page = boards.request_page(db.session(), current_library(), library_of, purpose_id, the_actor().id)
    if page is None:
        raise NotFoundError
    return page


@room.get("/purposes/<int:purpose_id>")
@needs(Action.RELEASE)
def asked(purpose_id: int) -> ResponseReturnValue:
    page = _request_page(purpose_id)
    return draw("request", page=page, form=forms.ReleaseForm(data={"comment": page.comment}))


@room.post("/purposes/<int:purpose_id>/release")
@needs(Action.RELEASE)
@once
def release(purpose_id: int) -> ResponseReturnValue:
    form = forms.ReleaseForm()
    if not form.sent_well():
        return refused("decisions/request.html", page=_request_page(purpose_id), form=form, **WORDS)
    service.release(db.session(), the_actor(), purpose_id, comment=form.comment.data or "")
    flash("Released. You can take it back at any time.", "ok")
    return redirect(url_for("decisions.asked", purpose_id=purpose_id), 303)


@room.post("/purposes/<int:purpose_id>/withdraw")
@needs(Action.RELEASE)
@once
def withdraw(purpose_id: int) -> ResponseReturnValue:
    service.withdraw(db.session(), the_actor(), purpose_id)
    flash("Withdrawn. Nothing of yours is shown there any more.", "ok")
    return redirect(url_for("decisions.asked", purpose_id=purpose_id), 303)
