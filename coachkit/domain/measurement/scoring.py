"""How good predictions are: ranking, squared error, honesty of the probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from scipy.stats import rankdata

from coachkit.domain.measurement.table import Floats

_SURE, _UNLIKELY = 0.8, 0.2


@dataclass(frozen=True)
class Score:
    """Figures for predicted probabilities against what came true."""

    accuracy: float
    auc: float
    brier: float
    ece: float
    decided: float  # share at .8 or above, or at .2 or below
    wrong_if_decided: float

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


def score(chance: Floats, outcome: Floats) -> Score:
    """Score probabilities against outcomes (0 or 1)."""
    true = outcome > 0
    low, high = chance <= _UNLIKELY, chance >= _SURE
    wrong = (low & true) | (high & ~true)
    return Score(
        accuracy=float(((chance >= 0.5) == true).mean()),  # noqa: PLR2004 - even odds
        auc=auc(chance, outcome),
        brier=float(np.mean((chance - outcome) ** 2)),
        ece=calibration_error(chance, outcome),
        decided=float((low | high).mean()),
        wrong_if_decided=float(wrong.sum() / max(1, int((low | high).sum()))),
    )


def auc(chance: Floats, outcome: Floats) -> float:
    """Chance that one who succeeds was predicted above one who does not; .5 where all end the same."""
    true = outcome > 0
    n_true, n_false = int(true.sum()), int((~true).sum())
    if not n_true or not n_false:
        return 0.5
    ranks = rankdata(chance)
    return float((ranks[true].sum() - n_true * (n_true + 1) / 2) / (n_true * n_false))


def calibration_error(chance: Floats, outcome: Floats, n_bins: int = 10) -> float:
    """Mean distance between predicted and observed shares over ten bins."""
    total = 0.0
    for _, predicted, observed, count in calibration_table(chance, outcome, n_bins):
        total += abs(predicted - observed) * count / len(chance)
    return total


def calibration_table(chance: Floats, outcome: Floats, n_bins: int = 10) -> list[tuple[int, float, float, int]]:
    """Per bin of predicted chance: its number, mean prediction, observed share and count."""
    where = np.clip((chance * n_bins).astype(int), 0, n_bins - 1)
    return [
        (k, float(chance[where == k].mean()), float(outcome[where == k].mean()), int((where == k).sum()))
        for k in range(n_bins)
        if (where == k).any()
    ]


def trained_logistic(
    features: Sequence[Floats], outcome: Floats, new_features: Sequence[Floats], ridge: float = 1e-4
) -> Floats:
    """Probabilities for new cases from a logistic regression trained on true outcomes."""
    x, new = (np.column_stack([np.ones(len(f[0])), *f]) for f in (features, new_features))
    penalty = np.full(x.shape[1], ridge)
    penalty[0] = 0.0
    weights = np.zeros(x.shape[1])
    for _ in range(50):
        chance = 1.0 / (1.0 + np.exp(-np.clip(x @ weights, -30, 30)))
        information = (x * (chance * (1 - chance))[:, None]).T @ x + np.diag(penalty + 1e-9)
        move = np.linalg.solve(information, x.T @ (outcome - chance) - penalty * weights)
        weights += move
        if np.max(np.abs(move)) < 1e-8:  # noqa: PLR2004
            break
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(new @ weights, -30, 30))))
