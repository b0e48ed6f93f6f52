"""Two groups and how often each was chosen: a work sheet of counts. It can raise a question and never close one.

The four-fifths rule is a rule of thumb of US practice, and with few people both it and any test mislead. Fisher's
test is computed in whole numbers, so that it is exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import comb

FEWEST_IN_A_CELL = 5
FEW_IN_A_GROUP = 30
MOST = 5000
FOUR_FIFTHS = Fraction(4, 5)


@dataclass(frozen=True, slots=True)
class Group:
    """How many of a group were chosen, and how many were not. Which group it is stands nowhere."""

    chosen: int
    others: int

    @property
    def size(self) -> int:
        return self.chosen + self.others

    @property
    def rate(self) -> Fraction:
        return Fraction(self.chosen, self.size)


@dataclass(frozen=True, slots=True)
class Finding:
    """What two groups show."""

    first: Group
    second: Group
    ratio: Fraction | None
    """The lower rate as a share of the higher one; None where nobody was chosen."""
    chance: Fraction
    """Fisher's exact test, both sides."""
    sentences: tuple[str, ...]


def problem(first: Group, second: Group) -> str:
    """Why these counts are refused; empty where they are taken."""
    cells = (first.chosen, first.others, second.chosen, second.others)
    if min(cells) < 0 or max(cells) > MOST:
        return f"Whole numbers from 0 to {MOST}, please."
    if min(cells) < FEWEST_IN_A_CELL:
        return (
            "At least one of the four counts is below 5. So few people can be recognised, and no figure made from"
            " them means anything: nothing is calculated. Look at each single case instead, and at how it was decided."
        )
    return ""


def fisher(first: Group, second: Group) -> Fraction:
    """How often chance alone parts the chosen at least this unevenly, if both groups are treated alike."""
    chosen, everybody = first.chosen + second.chosen, first.size + second.size
    ways = [
        comb(first.size, k) * comb(second.size, chosen - k)
        for k in range(max(0, chosen - second.size), min(first.size, chosen) + 1)
    ]
    seen = comb(first.size, first.chosen) * comb(second.size, second.chosen)
    return Fraction(sum(way for way in ways if way <= seen), comb(everybody, chosen))


def look(first: Group, second: Group) -> Finding:
    """The rates, their ratio, the exact test, and what may be said about them. Never that all is well."""
    low, high = sorted((first.rate, second.rate))
    ratio = low / high if high else None
    chance = fisher(first, second)
    return Finding(first, second, ratio, chance, _sentences(first, second, ratio, chance))


def per_cent(share: Fraction) -> str:
    return f"{float(share) * 100:.0f} %"


def in_hundred(chance: Fraction) -> str:
    """«18 of 100», or fewer than one."""
    number = round(float(chance) * 100)
    return f"about {number} of 100" if number else "fewer than 1 of 100"


def _sentences(first: Group, second: Group, ratio: Fraction | None, chance: Fraction) -> tuple[str, ...]:
    found = [f"Chosen were {per_cent(first.rate)} of the first group and {per_cent(second.rate)} of the second."]
    if ratio is not None:
        found.append(f"The lower rate is {per_cent(ratio)} of the higher one.")
        if ratio < FOUR_FIFTHS:
            found.append(
                "That is less than four fifths, which is generally taken as a sign that the procedure has to be"
                " explained. Find out what led to it before anything else is decided by it."
            )
        else:
            found.append(
                "That is four fifths or more. It is a rule of thumb and settles nothing: unequal treatment can hide"
                " behind equal rates, and in any single case."
            )
    found.append(
        "If both groups were treated alike, chance alone would part them at least this unevenly in"
        f" {in_hundred(chance)} such tables (Fisher’s exact test, both sides)."
    )
    if min(first.size, second.size) < FEW_IN_A_GROUP:
        found.append(
            "At least one group has fewer than 30 people. With so few, the ratio jumps with every single case and the"
            " test overlooks most differences that are there."
        )
    found.append("Neither figure shows that a decision was right or lawful. Counsel and the single cases come next.")
    return tuple(found)
