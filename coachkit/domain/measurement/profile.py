"""Measures on the rubric's own scale: per skill and for all skills together, always with an interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.stats import norm

from coachkit.domain.measurement.estimate import Fit
from coachkit.domain.measurement.growth import Shape, growth_axis, growth_months
from coachkit.domain.measurement.likelihood import category_probs
from coachkit.domain.measurement.posterior import Labels
from coachkit.domain.measurement.ratings import HIGHEST_LEVEL, LOWEST_LEVEL
from coachkit.domain.measurement.table import Floats

NORMAL_90 = 1.6448536269514722
_GRID = np.linspace(-16.0, 16.0, 1601)


@dataclass(frozen=True)
class Measure:
    """A fair average: the level an average coach would give on the average scenario, with a 90 % interval."""

    fair_average: float
    low: float
    high: float


@dataclass(frozen=True)
class Aim:
    """What is measured: one skill, or all of them together."""

    skills: tuple[int, ...]
    criteria: tuple[int, ...]
    weights: tuple[float, ...]  # per criterion, summing to 1; every skill counts the same

    @classmethod
    def at(cls, labels: Labels, skills: Sequence[int]) -> Aim:
        criteria: list[int] = []
        weights: list[float] = []
        for skill in skills:
            own = labels.criteria_of(skill)
            criteria += own
            weights += [1.0 / (len(own) * len(skills))] * len(own)
        return cls(tuple(skills), tuple(criteria), tuple(weights))


class Scale:
    """One fit's way between logits and fair averages, for one aim."""

    def __init__(self, fitted: Fit, aim: Aim) -> None:
        weights = np.asarray(aim.weights)
        own = fitted.criterion[list(aim.criteria)]
        self.middle = float(weights @ own)
        levels = np.arange(LOWEST_LEVEL, HIGHEST_LEVEL + 1, dtype=float)
        self.curve = np.zeros_like(_GRID)
        for k, weight, difficulty in zip(aim.criteria, weights, own, strict=True):
            place = _GRID + self.middle - difficulty
            self.curve += weight * (category_probs(place, fitted.steps_by_criterion[k]) @ levels)

    def fair_average(self, location: float) -> float:
        return float(np.interp(location, _GRID, self.curve))

    def location(self, fair_average: float) -> float:
        return float(np.interp(fair_average, self.curve, _GRID))


def standing(fitted: Fit, learner: int, aim: Aim, axis: float) -> tuple[float, float]:
    """Mean and standard deviation, in logits above the aim's criteria, at a point of the fit's time axis."""
    own, shared = aim_weights(fitted, aim, axis)
    answer = fitted.toward[learner]
    covariance = fitted.shared_covariance
    mean = float(own @ fitted.local[learner] + shared @ fitted.shared)
    variance = float(
        own @ fitted.local_covariance[learner] @ own
        + shared @ covariance @ shared
        - 2.0 * own @ answer @ covariance @ shared
    )
    return mean, max(variance, 1e-12) ** 0.5


def aim_weights(fitted: Fit, aim: Aim, axis: float) -> tuple[Floats, Floats]:
    """An aim as weights on a learner's own and on the shared parameters."""
    layout = fitted.layout
    own, shared = np.zeros(layout.n_local), np.zeros(layout.size)
    own[: layout.features.n_growth] = [1.0, axis][: layout.features.n_growth]
    if layout.n_deviating_skills:
        for skill in aim.skills:
            own[layout.features.n_growth + skill] = 1.0 / len(aim.skills)
    for criterion, weight in zip(aim.criteria, aim.weights, strict=True):
        shared[layout.criterion.start + criterion] -= weight
    return own, shared


class ScaleBook:
    """Scales made once per aim, for all learners of a fit."""

    def __init__(self) -> None:
        self._scales: dict[Aim, Scale] = {}

    def scale(self, fitted: Fit, aim: Aim) -> Scale:
        if aim not in self._scales:
            self._scales[aim] = Scale(fitted, aim)
        return self._scales[aim]


@dataclass(frozen=True)
class View:
    """One learner seen through one shape of growth."""

    shape: Shape
    fitted: Fit
    learner: int
    book: ScaleBook = field(default_factory=ScaleBook)

    def place(self, aim: Aim, months: float) -> tuple[float, float]:
        """Mean and standard deviation in logits."""
        return standing(self.fitted, self.learner, aim, self._axis(months))

    def measure(self, aim: Aim, months: float) -> Measure:
        mean, sd = self.place(aim, months)
        scale = self.book.scale(self.fitted, aim)
        low, middle, high = (scale.fair_average(mean + z * sd) for z in (-NORMAL_90, 0.0, NORMAL_90))
        return Measure(middle, low, high)

    def sd(self, aim: Aim, months: float) -> float:
        return self.place(aim, months)[1]

    def probability(self, aim: Aim, months: float, line: float) -> float:
        """Chance of standing at or above a line; for decisions between words, never for display."""
        mean, sd = self.place(aim, months)
        return float(norm.cdf((mean - self.book.scale(self.fitted, aim).location(line)) / sd))

    def months_to(self, aim: Aim, line: float) -> float | None:
        """When the expected path reaches a line; None where it never does."""
        mean, _ = standing(self.fitted, self.learner, aim, 0.0)
        rate = float(self.fitted.local[self.learner, 1]) if self.fitted.layout.features.growth else 0.0
        distance = self.book.scale(self.fitted, aim).location(line) - mean
        if distance <= 0.0:
            return 0.0
        return None if rate <= 0.0 else growth_months(self.shape, distance / rate)

    def _axis(self, months: float) -> float:
        return float(growth_axis(self.shape, months))


def both(views: Sequence[View], aim: Aim, months: float) -> Measure:
    """One measure from all shapes of growth, which count the same: where they differ, the interval is wider."""
    places = [view.place(aim, months) for view in views]
    mean = sum(place[0] for place in places) / len(places)
    variance = sum(sd**2 + (at - mean) ** 2 for at, sd in places) / len(places)
    scales = [view.book.scale(view.fitted, aim) for view in views]
    low, middle, high = (
        sum(scale.fair_average(mean + z * variance**0.5) for scale in scales) / len(scales)
        for z in (-NORMAL_90, 0.0, NORMAL_90)
    )
    return Measure(middle, low, high)
