"""Working days, Monday to Friday. Public holidays differ by place and are not known here."""

from __future__ import annotations

from datetime import date, timedelta

SATURDAY = 5


def is_working(day: date) -> bool:
    """Whether people are at work on this day."""
    return day.weekday() < SATURDAY


def waited(sent: date, until: date) -> int:
    """Working days after the day on which it was sent, up to and with `until`."""
    weeks, rest = divmod(max(0, (until - sent).days), 7)
    return weeks * SATURDAY + sum(is_working(sent + timedelta(days=n)) for n in range(1, rest + 1))


def due(sent: date, days: int) -> date:
    """The working day by which `days` working days have passed."""
    day = sent
    while days > 0:
        day += timedelta(days=1)
        days -= is_working(day)
    return day
