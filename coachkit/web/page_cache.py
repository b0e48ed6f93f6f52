"""Pages that many people read and that differ only in a name and in tokens.

Such a page is rendered once per state, with marks where the person's name and the tokens belong; each answer fills the
marks. The rendering never sees a person, so nothing of one reader can reach another. Only for pages whose every other
word follows from the cache key.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from flask import g, session
from flask_wtf.csrf import generate_csrf
from markupsafe import escape

from coachkit.platform.idempotency import new_key
from coachkit.web.access import the_actor

_SALT = secrets.token_hex(8)
"""New in each process, so that no text of an author or a person can contain a mark."""
NAME, INITIALS, TOKEN, KEY = (f"[{word}-{_SALT}]" for word in ("name", "initials", "token", "key"))
MOST = 2000


def marking() -> bool:
    """Whether a page is being rendered with marks now."""
    return bool(g.get("marking"))


def csrf_token() -> str:
    """The form token for templates, or its mark."""
    return TOKEN if marking() else str(generate_csrf())


def receipt_key() -> str:
    """A fresh submit key for templates, or its mark."""
    return KEY if marking() else new_key()


class PageCache:
    """Rendered pages with marks, the least recently used ones dropped. One a process; thread-safe."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, tuple[str, str]] = OrderedDict()
        self._lock = threading.Lock()

    def page(self, key: Hashable, render: Callable[[], str]) -> tuple[str, str]:
        """The filled page for whoever asks, and a validator for what it says."""
        if session.get("_flashes"):
            return render(), ""
        with self._lock:
            found = self._pages.get(key)
            if found is not None:
                self._pages.move_to_end(key)
        if found is None:
            found = self._rendered(key, render)
        marked, stamp = found
        return _fill(marked), stamp

    def _rendered(self, key: Hashable, render: Callable[[], str]) -> tuple[str, str]:
        g.marking = True
        try:
            marked = render()
        finally:
            g.marking = False
        found = (marked, hashlib.sha256(marked.replace(_SALT, "").encode()).hexdigest()[:24])
        with self._lock:
            self._pages[key] = found
            while len(self._pages) > MOST:
                self._pages.popitem(last=False)
        return found


def _fill(marked: str) -> str:
    actor = the_actor()
    page = (
        marked.replace(NAME, escape(actor.name)).replace(INITIALS, escape(actor.initials)).replace(TOKEN, csrf_token())
    )
    first, *rest = page.split(KEY)
    return first + "".join(new_key() + part for part in rest)
