"""One day's cards: ten minutes at most, what is due before what is new, and modules mixed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

SECONDS_A_CARD = 30
MOST_A_DAY = 20
"""Ten minutes at half a minute a card."""
NEW_A_DAY = 8


@dataclass(frozen=True, slots=True)
class Waiting:
    """A card that somebody may be asked: its module, and when it is due (None: not seen yet)."""

    card_id: str
    module_id: str
    due_at: datetime | None


def todays(
    cards: Iterable[Waiting], today: date, *, answered: Mapping[str, int], first_time: int
) -> tuple[Waiting, ...]:
    """The rest of today's list, in order. `answered` counts today's answers by module, `first_time` the new ones."""
    waiting = list(cards)
    due = [card for card in waiting if card.due_at is not None and card.due_at.date() <= today]
    fresh = [card for card in waiting if card.due_at is None]
    room = max(0, MOST_A_DAY - sum(answered.values()))
    oldest_first = sorted(due, key=lambda c: (c.due_at.date() if c.due_at else today, c.card_id))
    chosen = _mixed(oldest_first, answered)[:room]
    return (*chosen, *_mixed(fresh, answered)[: max(0, min(NEW_A_DAY - first_time, room - len(chosen)))])


def _mixed(cards: list[Waiting], answered: Mapping[str, int]) -> list[Waiting]:
    """One of each module in turn: mixing subjects makes one find the answer instead of going on with it."""
    turns: dict[str, int] = dict(answered)
    placed = []
    for card in cards:
        placed.append((turns.get(card.module_id, 0), card))
        turns[card.module_id] = turns.get(card.module_id, 0) + 1
    return [card for _turn, card in sorted(placed, key=lambda pair: pair[0])]


def minutes(cards: int) -> int:
    """About how long so many cards take."""
    return math.ceil(cards * SECONDS_A_CARD / 60)


def coming(dues: Iterable[datetime], today: date) -> Mapping[date, int]:
    """The next days on which cards are due, with how many, nearest first."""
    days = sorted(due.date() for due in dues if due.date() > today)
    return {day: days.count(day) for day in dict.fromkeys(days)}
