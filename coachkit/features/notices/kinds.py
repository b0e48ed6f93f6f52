"""The kinds of events that people are told of. Each room registers its own, as it does with its jobs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

Stands = Callable[[Session, int, int], bool]
"""Whether the person (first number) should still be told of this (second number)."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of event, in words that give nothing away: the same for the list, the mail and its subject."""

    name: str
    subject: str
    sentence: str
    path: str
    """Where it leads; `{about}` stands for the row's number."""
    stands: Stands
    always: bool
    """A right or a deadline hangs on it: its mail goes out at once, whatever somebody chose about mails."""

    def url(self, about: int) -> str:
        return self.path.format(about=about)


KINDS: dict[str, Kind] = {}


def register(name: str, *, subject: str, sentence: str, path: str, always: bool = False) -> Callable[[Stands], Stands]:
    """Register a kind; the decorated function says whether a notice of it still stands."""

    def add(stands: Stands) -> Stands:
        if name in KINDS:
            raise ValueError(f"Two kinds of notices are called «{name}».")
        KINDS[name] = Kind(name, subject, sentence, path, stands, always)
        return stands

    return add
