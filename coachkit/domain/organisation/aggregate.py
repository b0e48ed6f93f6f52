"""Figures about groups: none from fewer than five people, and none from which such a one could be worked out."""

from __future__ import annotations

from collections.abc import Mapping

SMALLEST_GROUP = 5


def hidden(people: Mapping[str, int], smallest: int = SMALLEST_GROUP) -> frozenset[str]:
    """Rows of a table with a total that must not be shown: too few people, or the one that would give it away.

    A single hidden row is the total less all the others; then the smallest shown row is hidden as well, and so on
    until what is hidden together holds enough people.
    """
    away = {row for row, number in people.items() if number < smallest}
    shown = sorted((row for row in people if row not in away), key=lambda row: (people[row], row))
    while away and shown and (len(away) < 2 or sum(people[row] for row in away) < smallest):  # noqa: PLR2004
        away.add(shown.pop(0))
    return frozenset(away)
