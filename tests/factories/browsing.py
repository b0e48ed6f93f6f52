"""A test client that behaves like a browser: signs in, carries tokens, follows its forms."""

from __future__ import annotations

import re
from contextvars import copy_context
from html import unescape

from flask import Flask, has_app_context
from flask.globals import _cv_app
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from coachkit.platform.db import db
from coachkit.platform.idempotency import new_key
from tests.factories.cast import PASSWORD

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Client(FlaskClient):
    """Sends each request in a context of its own, as a server does, also while the test holds a session open."""

    def open(self, *args, **kwargs) -> TestResponse:
        if has_app_context():
            db.session.commit()
            db.session.expire_all()

        def send() -> TestResponse:
            _cv_app.set(None)  # otherwise Flask goes on with the test's context: its session, and its `g`
            return super(Client, self).open(*args, **kwargs)

        return copy_context().run(send)


class Browser:
    """One person's browser."""

    def __init__(self, app: Flask, name: str | None) -> None:
        app.test_client_class = Client
        self.client = app.test_client()
        self.name = name
        self._token, self._inside = "", ()
        if name is not None:
            answer = self.post("/sign-in", email=f"{name}@tessel.example", password=PASSWORD)
            assert answer.status_code == 303, answer.text
            self._token, self._inside = "", ("/account",)

    def get(self, path: str, **kwargs) -> TestResponse:
        return self.client.get(path, **kwargs)

    def token(self) -> str:
        """This session's form token, from a page that it may open."""
        if not self._token:
            pages = (self.client.get(path) for path in (*self._inside, "/sign-in"))
            found = next(filter(None, (TOKEN.search(page.text) for page in pages if page.status_code == 200)))
            self._token = unescape(found[1])
        return self._token

    def post(self, path: str, *, key: str | None = None, **data) -> TestResponse:
        """Send a form with its token and a fresh receipt key (or the one given)."""
        data = {name.replace("__", "-"): value for name, value in data.items()}
        return self.client.post(path, data={"csrf_token": self.token(), "idempotency_key": key or new_key(), **data})
