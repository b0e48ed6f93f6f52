"""Infit and outfit: where ratings are more erratic, or more uniform, than the model can explain."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from coachkit.domain.measurement.estimate import Fit
from coachkit.domain.measurement.likelihood import category_probs, category_probs_by_row
from coachkit.domain.measurement.table import Floats, Ints, RatingTable, sum_by

_NORMAL_90 = 1.6448536269514722
# Mean squares within this band need no attention, however many ratings make them "significant".
_QUIET_LOW, _QUIET_HIGH = 0.7, 1.3


class FitStatus(StrEnum):
    """What the mean squares say."""

    EXPECTED = "expected"
    ERRATIC = "erratic"
    UNIFORM = "uniform"
    TOO_FEW = "too_few"


FIT_SENTENCES = {
    FitStatus.EXPECTED: "The ratings vary as the model expects.",
    FitStatus.ERRATIC: "The ratings are more erratic than the rest of the evidence can explain.",
    FitStatus.UNIFORM: "The ratings are more uniform than the model expects; levels may be given by habit.",
    FitStatus.TOO_FEW: "Too few ratings to judge how they vary.",
}
_LEAST_RATINGS = 12


@dataclass(frozen=True)
class MeanSquares:
    """Information-weighted (infit) and plain (outfit) mean squares, 1 where all is as modelled.

    `low` and `high` bound infit in nine of ten groups whose ratings follow the model.
    """

    infit: float
    outfit: float
    low: float
    high: float
    n_ratings: int
    status: FitStatus

    @property
    def sentence(self) -> str:
        return FIT_SENTENCES[self.status]


@dataclass(frozen=True)
class Residuals:
    """Per rating: squared residual, its expectation, and its fourth-moment excess."""

    square: Floats
    variance: Floats
    excess: Floats

    def mean_squares(self, group: Ints, n_groups: int) -> list[MeanSquares]:
        """Mean squares by group."""

        def total(values: Floats) -> Floats:
            return sum_by(group, values, n_groups)

        count = np.bincount(group, minlength=n_groups)
        information, squares = total(self.variance), total(self.square)
        plain = total(self.square / self.variance)
        spread = np.sqrt(total(self.excess))
        return [_mean_squares(squares[k], plain[k], information[k], spread[k], int(count[k])) for k in range(n_groups)]


def _mean_squares(squares: float, plain: float, information: float, spread: float, n: int) -> MeanSquares:
    if not n or information <= 0.0:
        return MeanSquares(1.0, 1.0, 0.0, 2.0, n, FitStatus.TOO_FEW)
    infit, half = float(squares / information), float(_NORMAL_90 * spread / information)
    low, high = max(0.0, 1.0 - half), 1.0 + half
    status = FitStatus.EXPECTED
    if n < _LEAST_RATINGS:
        status = FitStatus.TOO_FEW
    elif infit > max(high, _QUIET_HIGH):
        status = FitStatus.ERRATIC
    elif infit < min(low, _QUIET_LOW):
        status = FitStatus.UNIFORM
    return MeanSquares(infit, float(plain / n), low, high, n, status)


def residuals(table: RatingTable, fitted: Fit) -> Residuals:
    """Residual and expected variance of every rating at the attempt's estimated measure.

    The attempt's measure was estimated from these very ratings, so residuals are smaller than the ratings'
    own variance; the expectation is reduced accordingly. A scenario's ceiling is part of the expectation: a
    level that could not be shown is not missed.
    """
    location, known = _locations(table, fitted)
    number = np.arange(table.n_levels, dtype=float)
    shown = np.minimum(number[None, :], table.ceiling[:, None])
    probs = category_probs_by_row(location, fitted.steps_by_criterion[table.criterion])
    expected = (probs * shown).sum(axis=1)
    away = shown - expected[:, None]
    variance = np.maximum((probs * away**2).sum(axis=1), 1e-9)
    fourth = (probs * away**4).sum(axis=1)
    left = variance * np.clip(1.0 - variance * known, 0.05, 1.0)
    return Residuals((table.level - expected) ** 2, left, np.maximum(fourth - variance**2, 0.0))


def disagreement_ratio(table: RatingTable, fitted: Fit) -> float:
    """How much further coaches' looks at the same attempt lie apart than their ratings' own scatter explains.

    A ratio of mean squares (Cochran's Q over its degrees of freedom), at least 1. The model has no term for
    one coach's impression of one attempt, so coaches' intervals are stretched by its root.
    """
    location, _ = _locations(table, fitted)
    probs = category_probs_by_row(location, fitted.steps_by_criterion[table.criterion])
    number = np.arange(table.n_levels, dtype=float)
    expected = probs @ number
    variance = probs @ number**2 - expected**2
    free = table.ceiling == table.n_levels - 1
    look = table.attempt * max(table.n_coaches, 1) + table.coach
    looks, where = np.unique(look[free], return_inverse=True)
    information = np.maximum(sum_by(where, variance[free], len(looks)), 1e-9)
    place = sum_by(where, (table.level - expected)[free], len(looks)) / information
    attempts, group = np.unique(looks // max(table.n_coaches, 1), return_inverse=True)
    weight = sum_by(group, information, len(attempts))
    middle = sum_by(group, information * place, len(attempts)) / np.maximum(weight, 1e-9)
    degrees = len(looks) - len(attempts)
    scatter = float(np.sum(information * (place - middle[group]) ** 2))
    return max(1.0, scatter / degrees) if degrees else 1.0


def _locations(table: RatingTable, fitted: Fit) -> tuple[Floats, Floats]:
    layout = fitted.layout
    n_growth = layout.features.n_growth
    skill = table.criterion_skill[table.criterion] if layout.n_deviating_skills else np.zeros_like(table.criterion)
    learner = table.attempt_learner[table.attempt]
    location = fitted.theta[table.attempt] - fitted.coach[table.coach]
    location = location - fitted.scenario[table.attempt_scenario[table.attempt]] - fitted.criterion[table.criterion]
    if layout.n_deviating_skills:
        location = location + fitted.local[learner, n_growth + skill]
    if layout.features.drift:
        location = location - fitted.drift[table.coach] * table.attempt_calendar[table.attempt]
    return location, fitted.look_variance[table.attempt, skill]


def expected_level(fitted: Fit, location: float, criterion: int) -> float:
    """The level (from 1) an average coach gives on the average scenario at a location."""
    probs = category_probs(location - fitted.criterion[criterion], fitted.steps_by_criterion[criterion])
    return float(probs[0] @ np.arange(1, probs.shape[1] + 1))
