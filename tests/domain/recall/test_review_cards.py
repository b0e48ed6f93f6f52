"""When a card comes back, and that a day never takes more than ten minutes."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachkit.domain.recall.day import MOST_A_DAY, NEW_A_DAY, Waiting, coming, minutes, todays
from coachkit.domain.recall.schedule import LONGEST_DAYS, Answer, Memory, after, days_until

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TODAY = NOW.date()


def test_a_first_good_answer_brings_the_card_back_in_about_two_days():
    assert days_until(None, Answer.MISSED, NOW) == 1
    assert days_until(None, Answer.KNEW_IT, NOW) in {2, 3}


def test_each_better_answer_brings_it_back_no_sooner():
    memory = after(None, Answer.KNEW_IT, NOW)
    later = NOW + timedelta(days=2)
    days = [days_until(memory, answer, later) for answer in Answer]
    assert days == sorted(days)
    assert days[0] == 1


def test_gaps_grow_with_each_answer_in_time_and_never_pass_sixty_days():
    memory, now, gaps = None, NOW, []
    for _ in range(8):
        memory = after(memory, Answer.KNEW_IT, now)
        gaps.append((memory.due_at - now).days)
        now = memory.due_at
    assert gaps == sorted(gaps)
    assert gaps[-1] == LONGEST_DAYS == 60


@given(st.lists(st.tuples(st.sampled_from(Answer), st.integers(0, 400)), min_size=1, max_size=12))
def test_whatever_was_answered_whenever_a_card_comes_back_within_one_and_sixty_days(answers):
    memory, now = None, NOW
    for answer, wait in answers:
        now += timedelta(days=wait)
        memory = after(memory, answer, now)
        assert timedelta(days=1) <= memory.due_at - now <= timedelta(days=LONGEST_DAYS)
        assert memory.due_at.utcoffset() == timedelta()
        assert memory.stability > 0


def test_a_moment_in_another_zone_is_the_same_moment():
    there = NOW.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert after(None, Answer.KNEW_IT, there) == after(None, Answer.KNEW_IT, NOW)


def test_the_same_answers_give_the_same_days():
    memory = Memory(12.5, 5.0, NOW, NOW + timedelta(days=12))
    later = NOW + timedelta(days=13)
    assert len({after(memory, Answer.WITH_EFFORT, later) for _ in range(5)}) == 1


def waiting(number: int, module: int = 0, due: datetime | None = None) -> Waiting:
    return Waiting(f"m{module}-c{number}", f"m{module}", due)


def test_modules_are_mixed_and_what_is_due_comes_before_what_is_new():
    cards = [
        waiting(1, 1),
        waiting(2, 1),
        waiting(1, 2, NOW),
        waiting(2, 2, NOW),
        waiting(1, 3, NOW - timedelta(days=3)),
        waiting(2, 3, NOW + timedelta(days=1)),
    ]
    order = [card.card_id for card in todays(cards, TODAY, answered={}, first_time=0)]
    assert order == ["m3-c1", "m2-c1", "m2-c2", "m1-c1", "m1-c2"]


def test_the_module_that_was_just_asked_has_to_wait():
    cards = [waiting(1, 1), waiting(1, 2)]
    assert [card.module_id for card in todays(cards, TODAY, answered={"m1": 1}, first_time=1)] == ["m2", "m1"]


def test_a_card_is_due_from_the_first_minute_of_its_day():
    late = waiting(1, due=datetime(2026, 11, 20, 23, 59, tzinfo=UTC))
    assert todays([late], TODAY, answered={}, first_time=0) == (late,)
    assert todays([late], TODAY - timedelta(days=1), answered={}, first_time=0) == ()


@given(
    st.lists(st.tuples(st.integers(0, 5), st.none() | st.integers(-90, 60)), max_size=200),
    st.integers(0, 30),
    st.integers(0, 30),
)
def test_a_day_never_has_more_than_ten_minutes_and_eight_new_cards(cards, done, done_new):
    made = [
        waiting(number, module, None if days is None else NOW + timedelta(days=days))
        for number, (module, days) in enumerate(cards)
    ]
    today = todays(made, TODAY, answered={"m1": done}, first_time=done_new)
    assert len(today) + done <= max(MOST_A_DAY, done)
    assert minutes(len(today)) <= 10
    assert sum(card.due_at is None for card in today) <= max(0, NEW_A_DAY - done_new)
    assert len({card.card_id for card in today}) == len(today)


@pytest.mark.parametrize(("cards", "expected"), [(0, 0), (1, 1), (3, 2), (20, 10)])
def test_minutes_are_rounded_up(cards, expected):
    assert minutes(cards) == expected


def test_the_coming_days_are_counted():
    dues = [NOW, NOW + timedelta(days=2), NOW + timedelta(days=1), NOW + timedelta(days=2)]
    assert coming(dues, TODAY) == {date(2026, 11, 21): 1, date(2026, 11, 22): 2}
