"""The one place that asks what time it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta


def _system() -> datetime:
    return datetime.now(UTC)


_source: ContextVar[Callable[[], datetime]] = ContextVar("clock", default=_system)


def now() -> datetime:
    """The current moment, always aware and in UTC."""
    return _source.get()()


def today() -> date:
    """The current day in UTC."""
    return now().date()


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Run a block as if it were earlier or later; for the demo's past and for tests."""
    outer = _source.get()
    token = _source.set(lambda: outer() + by)
    try:
        yield
    finally:
        _source.reset(token)


@contextmanager
def fixed(moment: datetime) -> Iterator[None]:
    """Run a block at one fixed moment."""
    token = _source.set(lambda: moment)
    try:
        yield
    finally:
        _source.reset(token)
