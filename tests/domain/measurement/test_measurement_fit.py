"""The estimator finds what was planted, and small or odd data never break it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachkit.domain.measurement.estimate import Fit, fit, growth_line, prob_at_least
from coachkit.domain.measurement.likelihood import (
    ability_for_score,
    category_probs,
    expected_score,
    rating_group,
    step_moments,
)
from coachkit.domain.measurement.simulate import World, simulate, with_skills
from coachkit.domain.measurement.table import CORE, FULL, Features, RatingTable, rating_table
from coachkit.domain.measurement.variances import Variances

STEPS = (-2.0, -0.7, 0.7, 2.0)


def all_finite(fitted: Fit) -> bool:
    arrays = (fitted.theta, fitted.local, fitted.shared, fitted.shared_covariance, fitted.local_covariance)
    return all(np.isfinite(array).all() for array in arrays)


def table_of(levels: list[list[int]], coach: list[int] | None = None, ceiling: int = 4) -> RatingTable:
    """One learner per row with one attempt, rated on as many criteria as there are columns."""
    n, criteria = len(levels), len(levels[0]) if levels else 0
    return rating_table(
        attempt=np.repeat(np.arange(n), criteria),
        coach=np.repeat(coach or [0] * n, criteria),
        criterion=np.tile(np.arange(criteria), n),
        level=np.array(levels, dtype=int).ravel(),
        ceiling=np.full(n * criteria, ceiling),
        attempt_learner=np.arange(n),
        attempt_time=np.zeros(n),
        attempt_scenario=np.zeros(n, dtype=int),
        n_levels=5,
        n_criteria=6,
        n_scenarios=1,
        n_coaches=max(coach or [0]) + 1,
        n_learners=n,
    )


def test_recovers_what_was_planted() -> None:
    misses = []
    for seed in (10_030, 10_031, 10_032):
        population = simulate(seed)
        truth, fitted = population.truth, fit(population.table)
        misses.append(
            (
                fitted.steps - truth.steps,
                fitted.scenario - truth.scenario,
                fitted.criterion - truth.criterion,
                (fitted.coach - fitted.coach.mean()) - (truth.coach - truth.coach.mean()),
            )
        )
    steps, scenario, criterion, coach = (np.sqrt(np.mean(np.square(part))) for part in zip(*misses, strict=True))
    assert steps < 0.05
    assert scenario < 0.08
    assert criterion < 0.06
    assert coach < 0.10


def test_nine_intervals_in_ten_hold_the_truth() -> None:
    inside = []
    for seed in range(10_040, 10_052):
        population = simulate(seed, World(n_learners=60))
        mean, sd = growth_line(fit(population.table), np.arange(60), 3.0)
        inside.append(np.abs(mean - population.truth.now) < 1.645 * sd)
    assert 0.86 <= np.mean(inside) <= 0.97


def test_the_full_model_gives_the_same_measures_where_its_extras_are_not_needed() -> None:
    population = simulate(10_030, World(n_learners=120))
    everyone = np.arange(120)
    plain, plain_sd = growth_line(fit(population.table), everyone, 3.0)
    full, full_sd = growth_line(fit(with_skills(population, (0, 0, 1, 1, 2, 2)).table, FULL), everyone, 3.0)
    assert np.abs(plain - full).mean() < 0.06
    assert 0.95 < np.median(full_sd / plain_sd) < 1.25


def test_a_sample_of_learners_is_enough_to_know_how_much_they_differ() -> None:
    population = simulate(10_033, World(n_learners=200))
    whole, sampled = fit(population.table), fit(population.table, variance_sample=150)
    assert sampled.variances.day == pytest.approx(whole.variances.day, rel=0.15)
    assert np.abs(whole.local[:, 0] - sampled.local[:, 0]).mean() < 0.05


def test_capped_scenarios_do_not_pull_learners_down() -> None:
    world = World(n_learners=150, mean_level=0.6, mean_rate=0.0, capped_scenarios=3, cap=3)
    capped = simulate(10_034, world)
    truth, everyone = capped.truth.now, np.arange(150)
    used_as_bounds, _ = growth_line(fit(capped.table), everyone, 3.0)
    as_numbers = replace(capped.table, ceiling=np.full(capped.table.n_ratings, 4))
    used_as_numbers, _ = growth_line(fit(as_numbers), everyone, 3.0)
    assert abs(np.mean(used_as_bounds - truth)) < 0.35
    assert np.mean(np.abs(used_as_bounds - truth)) < 0.8 * np.mean(np.abs(used_as_numbers - truth))


@pytest.mark.parametrize("features", [CORE, FULL, Features(growth=False)])
def test_nothing_at_all_still_gives_a_prior(features: Features) -> None:
    assert all_finite(fit(table_of([]), features))
    people = replace(table_of([]), n_learners=3, n_coaches=2)
    fitted = fit(people, features)
    assert all_finite(fitted)
    assert growth_line(fitted, np.array([0]), 0.0)[1][0] > 3.0


@pytest.mark.parametrize(
    "levels",
    [
        [[2] * 6],
        [[4] * 6] * 5,
        [[0] * 6, [4] * 6],
        [[2, 3, 2, 3, 2, 3], [3, 2, 3, 2, 3, 2]] * 4,
        [[2]],
    ],
    ids=["one attempt", "everybody always the top", "bottom and top", "two levels only", "one rating"],
)
@pytest.mark.parametrize("features", [CORE, FULL])
def test_odd_data_stay_finite(levels: list[list[int]], features: Features) -> None:
    fitted = fit(table_of(levels), features)
    assert all_finite(fitted)
    chance = prob_at_least(fitted, np.arange(len(levels)), 0.0, 0.7)
    assert np.all((chance >= 0) & (chance <= 1))


def test_everything_at_the_cap_stays_finite() -> None:
    assert all_finite(fit(table_of([[2] * 6] * 6, ceiling=2), FULL))


def test_a_coach_with_two_ratings_is_kept_close_to_the_others() -> None:
    population = simulate(10_035, World(n_learners=40, n_coaches=3))
    table = population.table
    coach = table.coach.copy()
    coach[:2] = 3
    fitted = fit(replace(table, coach=coach, n_coaches=5))
    errors = fitted.errors(fitted.layout.coach)
    assert errors[3] > 1.3 * errors[:3].max()
    assert errors[4] > errors[3]
    assert fitted.coach[4] == pytest.approx(0.0, abs=1e-9)


@given(st.permutations(range(6)), st.permutations(range(3)), st.permutations(range(4)), st.permutations(range(8)))
@settings(max_examples=12, deadline=None)
def test_renaming_changes_nothing(
    scenarios: list[int], coaches: list[int], criteria: list[int], learners: list[int]
) -> None:
    world = World(n_learners=8, n_coaches=3, n_criteria=4, attempts=(3, 3))
    table = simulate(5, world).table
    attempts = np.argsort(np.array(learners)[table.attempt_learner], kind="stable")
    place = np.argsort(attempts)
    renamed = replace(
        table,
        attempt=place[table.attempt],
        coach=np.array(coaches)[table.coach],
        criterion=np.array(criteria)[table.criterion],
        attempt_learner=np.array(learners)[table.attempt_learner][attempts],
        attempt_time=table.attempt_time[attempts],
        attempt_calendar=table.attempt_calendar[attempts],
        attempt_scenario=np.array(scenarios)[table.attempt_scenario[attempts]],
    )
    features = Features(partial_credit=True, drift=True)
    before, after = fit(table, features), fit(renamed, features)
    assert after.local[learners] == pytest.approx(before.local, abs=1e-6)
    assert after.coach[coaches] == pytest.approx(before.coach, abs=1e-6)
    assert after.scenario[scenarios] == pytest.approx(before.scenario, abs=1e-6)


KNOWN = {
    "coach": np.array([0.2, -0.4]),
    "scenario": np.array([0.0]),
    "criterion": np.array([0.3, 0.1, 0.0, -0.1, -0.3, 0.0]),
    "steps": np.array(STEPS),
    "mean": np.array([-0.8]),
}


@given(
    st.lists(st.integers(0, 4), min_size=6, max_size=6),
    st.integers(0, 5),
    st.sampled_from([2, 3, 4]),
)
@settings(max_examples=40, deadline=None)
def test_a_higher_rating_never_lowers_that_attempts_measure(levels: list[int], raised: int, ceiling: int) -> None:
    lower = [min(level, ceiling) for level in levels]
    if lower[raised] == ceiling:
        lower[raised] -= 1
    higher = lower.copy()
    higher[raised] += 1
    measures = []
    for levels_ in (lower, higher):
        table = replace(table_of([levels_], ceiling=ceiling), n_coaches=2)
        features = Features(growth=False)
        fitted = fit(table, features, start=Variances(), estimate_variances=False, fixed=KNOWN)
        measures.append(fitted.theta[0])
    assert measures[1] >= measures[0] - 1e-7


@given(st.floats(-8, 8), st.integers(1, 4))
@settings(max_examples=40, deadline=None)
def test_slopes_and_curvature_are_those_of_the_likelihood(location: float, ceiling: int) -> None:
    """Against differences of the log-likelihood, ratings at a ceiling included."""
    level = np.arange(ceiling + 1)
    group = rating_group(slice(0, len(level)), ceiling, 4, level, np.zeros_like(level))
    odds = np.exp(-np.array(STEPS))[:, None] * np.ones(len(level))

    def log_likelihood(at: float) -> np.ndarray:
        probs = category_probs(at, STEPS)[0]
        seen = np.append(probs[:ceiling], probs[ceiling:].sum())
        return np.log(seen)

    found = step_moments(group, np.full(len(level), np.exp(location)), odds, None, per_segment=False)
    counted = level[level < (ceiling if ceiling < 4 else 5)]
    linear = sum(location * x - sum(STEPS[:x]) for x in counted)
    assert found.log_likelihood + linear == pytest.approx(log_likelihood(location).sum())
    slope = (log_likelihood(location + 1e-5) - log_likelihood(location - 1e-5)) / 2e-5
    assert found.residual.sum(axis=0) == pytest.approx(slope, abs=1e-5)
    chance = np.exp(log_likelihood(location))
    assert found.curvature.sum(axis=0)[0] == pytest.approx(float(chance @ slope**2), abs=1e-5)


def test_scores_and_locations_are_each_others_inverse() -> None:
    for score in (1.05, 2.0, 3.5, 4.9):
        assert expected_score(ability_for_score(score, STEPS), STEPS)[0] == pytest.approx(score)
    with pytest.raises(ValueError, match="strictly between 1 and 5"):
        ability_for_score(5.0, STEPS)


def test_the_benchmarks_target_is_a_fair_average_of_three_and_a_half() -> None:
    assert expected_score(0.70, STEPS)[0] == pytest.approx(3.5, abs=0.02)


def test_a_level_above_its_scenarios_ceiling_is_refused() -> None:
    with pytest.raises(ValueError, match="ceiling"):
        table_of([[4] * 6], ceiling=2)
