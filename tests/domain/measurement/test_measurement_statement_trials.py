"""The benchmark counts what the product really says: its gates and least counts included."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from coachkit.domain.measurement.calibrate import calibrate_with_views
from coachkit.domain.measurement.calibration import Calibration
from coachkit.domain.measurement.design import Candidate, next_observation
from coachkit.domain.measurement.outlook import outlook
from coachkit.domain.measurement.simulate import World, simulate
from coachkit.domain.measurement.statement_trials import Counts, Truth, run_statements, share_of, summary

TEAM = World(n_learners=8, n_coaches=3)
HALF_A_YEAR = replace(TEAM, window=6.0, attempts=(10, 14))
GROUPS = ("met", "not_met", "cannot_tell")


@pytest.fixture(scope="module")
def short() -> Counts:
    return run_statements(4, TEAM)


@pytest.fixture(scope="module")
def long() -> Counts:
    return run_statements(4, HALF_A_YEAR)


def test_something_is_said_of_every_skill_and_line(short: Counts) -> None:
    assert short["learners"] == 8
    assert short["skills"] == 24
    for line in (2, 3, 4):
        assert sum(short[f"{line} {group}"] for group in GROUPS) == 24
        assert sum(short[f"{line} {group}, shapes alone"] for group in GROUPS) == 24


def test_least_counts_only_ever_take_statements_away(short: Counts, long: Counts) -> None:
    for found in (short, long):
        for line in (2, 3, 4):
            for group in ("met", "not_met"):
                assert found[f"{line} {group}"] <= found[f"{line} {group}, shapes alone"]


def test_ninety_days_are_needed_before_anything_is_not_met(short: Counts, long: Counts) -> None:
    assert sum(short[f"{line} not_met"] for line in (2, 3, 4)) == 0
    assert sum(short[f"{line} not_met, shapes alone"] for line in (2, 3, 4)) > 0
    assert sum(long[f"{line} not_met"] for line in (2, 3, 4)) > 0


def test_bands_and_intervals_are_counted_as_they_are_drawn(long: Counts) -> None:
    assert long["interval"] == long["measured"] == long["band, end"]
    assert long["band"] > 10 * long["band, end"]
    for kind in ("interval", "band", "ahead, continuing", "ahead, either"):
        assert 0 < long[f"{kind} holds"] <= long[kind]


def test_the_truth_is_told_as_a_fair_average_on_a_day() -> None:
    world = World(n_learners=3, n_coaches=2, sd_criterion=0.0, sd_scenario=0.0)
    population = simulate(1, world)
    months = 2.0
    day = date(2026, 1, 1) + timedelta(days=round(months * 30.4375))
    place = population.truth.level[0] + population.truth.rate[0] * months
    odds = np.exp(np.arange(5) * place - np.concatenate([[0.0], np.cumsum(world.steps)]))
    expected = float(odds @ np.arange(1, 6) / odds.sum())
    assert Truth(population).skills(0, day) == pytest.approx([expected] * 3, abs=0.01)


def test_growth_stops_in_the_month_that_the_world_says() -> None:
    population = simulate(1, replace(HALF_A_YEAR, growth="plateau", stops=3.0))
    three, six = (Truth(population).skills(0, date(2026, 1, 1) + timedelta(days=d)) for d in (92, 180))
    assert three == six


def test_shares_know_that_people_of_one_population_are_not_independent() -> None:
    same = [Counter(part=10, whole=20)] * 4
    mixed = [Counter(part=20, whole=20), Counter(part=0, whole=20)] * 2
    assert share_of(same, "part", "whole").low == pytest.approx(0.5)
    wide = share_of(mixed, "part", "whole")
    assert wide.share == 0.5
    assert wide.low is not None
    assert wide.low < 0.05
    assert share_of(same, "never", "nothing").share is None
    assert share_of(same, "never", "whole").high == pytest.approx(3 / 80)


def test_the_summary_names_how_many_each_share_is_of(short: Counts) -> None:
    told = summary([short])
    assert told["lines"]["3"]["said"]["cannot_tell"]["of"] == 24  # type: ignore[index]
    assert told["measured"]["share"] == 1.0  # type: ignore[index]


def test_whoever_has_just_been_calibrated_need_not_be_fitted_again(calibrated: Calibration) -> None:
    again, views = calibrate_with_views(calibrated.ratings, as_of=calibrated.as_of)
    skills, name = again.labels.skills, again.learners[3].learner
    fresh = outlook(again, name, together=skills, views=views[name])
    fitted = outlook(again, name, together=skills)
    for one, other in zip(fresh.skills, fitted.skills, strict=True):
        assert [s.group for _, s in one.statements] == [s.group for _, s in other.statements]
        assert [p.value for p in one.course] == pytest.approx([p.value for p in other.course], abs=1e-4)
    candidates = [Candidate(s, c, again.labels.criteria) for s in again.labels.scenarios for c in again.labels.coaches]
    seen = next_observation(again, name, candidates, seen=views[name])
    assert [o.narrowing for o in seen] == pytest.approx(
        [o.narrowing for o in next_observation(again, name, candidates)], abs=1e-4
    )
