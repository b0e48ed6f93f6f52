"""Who is asking, and what every page must declare. A page that declares nothing answers nobody."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec

from flask import Flask, Response, abort, current_app, g, request
from flask.typing import ResponseReturnValue

from coachkit.platform import clock, policy
from coachkit.platform.errors import StepUpError
from coachkit.platform.policy import NOTHING, Action, Actor, Case

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]
_checked: ContextVar[set[Action] | None] = ContextVar("checked", default=None)


class SignInNeededError(Exception):
    """Nobody is signed in, and the page needs somebody."""


def current_actor() -> Actor | None:
    """Whoever is signed in, or None."""
    actor: Actor | None = g.get("actor")
    return actor


def the_actor() -> Actor:
    """Whoever is signed in; sends strangers to the sign-in page."""
    actor = current_actor()
    if actor is None:
        raise SignInNeededError
    return actor


def public(view: View[P]) -> View[P]:
    """The page is for everybody, strangers included."""
    view.__access__ = ("public", None)  # type: ignore[attr-defined]
    return view


def needs(action: Action) -> Callable[[View[P]], View[P]]:
    """The page needs an action that depends on nobody's data."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            policy.require(the_actor(), action)
            return view(*args, **kwargs)

        guarded.__access__ = ("needs", action)  # type: ignore[attr-defined]
        return guarded

    return decorate


def checks(action: Action) -> Callable[[View[P]], View[P]]:
    """The page asks `require(action, case)` itself, once it knows the case; proven after every answer."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            the_actor()
            g.must_check = action
            return view(*args, **kwargs)

        guarded.__access__ = ("checks", action)  # type: ignore[attr-defined]
        return guarded

    return decorate


def require(action: Action, case: Case = NOTHING) -> Actor:
    """Let the table decide about this case; returns the actor."""
    actor = policy.require(the_actor(), action, case)
    checked = _checked.get()
    if checked is not None:
        checked.add(action)
    return actor


def forget_checks() -> None:
    """At the start of a request."""
    _checked.set(set())


def prove_checked(response: Response) -> None:
    """An answer may leave only if the page has asked what it declared."""
    action = g.get("must_check")
    if action is not None and response.status_code < 400 and action not in (_checked.get() or set()):  # noqa: PLR2004
        raise RuntimeError(f"{request.endpoint} answered without asking for {action}.")


def recent_proof() -> None:
    """Step-up: raise unless the person has given a secret within the last minutes."""
    actor = the_actor()
    minutes = current_app.config["COACHKIT"].step_up_minutes
    if actor.proved_at is None or (clock.now() - actor.proved_at).total_seconds() > minutes * 60:
        raise StepUpError


def guard(app: Flask) -> None:
    """Refuse pages without a declaration, doubled or unstorable query arguments, and posts from other sites."""

    @app.before_request
    def refuse() -> None:
        if request.endpoint is None:
            return
        view: Any = app.view_functions[request.endpoint]
        if not hasattr(view, "__access__"):
            abort(404)
        if "\0" in request.path:
            abort(404)
        if any(len(values) > 1 or "\0" in values[0] for _name, values in request.args.lists()):
            abort(400)
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            site = request.headers.get("Sec-Fetch-Site", "same-origin")
            origin = request.headers.get("Origin")
            if site not in {"same-origin", "none"} or (origin and origin != request.host_url.rstrip("/")):
                abort(403)
