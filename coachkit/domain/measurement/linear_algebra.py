"""Exact elimination: attempts first, then learners; only the shared parameters meet in one dense matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import scipy.linalg as sl
import scipy.sparse as sp

from coachkit.domain.measurement.blocks import Block, Sweep
from coachkit.domain.measurement.table import Floats, Layout
from coachkit.domain.measurement.variances import Variances


def sum_to_zero(n: int) -> Floats:
    """An orthonormal basis of the vectors of length n that sum to zero."""
    return np.asarray(sl.helmert(n).T, float) if n > 1 else np.zeros((n, 0))


def free_basis(layout: Layout, fixed: frozenset[str]) -> Floats:
    """Columns span the shared parameters that may move.

    The scenario bank and the rubric define the zero of their scales; coaches are a sample, so their mean is
    free. A drift common to all coaches cannot be told from growth, so drifts sum to zero.
    """
    n_dev = layout.n_criteria if layout.features.partial_credit else 0
    parts = {
        "coach": np.eye(layout.n_coaches),
        "drift": sum_to_zero(layout.n_coaches if layout.features.drift else 0),
        "scenario": sum_to_zero(layout.n_scenarios),
        "criterion": sum_to_zero(layout.n_criteria),
        "steps": sum_to_zero(layout.n_steps),
        "deviations": np.kron(np.eye(n_dev), sum_to_zero(layout.n_steps)),
        "mean": np.eye(layout.features.n_growth),
    }
    columns = [part[:, :0] if name in fixed else part for name, part in parts.items()]
    return np.asarray(sl.block_diag(*columns), float)


@dataclass(frozen=True)
class Eliminated:
    """A block after its attempts and learners have been eliminated, with what is needed to go back."""

    weight: Floats  # (attempts) inverse information of each attempt's measure
    pull: Floats  # (attempts, local) information between an attempt and its learner's parameters
    shared_pull: sp.csr_matrix  # (attempts, coupled)
    inverse: Floats  # (learners, local, local) conditional covariance
    toward: Floats  # (learners, local, shared) conditional covariance times coupling
    theta_slope: Floats
    local_step: Floats  # (learners, local) what the learner would move if nothing shared moved

    def local_move(self, shared_move: Floats) -> Floats:
        move: Floats = self.local_step - self.toward @ shared_move
        return move

    def theta_move(self, block: Block, local_move: Floats, shared_move: Floats) -> Floats:
        n_coupled = block.layout.n_coupled
        pulled = np.einsum("jp,jp->j", self.pull, local_move[block.learner])
        move: Floats = self.weight * (self.theta_slope - pulled - self.shared_pull @ shared_move[:n_coupled])
        return move


@dataclass(frozen=True)
class Contribution:
    """What one block, or all of them together, add to the dense system of the shared parameters."""

    information: Floats
    slope: Floats


@dataclass(frozen=True)
class Point:
    """Where a block stands: its attempts' measures, its learners' parameters, and the shared ones."""

    theta: Floats
    local: Floats
    shared: Floats


def eliminate(block: Block, sweep: Sweep, point: Point, variances: Variances) -> tuple[Eliminated, Contribution]:
    """Eliminate one block's attempts (one number each) and learners (one small matrix each)."""
    layout = block.layout
    theta, local, shared = point.theta, point.local, point.shared
    day = variances.day**-2
    n_growth = layout.features.n_growth
    prior = _local_precision(layout, variances)
    lag = theta - np.einsum("jp,jp->j", block.design, local[block.learner, :n_growth])
    ahead = local[:, :n_growth] - shared[layout.mean]
    slope_theta = sweep.theta_slope - lag * day
    slope_local = np.zeros((block.n_learners, layout.n_local))
    slope_local[:, :n_growth] = block.to_learner @ (block.design * (lag * day)[:, None])
    slope_local[:, :n_growth] -= ahead @ prior[:n_growth, :n_growth]
    pull = np.concatenate([-block.design * day, sweep.look_information], axis=1)[:, : layout.n_local]
    if layout.n_deviating_skills:
        slope_local[:, n_growth:] = sweep.deviation_slope - local[:, n_growth:] * variances.skill**-2
    weight = 1.0 / (sweep.information + day)
    shared_pull = block.to_attempt @ sweep.cell_coupling
    pulls = shared_pull if _mostly_empty(shared_pull) else shared_pull.toarray()
    own = _local_information(block, sweep, pull, weight, day) + prior
    coupling = _local_coupling(block, sweep, weight[:, None] * pull, pulls, prior)
    inverse = np.linalg.inv(own).astype(np.float64)
    toward = inverse @ coupling
    weighted = weight * slope_theta
    right = slope_local - block.to_learner @ (pull * weighted[:, None])
    local_step = np.einsum("lpr,lr->lp", inverse, right)
    information, slope = np.zeros((layout.size, layout.size)), np.zeros(layout.size)
    n = layout.n_coupled
    information[:n, :n] = sweep.shared_information - _dense(_weighted(pulls, weight).T @ pulls)
    information[layout.mean, layout.mean] += block.n_learners * prior[:n_growth, :n_growth]
    flat = coupling.reshape(-1, layout.size)
    information -= flat.T @ toward.reshape(-1, layout.size)
    slope[:n] = sweep.shared_slope - shared_pull.T @ weighted
    slope[layout.mean] = ahead.sum(axis=0) @ prior[:n_growth, :n_growth]
    slope -= flat.T @ local_step.ravel()
    gone = Eliminated(weight, pull, shared_pull, inverse, toward, slope_theta, local_step)
    return gone, Contribution(information, slope)


_EMPTY = 16
"""With more columns than this for each entry of a row, skipping the zeros is faster than multiplying them."""

Pulls: TypeAlias = "Floats | sp.csr_matrix"


def _mostly_empty(matrix: sp.csr_matrix) -> bool:
    return bool(matrix.shape[0] * matrix.shape[1] > _EMPTY * matrix.nnz)


def _weighted(pulls: Pulls, weight: Floats) -> Pulls:
    weighted: Pulls = sp.diags(weight) @ pulls if sp.issparse(pulls) else pulls * weight[:, None]
    return weighted


def _dense(matrix: Pulls) -> Floats:
    return matrix if isinstance(matrix, np.ndarray) else np.asarray(matrix.toarray())


def _local_precision(layout: Layout, variances: Variances) -> Floats:
    n_growth = layout.features.n_growth
    precision = np.zeros((layout.n_local, layout.n_local))
    precision[:n_growth, :n_growth] = np.linalg.inv(variances.learner_covariance(n_growth))
    number = np.arange(n_growth, layout.n_local)
    precision[number, number] = variances.skill**-2
    return precision


def _local_information(block: Block, sweep: Sweep, pull: Floats, weight: Floats, day: float) -> Floats:
    n_local, n_growth = block.layout.n_local, block.layout.features.n_growth
    per_attempt = -weight[:, None, None] * pull[:, :, None] * pull[:, None, :]
    per_attempt[:, :n_growth, :n_growth] += day * block.design[:, :, None] * block.design[:, None, :]
    number = np.arange(n_growth, n_local)
    if len(number):
        per_attempt[:, number, number] += sweep.look_information
    total = block.to_learner @ per_attempt.reshape(len(per_attempt), n_local**2)
    return np.asarray(total).reshape(block.n_learners, n_local, n_local)


def _local_coupling(block: Block, sweep: Sweep, weighted_pull: Floats, pulls: Pulls, prior: Floats) -> Floats:
    layout, n_growth = block.layout, block.layout.features.n_growth
    coupling = np.zeros((block.n_learners, layout.n_local, layout.size))
    n = layout.n_coupled
    for p in range(layout.n_local):
        coupling[:, p, :n] = _dense(block.weighted_to_learner(-weighted_pull[:, p]) @ pulls)
    coupling[:, :n_growth, layout.mean] = -prior[:n_growth, :n_growth]
    if layout.n_deviating_skills:
        direct = _dense(block.to_deviation @ sweep.cell_coupling)
        coupling[:, n_growth:, :n] += direct.reshape(block.n_learners, -1, n)
    return coupling


@dataclass(frozen=True)
class SharedSolution:
    """The dense system, factorised: the Newton step and the covariance of the shared parameters."""

    move: Floats
    basis: Floats
    factor: tuple[Floats, bool] | None

    def covariance(self) -> Floats:
        if self.factor is None:
            return np.zeros((len(self.basis), len(self.basis)))
        inner = sl.cho_solve(self.factor, self.basis.T)
        whole: Floats = self.basis @ inner
        return (whole + whole.T) / 2.0


def solve_shared(
    found: Contribution, shared: Floats, layout: Layout, basis: Floats, variances: Variances
) -> SharedSolution:
    """Add the priors to what all blocks found, and solve for the shared parameters' move."""
    if not basis.shape[1]:
        return SharedSolution(np.zeros(layout.size), basis, None)
    precision = variances.shared_precision(layout)
    information = np.diag(precision) + found.information
    slope = found.slope - precision * shared
    factor = sl.cho_factor(basis.T @ information @ basis)
    move: Floats = basis @ sl.cho_solve(factor, basis.T @ slope)
    return SharedSolution(move, basis, factor)


def look_variances(block: Block, gone: Eliminated) -> Floats:
    """Posterior variance of the measure behind each (attempt, skill), shared parameters taken as known."""
    n_growth, n_skills = block.layout.features.n_growth, block.n_skills
    reach = -gone.weight[:, None] * gone.pull
    if not block.layout.n_deviating_skills:
        spread = np.einsum("jp,jpr,jr->j", reach, gone.inverse[block.learner], reach)
        return np.asarray((gone.weight + spread)[:, None])
    attempt, skill = block.seen_looks
    own = reach[attempt]
    own[np.arange(len(own)), n_growth + skill] += 1.0
    inner = np.einsum("jp,jpr,jr->j", own, gone.inverse[block.learner[attempt]], own)
    variance = np.zeros((block.n_attempts, n_skills))
    variance[attempt, skill] = gone.weight[attempt] + inner
    return variance
