"""One simulated population decided upon by every method: what the benchmark repeats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from coachkit.domain.measurement.agreement import agreement
from coachkit.domain.measurement.calibrate import calibrate
from coachkit.domain.measurement.calibration import Calibration, Estimate
from coachkit.domain.measurement.estimate import Fit, fit, growth_line, prob_at_least
from coachkit.domain.measurement.fit_statistics import FitStatus
from coachkit.domain.measurement.gates import programme_gates
from coachkit.domain.measurement.growth import DAYS_PER_MONTH, START_VARIANCES, Shape, growth_axis
from coachkit.domain.measurement.likelihood import expected_score
from coachkit.domain.measurement.ratings import Rating
from coachkit.domain.measurement.simulate import Plants, Population, World, simulate, with_skills
from coachkit.domain.measurement.table import CORE, FULL, Features, Floats, Ints, sum_by
from coachkit.domain.measurement.variances import Variances

NORMAL_90 = 1.6448536269514722
Trial = dict[str, Floats]
MOMENTS = ("now", "later")


@dataclass(frozen=True)
class Methods:
    """Which of the costlier methods a trial includes."""

    ablations: bool = True
    full: bool = True


def run_trial(seed: int, world: World, methods: Methods | None = None) -> Trial:
    """Every method's predictions for one population, with the truth. Keys: method:moment."""
    chosen = methods or Methods()
    population = simulate(seed, world)
    trial = _raw_features(population)
    trial["truth:now"], trial["truth:later"] = population.truth.now, population.truth.later
    for moment in MOMENTS:
        trial[f"outcome:{moment}"] = (trial[f"truth:{moment}"] >= world.target).astype(float)
    linear = fit(population.table)
    _predict(trial, "coachkit", linear, world, Shape.LINEAR)
    _predict(trial, "oracle", _oracle(population), world, Shape.LINEAR)
    for name, shape in (("levelling", Shape.LEVELLING), ("logarithmic", Shape.LOGARITHMIC)):
        _predict(trial, name, _shaped(population, shape), world, shape)
    for moment in MOMENTS:
        trial[f"mixed:{moment}"] = (trial[f"coachkit:{moment}"] + trial[f"logarithmic:{moment}"]) / 2
    if chosen.ablations:
        blind = fit(population.table, fixed={"coach": np.zeros(world.n_coaches)})
        _predict(trial, "no severity", blind, world, Shape.LINEAR)
        still = fit(population.table, Features(growth=False))
        _predict(trial, "no growth", still, world, Shape.LINEAR)
    if chosen.full:
        skills = tuple(k // 2 for k in range(world.n_criteria))
        _predict(trial, "full", fit(with_skills(population, skills).table, FULL), world, Shape.LINEAR)
    if world.capped_scenarios:
        as_numbers = np.full(population.table.n_ratings, population.table.n_steps)
        naive = fit(replace(population.table, ceiling=as_numbers))
        _predict(trial, "caps as numbers", naive, world, Shape.LINEAR)
    trial["connected"] = np.array([float(programme_gates(population.ratings()).connected)])
    trial["errors"] = _recovery(linear, population)
    return trial


def _oracle(population: Population) -> Fit:
    """The same posterior with everything but the learners known: the limit of the data."""
    truth, world = population.truth, population.world
    covariance = truth.population_covariance
    known = Variances(
        day=float(np.hypot(world.sd_day, world.sd_halo)),
        learner=((covariance[0, 0], covariance[0, 1]), (covariance[1, 0], covariance[1, 1])),
    )
    fixed = {
        "coach": truth.coach,
        "scenario": truth.scenario,
        "criterion": truth.criterion,
        "steps": truth.steps,
        "mean": truth.population_mean,
    }
    return fit(population.table, start=known, estimate_variances=False, fixed=fixed)


def _shaped(population: Population, shape: Shape) -> Fit:
    table = population.table.with_time(growth_axis(shape, population.table.attempt_time))
    return fit(table, CORE, start=START_VARIANCES[shape])


def _predict(trial: Trial, name: str, fitted: Fit, world: World, shape: Shape) -> None:
    everyone = np.arange(world.n_learners)
    for moment, months in zip(MOMENTS, (world.window, world.horizon), strict=True):
        at = growth_axis(shape, months)
        trial[f"{name}:{moment}"] = prob_at_least(fitted, everyone, at, world.target)
        mean, sd = growth_line(fitted, everyone, at)
        trial[f"{name}:{moment}:error"] = mean - trial[f"truth:{moment}"]
        trial[f"{name}:{moment}:sd"] = sd


def _raw_features(population: Population) -> Trial:
    """What a spreadsheet would make of the same ratings."""
    table, world = population.table, population.world
    number = sum_by(table.attempt, np.ones(table.n_ratings), table.n_attempts)
    attempt = sum_by(table.attempt, np.asarray(table.level + 1.0), table.n_attempts) / number
    own = population.self_level.mean(axis=1) + 1.0
    groups = np.split(np.arange(table.n_attempts), np.flatnonzero(np.diff(table.attempt_learner)) + 1)
    lines = [_line(table.attempt_time[g], attempt[g], world) for g in groups]
    return {
        "raw mean": _per_learner(table.attempt_learner, attempt * number, number, world.n_learners),
        "last attempt": np.array([attempt[g[-1]] for g in groups]),
        "mean of last 3": np.array([attempt[g[-3:]].mean() for g in groups]),
        "self-rating": np.array([own[g[-1]] for g in groups]),
        "self, last 3": np.array([own[g[-3:]].mean() for g in groups]),
        "slope": np.array([line[0] for line in lines]),
        "trend line": np.array([line[1] for line in lines]),
    }


def _per_learner(learner: Ints, total: Floats, number: Floats, n: int) -> Floats:
    return np.asarray(sum_by(learner, total, n) / sum_by(learner, number, n))


def _line(time: Floats, mean: Floats, world: World) -> tuple[float, float]:
    slope, start = np.polyfit(time, mean, 1)
    return float(slope), float(start + slope * world.horizon)


def _recovery(fitted: Fit, population: Population) -> Floats:
    """Squared errors and coverage of coaches, scenarios, criteria; squared error of the steps."""
    truth = population.truth
    found = []
    for name in ("coach", "scenario", "criterion"):
        error = getattr(fitted, name) - getattr(truth, name)
        sd = fitted.errors(getattr(fitted.layout, name))
        found += [float(np.mean(error**2)), float(np.mean(np.abs(error) < NORMAL_90 * sd))]
    return np.array([*found, float(np.mean((fitted.steps - truth.steps) ** 2))])


def dual_rule(trial: Mapping[str, Floats], moment: str) -> dict[str, int]:
    """Act only where both shapes agree: how many confirmed and flagged, and how many of them wrongly."""
    chances = np.stack([trial[f"coachkit:{moment}"], trial[f"levelling:{moment}"]])
    true = trial[f"outcome:{moment}"] > 0
    confirmed, flagged = chances.min(axis=0) >= 0.8, chances.max(axis=0) <= 0.2  # noqa: PLR2004
    return {
        "learners": len(true),
        "confirmed": int(confirmed.sum()),
        "confirmed_wrongly": int((confirmed & ~true).sum()),
        "flagged": int(flagged.sum()),
        "flagged_wrongly": int((flagged & true).sum()),
    }


PLANTED_LEVELS, PLANTED_DRIFT_LEVELS = 0.8, 0.15  # levels; levels per month
START = date(2026, 1, 1)


def run_planted(seed: int, world: World) -> dict[str, bool]:
    """Plant a strict coach, a drifting coach and a criterion rated blindly, each alone; say which were found."""
    return {
        **_strict_coach(seed, world),
        **_drifting_coach(seed + 1, world),
        **_blind_criterion(seed + 2, world),
    }


def _planted(seed: int, world: World, plants: Plants) -> tuple[list[Rating], Calibration]:
    rows = simulate(seed, world, plants).ratings()
    last = START + timedelta(days=int(world.window * DAYS_PER_MONTH))
    return rows, calibrate(rows, as_of=last)


def _strict_coach(seed: int, world: World) -> dict[str, bool]:
    plants = Plants(strict=(0, _logits(PLANTED_LEVELS, world)))
    severity = _planted(seed, world, plants)[1].coaches[0].severity
    return {
        "strict coach inside its interval": _holds(severity, PLANTED_LEVELS),
        "strict coach told apart": severity is not None and severity.low > 0,
    }


def _drifting_coach(seed: int, world: World) -> dict[str, bool]:
    plants = Plants(drifting=(0, _logits(PLANTED_DRIFT_LEVELS, world)))
    drift = _planted(seed, world, plants)[1].coaches[0].drift
    return {
        "drift inside its interval": _holds(drift, PLANTED_DRIFT_LEVELS),
        "drift told apart": drift is not None and drift.low > 0,
    }


def _blind_criterion(seed: int, world: World) -> dict[str, bool]:
    rows, found = _planted(seed, world, Plants(random_criterion=0))
    blind, others = found.criteria[0], found.criteria[1:]
    alpha = agreement(r for r in rows if r.criterion == blind.criterion)
    inside = alpha.low is not None and alpha.high is not None and alpha.low <= 0 <= alpha.high
    return {
        "blind criterion's agreement interval holds chance": inside,
        "blind criterion flagged": blind.fit.status is FitStatus.ERRATIC,
        "no other criterion flagged": all(c.fit.status is not FitStatus.ERRATIC for c in others),
    }


def _holds(estimate: Estimate | None, truth: float) -> bool:
    return estimate is not None and estimate.low <= truth <= estimate.high


def _logits(levels: float, world: World) -> float:
    """The difference in logits that makes this difference in levels for the typical attempt."""
    typical = world.mean_level + world.mean_rate * world.window / 2
    steps, sizes = np.array(world.steps), np.linspace(0.0, 6.0, 2401)
    gap = expected_score(typical + sizes / 2, steps) - expected_score(typical - sizes / 2, steps)
    return float(np.interp(levels, gap, sizes))
