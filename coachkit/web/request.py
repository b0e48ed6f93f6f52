"""The Flask class: one transaction per request. Returning commits, raising rolls back."""

from __future__ import annotations

import secrets

import structlog
from flask import Flask, Response, g, request
from flask.typing import ResponseReturnValue

from coachkit.platform.db import db, writing
from coachkit.web.access import forget_checks, prove_checked

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Coachkit(Flask):
    """An application whose requests are transactions."""

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
        db.session.commit()
        return response
