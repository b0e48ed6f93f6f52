"""Fitting the many-facet model: Newton steps on a Gaussian variational bound, variances by EM."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import norm

from coachkit.domain.measurement.blocks import Block, Sweep, blocks_of
from coachkit.domain.measurement.linear_algebra import (
    Contribution,
    Eliminated,
    Point,
    SharedSolution,
    eliminate,
    free_basis,
    look_variances,
    solve_shared,
)
from coachkit.domain.measurement.table import CORE, Features, Floats, Layout, RatingTable
from coachkit.domain.measurement.variances import Evidence, Variances, change, revised

# Above this many learners the variances are estimated on a sample of learners: they are known well enough.
VARIANCE_SAMPLE = 600
_MAX_ROUNDS = 60
_VARIANCE_TOLERANCE = 2e-3
_SPREAD_TOLERANCE = 1e-4
_MOVE_TOLERANCE = 1e-5
_RELAXATION = 1.6
# From this round on the point hardly moves: one plain Newton step per round, on the sweep already at hand.
_SETTLED = 5


@dataclass(frozen=True)
class Fit:
    """A fitted model on the logit scale, with everything needed to state its uncertainty."""

    layout: Layout
    variances: Variances
    theta: Floats  # per attempt
    local: Floats  # (learners, local): level, rate, skill deviations
    shared: Floats
    shared_covariance: Floats
    local_covariance: Floats  # (learners, local, local), uncertainty of the shared parameters included
    look_variance: Floats  # (attempts, skills), shared parameters taken as known
    toward: Floats  # (learners, local, shared): how a learner's parameters answer to the shared ones
    bound: float
    rounds: int

    @property
    def coach(self) -> Floats:
        return self.shared[self.layout.coach]

    @property
    def drift(self) -> Floats:
        return self.shared[self.layout.drift]

    @property
    def scenario(self) -> Floats:
        return self.shared[self.layout.scenario]

    @property
    def criterion(self) -> Floats:
        return self.shared[self.layout.criterion]

    @property
    def steps(self) -> Floats:
        return self.shared[self.layout.steps]

    @property
    def steps_by_criterion(self) -> Floats:
        return self.layout.steps_by_criterion(self.shared)

    @property
    def mean(self) -> Floats:
        return self.shared[self.layout.mean]

    def errors(self, where: slice) -> Floats:
        """Standard errors of a stretch of the shared parameters."""
        return np.sqrt(np.maximum(np.diag(self.shared_covariance)[where], 0.0))


@dataclass
class _State:
    """The point the iteration stands at."""

    theta: Floats
    local: Floats
    shared: Floats
    variances: Variances
    look_variance: list[Floats] | None = None
    sweeps: list[Sweep] = field(default_factory=list)
    bound: float = -np.inf


def fit(
    table: RatingTable,
    features: Features = CORE,
    *,
    start: Variances | None = None,
    estimate_variances: bool = True,
    fixed: Mapping[str, Floats] | None = None,
    variance_sample: int = VARIANCE_SAMPLE,
) -> Fit:
    """Fit the model, with the facets named in `fixed` held at known values.

    Facets are coach, drift, scenario, criterion, steps, deviations and mean.
    The bound is concave in everything but the variances and every step is deterministic: the same table gives
    the same result.
    """
    known = dict(fixed or {})
    begin = start or Variances()
    if estimate_variances and table.n_learners > variance_sample:
        chosen = np.unique(np.linspace(0, table.n_learners - 1, variance_sample).astype(np.int64))
        pilot = _Fitter(table.only_learners(chosen), features, begin, known).run(estimate_variances=True)
        fitter = _Fitter(table, features, pilot.variances, known)
        fitter.start_from(pilot)
        return fitter.run(estimate_variances=False)
    return _Fitter(table, features, begin, known).run(estimate_variances=estimate_variances)


class _Fitter:
    def __init__(
        self, table: RatingTable, features: Features, variances: Variances, fixed: Mapping[str, Floats]
    ) -> None:
        self.layout = layout = Layout.of(table, features)
        self.blocks = blocks_of(table, layout)
        self.start = variances
        self.fixed = frozenset(fixed)
        self.basis = free_basis(layout, self.fixed)
        shared = np.zeros(layout.size)
        if layout.n_steps > 1:
            shared[layout.steps] = np.linspace(-1.5, 1.5, layout.n_steps)
        for name, value in fixed.items():
            shared[getattr(layout, name)] = value
        theta = np.zeros(table.n_attempts)
        self.state = _State(theta, np.zeros((table.n_learners, layout.n_local)), shared, variances)

    def start_from(self, pilot: Fit) -> None:
        """Begin at the shared parameters of a fit to a sample, every learner on the population's line."""
        state, n_growth = self.state, self.layout.features.n_growth
        state.shared = pilot.shared.copy()
        state.local[:, :n_growth] = pilot.mean
        for block in self.blocks:
            state.theta[block.attempts] = block.design @ pilot.mean

    def run(self, *, estimate_variances: bool) -> Fit:
        self._sweep_here()
        rounds = 0
        for rounds in range(1, _MAX_ROUNDS + 1):
            gone, solution = self._newton(_newton_steps(rounds), careful=rounds < _SETTLED)
            moved = self._widen(gone)
            if estimate_variances:
                relaxation = _RELAXATION if rounds > 1 else 1.0
                new = revised(self.start, self.state.variances, self._evidence(gone, solution), relaxation)
                moved = change(self.state.variances, new, self.layout.features.n_growth)
                self.state.variances = new
            if moved < (_VARIANCE_TOLERANCE if estimate_variances else _SPREAD_TOLERANCE):
                break
            if rounds + 1 < _SETTLED:
                self._sweep_here()
        self._sweep_here()
        gone, solution = self._newton(_newton_steps(1), careful=True)
        return self._result(gone, solution, rounds)

    def _sweep_here(self) -> None:
        state = self.state
        state.sweeps = self._sweeps(state.theta, state.local, state.shared)
        state.bound = self._bound(state.theta, state.local, state.shared, state.sweeps)

    def _sweeps(self, theta: Floats, local: Floats, shared: Floats) -> list[Sweep]:
        spreads = self.state.look_variance
        return [
            block.sweep(theta[block.attempts], local[block.learners], shared, None if spreads is None else spreads[k])
            for k, block in enumerate(self.blocks)
        ]

    def _bound(self, theta: Floats, local: Floats, shared: Floats, sweeps: list[Sweep]) -> float:
        """Expected log-likelihood plus log-priors, up to constants."""
        layout, variances = self.layout, self.state.variances
        n_growth = layout.features.n_growth
        precision = np.linalg.inv(variances.learner_covariance(n_growth))
        ahead = local[:, :n_growth] - shared[layout.mean]
        value = float(sum(sweep.log_likelihood for sweep in sweeps))
        for block in self.blocks:
            own = local[block.learners, :n_growth]
            lag = theta[block.attempts] - np.einsum("jp,jp->j", block.design, own[block.learner])
            value -= 0.5 * float(lag @ lag) * variances.day**-2
        value -= 0.5 * float(np.einsum("lp,pr,lr->", ahead, precision, ahead))
        value -= 0.5 * float(np.sum(local[:, n_growth:] ** 2)) * variances.skill**-2
        return value - 0.5 * float(variances.shared_precision(layout) @ shared**2)

    def _newton(self, steps: int, *, careful: bool) -> tuple[list[Eliminated], SharedSolution]:
        gone: list[Eliminated] = []
        for _ in range(steps):
            gone.clear()  # the next elimination needs the room
            gone, solution = self._eliminate()
            gain, length = self._move(gone, solution, careful=careful)
            if gain < 1e-8 * (1.0 + abs(self.state.bound)) and length < _MOVE_TOLERANCE:
                break
        return gone, solution

    def _eliminate(self) -> tuple[list[Eliminated], SharedSolution]:
        """Eliminate block by block; a sweep is used up by it, and its room is free again."""
        state, size = self.state, self.layout.size
        gone, information, slope = [], np.zeros((size, size)), np.zeros(size)
        state.sweeps.reverse()
        for block in self.blocks:
            point = Point(state.theta[block.attempts], state.local[block.learners], state.shared)
            rest, part = eliminate(block, state.sweeps.pop(), point, state.variances)
            gone.append(rest)
            information += part.information
            slope += part.slope
        found = Contribution(information, slope)
        return gone, solve_shared(found, state.shared, self.layout, self.basis, state.variances)

    def _move(self, gone: list[Eliminated], solution: SharedSolution, *, careful: bool) -> tuple[float, float]:
        """Take the Newton step; a careful one is halved until the bound does not fall."""
        state = self.state
        local_move, theta_move = np.zeros_like(state.local), np.zeros_like(state.theta)
        for block, part in zip(self.blocks, gone, strict=True):
            own = part.local_move(solution.move)
            local_move[block.learners] = own
            theta_move[block.attempts] = part.theta_move(block, own, solution.move)
        step = 1.0
        while True:
            theta, local = state.theta + step * theta_move, state.local + step * local_move
            shared = state.shared + step * solution.move
            sweeps = self._sweeps(theta, local, shared)
            bound = self._bound(theta, local, shared, sweeps)
            kept = bound >= state.bound - 1e-9 * abs(state.bound)
            if kept or not careful or step < 1e-3:  # noqa: PLR2004 - ten halvings
                break
            step /= 2.0
        gain = abs(bound - state.bound)
        state.theta, state.local, state.shared = theta, local, shared
        state.sweeps, state.bound = sweeps, bound
        longest = max(float(np.max(np.abs(solution.move), initial=0.0)), float(np.max(np.abs(local_move), initial=0.0)))
        return gain, step * longest

    def _widen(self, gone: list[Eliminated]) -> float:
        """Renew the posterior variances the quadrature averages over; returns the largest change."""
        new = [look_variances(block, part) for block, part in zip(self.blocks, gone, strict=True)]
        old = self.state.look_variance
        self.state.look_variance = new
        if old is None:
            return np.inf
        return max((float(np.max(np.abs(a - b), initial=0.0)) for a, b in zip(new, old, strict=True)), default=0.0)

    def _evidence(self, gone: list[Eliminated], solution: SharedSolution) -> Evidence:
        state, layout = self.state, self.layout
        n_growth = layout.features.n_growth
        covariance = solution.covariance()
        day_squares = skill_squares = 0.0
        skill_count = 0
        learner_squares = np.zeros((n_growth, n_growth))
        for block, part in zip(self.blocks, gone, strict=True):
            own = state.local[block.learners]
            lag = state.theta[block.attempts] - np.einsum("jp,jp->j", block.design, own[block.learner, :n_growth])
            reach = block_reach(block, part)
            inner = np.einsum("jp,jpr,jr->j", reach, part.inverse[block.learner], reach)
            day_squares += float(lag @ lag + np.sum(part.weight + inner))
            ahead = own[:, :n_growth] - state.shared[layout.mean]
            answer = part.toward.copy()
            answer[:, :n_growth, layout.mean] += np.eye(n_growth)
            inverse = part.inverse + _propagated(answer, covariance)
            learner_squares += ahead.T @ ahead + inverse[:, :n_growth, :n_growth].sum(axis=0)
            if layout.n_deviating_skills:
                seen = block.seen_deviations
                diagonal = np.einsum("lpp->lp", inverse)[:, n_growth:]
                skill_squares += float(np.sum((own[:, n_growth:] ** 2 + diagonal)[seen]))
                skill_count += int(seen.sum())
        squares, counts = {}, {}
        squares["day"], counts["day"] = day_squares, float(len(state.theta))
        if layout.n_deviating_skills:
            squares["skill"], counts["skill"] = skill_squares, float(skill_count)
        for name, count in self._free_counts().items():
            where = getattr(layout, name)
            squares[name] = float(np.sum(state.shared[where] ** 2) + np.trace(covariance[where, where]))
            counts[name] = count
        return Evidence(squares, counts, learner_squares, len(state.local))

    def _free_counts(self) -> dict[str, float]:
        """Degrees of freedom of each facet whose variance can be estimated."""
        layout = self.layout
        free = {
            "coach": layout.n_coaches,
            "drift": layout.n_coaches - 1 if layout.features.drift else 0,
            "scenario": layout.n_scenarios - 1,
            "criterion": layout.n_criteria - 1,
            "deviations": layout.n_criteria * (layout.n_steps - 1) if layout.features.partial_credit else 0,
        }
        least = {"coach": 2}
        return {n: float(k) for n, k in free.items() if n not in self.fixed and k >= least.get(n, 1)}

    def _result(self, gone: list[Eliminated], solution: SharedSolution, rounds: int) -> Fit:
        state, layout = self.state, self.layout
        covariance = solution.covariance()
        local_covariance = np.zeros((len(state.local), layout.n_local, layout.n_local))
        toward = np.zeros((len(state.local), layout.n_local, layout.size))
        look_variance = np.zeros((len(state.theta), max(layout.n_deviating_skills, 1)))
        for block, part in zip(self.blocks, gone, strict=True):
            local_covariance[block.learners] = part.inverse + _propagated(part.toward, covariance)
            toward[block.learners] = part.toward
            look_variance[block.attempts] = look_variances(block, part)
        return Fit(
            layout=layout,
            variances=state.variances,
            theta=state.theta,
            local=state.local,
            shared=state.shared,
            shared_covariance=covariance,
            local_covariance=local_covariance,
            look_variance=look_variance,
            toward=toward,
            bound=state.bound,
            rounds=rounds,
        )


def _newton_steps(rounds: int) -> int:
    """Many steps at first, then one per renewal of the variances: they only need to keep up."""
    return {1: 40, 2: 2, 3: 2, 4: 2}.get(rounds, 1)


def block_reach(block: Block, part: Eliminated) -> Floats:
    """How the day's own part of an attempt's measure answers to its learner's parameters."""
    reach = -part.weight[:, None] * part.pull
    reach[:, : block.layout.features.n_growth] -= block.design
    return reach


def _propagated(answer: Floats, covariance: Floats) -> Floats:
    """Covariance that learners inherit from the shared parameters."""
    n, p, size = answer.shape
    carried = (answer.reshape(n * p, size) @ covariance).reshape(n, p, size)
    return np.asarray(carried @ np.swapaxes(answer, 1, 2))


def growth_line(fitted: Fit, learners: ArrayLike, time: ArrayLike) -> tuple[Floats, Floats]:
    """Mean and standard deviation of learners' measures at a time on the fit's own axis."""
    n_growth = fitted.layout.features.n_growth
    own = np.asarray(learners, dtype=np.int64)
    at = np.broadcast_to(np.asarray(time, float), own.shape)
    design = np.stack([np.ones_like(at), at], axis=-1)[..., :n_growth]
    mean = np.einsum("lp,lp->l", design, fitted.local[own, :n_growth])
    covariance = fitted.local_covariance[own][:, :n_growth, :n_growth]
    return mean, np.sqrt(np.einsum("lp,lpr,lr->l", design, covariance, design))


def prob_at_least(fitted: Fit, learners: ArrayLike, time: ArrayLike, target: float) -> Floats:
    """Chance that each learner's measure at a time is at least `target` (normal approximation)."""
    mean, sd = growth_line(fitted, learners, time)
    return np.asarray(norm.cdf((mean - target) / sd))
