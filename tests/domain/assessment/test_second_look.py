"""The lot that decides which attempts two coaches rate, whom it asks, and when the two owe a word to each other."""

from coachkit.domain.assessment.scale import Level
from coachkit.domain.assessment.second_look import Candidate, choose, drawn, to_agree
from coachkit.domain.assessment.sheet import Line

UNSEEN = Level(None, not_observed=True)


def places(percent: int, seed: str = "s", attempts: int = 200) -> list[int]:
    return [n for n in range(1, attempts + 1) if drawn(n, percent, seed)]


def test_the_share_is_exact_within_every_twenty_attempts():
    for percent, of_twenty in ((0, 0), (5, 1), (20, 4), (35, 7), (100, 20)):
        found = places(percent)
        for block in range(10):
            assert sum(20 * block < n <= 20 * block + 20 for n in found) == of_twenty


def test_the_lot_falls_the_same_way_every_time_and_elsewhere_with_another_secret():
    assert places(20) == places(20)
    assert places(20) != places(20, seed="another")
    assert len({tuple(n % 20 for n in places(20) if 20 * b < n <= 20 * b + 20) for b in range(10)}) > 1


def test_somebody_who_does_not_coach_the_learner_is_asked_first_and_then_whoever_was_asked_least():
    usual, busy, free = Candidate(1, True, 0), Candidate(2, False, 3), Candidate(3, False, 1)
    assert choose([usual, busy, free], 1, "s") == 3
    assert choose([usual, busy], 1, "s") == 2
    assert choose([usual], 1, "s") == 1
    assert choose([], 1, "s") is None


def sheet(**levels: Level) -> dict[str, Line]:
    return {name: Line(level) for name, level in levels.items()}


def test_two_levels_apart_ask_for_an_agreed_sheet_and_one_does_not():
    one = sheet(a=Level(1), b=Level(3), c=Level(4), d=UNSEEN)
    other = sheet(a=Level(3), b=Level(2), c=Level(4), d=Level(1))
    assert to_agree(one, other) == ("a",)
    assert to_agree(other, one) == ("a",)


def test_on_a_chosen_criterion_any_difference_asks_for_one():
    one, other = sheet(b=Level(3), c=Level(4), d=UNSEEN), sheet(b=Level(2), c=Level(4), d=Level(1))
    assert to_agree(one, other, {"b", "c", "d"}) == ("b", "d")
