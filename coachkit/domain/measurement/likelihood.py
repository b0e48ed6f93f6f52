"""How likely a level is, given a location on the logit scale, and what a sweep over ratings needs of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from coachkit.domain.measurement.table import Floats, Ints

# Beyond these logits a level is certain to the last bit; the bound keeps every power of exp() finite.
_FAR = 40.0
# Three-point Gauss-Hermite rule for a normal posterior: exact for polynomials up to degree five.
_NODE = 3.0**0.5
_WEIGHT_CENTRE, _WEIGHT_SIDE = 2.0 / 3.0, 1.0 / 6.0


def category_probs(location: ArrayLike, steps: ArrayLike) -> Floats:
    """Probability of each level (columns, lowest first) at each location (rows)."""
    where, step = np.atleast_1d(np.asarray(location, float)), np.asarray(steps, float)
    return category_probs_by_row(where, np.broadcast_to(step, (len(where), len(step))))


def category_probs_by_row(location: Floats, steps: Floats) -> Floats:
    """The same where every row has its own steps."""
    logits = np.zeros((len(location), steps.shape[1] + 1))
    np.cumsum(location[:, None] - steps, axis=1, out=logits[:, 1:])
    if len(location):
        logits -= logits.max(axis=1, keepdims=True)
    probs = np.exp(logits)
    probs /= probs.sum(axis=1, keepdims=True)
    return probs


def expected_score(location: ArrayLike, steps: ArrayLike, base: int = 1) -> Floats:
    """The level expected on average at each location, on the rubric's own scale (lowest level = base)."""
    probs = category_probs(location, steps)
    score: Floats = probs @ np.arange(base, base + probs.shape[1], dtype=float)
    return score


def ability_for_score(score: float, steps: ArrayLike, base: int = 1) -> float:
    """The location at which the expected level is `score`: the inverse of `expected_score`."""
    step = np.asarray(steps, float)
    lowest, highest = base, base + len(step)
    if not lowest < score < highest:
        raise ValueError(f"A score strictly between {lowest} and {highest} has a location; {score} has none.")
    edge = float(np.max(np.abs(step), initial=0.0)) + 30.0
    return float(brentq(lambda at: float(expected_score(at, step, base)[0]) - score, -edge, edge))


@dataclass(frozen=True)
class StepMoments:
    """What a group of ratings says at one point: per step m, chance of reaching it, and its curvature."""

    log_likelihood: float  # without the part that is linear in the parameters; see `linear_log_likelihood`
    residual: Floats  # (steps, n) observed minus expected "level m reached"
    curvature: Floats  # (steps, n) information between "level m reached" and the level itself
    pair_information: Floats  # (segments, steps, steps) information among steps, summed per segment


@dataclass(frozen=True)
class RatingGroup:
    """Ratings with one ceiling, sorted by criterion; `starts` are where each criterion's ratings begin."""

    rows: slice
    ceiling: int
    level: Ints
    hit: Ints  # positions within the group of ratings that reach a ceiling below the top
    starts: Ints
    reached: Floats  # (steps, n) 1 where the rating reached the step


def rating_group(rows: slice, ceiling: int, n_steps: int, level: Ints, criterion: Ints) -> RatingGroup:
    """Prepare one group; `level` and `criterion` are those of its rows."""
    censored = level == ceiling if ceiling < n_steps else np.zeros(len(level), dtype=bool)
    starts = np.flatnonzero(np.diff(criterion, prepend=-1))
    reached = (level[None, :] > np.arange(n_steps)[:, None]).astype(float)
    return RatingGroup(rows, ceiling, level, np.flatnonzero(censored), starts, reached)


def step_moments(
    group: RatingGroup, odds: Floats, step_odds: Floats, spread: Floats | None, *, per_segment: bool
) -> StepMoments:
    """Average the rating likelihood and its derivatives over the posterior of the attempt's measure.

    `odds` is exp(location) per rating, `step_odds` exp(-step), one row per step; `spread` is exp(sqrt(3) sd)
    per rating, or None to take the measure as known.
    """
    n_steps, n = group.reached.shape
    starts = group.starts if per_segment else np.zeros(min(n, 1), dtype=np.int64)
    total = _Totals(n_steps, n, starts, group)
    if spread is None:
        total.add(1.0, odds, step_odds)
    else:
        total.add(_WEIGHT_CENTRE, odds, step_odds)
        total.add(_WEIGHT_SIDE, odds * spread, step_odds)
        total.add(_WEIGHT_SIDE, odds / spread, step_odds)
    return total.moments()


class _Totals:
    """Running averages over the quadrature nodes."""

    def __init__(self, n_steps: int, n: int, starts: Ints, group: RatingGroup) -> None:
        self.group = group
        self.starts = starts
        self.bounds = [*starts.tolist(), n]
        self.n_steps = n_steps
        self.log_likelihood = 0.0
        self.chance = np.zeros((n_steps, n))  # P(level m reached)
        self.product = np.zeros((n_steps, n))  # P(m reached) times the expected level
        self.pair = np.zeros((len(starts), n_steps, n_steps))
        self.observed = group.reached
        self.capped = group.ceiling < n_steps
        if self.capped:
            self.observed = group.reached.copy()
            self.observed[:, group.hit] = 0.0
            self.tail_chance = np.zeros((n_steps, n))

    def add(self, weight: float, odds: Floats, step_odds: Floats) -> None:
        n_steps = self.n_steps
        chance = np.empty_like(self.chance)
        np.multiply(odds, step_odds[0], out=chance[0])
        for m in range(1, n_steps):
            np.multiply(odds, step_odds[m], out=chance[m])
            chance[m] *= chance[m - 1]
        for m in range(n_steps - 2, -1, -1):
            chance[m] += chance[m + 1]
        whole = chance[0] + 1.0
        self.log_likelihood -= weight * float(np.log(whole).sum())
        chance /= whole
        expected = chance.sum(axis=0)
        self._add_products(weight, chance, expected, 1.0)
        self.chance += weight * chance
        if self.capped:
            self._add_censoring(weight, chance, whole)

    def _add_products(self, weight: float, left: Floats, right_sum: Floats, sign: float) -> None:
        self.product += (sign * weight) * (left * right_sum)
        for k, (lo, hi) in enumerate(zip(self.bounds, self.bounds[1:], strict=False)):
            part = left[:, lo:hi]
            self.pair[k] -= (sign * weight) * (part @ part.T)

    def _add_censoring(self, weight: float, chance: Floats, whole: Floats) -> None:
        """What a ceiling takes away: above it, which level would have been reached is not seen.

        Expected (Fisher) information is used, which stays positive in every direction; the observed one
        need not.
        """
        ceiling = self.group.ceiling
        hit = self.group.hit
        reach = chance[ceiling - 1]  # P(level >= ceiling)
        tail = chance.copy()  # P(level >= max(m, ceiling))
        tail[:ceiling] = reach
        self.log_likelihood += weight * float(np.log(np.maximum(reach[hit], 1e-300) * whole[hit]).sum())
        self.observed[:, hit] += weight * (tail[:, hit] / np.maximum(reach[hit], 1e-300))
        root = tail / np.sqrt(np.maximum(reach, 1e-300))
        self._add_products(weight, root, root.sum(axis=0), -1.0)
        self.tail_chance += weight * tail

    def moments(self) -> StepMoments:
        chance = self.chance if not self.capped else self.chance - self.tail_chance
        number = np.arange(1, self.n_steps + 1, dtype=float)[:, None]
        above = np.zeros_like(chance)
        for m in range(self.n_steps - 2, -1, -1):
            np.add(above[m + 1], chance[m + 1], out=above[m])
        curvature = number * chance + above - self.product
        sums = np.add.reduceat(chance, self.starts, axis=1) if len(self.starts) else np.zeros((self.n_steps, 0))
        higher = np.maximum.outer(np.arange(self.n_steps), np.arange(self.n_steps))
        pair = self.pair + np.moveaxis(sums[higher], 2, 0)
        return StepMoments(self.log_likelihood, self.observed - self.chance, curvature, pair)


def bounded(location: Floats) -> Floats:
    """Locations kept where exp() and its powers stay finite."""
    return np.clip(location, -_FAR, _FAR)


def node_spread(variance: Floats) -> Floats:
    """How far the side nodes of the quadrature lie out, as a factor on the odds."""
    return np.exp(_NODE * np.sqrt(variance))
