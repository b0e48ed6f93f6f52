"""Adding files and recordings to an attempt, and opening them by the attempt's own rule."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from coachkit.domain.assessment import agreement as texts
from coachkit.domain.assessment.media import ALLOWED
from coachkit.features.accounts import signin
from coachkit.features.accounts.queries import names
from coachkit.features.practice.access import attempt_for
from coachkit.features.practice.evidence import agreements, by_partner, forms, queries, service
from coachkit.features.practice.evidence.serving import ONE_LOOK, bytes_of
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.partner.service import Guest, guest
from coachkit.features.practice.queries import attempt_page
from coachkit.platform import stored_files
from coachkit.platform.access_record import record_look
from coachkit.platform.db import db, own_transaction
from coachkit.platform.errors import InvalidError, NotFoundError
from coachkit.platform.policy import Action, Role
from coachkit.platform.stored_files import PIECE
from coachkit.platform.tools import tools
from coachkit.web.access import checks, current_actor, public, the_actor
from coachkit.web.errors import roll_back
from coachkit.web.library import library_of
from coachkit.web.request import let_others_write, row_sent, takes_up_to
from coachkit.web.submits import once

room = Blueprint("evidence", __name__)
FORM_AROUND = 64 * 1024
"""What a browser's form adds to the file that it sends."""


def _largest_form() -> int:
    return service.limits(tools().settings).file_bytes + FORM_AROUND


def _mine(attempt_id: int) -> Attempt:
    return attempt_for(db.session(), attempt_id, Action.WRITE_ATTEMPT)


def _page(template: str, attempt: Attempt, code: int = 200, **more: object) -> Response:
    page = attempt_page(db.session(), library_of(attempt.library_version), attempt)
    part = queries.files_part(db.session(), attempt, service.limits(tools().settings))
    html = render_template(f"practice/evidence/{template}", page=page, part=part, allowed=ALLOWED, piece=PIECE, **more)
    return make_response(html, code)


@room.get("/practice/<int:attempt_id>/files")
@checks(Action.WRITE_ATTEMPT)
def files(attempt_id: int) -> ResponseReturnValue:
    return _page("files.html", _mine(attempt_id), error="")


@room.post("/practice/<int:attempt_id>/files")
@checks(Action.WRITE_ATTEMPT)
@once
def begin(attempt_id: int) -> ResponseReturnValue:
    """A script begins to send a file in pieces."""
    _mine(attempt_id)
    try:
        begun = service.begin(
            db.session(),
            the_actor(),
            attempt_id,
            receipt=request.form["idempotency_key"],
            name=forms.shown_name(request.form.get("name", "")) or "file",
            size=row_sent("size"),
            recorded=request.form.get("recorded") == "1",
            allowed=service.limits(tools().settings),
        )
    except InvalidError as error:
        return _problem(error)
    return redirect(url_for("practice.evidence.progress", attempt_id=attempt_id, file_id=begun.id), 303)


def _problem(error: InvalidError, code: int = 422) -> Response:
    roll_back()
    return make_response(jsonify(problem=next(iter(error.fields.values()), error.sentence)), code)


@room.get("/practice/<int:attempt_id>/files/<int:file_id>")
@checks(Action.WRITE_ATTEMPT)
def progress(attempt_id: int, file_id: int) -> ResponseReturnValue:
    _mine(attempt_id)
    return _progress(attempt_id, file_id)


def _progress(attempt_id: int, file_id: int) -> Response:
    found = service.find_file(db.session(), the_actor(), attempt_id, file_id, Action.WRITE_ATTEMPT)
    now = service.progress(db.session(), found)
    answer = jsonify(id=now.id, state=now.state, size=now.size, arrived=now.arrived, piece=PIECE, problem=now.problem)
    return make_response(answer, 415 if now.state == stored_files.REFUSED and request.method == "POST" else 200)


@room.post("/practice/<int:attempt_id>/files/<int:file_id>/<int:offset>")
@checks(Action.WRITE_ATTEMPT)
def piece(attempt_id: int, file_id: int, offset: int) -> ResponseReturnValue:
    _mine(attempt_id)
    data = request.get_data()
    try:
        forms.checked(data, request.headers.get("Content-Digest", ""))
        let_others_write()
        _take(attempt_id, file_id, offset, data)
    except InvalidError as error:
        return _problem(error)
    return _progress(attempt_id, file_id)


def _take(attempt_id: int, file_id: int, offset: int, data: bytes) -> None:
    """Announce a piece, write it while others may write too, and mark it as written."""
    with own_transaction() as session:
        place = service.announce(session, the_actor(), attempt_id, file_id, offset, data)
    if place is not None:
        tools().files.put(place.token, place.number, data)
        with own_transaction() as session:
            stored_files.mark_kept(session, place.file_id, offset)


@room.post("/practice/<int:attempt_id>/files/<int:file_id>/finish")
@checks(Action.WRITE_ATTEMPT)
def finish(attempt_id: int, file_id: int) -> ResponseReturnValue:
    _mine(attempt_id)
    _finish(attempt_id, file_id, request.form.get("digest", ""))
    return _progress(attempt_id, file_id)


def _finish(attempt_id: int, file_id: int, digest: str) -> None:
    hold_back = bool(tools().settings.scan_command)
    done = service.finish(db.session(), the_actor(), attempt_id, file_id, digest, hold_back=hold_back)
    tools().files.settle(done.token)


@room.post("/practice/<int:attempt_id>/files/whole")
@takes_up_to(_largest_form)
@checks(Action.WRITE_ATTEMPT)
@once
def whole(attempt_id: int) -> ResponseReturnValue:
    """A plain form sends a file in one go."""
    attempt = _mine(attempt_id)
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise InvalidError({"file": "Choose a file first."})  # noqa: TRY301
        let_others_write()
        _take_whole(attempt_id, sent)
    except InvalidError as error:
        roll_back()
        return _page("files.html", attempt, 422, error=error.fields.get("file", error.sentence))
    flash("The file is here." if not tools().settings.scan_command else "The file is here and is being checked.", "ok")
    return redirect(url_for("practice.evidence.files", attempt_id=attempt_id), 303)


def _take_whole(attempt_id: int, sent: FileStorage) -> None:
    size = sent.stream.seek(0, 2)
    with own_transaction() as session:
        file_id = service.begin(
            session,
            the_actor(),
            attempt_id,
            receipt=request.form["idempotency_key"],
            name=forms.shown_name(sent.filename or "") or "file",
            size=size,
            recorded=False,
            allowed=service.limits(tools().settings),
        ).id
    whole_digest = hashlib.sha256()
    sent.stream.seek(0)
    for offset in range(0, size, PIECE):
        data = sent.stream.read(PIECE)
        _take(attempt_id, file_id, offset, data)
        whole_digest.update(hashlib.sha256(data).hexdigest().encode())
        if offset == 0:
            _not_refused(attempt_id, file_id)
    _finish(attempt_id, file_id, whole_digest.hexdigest())


def _not_refused(attempt_id: int, file_id: int) -> None:
    with own_transaction() as session:
        found = service.find_file(session, the_actor(), attempt_id, file_id, Action.WRITE_ATTEMPT)
        now = service.progress(session, found)
    if now.state == stored_files.REFUSED:
        raise InvalidError({"file": now.problem})


@room.get("/practice/<int:attempt_id>/files/<int:file_id>/delete")
@checks(Action.WRITE_ATTEMPT)
def confirm_delete(attempt_id: int, file_id: int) -> ResponseReturnValue:
    attempt = _mine(attempt_id)
    view = next((v for v in queries.files_of(db.session(), attempt, mine=True) if v.id == file_id), None)
    if view is None:
        raise NotFoundError
    if view.state == "gone":
        return redirect(url_for("practice.evidence.files", attempt_id=attempt_id), 303)
    return _page("delete.html", attempt, file=view)


@room.post("/practice/<int:attempt_id>/files/<int:file_id>/delete")
@checks(Action.WRITE_ATTEMPT)
@once
def delete_file(attempt_id: int, file_id: int) -> ResponseReturnValue:
    _mine(attempt_id)
    service.delete(db.session(), the_actor(), attempt_id, file_id)
    flash("Deleted. Nobody can open it any more.", "ok")
    return redirect(url_for("practice.evidence.files", attempt_id=attempt_id), 303)


@room.get("/practice/<int:attempt_id>/files/<int:file_id>/content")
@checks(Action.READ_ATTEMPT)
def content(attempt_id: int, file_id: int) -> ResponseReturnValue:
    attempt = attempt_for(db.session(), attempt_id, Action.READ_ATTEMPT)
    mine = attempt.learner_id == the_actor().id
    found = service.find_file(db.session(), the_actor(), attempt_id, file_id, Action.READ_ATTEMPT)
    stored = queries.content_of(db.session(), found)
    if stored is None or (attempt.withdrawn_at is not None and not mine):
        raise NotFoundError
    title = attempt_page(db.session(), library_of(attempt.library_version), attempt).title
    roll_back()  # nothing is kept open while bytes are fetched and sent
    what = f"opened a file or recording of your attempt “{title}”"
    record_look(the_actor(), [attempt.learner_id], what, role=Role.COACH, once_in=ONE_LOOK)
    return bytes_of(stored, f"attempt-{attempt_id}-{file_id}")


@room.get("/practice/<int:attempt_id>/agreement")
@checks(Action.WRITE_ATTEMPT)
def agreement(attempt_id: int) -> ResponseReturnValue:
    attempt = _mine(attempt_id)
    form = forms.AgreementForm()
    known = agreements.others(db.session(), attempt_id)
    told = "\n".join(agreed.name for agreed in known if not agreed.in_person)
    form.others.data = told if known else attempt.partner_name
    return _agreement_page(attempt, form)


def _agreement_page(attempt: Attempt, form: forms.AgreementForm, code: int = 200) -> Response:
    refused = agreements.refused_by(db.session(), attempt.id)
    text, version = texts.TEXTS[texts.CURRENT], texts.CURRENT
    return _page("agreement.html", attempt, code, form=form, text=text, version=version, refused=refused)


@room.post("/practice/<int:attempt_id>/agreement")
@checks(Action.WRITE_ATTEMPT)
@once
def agree(attempt_id: int) -> ResponseReturnValue:
    attempt = _mine(attempt_id)
    form = forms.AgreementForm()
    try:
        form.expect()
        if not form.said_yes.data:
            raise InvalidError({"said_yes": "Read it aloud and ask everybody first. Where one says no, write it down."})  # noqa: TRY301
        agreements.agree(
            db.session(),
            the_actor(),
            attempt_id,
            others=agreements.names_in(form.others.data or ""),
            alone=bool(form.alone.data),
            text_version=row_sent("text_version"),
        )
    except InvalidError as error:
        roll_back()
        form.take(error)
        return _agreement_page(attempt, form, 422)
    flash("Written down, with names, day and text.", "ok")
    return redirect(url_for("practice.evidence.record", attempt_id=attempt_id), 303)


@room.post("/practice/<int:attempt_id>/agreement/end")
@checks(Action.WRITE_ATTEMPT)
@once
def end_agreement(attempt_id: int) -> ResponseReturnValue:
    _mine(attempt_id)
    service.stop_recordings(db.session(), the_actor(), attempt_id)
    flash("The agreement is taken back, and every recording of this attempt is deleted.", "ok")
    return redirect(url_for("practice.evidence.files", attempt_id=attempt_id), 303)


@room.get("/practice/<int:attempt_id>/record")
@checks(Action.WRITE_ATTEMPT)
def record(attempt_id: int) -> ResponseReturnValue:
    """The one page that may ask for microphone and camera."""
    attempt = _mine(attempt_id)
    if attempt.submitted_at is not None or attempt.withdrawn_at is not None:
        return redirect(url_for("practice.evidence.files", attempt_id=attempt_id), 303)
    if not agreements.may_record(db.session(), attempt_id):
        return redirect(url_for("practice.evidence.agreement", attempt_id=attempt_id), 303)
    answer = _page("record.html", attempt)
    answer.headers["Permissions-Policy"] = "camera=(self), microphone=(self), geolocation=(), browsing-topics=()"
    return answer


@room.get("/partner/<token>/recording")
@public
def partner_asked(token: str) -> ResponseReturnValue:
    """The text for whoever plays the other side, by the link."""
    try:
        return _partner_page(token)
    except NotFoundError:
        return render_template("practice/partner/ended.html"), 404


def _came(token: str) -> Guest:
    actor = current_actor()
    return guest(db.session(), token, viewer_id=actor.id if actor else None)


def _partner_page(token: str, error: str = "", code: int = 200) -> Response:
    came = _came(token)
    html = render_template(
        "practice/evidence/partner.html",
        token=token,
        learner=names(db.session(), [came.attempt.learner_id]).get(came.attempt.learner_id, ""),
        yes=by_partner.own_yes(db.session(), came.invitation.id),
        no=came.invitation.no_recording_at,
        text=texts.TEXTS[texts.CURRENT],
        version=texts.CURRENT,
        error=error,
    )
    return make_response(html, code)


@room.post("/partner/<token>/recording")
@public
def partner_says(token: str) -> ResponseReturnValue:
    """The partner's own yes or no. Misses are counted, so that nobody tries many links."""
    signin.slow_down("partner", "", failed=False)
    try:
        yes = request.form.get("recording") == "yes"
        by_partner.answer(db.session(), _came(token), yes=yes, text_version=row_sent("text_version"))
    except NotFoundError:
        signin.slow_down("partner", "", failed=True)
        return render_template("practice/partner/ended.html"), 404
    except InvalidError as error:
        roll_back()
        return _partner_page(token, error.fields["recording"], 422)
    flash("Written down: you agree." if yes else "Written down: this talk is not recorded.", "ok")
    return redirect(url_for("practice.evidence.partner_asked", token=token), 303)
