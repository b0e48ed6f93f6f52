"""Self, predicted and coach side by side, in neutral words and in the order in which to talk about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coachkit.domain.assessment.scale import Level


@dataclass(frozen=True, slots=True)
class Pair:
    """What two people gave for one criterion."""

    criterion_id: str
    own: Level
    predicted: Level
    coach: Level

    @property
    def gap(self) -> int | None:
        """Coach minus self, in levels; None where one of them did not observe it."""
        if self.own.value is None or self.coach.value is None:
            return None
        return self.coach.value - self.own.value

    @property
    def same(self) -> bool:
        """Both gave the same, «not observed» included."""
        return self.own == self.coach

    def verdict(self, own_name: str, coach_name: str) -> str:
        """«Same», «Ana saw more», «Ben saw more», or who did not observe it."""
        if self.same:
            return "Same"
        if self.gap is None:
            return f"{own_name if self.own.not_observed else coach_name} did not observe it"
        return f"{coach_name if self.gap > 0 else own_name} saw more"


@dataclass(frozen=True, slots=True)
class Order:
    """The three parts of a reveal."""

    same: tuple[Pair, ...]
    largest: tuple[Pair, ...]
    """The widest gap, or nothing where all agree."""
    rest: tuple[Pair, ...]


def order(pairs: Sequence[Pair]) -> Order:
    """Agreements first, then the one largest gap, then the rest in the sheet's order."""
    same = tuple(pair for pair in pairs if pair.same)
    different = [pair for pair in pairs if not pair.same]
    widest = max(different, key=lambda pair: abs(pair.gap or 0), default=None)
    largest = (widest,) if widest is not None else ()
    return Order(same, largest, tuple(pair for pair in different if pair is not widest))


def summary(pairs: Sequence[Pair]) -> str:
    """One sentence about the whole, without a number that could be taken for a score."""
    same = sum(pair.same for pair in pairs)
    words = {
        0: "No criterion matches",
        1: "One criterion matches",
        2: "Two criteria match",
        3: "Three criteria match",
    }
    match = words.get(same, f"{same} criteria match")
    if same == len(pairs):
        return "You both gave the same on every criterion."
    return f"{match}. {'One gap is' if len(pairs) - same == 1 else 'The largest gap is'} worth a talk."
