"""Working days: Monday to Friday, without the days that the house has named as public holidays."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

SATURDAY = 5


def is_working(day: date, holidays: Collection[date] = ()) -> bool:
    """Whether people are at work on this day."""
    return day.weekday() < SATURDAY and day not in holidays


def waited(sent: date, until: date, holidays: Collection[date] = ()) -> int:
    """Working days after the day on which it was sent, up to and with `until`."""
    weeks, rest = divmod(max(0, (until - sent).days), 7)
    off = sum(sent < day <= until and is_working(day) for day in set(holidays))
    return weeks * SATURDAY + sum(is_working(sent + timedelta(days=n)) for n in range(1, rest + 1)) - off


def due(sent: date, days: int, holidays: Collection[date] = ()) -> date:
    """The working day by which `days` working days have passed."""
    day = sent
    while days > 0:
        day += timedelta(days=1)
        days -= is_working(day, holidays)
    return day
