"""The pulse: five answers or nothing, and no claim that the answers do not carry."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachkit.domain.organisation import pulse

counts = st.lists(st.integers(0, 9), min_size=6, max_size=6)


def of(*answers: int) -> list[int]:
    return [answers.count(level) for level in range(6)]


@given(counts, counts)
def test_fewer_than_five_who_can_say_show_nothing(before, after):
    for found in (before, after):
        assert (pulse.mean_of(found) is None) == (sum(found[1:]) < 5)
    assert (pulse.change(before, after) is None) == (min(sum(before[1:]), sum(after[1:])) < 5)


@given(counts, counts)
def test_a_change_and_its_reverse_are_mirror_images(before, after):
    there, back = pulse.change(before, after), pulse.change(after, before)
    if there and back:
        assert there.by == pytest.approx(-back.by)
        assert there.low == pytest.approx(-back.high)
        assert there.low <= there.by <= there.high


@given(counts)
def test_a_mean_lies_in_its_interval_and_on_the_scale(found):
    mean = pulse.mean_of(found)
    if mean:
        assert 1 <= mean.low <= mean.mean <= mean.high <= 5


def test_words_claim_a_move_only_where_the_interval_leaves_nought():
    up = pulse.change(of(*[2] * 20), of(*[4] * 20))
    assert up.words.startswith("It has gone up, by 1.")
    assert pulse.change(of(*[4] * 20), of(*[2] * 20)).words.startswith("It has gone down, by 1.")
    assert pulse.change(of(1, 2, 3, 4, 5), of(2, 3, 3, 4, 5)).words.startswith("Cannot tell: anything from")


def test_five_equal_answers_are_not_known_exactly():
    mean = pulse.mean_of(of(3, 3, 3, 3, 3))
    assert mean.low < 3 < mean.high


@pytest.mark.parametrize("size", [5, 8, 20])
def test_the_interval_holds_the_true_change_as_often_as_it_says(size):
    """Rounded answers around 3.0 and 3.4: in at least 88 of 100 rounds of each size."""
    dice = random.Random(7)

    def answers(centre: float) -> list[int]:
        return of(*(max(1, min(5, round(dice.gauss(centre, 0.9)))) for _ in range(size)))

    def expected(centre: float) -> float:
        def below(x: float) -> float:
            return (1 + math.erf((x - centre) / 0.9 / math.sqrt(2))) / 2

        edges = [0.0, *(below(level + 0.5) for level in range(1, 5)), 1.0]
        return sum(level * (edges[level] - edges[level - 1]) for level in range(1, 6))

    true = expected(3.4) - expected(3.0)
    held = sum(
        found.low <= true <= found.high for found in (pulse.change(answers(3.0), answers(3.4)) for _ in range(600))
    )
    assert held / 600 >= 0.88, held / 600
