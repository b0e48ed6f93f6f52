"""How much one person carries: five or six units that belong together, and time to be there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

GOOD_AT_MOST = 6
HEAVY_AT_MOST = 8
ROOM_BELOW = 5
FIELD_SHARE = 20
"""Per cent of the week kept free for being with people; a choice of this design."""


class Related(StrEnum):
    """Whether the units have something in common."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


RELATED = {
    Related.YES: "Yes: one line of work, one region, or one kind of customer",
    Related.PARTLY: "Partly: most of them do",
    Related.NO: "No: they share nothing but the liaison",
}


@dataclass(frozen=True, slots=True)
class Load:
    """What a post asks of each person who holds it."""

    units: int
    holders: int
    related: Related
    field_share: int

    @property
    def each(self) -> float:
        """Units for one person. Whoever shares a post shares its units."""
        return self.units / self.holders

    @property
    def level(self) -> int:
        """Where this post alone would stand on question 8 of the readiness check."""
        if self.each > HEAVY_AT_MOST or self.related is Related.NO:
            return 0
        if self.each > GOOD_AT_MOST or self.related is Related.PARTLY:
            return 1
        return 3 if self.field_share >= FIELD_SHARE else 2

    @property
    def over(self) -> bool:
        return self.level <= 1

    @property
    def words(self) -> tuple[str, ...]:
        """What is too much, or fine, in sentences."""
        found = []
        each = f"{self.each:.1f}".removesuffix(".0")
        if self.each > HEAVY_AT_MOST:
            found.append(f"{each} units for one person: nobody gets to know that many. Move units to another post.")
        elif self.each > GOOD_AT_MOST:
            found.append(f"{each} units for one person: more than six, so some will only meet the liaison in trouble.")
        elif self.each < ROOM_BELOW:
            found.append(f"{each} units for one person: there is room for more that belong to them.")
        else:
            found.append(f"{each} units for one person: five or six is what others have found to work.")
        if self.related is Related.NO:
            found.append(
                "The units have nothing to do with each other: what is learnt in one helps in none of the rest."
            )
        elif self.related is Related.PARTLY:
            found.append("Not all units belong together: look for the ones that fit another post better.")
        if self.field_share < FIELD_SHARE:
            found.append("Less than a fifth of the week is kept free for being with people.")
        return tuple(found)
