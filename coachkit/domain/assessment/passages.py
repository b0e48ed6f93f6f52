"""Places in a talk that a comment can point to: a numbered turn or passage of the text, or a time on the clock."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST_EXCERPT = 300
_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Passage:
    """One line of what was said: a turn in a transcript, a paragraph in an account."""

    number: int
    text: str

    def holds(self, words: str) -> bool:
        """Whether these words stand in it, however they are spaced."""
        return " ".join(words.split()) in " ".join(self.text.split())

    @property
    def excerpt(self) -> str:
        """Its words, cut where it is long."""
        return self.text if len(self.text) <= LONGEST_EXCERPT else self.text[: LONGEST_EXCERPT - 1].rstrip() + "…"


def passages(text: str) -> tuple[Passage, ...]:
    """Every line that is not empty, numbered from 1."""
    lines = (line.strip() for line in text.splitlines())
    return tuple(Passage(number, line) for number, line in enumerate(filter(None, lines), 1))


def clock_of(seconds: int) -> str:
    """«3:07»."""
    return f"{seconds // 60}:{seconds % 60:02}"


def read_clock(typed: str) -> int | None:
    """Seconds of «3:07» or «1:02:03»; None for anything else."""
    found = _CLOCK.fullmatch(typed.strip())
    return int(found[1] or 0) * 3600 + int(found[2]) * 60 + int(found[3]) if found else None
