"""Static data with any facets: persons against items, raters, tasks, whatever the columns are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.linalg as sl
from numpy.typing import ArrayLike

from coachkit.domain.measurement.likelihood import (
    RatingGroup,
    StepMoments,
    bounded,
    node_spread,
    rating_group,
    step_moments,
)
from coachkit.domain.measurement.linear_algebra import sum_to_zero
from coachkit.domain.measurement.table import Floats, Ints, sum_by

_ROUNDS = 200
_TOLERANCE = 1e-6
_FLAT = 1e-6  # precision of a prior that says next to nothing


@dataclass(frozen=True)
class StaticFit:
    """Measures of persons and of all other facets, in logits; every facet but persons sums to zero."""

    persons: Mapping[str, tuple[float, float]]  # name: (measure, standard error)
    facets: Mapping[str, Mapping[str, tuple[float, float]]]
    steps: tuple[float, ...]
    person_mean: float
    person_sd: float
    rounds: int


def fit_static(
    levels: ArrayLike,
    facets: Mapping[str, Sequence[str]],
    *,
    person: str,
    n_levels: int | None = None,
    prior_sd: float | None = None,
) -> StaticFit:
    """Fit ratings (or right-and-wrong answers) counted from 0 to named facets, one entry per rating in each.

    Persons are a normal sample whose mean and spread are estimated; the other facets have a normal prior with
    `prior_sd`, or a flat one (None).
    """
    level = np.asarray(levels, dtype=np.int64)
    if person not in facets:
        raise ValueError(f"There is no facet called {person}.")
    if any(len(column) != len(level) for column in facets.values()):
        raise ValueError("Every facet needs one entry per rating.")
    top = int(level.max(initial=1)) if n_levels is None else n_levels - 1
    if len(level) and (level.min() < 0 or level.max() > top):
        raise ValueError("A level lies outside the scale.")
    return _StaticFitter(level, facets, person, top, prior_sd).run()


class _StaticFitter:
    def __init__(
        self,
        level: Ints,
        facets: Mapping[str, Sequence[str]],
        person: str,
        n_steps: int,
        prior_sd: float | None,
    ) -> None:
        self.n_steps = n_steps
        self.person_names, self.person = np.unique(np.asarray(facets[person], dtype=str), return_inverse=True)
        self.others = [name for name in facets if name != person]
        self.names, self.columns, start = {}, [], 0
        for name in self.others:
            self.names[name], number = np.unique(np.asarray(facets[name], dtype=str), return_inverse=True)
            self.columns.append(start + number)
            start += len(self.names[name])
        self.n_facet = start
        self.level = level
        self.group: RatingGroup = rating_group(
            slice(0, len(level)), n_steps, n_steps, level, np.zeros(len(level), dtype=np.int64)
        )
        self.precision = np.full(start + n_steps, _FLAT if prior_sd is None else prior_sd**-2)
        blocks = [sum_to_zero(len(self.names[name])) for name in self.others] + [sum_to_zero(n_steps)]
        self.basis = np.asarray(sl.block_diag(*blocks), float)
        self.shared = np.zeros(start + n_steps)
        if n_steps > 1:
            self.shared[start:] = np.linspace(-1.0, 1.0, n_steps)
        self.theta = np.zeros(len(self.person_names))
        self.mean, self.variance = 0.0, 1.0
        self.spread = np.zeros(len(self.theta))

    def run(self) -> StaticFit:
        rounds = 0
        moved = np.inf
        while moved > _TOLERANCE and rounds < _ROUNDS:
            rounds += 1
            moved, covariance = self._step()
            moved = max(moved, self._population())
        return self._result(rounds, covariance)

    def _moments(self, theta: Floats, shared: Floats) -> tuple[float, StepMoments]:
        place = theta[self.person]
        for column in self.columns:
            place = place - shared[column]
        steps = shared[self.n_facet :]
        linear = float(place @ self.level - steps @ self.group.reached.sum(axis=1))
        step_odds = np.exp(-steps)[:, None]
        spread = node_spread(self.spread)[self.person]
        found = step_moments(self.group, np.exp(bounded(place)), step_odds, spread, per_segment=False)
        value = linear + found.log_likelihood - 0.5 * float(self.precision @ shared**2)
        value -= 0.5 * float(np.sum((theta - self.mean) ** 2)) / self.variance
        return value, found

    def _step(self) -> tuple[float, Floats]:
        """One Newton step with persons eliminated, halved until the bound does not fall."""
        value, found = self._moments(self.theta, self.shared)
        n_persons = len(self.theta)
        residual, information = found.residual.sum(axis=0), found.curvature.sum(axis=0)
        slope_person = sum_by(self.person, residual, n_persons) - (self.theta - self.mean) / self.variance
        weight = 1.0 / (sum_by(self.person, information, n_persons) + 1.0 / self.variance)
        pull = self._pull(information, found.curvature)
        whole = self._shared_information(information, found) - (pull * weight[:, None]).T @ pull
        slope = self._shared_slope(residual, found.residual) - self.precision * self.shared
        slope -= pull.T @ (weight * slope_person)
        covariance, move = np.zeros_like(whole), np.zeros_like(self.shared)
        if self.basis.shape[1]:
            factor = sl.cho_factor(self.basis.T @ (whole + np.diag(self.precision)) @ self.basis)
            covariance = self.basis @ sl.cho_solve(factor, self.basis.T)
            move = covariance @ slope
        person_move = weight * (slope_person - pull @ move)
        step = 1.0
        while self._moments(self.theta + step * person_move, self.shared + step * move)[0] < value - 1e-9 * abs(value):
            step /= 2.0
            if step < 1e-3:  # noqa: PLR2004 - ten halvings
                break
        self.theta, self.shared = self.theta + step * person_move, self.shared + step * move
        carried = np.einsum("jp,pq,jq->j", pull, covariance, pull, optimize=True)
        self.spread, self.error = weight, np.sqrt(weight + weight**2 * carried)
        return step * max(_largest(person_move), _largest(move)), covariance

    def _population(self) -> float:
        """Renew the persons' mean and spread (expectation-maximisation, stretched); returns the change."""
        if not len(self.theta):
            return 0.0
        mean = float(self.theta.mean())
        target = (1.0 + float(np.sum((self.theta - mean) ** 2 + self.spread))) / (1.0 + len(self.theta))
        variance = self.variance * (target / self.variance) ** 1.6
        moved = float(max(abs(mean - self.mean), abs(variance - self.variance)))
        self.mean, self.variance = mean, variance
        return moved

    def _pull(self, information: Floats, curvature: Floats) -> Floats:
        n_persons, n_all = len(self.theta), len(self.shared)
        pull = np.zeros(n_persons * n_all)
        for column in self.columns:
            pull -= sum_by(self.person * n_all + column, information, n_persons * n_all)
        whole = pull.reshape(n_persons, n_all)
        for m in range(self.n_steps):
            whole[:, self.n_facet + m] = -sum_by(self.person, curvature[m], n_persons)
        return whole

    def _shared_information(self, information: Floats, found: StepMoments) -> Floats:
        n = len(self.shared)
        whole = np.zeros((n, n))
        for left in self.columns:
            for right in self.columns:
                whole += sum_by(left * n + right, information, n * n).reshape(n, n)
            for m in range(self.n_steps):
                part = sum_by(left, found.curvature[m], self.n_facet)
                whole[: self.n_facet, self.n_facet + m] += part
                whole[self.n_facet + m, : self.n_facet] += part
        if len(found.pair_information):
            whole[self.n_facet :, self.n_facet :] = found.pair_information[0]
        return whole

    def _shared_slope(self, residual: Floats, step_residual: Floats) -> Floats:
        slope = np.zeros(len(self.shared))
        for column in self.columns:
            slope[: self.n_facet] -= sum_by(column, residual, self.n_facet)
        slope[self.n_facet :] = -step_residual.sum(axis=1)
        return slope

    def _result(self, rounds: int, covariance: Floats) -> StaticFit:
        errors = np.sqrt(np.maximum(np.diag(covariance), 0.0))
        facets, start = {}, 0
        for name in self.others:
            where = range(start, start + len(self.names[name]))
            pairs = [(float(self.shared[k]), float(errors[k])) for k in where]
            facets[name] = dict(zip(self.names[name].tolist(), pairs, strict=True))
            start += len(self.names[name])
        persons = zip(self.theta.tolist(), self.error.tolist(), strict=True)
        return StaticFit(
            persons=dict(zip(self.person_names.tolist(), persons, strict=True)),
            facets=facets,
            steps=tuple(self.shared[self.n_facet :].tolist()),
            person_mean=self.mean,
            person_sd=self.variance**0.5,
            rounds=rounds,
        )


def _largest(values: Floats) -> float:
    return float(np.max(np.abs(values), initial=0.0))
