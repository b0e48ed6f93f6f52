"""The encoded ratings: who was rated by whom, on what, when, as arrays that the estimator can sweep."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True)
class RatingTable:
    """Ratings of attempts, all facets numbered from 0, attempts sorted by learner.

    `level` counts from 0; `ceiling` is the highest level the scenario can show. A rating that reaches a
    ceiling below the top of the scale says "at least this" and is used as such.
    """

    attempt: Ints
    coach: Ints
    criterion: Ints
    level: Ints
    ceiling: Ints
    attempt_learner: Ints
    attempt_time: Floats  # months since the learner's first attempt
    attempt_calendar: Floats  # months on one clock for all, for coach drift
    attempt_scenario: Ints
    criterion_skill: Ints
    n_levels: int
    n_learners: int
    n_coaches: int
    n_scenarios: int

    @property
    def n_ratings(self) -> int:
        return len(self.level)

    @property
    def n_attempts(self) -> int:
        return len(self.attempt_learner)

    @property
    def n_criteria(self) -> int:
        return len(self.criterion_skill)

    @property
    def n_skills(self) -> int:
        return int(self.criterion_skill.max()) + 1 if len(self.criterion_skill) else 0

    @property
    def n_steps(self) -> int:
        return self.n_levels - 1

    def with_time(self, time: Floats) -> RatingTable:
        """The same ratings on another time axis (a levelling-off growth curve is linear on its own axis)."""
        return replace(self, attempt_time=np.asarray(time, float))

    def only_learners(self, learners: Ints) -> RatingTable:
        """The ratings of some learners, renumbered in the order given (which must be ascending)."""
        number = np.full(self.n_learners, -1, dtype=np.int64)
        number[learners] = np.arange(len(learners))
        keep_attempt = number[self.attempt_learner] >= 0
        new_attempt = np.cumsum(keep_attempt) - 1
        rows = keep_attempt[self.attempt]
        return replace(
            self,
            attempt=new_attempt[self.attempt[rows]],
            coach=self.coach[rows],
            criterion=self.criterion[rows],
            level=self.level[rows],
            ceiling=self.ceiling[rows],
            attempt_learner=number[self.attempt_learner[keep_attempt]],
            attempt_time=self.attempt_time[keep_attempt],
            attempt_calendar=self.attempt_calendar[keep_attempt],
            attempt_scenario=self.attempt_scenario[keep_attempt],
            n_learners=len(learners),
        )


def rating_table(
    *,
    attempt: ArrayLike,
    coach: ArrayLike,
    criterion: ArrayLike,
    level: ArrayLike,
    attempt_learner: ArrayLike,
    attempt_time: ArrayLike,
    attempt_scenario: ArrayLike,
    n_levels: int,
    ceiling: ArrayLike | None = None,
    attempt_calendar: ArrayLike | None = None,
    criterion_skill: ArrayLike | None = None,
    n_learners: int | None = None,
    n_coaches: int | None = None,
    n_scenarios: int | None = None,
    n_criteria: int | None = None,
) -> RatingTable:
    """Check and complete raw arrays. Attempts must come sorted by learner."""
    learner, level_ = _ints(attempt_learner), _ints(level)
    if np.any(np.diff(learner) < 0):
        raise ValueError("Attempts must be sorted by learner.")
    top = np.full(len(level_), n_levels - 1) if ceiling is None else _ints(ceiling)
    if np.any((level_ < 0) | (level_ > top) | (top >= n_levels)):
        raise ValueError("A level lies outside the scale, or above its scenario's ceiling.")
    triples = np.column_stack([_ints(attempt), _ints(coach), _ints(criterion)])
    if len(np.unique(triples, axis=0)) < len(triples):
        raise ValueError("A coach rates a criterion of an attempt once.")
    time = np.asarray(attempt_time, float)
    criteria = n_criteria if n_criteria is not None else _size(criterion)
    skill = np.zeros(criteria, dtype=np.int64) if criterion_skill is None else _ints(criterion_skill)
    return RatingTable(
        attempt=_ints(attempt),
        coach=_ints(coach),
        criterion=_ints(criterion),
        level=level_,
        ceiling=top,
        attempt_learner=learner,
        attempt_time=time,
        attempt_calendar=time if attempt_calendar is None else np.asarray(attempt_calendar, float),
        attempt_scenario=_ints(attempt_scenario),
        criterion_skill=skill,
        n_levels=n_levels,
        n_learners=n_learners if n_learners is not None else _size(learner),
        n_coaches=n_coaches if n_coaches is not None else _size(coach),
        n_scenarios=n_scenarios if n_scenarios is not None else _size(attempt_scenario),
    )


def sum_by(group: Ints, values: Floats, n_groups: int) -> Floats:
    """Sum values by group number."""
    return np.bincount(group, weights=values, minlength=n_groups).astype(np.float64)


def _ints(values: ArrayLike) -> Ints:
    return np.ascontiguousarray(values, dtype=np.int64)


def _size(values: ArrayLike) -> int:
    array = np.asarray(values)
    return int(array.max()) + 1 if array.size else 0


@dataclass(frozen=True)
class Features:
    """Which parts of the model are switched on. The rating-scale core has none of the first three."""

    partial_credit: bool = False
    skills: bool = False
    drift: bool = False
    growth: bool = True

    @property
    def n_growth(self) -> int:
        """Level alone, or level and rate."""
        return 2 if self.growth else 1


CORE = Features()
FULL = Features(partial_credit=True, skills=True, drift=True)


@dataclass(frozen=True)
class Layout:
    """Where each shared parameter sits in the one long vector of them.

    Outer facets (coach, drift, scenario) are constant within one coach's look at one attempt; inner ones
    (criterion, steps, step deviations) differ from rating to rating; the population mean comes last.
    """

    n_coaches: int
    n_scenarios: int
    n_criteria: int
    n_steps: int
    n_skills: int
    features: Features
    coach: slice = field(init=False)
    drift: slice = field(init=False)
    scenario: slice = field(init=False)
    criterion: slice = field(init=False)
    steps: slice = field(init=False)
    deviations: slice = field(init=False)
    mean: slice = field(init=False)

    def __post_init__(self) -> None:
        start = 0
        for name, size in (
            ("coach", self.n_coaches),
            ("drift", self.n_coaches if self.features.drift else 0),
            ("scenario", self.n_scenarios),
            ("criterion", self.n_criteria),
            ("steps", self.n_steps),
            ("deviations", self.n_criteria * self.n_steps if self.features.partial_credit else 0),
            ("mean", self.features.n_growth),
        ):
            object.__setattr__(self, name, slice(start, start + size))
            start += size

    @classmethod
    def of(cls, table: RatingTable, features: Features) -> Layout:
        return cls(
            n_coaches=table.n_coaches,
            n_scenarios=table.n_scenarios,
            n_criteria=table.n_criteria,
            n_steps=table.n_steps,
            n_skills=table.n_skills,
            features=features,
        )

    @property
    def n_outer(self) -> int:
        return int(self.scenario.stop)

    @property
    def n_coupled(self) -> int:
        """Parameters that touch ratings directly (all but the population mean)."""
        return int(self.mean.start)

    @property
    def size(self) -> int:
        return int(self.mean.stop)

    @property
    def n_deviating_skills(self) -> int:
        """Skill deviations per learner; none where there is but one skill to deviate from itself."""
        return self.n_skills if self.features.skills and self.n_skills > 1 else 0

    @property
    def n_local(self) -> int:
        """Parameters per learner: level, rate, and one deviation per skill."""
        return self.features.n_growth + self.n_deviating_skills

    def steps_by_criterion(self, shared: Floats) -> Floats:
        """Step difficulties of every criterion, one row each."""
        steps = np.repeat(shared[self.steps][None, :], self.n_criteria, axis=0)
        if self.features.partial_credit:
            steps = steps + shared[self.deviations].reshape(self.n_criteria, self.n_steps)
        return steps
