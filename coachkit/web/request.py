"""The Flask class: one transaction per request. Returning commits, raising rolls back."""

from __future__ import annotations

import secrets
from typing import Any

import structlog
from flask import Flask, Response, g, request
from flask.typing import ResponseReturnValue
from werkzeug.routing import IntegerConverter, Map

from coachkit.platform.db import db, writing
from coachkit.web.access import forget_checks, prove_checked

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

    def full_dispatch_request(self) -> Response:
        g.request_ref = secrets.token_hex(4)
        forget_checks()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(ref=g.request_ref)
        with writing(request.method not in SAFE):
            return super().full_dispatch_request()

    def dispatch_request(self) -> ResponseReturnValue:
        response = self.make_response(super().dispatch_request())
        prove_checked(response)
        if request.method not in SAFE:  # reading changes nothing, so there is nothing to commit
            db.session.commit()
        return response


def row_sent(name: str) -> int:
    """The row's number that a form sent under this name; 0 for anything that is none."""
    value = request.form.get(name, "")
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 11 else 0  # noqa: PLR2004
    return number if number <= HIGHEST_ROW else 0
