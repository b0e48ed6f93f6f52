"""Pages that many people read and that differ only in a name, a count of notices and tokens.

Such a page is rendered once per state, with marks where a person's name, count and tokens belong; each answer fills the
marks. The rendering never sees a person, so nothing of one reader can reach another. Only for pages whose every other
word follows from the cache key.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import lru_cache

from flask import g, session
from flask_wtf.csrf import generate_csrf
from markupsafe import escape

from coachkit.platform.idempotency import new_key
from coachkit.web import news
from coachkit.web.access import the_actor

_SALT = secrets.token_hex(8)
"""New in each process, so that no text of an author or a person can contain a mark."""
NAME, INITIALS, TOKEN, KEY, NEWS = (f"[{word}-{_SALT}]" for word in ("name", "initials", "token", "key", "news"))
MOST = 2000


def marking() -> bool:
    """Whether a page is being rendered with marks now."""
    return bool(g.get("marking"))


@lru_cache(maxsize=4096)
def _signed(session_token: str) -> str:
    """The form token of one session. Signing it afresh for every page would cost a tenth of a page and gain nothing."""
    del session_token
    return str(generate_csrf())


def csrf_token() -> str:
    """The form token for templates, or its mark."""
    if marking():
        return TOKEN
    known = session.get("csrf_token")
    return _signed(known) if known else str(generate_csrf())


def receipt_key() -> str:
    """A fresh submit key for templates, or its mark."""
    return KEY if marking() else new_key()


Parts = tuple[str, ...]
"""A rendered page cut at its marks; every second part is a mark."""
_CUT = re.compile("(" + "|".join(map(re.escape, (NAME, INITIALS, TOKEN, KEY, NEWS))) + ")")


class PageCache:
    """Rendered pages with marks, the least recently used ones dropped. One a process; thread-safe."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, tuple[Parts, str]] = OrderedDict()
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
        parts, stamp = found
        return _fill(parts), f"{stamp}-{news.count()}"

    def _rendered(self, key: Hashable, render: Callable[[], str]) -> tuple[Parts, str]:
        g.marking = True
        try:
            marked = render()
        finally:
            g.marking = False
        stamp = hashlib.sha256(marked.replace(_SALT, "").encode()).hexdigest()[:24]
        found = (tuple(_CUT.split(marked)), stamp)
        with self._lock:
            self._pages[key] = found
            while len(self._pages) > MOST:
                self._pages.popitem(last=False)
        return found


def _fill(parts: Parts) -> str:
    actor = the_actor()
    fixed = {NAME: str(escape(actor.name)), INITIALS: str(escape(actor.initials)), TOKEN: csrf_token()}
    fixed[NEWS] = str(news.drawn())
    filled = list(parts)
    for place in range(1, len(parts), 2):
        filled[place] = new_key() if parts[place] == KEY else fixed[parts[place]]
    return "".join(filled)
