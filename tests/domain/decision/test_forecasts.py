"""Forecasts of whoever decides: what is asked for, and how they are scored."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachkit.domain.decision import forecast
from coachkit.domain.decision.forecast import Forecast

TODAY = date(2026, 9, 1)
TOLD = Forecast("meets level 3 on trust", 80, date(2027, 5, 1))
answered = st.lists(st.tuples(st.integers(1, 99), st.booleans()), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"statement": " "}, "forecast"),
        ({"chance": None}, "chance"),
        ({"chance": 0}, "chance"),
        ({"chance": 100}, "chance"),
        ({"due_on": None}, "forecast_on"),
        ({"due_on": TODAY}, "forecast_on"),
        ({"due_on": date(2029, 1, 1)}, "forecast_on"),
    ],
)
def test_a_forecast_can_be_answered_on_a_day_and_is_never_certain(change, field):
    assert forecast.problems(TOLD, TODAY, needed=True) == {}
    assert list(forecast.problems(replace(TOLD, **change), TODAY, needed=True)) == [field]


def test_where_none_is_needed_half_a_forecast_is_none():
    assert forecast.problems(forecast.NONE, TODAY, needed=False) == {}
    assert list(forecast.problems(Forecast("", 80, None), TODAY, needed=False)) == ["forecast", "forecast_on"]


def test_the_score_is_the_mean_squared_distance():
    assert forecast.score([]) == forecast.Score(0, None)
    assert forecast.score([(80, True)]).brier == pytest.approx(0.04)
    assert forecast.score([(80, True), (80, False)]).brier == pytest.approx(0.34)
    assert forecast.score([(50, True), (50, False)]).brier == pytest.approx(forecast.COIN)


@given(answered)
def test_a_score_lies_between_perfect_and_always_wrong(pairs):
    found = forecast.score(pairs)
    assert found.n == len(pairs)
    assert 0 < found.brier < 1


@given(answered)
def test_no_single_chance_for_all_beats_how_often_it_came_true(pairs):
    share = round(100 * sum(came for _chance, came in pairs) / len(pairs))
    best = forecast.score((max(1, min(99, share)), came) for _chance, came in pairs).brier
    for chance in (1, 25, 50, 75, 99):
        assert best <= forecast.score((chance, came) for _chance, came in pairs).brier + 0.0002


@given(answered, st.randoms())
def test_the_order_of_forecasts_and_calling_yes_no_change_nothing(pairs, dice):
    shuffled = list(pairs)
    dice.shuffle(shuffled)
    turned = [(100 - chance, not came) for chance, came in pairs]
    assert forecast.score(shuffled).brier == pytest.approx(forecast.score(pairs).brier)
    assert forecast.score(turned).brier == pytest.approx(forecast.score(pairs).brier)


def test_the_words_give_the_number_of_forecasts_and_what_a_coin_gets():
    assert forecast.score([]).words == "No forecast has come due yet."
    words = forecast.score([(80, True)]).words
    assert "0.04 over 1 forecast;" in words
    assert "0.25" in words
    assert "Fewer than 20" in words
    assert "Fewer" not in forecast.score([(80, True)] * 20).words


def test_the_way_of_deciding_is_counted_apart_from_how_it_came_out():
    found = forecast.judged([(True, True), (True, False), (True, False), (False, True)])
    assert found == forecast.Judged(sound_came=1, sound_missed=2, flawed_came=1, flawed_missed=0)
