"""The desk's arithmetic: working days, waits, the order of a queue, and what few answers may show."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachkit.domain.coaching.order import place
from coachkit.domain.coaching.usefulness import Answer, Block, blocks
from coachkit.domain.coaching.waiting import Waits, waits
from coachkit.domain.coaching.working_days import due, is_working, waited

FRIDAY = date(2026, 11, 20)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def test_a_weekend_is_no_waiting():
    assert waited(FRIDAY, FRIDAY) == 0
    assert waited(FRIDAY, FRIDAY + timedelta(days=2)) == 0
    assert waited(FRIDAY, FRIDAY + timedelta(days=3)) == 1
    assert due(FRIDAY, 3) == date(2026, 11, 25)
    assert due(FRIDAY + timedelta(days=1), 1) == date(2026, 11, 23)


@given(DAYS, st.integers(0, 60))
def test_whatever_is_due_has_waited_exactly_so_long(sent, days):
    day = due(sent, days)
    assert waited(sent, day) == days
    assert days == 0 or is_working(day)


@given(DAYS, st.integers(0, 400))
def test_waiting_counts_every_working_day_once(sent, length):
    every = (sent + timedelta(days=n) for n in range(1, length + 1))
    assert waited(sent, sent + timedelta(days=length)) == sum(map(is_working, every))


def test_half_and_nine_in_ten_are_waits_that_somebody_had():
    assert waits([1, 1, 2, 2, 2, 3, 3, 4, 6, 9]) == Waits(10, 2, 6)


def test_few_answers_give_no_figure():
    assert waits([1] * 9) is None


def test_two_coaches_read_one_day_in_different_orders_and_each_always_in_the_same():
    numbers = range(1, 13)
    orders = {coach: sorted(numbers, key=lambda n, c=coach: place(c, FRIDAY, n)) for coach in (1, 2, 3)}
    assert len({tuple(order) for order in orders.values()}) == 3
    assert orders[1] == sorted(numbers, key=lambda n: (place(1, FRIDAY, n), -n))


def test_an_older_day_always_comes_first():
    assert all(place(c, FRIDAY, 9) < place(c, FRIDAY + timedelta(days=1), 1) for c in range(50))


def said(learner: int, useful: int = 1, fits: int = 1) -> Answer:
    return Answer(learner, useful, fits)


def test_nothing_below_five_answers_is_shown():
    assert blocks([said(1), said(2), said(1), said(2)]) == ()
    assert blocks([said(1), said(2), said(1), said(2, useful=0), said(1, fits=0)]) == (Block(5, 4, 4),)


def test_one_learner_alone_makes_no_block():
    assert blocks([said(1)] * 9) == ()
    assert blocks([said(1)] * 9 + [said(2)]) == (Block(10, 10, 10),)


@pytest.mark.parametrize("more", range(5))
def test_the_newest_answers_change_nothing_until_their_block_is_full(more):
    first = [said(1), said(2)] * 3
    assert blocks(first + [said(1, useful=0, fits=0)] * more)[0] == blocks(first)[0]
    assert len(blocks(first + [said(1, useful=0, fits=0)] * more)) == (2 if more == 4 else 1)


def test_one_tap_alone_is_no_answer_yet():
    assert blocks([said(1), said(2), said(1), said(2), Answer(1, 1, None)]) == ()


def test_public_holidays_are_no_working_days():
    """Christmas Eve 2026 is a Thursday; 26 December is a Saturday anyway."""
    holidays = (date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1))
    sent = date(2026, 12, 23)
    assert due(sent, 3) == date(2026, 12, 28)
    assert due(sent, 3, holidays) == date(2026, 12, 29)
    assert waited(sent, date(2027, 1, 4)) == 8
    assert waited(sent, date(2027, 1, 4), holidays) == 6
    assert waited(date(2026, 12, 25), date(2026, 12, 28), holidays) == 1, "the day on which it was sent never counts"
