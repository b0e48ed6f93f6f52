"""The Flask class: one transaction per request. Returning commits, raising rolls back."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask, Response, g, request, session
from flask.typing import ResponseReturnValue
from werkzeug.routing import IntegerConverter, Map

from coachkit.platform.db import db, writing
from coachkit.web.access import P, SignInNeededError, View, forget_checks, prove_checked

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
HIGHEST_ROW = 2**31 - 1


class RowNumber(IntegerConverter):
    """A number that a row can have. An address with a larger one leads nowhere."""

    def __init__(self, url_map: Map, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(url_map, max=HIGHEST_ROW, **kwargs)


class Coachkit(Flask):
    """An application whose requests are transactions."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.url_map.converters["int"] = RowNumber
        self.when_done: list[Callable[[], None]] = []
        """What is looked after in the same transaction when somebody has done something that leads on to a page."""

    def full_dispatch_request(self) -> Response:
        g.request_ref = secrets.token_hex(4)
        forget_checks()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(ref=g.request_ref)
        with writing(request.method not in SAFE):
            return super().full_dispatch_request()

    def preprocess_request(self) -> ResponseReturnValue | None:
        if request.method not in SAFE:
            self._take_body()
        return super().preprocess_request()

    def _take_body(self) -> None:
        """Read what was sent before the transaction begins: a slow sender keeps nobody from writing.

        Where a page takes more than a form, only somebody who holds a session may send it.
        """
        view = self.view_functions.get(request.endpoint or "")
        largest: Callable[[], int] | None = getattr(view, "__largest__", None)
        if largest is not None:
            if "sid" not in session:
                raise SignInNeededError
            request.max_content_length = largest()
        if request.mimetype == "multipart/form-data":
            request.files  # noqa: B018  parses, and puts files aside on the disk
        else:
            request.get_data()

    def dispatch_request(self) -> ResponseReturnValue:
        response = self.make_response(super().dispatch_request())
        prove_checked(response)
        if request.method not in SAFE:  # reading changes nothing, so there is nothing to commit
            if response.status_code == 303:  # noqa: PLR2004
                for look in self.when_done:
                    look()
            db.session.commit()
        return response


def takes_up_to(largest: Callable[[], int]) -> Callable[[View[P]], View[P]]:
    """The page takes bodies of up to so many bytes, instead of what a form may have."""

    def decorate(view: View[P]) -> View[P]:
        view.__largest__ = largest  # type: ignore[attr-defined]
        return view

    return decorate


def let_others_write() -> None:
    """End the transaction before something slow. What the request did so far is kept; what follows stands alone."""
    db.session.commit()


def row_sent(name: str) -> int:
    """The row's number that a form sent under this name; 0 for anything that is none."""
    value = request.form.get(name, "")
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 11 else 0  # noqa: PLR2004
    return number if number <= HIGHEST_ROW else 0
