"""A spoilt site: it says that a piece is kept, and writes it half a second later."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import replace

from coachkit.platform.files import FileStore
from coachkit.wsgi import app


class Late:
    """Keeps its pieces when it finds the time."""

    def __init__(self, real: FileStore) -> None:
        self._real = real

    def put(self, token: str, number: int, data: bytes) -> None:
        threading.Timer(0.5, self._real.put, (token, number, data)).start()

    def get(self, token: str, number: int) -> bytes:
        return self._real.get(token, number)

    def settle(self, token: str) -> None:
        """What was begun may still come."""

    def remove(self, token: str, numbers: Iterable[int]) -> None:
        self._real.remove(token, numbers)


known = app.extensions["coachkit_tools"]
app.extensions["coachkit_tools"] = replace(known, files=Late(known.files))
__all__ = ["app"]
