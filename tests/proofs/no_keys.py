"""A control that must fail: the same site, but it forgets which submits it has answered."""

from __future__ import annotations

from coachkit.web import submits

submits.answered = lambda *_: None
submits.remember = lambda *_: None

from coachkit.wsgi import app  # noqa: E402

__all__ = ["app"]
