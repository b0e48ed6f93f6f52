"""What a programme moves, as counts over many people. Nobody's own figures can be read, or worked out, from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from coachkit.domain.organisation.aggregate import SMALLEST_GROUP, hidden


@dataclass(frozen=True, slots=True)
class Pair:
    """One criterion at a first try and, days later, at its parallel form."""

    person_id: int
    skill_id: str
    first: int
    again: int
    most: int
    """The highest level that the scenario could show."""


@dataclass(frozen=True, slots=True)
class Gain:
    """How re-tries went, beside their first tries."""

    people: int
    higher: int
    same: int
    lower: int
    no_room: int
    """First tries that were at the scenario's limit already: they could not go higher."""

    @property
    def pairs(self) -> int:
        return self.higher + self.same + self.lower + self.no_room


def gain(pairs: Iterable[Pair]) -> Gain:
    """Count them."""
    pairs = tuple(pairs)
    room = [p for p in pairs if p.first < p.most]
    return Gain(
        people=len({p.person_id for p in pairs}),
        higher=sum(p.again > p.first for p in room),
        same=sum(p.again == p.first for p in room),
        lower=sum(p.again < p.first for p in room),
        no_room=len(pairs) - len(room),
    )


@dataclass(frozen=True, slots=True)
class Gains:
    """All of them together, and skill by skill; None stands for what is not shown."""

    together: Gain | None
    by_skill: dict[str, Gain | None]


def gains(pairs: Iterable[Pair], skills: Iterable[str]) -> Gains:
    """Nothing from fewer than five people, and nothing from which that could be worked out."""
    pairs = tuple(pairs)
    rows = {skill: gain(p for p in pairs if p.skill_id == skill) for skill in skills}
    filled = {skill: row for skill, row in rows.items() if row.pairs}
    away = hidden({skill: row.people for skill, row in filled.items()})
    together = gain(pairs)
    return Gains(
        together if together.people >= SMALLEST_GROUP else None,
        {skill: row if skill in filled and skill not in away else None for skill, row in rows.items()},
    )
