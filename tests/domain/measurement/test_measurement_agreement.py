"""Agreement against values worked by hand and from the literature."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from coachkit.domain.measurement.agreement import (
    RatedBoth,
    agreement,
    agreement_by_criterion,
    agreement_by_pair,
    ordinal_alpha,
    self_coach_gaps,
)
from coachkit.domain.measurement.ratings import Rating
from coachkit.domain.measurement.simulate import World, simulate

DAY = date(2026, 1, 1)


def seen(attempt: str, coach: str, level: int, **changes: object) -> Rating:
    return replace(Rating(attempt, coach, "listen", "li", "market", "interviewing", DAY, level), **changes)


def test_alpha_equals_the_published_example() -> None:
    """Four observers, twelve units, with gaps: Krippendorff's own worked example gives .815."""
    units = [
        [1, 1, 1],
        [2, 2, 3, 2],
        [3, 3, 3, 3],
        [3, 3, 3, 3],
        [2, 2, 2, 2],
        [1, 2, 3, 4],
        [4, 4, 4, 4],
        [1, 1, 2, 1],
        [2, 2, 2, 2],
        [5, 5, 5],
        [1, 1],
        [3],
    ]
    assert ordinal_alpha(units) == pytest.approx(0.815, abs=0.0005)


def test_alpha_worked_by_hand() -> None:
    """Three pairs (1,1), (2,2), (1,2): margins 3 and 3, distance 9; observed 2 x 9, expected 18 x 9 / 5."""
    assert ordinal_alpha([[1, 1], [2, 2], [1, 2]]) == pytest.approx(1 - 18 / (18 * 9 / 5))


def test_perfect_agreement_is_one_and_no_variation_has_no_alpha() -> None:
    assert ordinal_alpha([[1, 1], [4, 4]]) == 1.0
    assert ordinal_alpha([[3, 3], [3, 3]]) is None
    assert ordinal_alpha([[3], [4]]) is None


def test_exact_and_near_agreement_are_counted_over_pairs() -> None:
    rows = [seen("a", "anna", 2), seen("a", "ben", 2), seen("b", "anna", 3), seen("b", "ben", 4)]
    rows += [seen("c", "anna", 1), seen("c", "ben", 5), seen("d", "anna", 3)]
    found = agreement(rows)
    assert (found.exact, found.within_one) == pytest.approx((1 / 3, 2 / 3))
    assert (found.n_attempts, found.n_pairs) == (3, 3)
    assert found.low is None
    assert "too few" in found.sentence


def test_nothing_shared_is_said_in_words() -> None:
    assert agreement([]).sentence == "No attempt was rated by two coaches."
    assert agreement([seen("a", "anna", 3), seen("a", "ben", 3)]).alpha is None


def test_ratings_at_a_maximum_do_not_count_as_agreement() -> None:
    rows = [seen("a", coach, 3, max_level=3) for coach in ("anna", "ben")]
    assert agreement(rows).n_pairs == 0


def test_the_interval_resamples_attempts_and_repeats_itself() -> None:
    rows = simulate(7, World(n_learners=60)).ratings()
    found = agreement(rows)
    assert found == agreement(reversed(rows))
    assert found.low < found.alpha < found.high
    assert 0.1 < found.alpha < 0.7
    assert sorted(agreement_by_criterion(rows)) == [f"criterion-{k:02d}" for k in range(6)]
    pairs = agreement_by_pair(rows)
    assert all(a < b for a, b in pairs)
    assert sum(p.n_pairs for p in pairs.values()) == found.n_pairs


def own_and_coach(*pairs: tuple[int, int], **changes: object) -> list[RatedBoth]:
    return [
        replace(RatedBoth(f"a{n}", "trust", DAY + timedelta(days=30 * n), own, coach), **changes)
        for n, (own, coach) in enumerate(pairs)
    ]


def test_the_gap_is_coach_minus_own_with_interval_and_trend() -> None:
    (gap,) = self_coach_gaps(own_and_coach((4, 2), (4, 2), (4, 3), (4, 3), (4, 4), (4, 4)))
    assert gap.mean == -1.0
    assert gap.low < -1.0 < gap.high < 0
    assert gap.trend_per_month == pytest.approx(0.4637, abs=0.01)
    assert gap.trend_low > 0
    assert "above the coaches'" in gap.sentence


def test_one_attempt_has_a_gap_but_no_interval() -> None:
    (gap,) = self_coach_gaps(own_and_coach((3, 4)))
    assert (gap.mean, gap.low, gap.trend_per_month) == (1.0, None, None)


def test_gaps_at_a_maximum_are_unknown() -> None:
    assert self_coach_gaps(own_and_coach((3, 3), max_level=3)) == ()
