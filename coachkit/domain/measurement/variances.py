"""How much learners, coaches, scenarios and days differ: defaults, and their estimation from the data."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from coachkit.domain.measurement.table import Floats, Layout


@dataclass(frozen=True)
class Variances:
    """Standard deviations in logits (learners: a covariance of level and rate), each with a prior.

    `day` is the form of the day shared by all ratings of one attempt.
    """

    day: float = 0.5
    coach: float = 0.7
    drift: float = 0.15  # per month
    scenario: float = 0.7
    criterion: float = 0.7
    steps: float = 2.0
    deviations: float = 0.3
    skill: float = 0.4
    learner: tuple[tuple[float, float], tuple[float, float]] = ((1.0, 0.0), (0.0, 0.04))
    mean: tuple[float, float] = (3.0, 1.0)

    def learner_covariance(self, n_growth: int) -> Floats:
        return np.asarray(self.learner, float)[:n_growth, :n_growth]

    def shared_precision(self, layout: Layout) -> Floats:
        """Prior precision of every shared parameter."""
        precision = np.zeros(layout.size)
        for where, sd in (
            (layout.coach, self.coach),
            (layout.drift, self.drift),
            (layout.scenario, self.scenario),
            (layout.criterion, self.criterion),
            (layout.steps, self.steps),
            (layout.deviations, self.deviations),
        ):
            precision[where] = sd**-2
        precision[layout.mean] = np.asarray(self.mean[: layout.features.n_growth]) ** -2.0
        return precision


# Prior weight of the defaults, in pseudo-observations: small data lean on them, large data forget them.
PRIOR_WEIGHT = {
    "day": 10.0,
    "coach": 4.0,
    "drift": 4.0,
    "scenario": 4.0,
    "criterion": 4.0,
    "deviations": 12.0,
    "skill": 12.0,
    "learner": 6.0,
}
SINGLE = ("day", "coach", "drift", "scenario", "criterion", "deviations", "skill")


@dataclass(frozen=True)
class Evidence:
    """Posterior sums of squares (with their uncertainty) and the counts behind them."""

    squares: dict[str, float]
    counts: dict[str, float]
    learner_squares: Floats
    n_learners: int


def revised(start: Variances, now: Variances, evidence: Evidence, relaxation: float) -> Variances:
    """One step of expectation-maximisation, stretched by `relaxation` because plain steps creep."""
    values: dict[str, float] = {}
    for name, squares in evidence.squares.items():
        weight, old = PRIOR_WEIGHT[name], float(getattr(now, name))
        target = ((weight * getattr(start, name) ** 2 + squares) / (weight + evidence.counts[name])) ** 0.5
        values[name] = old * (target / old) ** relaxation
    learner = _revised_learner(start, now, evidence, relaxation)
    return replace(replace(now, learner=learner), **values)  # type: ignore[arg-type]


def _revised_learner(
    start: Variances, now: Variances, evidence: Evidence, relaxation: float
) -> tuple[tuple[float, float], tuple[float, float]]:
    if not evidence.n_learners:
        return now.learner
    n = len(evidence.learner_squares)
    weight = PRIOR_WEIGHT["learner"]
    old = now.learner_covariance(n)
    target = weight * start.learner_covariance(n) + evidence.learner_squares
    target = target / (weight + evidence.n_learners)
    stretched = old + relaxation * (target - old)
    smallest = 1e-5
    new = stretched if float(np.linalg.eigvalsh(stretched).min()) > smallest else target
    whole = np.asarray(start.learner, float).copy()
    whole[:n, :n] = new
    return ((float(whole[0, 0]), float(whole[0, 1])), (float(whole[1, 0]), float(whole[1, 1])))


def change(old: Variances, new: Variances, n_growth: int) -> float:
    """The largest relative change between two steps."""
    moves = [abs(np.log(getattr(new, name) / getattr(old, name))) for name in SINGLE]
    diagonal = np.diag(new.learner_covariance(n_growth)) / np.diag(old.learner_covariance(n_growth))
    return float(max(*moves, *np.abs(np.log(diagonal))))
