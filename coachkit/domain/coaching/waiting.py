"""How long people wait for an answer, in working days; in words where too few have been answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

FEWEST = 10
"""With fewer answers, the wait of nine in ten would be that of a single person."""


@dataclass(frozen=True, slots=True)
class Waits:
    """What half of the people waited at most, and what nine in ten did."""

    answers: int
    half: int
    nine_in_ten: int


def waits(days: Iterable[int]) -> Waits | None:
    """Nearest-rank percentiles of finished waits; None where they are too few to say."""
    ordered = sorted(days)
    if len(ordered) < FEWEST:
        return None

    def rank(share: float) -> int:
        return ordered[ceil(share * len(ordered)) - 1]

    return Waits(len(ordered), rank(0.5), rank(0.9))
