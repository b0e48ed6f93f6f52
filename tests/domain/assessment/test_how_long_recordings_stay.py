"""A recording outlives every matter of its attempt by fourteen days, and an attempt that went nowhere by ninety."""

from datetime import UTC, datetime, timedelta

import pytest

from coachkit.domain.assessment.retention import kept_until

DAY = datetime(2026, 3, 1, tzinfo=UTC)


def until(**more):
    known = {"submitted_at": None, "withdrawn_at": None, "revealed_at": None, "rated_by_others": True, "settled": ()}
    found = kept_until(DAY, **(known | more))
    return None if found is None else (found - DAY).days


def later(days: int) -> datetime:
    return DAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("facts", "days"),
    [
        ({}, 90),
        ({"submitted_at": later(1)}, None),
        ({"submitted_at": later(1), "rated_by_others": False}, 15),
        ({"submitted_at": later(1), "withdrawn_at": later(2)}, 16),
        ({"submitted_at": later(1), "revealed_at": later(5)}, 19),
        ({"submitted_at": later(1), "revealed_at": later(5), "settled": (later(9), None)}, None),
        ({"submitted_at": later(1), "revealed_at": later(5), "settled": (later(9), later(3))}, 23),
    ],
)
def test_it_goes_when_nobody_needs_it_any_more(facts, days):
    assert until(**facts) == days
