"""Forms that are sent: the key that makes a repeat harmless, and the text that is never lost."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec

from flask import Response, current_app, g, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from coachkit.platform.db import db
from coachkit.platform.errors import ConflictError
from coachkit.platform.idempotency import answered, remember
from coachkit.web.access import current_actor, the_actor

P = ParamSpec("P")
KEY = re.compile(r"[A-Za-z0-9_-]{16,37}")
LATER = "-later"
HIDDEN = frozenset({"csrf_token", "idempotency_key", "unanswered", "version", "next", "token"})


def once(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """A repeat of the same submit is answered like the first, and does nothing. Reading passes through.

    What is kept is where the first answer led, or, for a script, the few words of its JSON.
    """

    @wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if request.method != "POST":
            return view(*args, **kwargs)
        actor = the_actor()
        key = _receipt()
        if key is None:
            raise ConflictError("This form came without its receipt number. Please reload the page and send it again.")
        endpoint = str(request.endpoint)
        earlier = answered(db.session(), key, actor.id, endpoint)
        if earlier:
            g.must_check = None  # nothing is done and nothing shown; the page it leads to asks for itself
            return again(earlier)
        response: Response = current_app.make_response(view(*args, **kwargs))
        if response.status_code == 303:  # noqa: PLR2004
            remember(db.session(), key, actor.id, endpoint, response.location or "/")
        elif response.status_code == 200 and response.is_json:  # noqa: PLR2004
            remember(db.session(), key, actor.id, endpoint, response.get_data(as_text=True).strip())
        return response

    return wrapper


def again(earlier: str) -> ResponseReturnValue:
    """The first answer once more."""
    if earlier.startswith("{"):
        return Response(earlier, mimetype="application/json")
    return redirect(earlier, 303)


def unanswered(field: str) -> dict[str, Any]:
    """What an earlier submit was answered whose answer never arrived; its key comes with this one. Empty for none."""
    key = request.form.get(field, "")
    earlier = answered(db.session(), key, the_actor().id, str(request.endpoint)) if KEY.fullmatch(key) else None
    return dict(json.loads(earlier)) if earlier and earlier.startswith("{") else {}


def _receipt() -> str | None:
    """The receipt number that the form brought. Keeping a form for later and sending it after that are two submits."""
    key = request.form.get("idempotency_key", "")
    if not KEY.fullmatch(key):
        return None
    return key + LATER if request.form.get("later") else key


def earlier_answer() -> str | None:
    """After a lost race: where the winning twin of this submit was sent."""
    actor = current_actor()
    key = _receipt() if request.method == "POST" else None
    if actor is None or key is None:
        return None
    return answered(db.session(), key, actor.id, str(request.endpoint))


def kept_text() -> list[tuple[str, str]]:
    """What was typed into the form that cannot be taken now: field and text, secrets left out."""
    if request.method != "POST":
        return []
    try:
        sent = request.form
    except RequestEntityTooLarge:  # then there is nothing to give back; the page before still has it
        return []
    return [
        (_said(name), value)
        for name, value in sent.items(multi=True)
        if name not in HIDDEN and "password" not in name and len(value.strip()) > 2  # noqa: PLR2004
    ]


def two_texts(stands: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Where what was typed differs from what stands now: the field, what was typed, and what is stored."""
    found = []
    for name, stored in stands.items():
        typed = request.form.get(name, "").replace("\r\n", "\n").strip()
        if typed != stored.strip():
            found.append((_said(name), typed, stored))
    return found


def _said(name: str) -> str:
    return name.replace("_", " ").replace("-", " ")
