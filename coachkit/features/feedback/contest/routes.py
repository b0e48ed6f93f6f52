"""The pages of «I see it differently»."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coachkit.features.accounts.queries import SECOND_LOOK
from coachkit.features.feedback.contest import forms, hearing, pages, service
from coachkit.features.feedback.contest.models import Contest
from coachkit.features.feedback.contest.queries import contests_of
from coachkit.features.practice.access import attempt_for
from coachkit.features.practice.evidence.serving import ONE_LOOK, bytes_of
from coachkit.features.practice.models import Attempt
from coachkit.platform import clock
from coachkit.platform.access_record import record_look
from coachkit.platform.db import db
from coachkit.platform.errors import InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor, LearnerCase, Role
from coachkit.web.access import checks, needs, public, require, the_actor
from coachkit.web.errors import roll_back
from coachkit.web.library import current_library, library_of
from coachkit.web.submits import once

room = Blueprint("contest", __name__)
LOOKED = "opened what was said, to look at something you contest"
HEARD = "opened a file or recording, to look at something you contest"


@room.get("/feedback/<int:attempt_id>/differ/<item>")
@checks(Action.WRITE_ATTEMPT)
def differ(attempt_id: int, item: str) -> ResponseReturnValue:
    attempt = attempt_for(db.session(), attempt_id, Action.WRITE_ATTEMPT)
    return _differ_page(attempt, item, forms.DifferForm())


def _differ_page(attempt: Attempt, item: str, form: forms.DifferForm, code: int = 200) -> Response:
    library = library_of(attempt.library_version)
    known = {*library.scenario(attempt.scenario_id).criteria, *pages.PARTS}
    if attempt.revealed_at is None or item not in known:
        raise NotFoundError
    about = pages.item_words(library, item)
    html = render_template("feedback/contest/differ.html", attempt=attempt, item=item, about=about, form=form)
    return make_response(html, code)


@room.post("/feedback/<int:attempt_id>/differ/<item>")
@checks(Action.WRITE_ATTEMPT)
@once
def contest(attempt_id: int, item: str) -> ResponseReturnValue:
    attempt = attempt_for(db.session(), attempt_id, Action.WRITE_ATTEMPT)
    form, library = forms.DifferForm(), library_of(attempt.library_version)
    try:
        form.expect()
        said = {"text": form.text.data, "evidence": form.evidence.data}
        service.contest_item(db.session(), the_actor(), library, attempt_id, item, **said)
    except InvalidError as error:
        roll_back()
        form.take(error)
        return _differ_page(attempt, item, form, 422)
    flash("Noted. Nobody but you and your coaches sees this until somebody else has looked at it.", "ok")
    return redirect(url_for("feedback.reveal", attempt_id=attempt_id), 303)


@room.get("/feedback/differ")
@needs(Action.PRACTISE)
def sentence() -> ResponseReturnValue:
    return _sentence_page(forms.SentenceForm())


def _sentence_page(form: forms.SentenceForm, code: int = 200) -> Response:
    form.skill_id.choices = [("", "Choose")] + [(skill.id, skill.name) for skill in current_library().skills]
    mine = contests_of(db.session(), the_actor().id)
    skills = {skill.id: skill.name for skill in current_library().skills}
    html = render_template("feedback/contest/sentence.html", form=form, contests=mine, skills=skills, kinds=pages.KINDS)
    return make_response(html, code)


@room.post("/feedback/differ")
@needs(Action.PRACTISE)
@once
def contest_sentence() -> ResponseReturnValue:
    form = forms.SentenceForm()
    form.skill_id.choices = [(skill.id, skill.name) for skill in current_library().skills]
    try:
        form.expect()
        service.contest_sentence(
            db.session(),
            the_actor(),
            current_library(),
            library_of,
            sentence=form.sentence.data,
            skill_id=form.skill_id.data,
            text=form.text.data,
            evidence=form.evidence.data,
        )
    except InvalidError as error:
        roll_back()
        form.take(error)
        return _sentence_page(form, 422)
    flash("Noted. What the sentence rests on is shown to nobody else until somebody has looked at it.", "ok")
    return redirect(url_for("feedback.contest.sentence"), 303)


@room.post("/feedback/contests/<int:contest_id>/withdraw")
@checks(Action.OWN_RECORD)
@once
def withdraw(contest_id: int) -> ResponseReturnValue:
    row = _found(contest_id)
    require(Action.OWN_RECORD, LearnerCase(row.person_id))
    service.withdraw(db.session(), the_actor(), contest_id)
    flash("Taken back. It is shown again to whom it was shown before.", "ok")
    return redirect(url_for("feedback.contest.sentence"), 303)


def _found(contest_id: int) -> Contest:
    row = db.session().get(Contest, contest_id)
    if row is None:
        raise NotFoundError
    return row


@room.get("/feedback/contests/<int:contest_id>")
@checks(Action.REVIEW_CONTEST)
def second_look(contest_id: int) -> ResponseReturnValue:
    row = _found(contest_id)
    require(Action.REVIEW_CONTEST, service.case_of(db.session(), row))
    page = pages.second_look_page(db.session(), library_of, row, request.path)
    return _look(page, url_for("feedback.contest.decide", contest_id=contest_id), {})


def _look(page: pages.SecondLookPage, action: str, errors: dict[str, str], visitor: Actor | None = None) -> Response:
    """What was said, to whoever looks again. A refused answer shows it once more, which is a look too."""
    viewer, role = (visitor, SECOND_LOOK) if visitor else (the_actor(), Role.COACH)
    record_look(viewer, [page.learner_id], LOOKED, role=role, once_in=ONE_LOOK if errors else None)
    outside = visitor is not None
    html = render_template(
        "feedback/contest/look.html", page=page, action=action, errors=errors, sent=request.form, outside=outside
    )
    return make_response(html, 422 if errors else 200)


@room.get("/feedback/contests/<int:contest_id>/files/<int:file_id>")
@checks(Action.REVIEW_CONTEST)
def file(contest_id: int, file_id: int) -> ResponseReturnValue:
    row = _found(contest_id)
    require(Action.REVIEW_CONTEST, service.case_of(db.session(), row))
    return _file(row, file_id, the_actor(), Role.COACH)


def _file(row: Contest, file_id: int, viewer: Actor, role: str) -> Response:
    stored = hearing.content_for(db.session(), library_of, row, file_id)
    person_id = row.person_id
    roll_back()  # nothing is kept open while bytes are fetched and sent
    record_look(viewer, [person_id], HEARD, role=role, once_in=ONE_LOOK)
    return bytes_of(stored, f"file-{file_id}")


@room.post("/feedback/contests/<int:contest_id>")
@checks(Action.REVIEW_CONTEST)
@once
def decide(contest_id: int) -> ResponseReturnValue:
    row = _found(contest_id)
    require(Action.REVIEW_CONTEST, service.case_of(db.session(), row))
    page = pages.second_look_page(db.session(), library_of, row, request.path)
    try:
        service.decide(db.session(), the_actor(), row, forms.verdict_sent(request.form), page.most)
    except InvalidError as error:
        roll_back()
        return _look(page, request.path, error.fields)
    flash("Thank you. The learner reads your reasons beside the original, which stays as it is.", "ok")
    return redirect(url_for("feedback.queue"), 303)


@room.get("/feedback/contests")
@needs(Action.LEAD_COACHES)
def all_open() -> ResponseReturnValue:
    return _lead_page(forms.OutsiderForm())


def _lead_page(form: forms.OutsiderForm, code: int = 200, at: int = 0) -> Response:
    rows = pages.open_contests(db.session(), library_of, clock.now())
    return make_response(
        render_template("feedback/contest/lead.html", rows=rows, form=form, at=at, me=the_actor().id), code
    )


@room.post("/feedback/contests/<int:contest_id>/another")
@needs(Action.LEAD_COACHES)
@once
def another(contest_id: int) -> ResponseReturnValue:
    service.ask_another(db.session(), the_actor(), contest_id)
    flash("Asked. Another licensed coach looks again, and has fourteen days.", "ok")
    return redirect(url_for("feedback.contest.all_open"), 303)


@room.post("/feedback/contests/<int:contest_id>/outsider")
@needs(Action.LEAD_COACHES)
@once
def invite(contest_id: int) -> ResponseReturnValue:
    form = forms.OutsiderForm()
    try:
        form.expect()
        asked = {"name": form.outsider.data, "email": form.email.data}
        service.invite_outsider(db.session(), the_actor(), contest_id, **asked)
    except InvalidError as error:
        roll_back()
        form.take(error)
        return _lead_page(form, 422, contest_id)
    flash("Asked. The link works until the matter is decided, and shows nobody's rating.", "ok")
    return redirect(url_for("feedback.contest.all_open"), 303)


@room.route("/look-again/<token>", methods=["GET", "POST"])
@public
def outside(token: str) -> ResponseReturnValue:
    """Somebody without an account, who sees what was said and nothing else."""
    row = service.by_token(db.session(), token)
    page = pages.second_look_page(db.session(), library_of, row, request.path)
    visitor = _guest(row)
    if request.method != "POST":
        return _look(page, request.path, {}, visitor)
    try:
        service.decide(db.session(), None, row, forms.verdict_sent(request.form), page.most)
    except InvalidError as error:
        roll_back()
        return _look(page, request.path, error.fields, visitor)
    return render_template("feedback/contest/thanks.html")


def _guest(row: Contest) -> Actor:
    return Actor(0, row.outsider, "", "", frozenset())


@room.get("/look-again/<token>/files/<int:file_id>")
@public
def file_outside(token: str, file_id: int) -> ResponseReturnValue:
    """What was said, to be heard by somebody without an account, as far as everybody in it agreed to that."""
    row = service.by_token(db.session(), token)
    return _file(row, file_id, _guest(row), SECOND_LOOK)
