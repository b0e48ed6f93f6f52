"""Exceptions become pages in plain words. Nothing typed is lost, nothing is given away."""

from __future__ import annotations

import math
from collections.abc import Mapping

import structlog
from flask import Flask, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, InternalError, OperationalError
from werkzeug.exceptions import HTTPException

from coachkit.platform.db import db
from coachkit.platform.errors import (
    CoachkitError,
    ConflictError,
    ForbiddenError,
    InvalidError,
    LicenceNeededError,
    NotFoundError,
    StepUpError,
    TooManyError,
    UnavailableError,
)
from coachkit.web.access import SignInNeededError
from coachkit.web.submits import again, earlier_answer, kept_text, two_texts

log = structlog.get_logger()
STATUS = {
    NotFoundError: 404,
    ForbiddenError: 403,
    ConflictError: 409,
    InvalidError: 422,
    TooManyError: 429,
    UnavailableError: 503,
}
READ_ONLY = "25006"
PAGES = frozenset({400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503})


def roll_back() -> None:
    """Undo the request's transaction, even where the database has gone away."""
    try:
        db.session.rollback()
    except DBAPIError:
        db.session().invalidate()


def error_page(code: int, sentence: str = "", *, name: str = "", stands: Mapping[str, str] | None = None) -> Response:
    """The page for a status code, or one with a name of its own; where two texts met, with both."""
    name = name or str(code if code in PAGES else 500)
    both = two_texts(stands) if stands else []
    page = render_template(f"errors/{name}.html", sentence=sentence, kept=kept_text(), both=both)
    response = make_response(page, code)
    if code == 503:  # noqa: PLR2004
        response.headers["Retry-After"] = "10"
    return response


def _known(error: CoachkitError) -> ResponseReturnValue:
    roll_back()
    if isinstance(error, StepUpError):
        return _prove_first()
    if isinstance(error, ConflictError) and (earlier := earlier_answer()):
        return again(earlier)  # a twin of this very submit was faster; both get its answer
    code = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    # A 404 says the same whatever the reason, so that it gives nothing away.
    name = "licence" if isinstance(error, LicenceNeededError) else ""
    stands = error.stands if isinstance(error, ConflictError) else None
    response = error_page(code, "" if code == 404 else error.sentence, name=name, stands=stands)  # noqa: PLR2004
    if isinstance(error, TooManyError):
        response.headers["Retry-After"] = str(math.ceil(error.wait_seconds))
    return response


def _prove_first() -> ResponseReturnValue:
    """To the page that asks for the password; with something typed, not away from it."""
    if kept := kept_text():
        return make_response(render_template("errors/prove.html", kept=kept, sentence=""), 401)
    return redirect(url_for("accounts.prove", next=request.full_path if request.method == "GET" else None), 303)


def _sign_in_first(_error: SignInNeededError) -> ResponseReturnValue:
    roll_back()
    if request.method == "GET":
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), 303)
    return error_page(401)


def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    roll_back()
    return error_page(400, "This form was open for too long, or was not made by coachkit.")


def _http(error: HTTPException) -> ResponseReturnValue:
    roll_back()
    plain = error.get_response()
    if error.code is not None and error.code < 400:  # noqa: PLR2004
        return make_response(plain)
    response = error_page(error.code or 500)
    if "Allow" in plain.headers:
        response.headers["Allow"] = plain.headers["Allow"]
    return response


def _lost_race(_error: IntegrityError) -> ResponseReturnValue:
    roll_back()
    earlier = earlier_answer()
    return again(earlier) if earlier else error_page(409)


def _no_storage(error: DBAPIError) -> ResponseReturnValue:
    roll_back()
    log.warning("storage_unavailable", kind=type(error.orig).__name__)
    return error_page(503, UnavailableError.sentence)


def _standby(error: InternalError) -> ResponseReturnValue:
    """PostgreSQL's way to say that it takes nothing at the moment."""
    return _no_storage(error) if getattr(error.orig, "sqlstate", "") == READ_ONLY else _unexpected(error)


def _unexpected(error: Exception) -> ResponseReturnValue:
    roll_back()
    log.error("unexpected", endpoint=request.endpoint, ref=g.get("request_ref"), exc_info=error)
    return error_page(500)


def set_up(app: Flask) -> None:
    """Register what happens when something goes wrong."""
    app.register_error_handler(CoachkitError, _known)
    app.register_error_handler(SignInNeededError, _sign_in_first)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(IntegrityError, _lost_race)
    app.register_error_handler(OperationalError, _no_storage)
    app.register_error_handler(InterfaceError, _no_storage)
    app.register_error_handler(InternalError, _standby)
    app.register_error_handler(Exception, _unexpected)
