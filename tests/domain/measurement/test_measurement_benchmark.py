"""The simulator follows its specification, the scores are right, and the benchmark says what it is."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner

from coachkit.benchmark_decisions import LABEL, Programme, as_text, decisions, run
from coachkit.benchmark_worlds import Plan
from coachkit.domain.measurement.estimate import fit
from coachkit.domain.measurement.fit_statistics import disagreement_ratio
from coachkit.domain.measurement.scoring import auc, calibration_error, score, trained_logistic
from coachkit.domain.measurement.simulate import Plants, World, simulate, with_skills
from coachkit.domain.measurement.table import FULL
from coachkit.domain.measurement.trials import dual_rule, run_planted, run_trial

SMALL = World(n_learners=12, n_coaches=3)


def test_a_seed_always_gives_the_same_people() -> None:
    population = simulate(10_000)
    assert (population.table.n_ratings, int(population.table.level.sum())) == (9552, 16980)
    assert population.truth.coach[0] == pytest.approx(1.2632933081743591)
    assert int(population.self_level.sum()) == 17829


def test_a_fifth_reaches_the_line_now_and_half_by_the_horizon() -> None:
    reached = [
        (np.mean(p.truth.now >= 0.7), np.mean(p.truth.later >= 0.7)) for p in map(simulate, range(10_000, 10_030))
    ]
    assert np.mean(reached, axis=0) == pytest.approx([0.20, 0.49], abs=0.03)


def test_extras_leave_everything_else_where_it_was() -> None:
    plain, richer = simulate(3, SMALL), simulate(3, World(n_learners=12, n_coaches=3, sd_skill=0.5, sd_steps=0.3))
    assert np.array_equal(plain.truth.now, richer.truth.now)
    assert np.array_equal(plain.table.coach, richer.table.coach)


def test_capped_scenarios_never_show_more() -> None:
    table = simulate(3, World(n_learners=12, capped_scenarios=3, cap=3)).table
    capped = table.attempt_scenario[table.attempt] < 3
    assert table.level[capped].max() == 2
    assert table.level[~capped].max() == 4


def test_an_unknown_growth_is_refused() -> None:
    with pytest.raises(ValueError, match="no growth called"):
        simulate(1, World(growth="sudden"))


def test_skill_profiles_are_found_with_honest_intervals() -> None:
    world = World(n_learners=80, sd_skill=0.5, sd_steps=0.3)
    inside, closer = [], []
    for seed in (300, 301, 302):
        population = with_skills(simulate(seed, world), (0, 0, 1, 1, 2, 2))
        fitted, truth = fit(population.table, FULL), population.truth.skills
        error = fitted.local[:, 2:] - truth
        sd = np.sqrt(np.einsum("lpp->lp", fitted.local_covariance)[:, 2:])
        inside.append(np.abs(error) < 1.645 * sd)
        closer.append(np.mean(error**2) / np.mean(truth**2))
    assert 0.83 <= np.mean(inside) <= 0.97
    assert np.mean(closer) < 0.65


def test_criteria_keep_steps_of_their_own() -> None:
    population = simulate(301, World(n_learners=150, sd_steps=0.4))
    fitted, truth = fit(population.table, FULL), population.truth.own_steps
    own = fitted.steps_by_criterion - fitted.steps_by_criterion.mean(axis=0)
    assert np.mean((own - (truth - truth.mean(axis=0))) ** 2) < 0.3 * np.mean((truth - truth.mean(axis=0)) ** 2)


def test_a_drifting_coach_is_seen_by_the_model() -> None:
    population = simulate(9, World(n_learners=150), Plants(drifting=(2, 0.4)))
    fitted = fit(population.table, FULL)
    assert np.argmax(fitted.drift) == 2
    assert fitted.drift.sum() == pytest.approx(0, abs=1e-9)


def test_coaches_who_see_attempts_differently_stretch_the_coaches_intervals() -> None:
    ratios = []
    for halo in (0.0, 0.8):
        table = simulate(21, World(n_learners=100, sd_halo=halo, double_rated=0.4)).table
        ratios.append(disagreement_ratio(table, fit(table)))
    assert 1.0 <= ratios[0] < 1.25
    assert ratios[1] > 2.0


def test_planted_peculiarities_are_reported() -> None:
    found = run_planted(50_000, World(n_learners=40, n_coaches=4))
    assert found["strict coach told apart"]
    assert found["blind criterion flagged"]


def test_scores_against_values_worked_by_hand() -> None:
    chance, outcome = np.array([0.1, 0.4, 0.6, 0.9]), np.array([0.0, 1.0, 0.0, 1.0])
    assert auc(chance, outcome) == 0.75
    found = score(chance, outcome)
    assert found.brier == pytest.approx((0.01 + 0.36 + 0.36 + 0.01) / 4)
    assert (found.accuracy, found.decided, found.wrong_if_decided) == (0.5, 0.5, 0.0)
    assert calibration_error(chance, outcome) == pytest.approx((0.1 + 0.6 + 0.6 + 0.1) / 4)
    assert auc(chance, np.ones(4)) == 0.5


def test_a_trained_regression_finds_the_shares_it_was_trained_on() -> None:
    feature, outcome = np.repeat([0.0, 1.0], 100), np.concatenate([np.arange(100) < 30, np.arange(100) < 80])
    found = trained_logistic([feature], outcome.astype(float), [np.array([0.0, 1.0])])
    assert found == pytest.approx([0.3, 0.8], abs=0.001)


def test_the_rule_of_two_shapes_counts_what_it_says() -> None:
    trial = {
        "coachkit:now": np.array([0.9, 0.9, 0.1, 0.1, 0.9]),
        "levelling:now": np.array([0.85, 0.85, 0.1, 0.3, 0.5]),
        "outcome:now": np.array([1.0, 0.0, 1.0, 0.0, 1.0]),
    }
    assert dual_rule(trial, "now") == {
        "learners": 5,
        "confirmed": 2,
        "confirmed_wrongly": 1,
        "flagged": 1,
        "flagged_wrongly": 1,
    }


def test_every_method_speaks_for_every_learner() -> None:
    trial = run_trial(5, World(n_learners=12, n_coaches=3, capped_scenarios=3))
    for name in ("coachkit", "oracle", "full", "no severity", "no growth", "mixed", "caps as numbers"):
        chance = trial[f"{name}:later"]
        assert len(chance) == 12
        assert np.all((chance >= 0) & (chance <= 1))


def test_the_benchmark_runs_in_processes_and_labels_its_figures() -> None:
    tiny = Plan("T", "a tiny world", SMALL)
    found = run(2, 1, Programme(worlds=(tiny,), dual=(tiny,), statements=(tiny,), planted=SMALL))
    assert json.loads(json.dumps(found))["label"] == LABEL
    text = as_text(found)
    assert text.startswith("SIMULATED")
    assert "oracle" in text
    assert "strict coach" in text
    assert "As the product speaks" in text


def test_the_command_explains_itself() -> None:
    result = CliRunner().invoke(decisions, ["--help"])
    assert result.exit_code == 0
    for option in ("--json", "--populations", "--jobs"):
        assert option in result.output
