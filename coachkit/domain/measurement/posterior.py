"""A calibration's shared part, frozen, and what it says about one learner's ratings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from coachkit.domain.measurement.estimate import Fit, fit
from coachkit.domain.measurement.growth import DAYS_PER_MONTH, Shape, growth_axis
from coachkit.domain.measurement.ratings import HIGHEST_LEVEL, LOWEST_LEVEL, Rating
from coachkit.domain.measurement.table import Features, Floats, Layout, RatingTable, rating_table
from coachkit.domain.measurement.variances import Variances

N_LEVELS = HIGHEST_LEVEL - LOWEST_LEVEL + 1


@dataclass(frozen=True)
class Labels:
    """The names behind the numbers, sorted."""

    coaches: tuple[str, ...]
    scenarios: tuple[str, ...]
    criteria: tuple[str, ...]
    skills: tuple[str, ...]
    criterion_skill: tuple[int, ...]
    origin_day: int  # the ordinal day on which the common clock of coach drift stands at zero

    @classmethod
    def of(cls, ratings: Sequence[Rating]) -> Labels:
        skills = tuple(sorted({r.skill for r in ratings}))
        filed = {r.criterion: r.skill for r in ratings}
        criteria = tuple(sorted(filed))
        days = [r.on.toordinal() for r in ratings]
        return cls(
            coaches=tuple(sorted({r.coach for r in ratings})),
            scenarios=tuple(sorted({r.scenario for r in ratings})),
            criteria=criteria,
            skills=skills,
            criterion_skill=tuple(skills.index(filed[c]) for c in criteria),
            origin_day=(min(days) + max(days)) // 2 if days else 0,
        )

    def criteria_of(self, skill: int) -> list[int]:
        return [k for k, own in enumerate(self.criterion_skill) if own == skill]


def encode(ratings: Sequence[Rating], labels: Labels, learners: Sequence[str]) -> RatingTable:
    """Number ratings by the labels; time runs in months from each learner's first attempt."""
    learner_number = {name: k for k, name in enumerate(learners)}
    attempts = sorted({(learner_number[r.learner], r.on.toordinal(), r.attempt, r.scenario) for r in ratings})
    first: dict[int, int] = {}
    for learner, day, _, _ in attempts:
        first.setdefault(learner, day)
    attempt_number = {attempt: k for k, (_, _, attempt, _) in enumerate(attempts)}
    coach_number = {name: k for k, name in enumerate(labels.coaches)}
    scenario_number = {name: k for k, name in enumerate(labels.scenarios)}
    criterion_number = {name: k for k, name in enumerate(labels.criteria)}
    return rating_table(
        attempt=[attempt_number[r.attempt] for r in ratings],
        coach=[coach_number[r.coach] for r in ratings],
        criterion=[criterion_number[r.criterion] for r in ratings],
        level=[r.level - LOWEST_LEVEL for r in ratings],
        ceiling=[r.max_level - LOWEST_LEVEL for r in ratings],
        attempt_learner=[a[0] for a in attempts],
        attempt_time=[(a[1] - first[a[0]]) / DAYS_PER_MONTH for a in attempts],
        attempt_calendar=[(a[1] - labels.origin_day) / DAYS_PER_MONTH for a in attempts],
        attempt_scenario=[scenario_number[a[3]] for a in attempts],
        criterion_skill=labels.criterion_skill,
        n_levels=N_LEVELS,
        n_learners=len(learners),
        n_coaches=len(labels.coaches),
        n_scenarios=len(labels.scenarios),
        n_criteria=len(labels.criteria),
    )


@dataclass(frozen=True)
class Frozen:
    """What one shape's fit found out about coaches, scenarios, criteria, steps and the population."""

    shape: Shape
    features: Features
    variances: Variances
    shared: Floats
    covariance: Floats

    @classmethod
    def of(cls, shape: Shape, fitted: Fit) -> Frozen:
        return cls(shape, fitted.layout.features, fitted.variances, fitted.shared, fitted.shared_covariance)

    def layout(self, table: RatingTable) -> Layout:
        return Layout.of(table, self.features)

    def learner(self, table: RatingTable) -> Fit:
        """Re-estimate learners on a table with everything shared held where it is.

        The uncertainty of what is held is still carried into the learners' intervals.
        """
        on_axis = table.with_time(growth_axis(self.shape, table.attempt_time))
        layout = self.layout(table)
        known = {name: self.shared[getattr(layout, name)] for name in FACETS}
        found = fit(on_axis, self.features, start=self.variances, estimate_variances=False, fixed=known)
        carried = np.einsum("lpr,rs,lqs->lpq", found.toward, self.covariance, found.toward, optimize=True)
        return replace(
            found,
            shared_covariance=self.covariance,
            local_covariance=found.local_covariance + carried,
        )


FACETS = ("coach", "drift", "scenario", "criterion", "steps", "deviations", "mean")
