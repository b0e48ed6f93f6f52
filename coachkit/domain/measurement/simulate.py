"""Simulated populations with known truth: the only place where the method can be checked against it.

The order in which random numbers are drawn is part of the specification: a seed always gives the same people.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from coachkit.domain.measurement.growth import DAYS_PER_MONTH
from coachkit.domain.measurement.likelihood import category_probs_by_row
from coachkit.domain.measurement.ratings import LOWEST_LEVEL, Rating
from coachkit.domain.measurement.table import Floats, Ints, RatingTable, rating_table

Path = Callable[[Floats, Floats, Floats], Floats]
_SATURATION = 0.6  # per month
CRITERIA_PER_SKILL = 2


@dataclass(frozen=True)
class World:
    """How a simulated population is made. The defaults are those of the headline benchmark."""

    n_learners: int = 200
    n_coaches: int = 8
    n_scenarios: int = 6
    n_criteria: int = 6
    steps: tuple[float, ...] = (-2.0, -0.7, 0.7, 2.0)
    sd_coach: float = 0.6
    sd_scenario: float = 0.4
    sd_criterion: float = 0.4
    mean_level: float = -0.8
    sd_level: float = 0.9
    mean_rate: float = 0.25
    sd_rate: float = 0.15
    correlation: float = -0.2
    sd_day: float = 0.35
    sd_halo: float = 0.30
    attempts: tuple[int, int] = (4, 10)
    window: float = 3.0
    horizon: float = 6.0
    target: float = 0.70
    own_coach: float = 0.8
    double_rated: float = 0.15
    assignment: str = "own80"  # or "own_only", "sorted" (own coach only, by ability), "random"
    growth: str = "linear"  # or "saturating", "plateau"
    stops: float = 3.0  # the month in which growth stops on a plateau
    self_bias: float = 0.7
    self_sd: float = 0.6
    self_slope: float = -0.3
    capped_scenarios: int = 0  # how many scenarios can show no more than `cap`
    cap: int = 3
    sd_skill: float = 0.0  # how far a learner's skills differ; criteria are filed under skills in pairs
    sd_steps: float = 0.0  # how far criteria differ in their steps


@dataclass(frozen=True)
class Plants:
    """Peculiarities planted on purpose, to see whether they are found."""

    strict: tuple[int, float] | None = None  # coach, logits stricter than the others' mean
    drifting: tuple[int, float] | None = None  # coach, logits per month
    random_criterion: int | None = None  # rated without looking


@dataclass(frozen=True)
class Truth:
    """What the estimator is not told."""

    level: Floats
    rate: Floats
    coach: Floats
    scenario: Floats
    criterion: Floats
    steps: Floats
    now: Floats
    later: Floats
    population_mean: Floats
    population_covariance: Floats
    skills: Floats  # (learners, skills) deviations from the learner's measure
    own_steps: Floats  # (criteria, steps) deviations from the common steps


@dataclass(frozen=True)
class Population:
    """One simulated population: its ratings, its self-ratings and its truth."""

    world: World
    table: RatingTable
    self_level: Floats  # (attempts, criteria) own ratings from 0, never in the table
    truth: Truth = field(repr=False)

    def ratings(self, start: date = date(2026, 1, 1)) -> list[Rating]:
        """The same ratings as rows, with days and names; criteria are filed under skills in pairs."""
        table, top = self.table, self.world.n_criteria
        return [
            Rating(
                attempt=f"attempt-{j:06d}",
                coach=f"coach-{c:03d}",
                criterion=f"criterion-{i:02d}",
                learner=f"learner-{table.attempt_learner[j]:05d}",
                scenario=f"scenario-{table.attempt_scenario[j]:02d}",
                skill=f"skill-{min(i // CRITERIA_PER_SKILL, top):02d}",
                on=start + timedelta(days=int(table.attempt_time[j] * DAYS_PER_MONTH)),
                level=int(x) + LOWEST_LEVEL,
                max_level=int(ceiling) + LOWEST_LEVEL,
            )
            for j, c, i, x, ceiling in zip(
                table.attempt.tolist(),
                table.coach.tolist(),
                table.criterion.tolist(),
                table.level.tolist(),
                table.ceiling.tolist(),
                strict=True,
            )
        ]


def path_of(world: World) -> Path:
    """How a measure moves from its level (at month 0) by its rate."""
    if world.growth == "linear":
        return lambda level, rate, t: level + rate * t
    if world.growth == "saturating":  # the same gain at the horizon, approached exponentially
        whole = 1.0 - np.exp(-_SATURATION * world.horizon)
        return lambda level, rate, t: level + rate * world.horizon * (1 - np.exp(-_SATURATION * t)) / whole
    if world.growth == "plateau":  # with the window's length, learning stops on the day one looks
        return lambda level, rate, t: level + rate * np.minimum(t, world.stops)
    raise ValueError(f"There is no growth called {world.growth}.")


def draw_levels(rng: np.random.Generator, location: Floats, steps: Floats) -> Ints:
    """One level (from 0) per location; all with the same steps, or each with its own row of them."""
    own = np.broadcast_to(steps, (len(location), steps.shape[-1]))
    probs = category_probs_by_row(location, own)
    chance = rng.random(len(probs))[:, None]
    return np.asarray((probs.cumsum(axis=1) < chance).sum(axis=1), dtype=np.int64)


def _draw_people(rng: np.random.Generator, world: World) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    covariance = _population_covariance(world)
    growth = rng.multivariate_normal([world.mean_level, world.mean_rate], covariance, world.n_learners)
    coach = rng.normal(0, world.sd_coach, world.n_coaches)
    scenario = rng.normal(0, world.sd_scenario, world.n_scenarios)
    criterion = rng.normal(0, world.sd_criterion, world.n_criteria)
    return growth[:, 0], growth[:, 1], coach, scenario - scenario.mean(), criterion - criterion.mean()


def _population_covariance(world: World) -> Floats:
    shared = world.correlation * world.sd_level * world.sd_rate
    return np.array([[world.sd_level**2, shared], [shared, world.sd_rate**2]])


@dataclass(frozen=True)
class _Looks:
    """Which coach looked at which attempt."""

    attempt: Ints
    coach: Ints


def _draw_looks(rng: np.random.Generator, world: World, learner: Ints, ability: Floats) -> _Looks:
    n, coaches = len(learner), world.n_coaches
    alone = world.assignment in ("own_only", "sorted")
    own = rng.integers(0, coaches, world.n_learners)
    if world.assignment == "sorted":
        own = np.argsort(np.argsort(ability)) * coaches // world.n_learners
    if world.assignment == "own80":
        first = np.where(rng.random(n) < world.own_coach, own[learner], rng.integers(0, coaches, n))
    else:
        first = own[learner] if alone else rng.integers(0, coaches, n)
    double = rng.random(n) < (0.0 if alone else world.double_rated)
    second = (first + 1 + rng.integers(0, coaches - 1, n)) % coaches
    attempt = np.concatenate([np.arange(n), np.flatnonzero(double)])
    return _Looks(attempt, np.concatenate([first, second[double]]))


def simulate(seed: int, world: World | None = None, plants: Plants | None = None) -> Population:
    """Make one population."""
    world, plants = world or World(), plants or Plants()
    rng = np.random.default_rng(seed)
    steps, n_criteria = np.array(world.steps), world.n_criteria
    level, rate, coach, scenario, criterion = _draw_people(rng, world)
    if plants.strict is not None:
        others = np.delete(coach, plants.strict[0])
        coach[plants.strict[0]] = others.mean() + plants.strict[1]
    counts = rng.integers(world.attempts[0], world.attempts[1] + 1, world.n_learners)
    learner = np.repeat(np.arange(world.n_learners), counts)
    time = np.concatenate([np.sort(rng.uniform(0, world.window, n)) for n in counts])
    played = rng.integers(0, world.n_scenarios, len(learner))
    path = path_of(world)
    theta = path(level[learner], rate[learner], time) + rng.normal(0, world.sd_day, len(learner))
    looks = _draw_looks(rng, world, learner, level)
    halo = rng.normal(0, world.sd_halo, len(looks.attempt))
    attempt, who = np.repeat(looks.attempt, n_criteria), np.repeat(looks.coach, n_criteria)
    what = np.tile(np.arange(n_criteria), len(looks.attempt))
    place = theta[attempt] + np.repeat(halo, n_criteria)
    place = place - coach[who] - scenario[played[attempt]] - criterion[what]
    if plants.drifting is not None:
        moved = plants.drifting[1] * (time[attempt] - world.window / 2)
        place = place - np.where(who == plants.drifting[0], moved, 0.0)
    skills, own_steps = _draw_extras(seed, world)
    place = place + skills[learner[attempt], what // CRITERIA_PER_SKILL]
    shown = draw_levels(rng, place, steps + own_steps[what])
    self_level = _draw_self(rng, world, (level, rate), learner, theta[:, None] - _hardness(scenario[played], criterion))
    if plants.random_criterion is not None:
        blind = what == plants.random_criterion
        shown[blind] = rng.integers(0, len(steps) + 1, int(blind.sum()))
    ceiling = np.where(played[attempt] < world.capped_scenarios, world.cap - LOWEST_LEVEL, len(steps))
    table = rating_table(
        attempt=attempt,
        coach=who,
        criterion=what,
        level=np.minimum(shown, ceiling),
        ceiling=ceiling,
        attempt_learner=learner,
        attempt_time=time,
        attempt_scenario=played,
        n_levels=len(steps) + 1,
        attempt_calendar=time - world.window / 2,
        n_learners=world.n_learners,
        n_coaches=world.n_coaches,
        n_scenarios=world.n_scenarios,
        n_criteria=n_criteria,
    )
    ends = [np.full(world.n_learners, t) for t in (world.window, world.horizon)]
    truth = Truth(
        level=level,
        rate=rate,
        coach=coach,
        scenario=scenario,
        criterion=criterion,
        steps=steps,
        now=path(level, rate, ends[0]),
        later=path(level, rate, ends[1]),
        population_mean=np.array([world.mean_level, world.mean_rate]),
        population_covariance=_population_covariance(world),
        skills=skills,
        own_steps=own_steps,
    )
    return Population(world, table, self_level, truth)


def _draw_extras(seed: int, world: World) -> tuple[Floats, Floats]:
    """Skill deviations and criteria's own steps, from a stream of their own: without them nothing else moves."""
    rng = np.random.default_rng([seed, 1])
    n_skills, n_steps = -(-world.n_criteria // CRITERIA_PER_SKILL), len(world.steps)
    skills = rng.normal(0, 1, (world.n_learners, n_skills)) * world.sd_skill
    own = rng.normal(0, 1, (world.n_criteria, n_steps)) * world.sd_steps
    return skills, own - own.mean(axis=1, keepdims=True)


def _hardness(scenario: Floats, criterion: Floats) -> Floats:
    return scenario[:, None] + criterion[None, :]


def _draw_self(
    rng: np.random.Generator, world: World, people: tuple[Floats, Floats], learner: Ints, place: Floats
) -> Floats:
    """Own ratings: too kind on average, kinder the weaker the learner, on the same scale."""
    half = world.window / 2
    ahead = people[0] + half * people[1] - (world.mean_level + half * world.mean_rate)
    bias = world.self_bias + world.self_slope * ahead + rng.normal(0, world.self_sd, world.n_learners)
    drawn = draw_levels(rng, (place + bias[learner][:, None]).ravel(), np.array(world.steps))
    return drawn.reshape(place.shape).astype(float)


def with_skills(population: Population, skills: tuple[int, ...]) -> Population:
    """The same population with its criteria filed under skills."""
    return replace(population, table=replace(population.table, criterion_skill=np.array(skills)))
