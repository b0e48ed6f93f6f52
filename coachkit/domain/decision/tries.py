"""First try and re-try: the same criterion in a scenario and, days later, in its parallel form."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol, TypeVar

from coachkit.domain.assessment.scale import Level

SOONEST, LATEST = timedelta(days=2), timedelta(days=21)
"""Sooner is the same talk again; later, too much else has happened."""


class Try(Protocol):
    """What the pairing looks at."""

    @property
    def criterion_id(self) -> str: ...
    @property
    def scenario_id(self) -> str: ...
    @property
    def parallel(self) -> bool: ...
    @property
    def played_on(self) -> date: ...
    @property
    def coach(self) -> Level: ...


T = TypeVar("T", bound=Try)


def pairs(tries: Iterable[T]) -> tuple[tuple[T, T], ...]:
    """Each parallel form with the newest first try it can be compared with; both observed, newest first."""
    observed = [t for t in tries if t.coach.value is not None]
    found: list[tuple[T, T]] = []
    for again in (t for t in observed if t.parallel):
        earlier = [
            t
            for t in observed
            if not t.parallel
            and (t.criterion_id, t.scenario_id) == (again.criterion_id, again.scenario_id)
            and SOONEST <= again.played_on - t.played_on <= LATEST
        ]
        if earlier:
            found.append((max(earlier, key=lambda t: t.played_on), again))
    return tuple(sorted(found, key=lambda pair: (pair[1].played_on, pair[1].criterion_id), reverse=True))
