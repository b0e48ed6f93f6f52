"""Which official attempts a second coach rates as well, who she is, and when the two owe an agreed sheet."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from coachkit.domain.assessment.sheet import Line, Sheet

BLOCK = 20
"""Within each run of this many attempts the share is exact, and which ones are drawn is known to nobody beforehand."""
WIDE = 2
"""From this many levels on, two coaches have not seen the same thing."""


def drawn(ordinal: int, percent: int, seed: str) -> bool:
    """Whether the `ordinal`-th official attempt (from 1) is drawn. Nothing else decides, least of all a level."""
    block, place = divmod(ordinal - 1, BLOCK)
    order = sorted(range(BLOCK), key=lambda other: _lot(seed, block, other))
    return order.index(place) < round(BLOCK * min(100, max(0, percent)) / 100)


def _lot(seed: str, *parts: int) -> bytes:
    return hashlib.sha256("\x1f".join([seed, *map(str, parts)]).encode()).digest()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A coach who could look a second time."""

    id: int
    usual: bool
    """Whether she coaches this learner anyway."""
    given: int
    """How many second looks she has been given so far."""


def choose(candidates: Iterable[Candidate], ordinal: int, seed: str) -> int | None:
    """Who looks: somebody who does not coach the learner before one who does, then whoever was asked least."""
    best = min(candidates, key=lambda c: (c.usual, c.given, _lot(seed, ordinal, c.id)), default=None)
    return best.id if best else None


def to_agree(first: Sheet, second: Sheet, always: Collection[str] = ()) -> tuple[str, ...]:
    """Criteria about which the two coaches owe a word: two levels apart, or any difference where that is asked for."""
    found = []
    for criterion_id, line in first.items():
        one, other = line.level, second.get(criterion_id, Line()).level
        apart = abs(one.value - other.value) if one.value is not None and other.value is not None else 0
        if apart >= WIDE or (criterion_id in always and one != other):
            found.append(criterion_id)
    return tuple(found)


def agreed_over(coach: Sheet, agreed: Mapping[str, Line]) -> Sheet:
    """The first coach's sheet with the agreed lines in place of hers, as reports show it."""
    return {criterion_id: agreed.get(criterion_id, line) for criterion_id, line in coach.items()}
