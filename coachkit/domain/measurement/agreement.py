"""How far raters agree: between coaches, and between a learner's own view and the coaches'."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

import numpy as np

from coachkit.domain.measurement.growth import DAYS_PER_MONTH
from coachkit.domain.measurement.ratings import Rating
from coachkit.domain.measurement.table import Floats

_RESAMPLES = 1000
_SEED = 20_090_101
_NORMAL_90 = 1.6448536269514722
_LEAST_ATTEMPTS = 5
_LEAST_FOR_TREND = 4


@dataclass(frozen=True)
class Agreement:
    """Agreement between coaches over what two or more of them rated.

    Alpha is Krippendorff's for ordinal levels: 1 is perfect, 0 what chance gives. It is None where it cannot
    be stated, and `sentence` says why.
    """

    alpha: float | None
    low: float | None
    high: float | None
    exact: float | None
    within_one: float | None
    n_attempts: int
    n_pairs: int
    sentence: str


def ordinal_alpha(units: Iterable[Sequence[int]], n_levels: int = 5) -> float | None:
    """Krippendorff's alpha for ordinal data; a unit is the list of levels (from 1) given to one thing."""
    total = np.zeros((n_levels, n_levels))
    for unit in units:
        total += _coincidences(unit, n_levels)
    return _alpha(total)


def _coincidences(unit: Sequence[int], n_levels: int) -> Floats:
    """Pairs of levels within one unit, each rating weighing 1/(m-1)."""
    counts = np.bincount(np.asarray(unit, dtype=np.int64) - 1, minlength=n_levels).astype(float)
    m = counts.sum()
    if m < 2:  # noqa: PLR2004 - one rating agrees with nothing
        return np.zeros((n_levels, n_levels))
    return np.asarray((np.outer(counts, counts) - np.diag(counts)) / (m - 1.0))


def _alpha(coincidences: Floats) -> float | None:
    margin = coincidences.sum(axis=0)
    n = margin.sum()
    if n < 2:  # noqa: PLR2004
        return None
    middle = np.cumsum(margin) - margin / 2.0
    distance = (middle[:, None] - middle[None, :]) ** 2
    expected = float((np.outer(margin, margin) * distance).sum()) / (n - 1.0)
    if expected <= 0.0:
        return None
    return float(1.0 - (coincidences * distance).sum() / expected)


def agreement(ratings: Iterable[Rating], *, n_levels: int = 5, seed: int = _SEED) -> Agreement:
    """Agreement over all that two or more coaches rated; the 90 % interval resamples whole attempts.

    Ratings at a scenario's maximum are left out: "at least 3" twice is not known to be agreement.
    """
    units: dict[str, dict[str, list[int]]] = {}
    for rating in sorted(ratings):
        if not rating.at_maximum:
            units.setdefault(rating.attempt, {}).setdefault(rating.criterion, []).append(rating.level)
    shared = {
        attempt: [levels for levels in by_criterion.values() if len(levels) > 1]
        for attempt, by_criterion in units.items()
    }
    attempts = [lists for lists in shared.values() if lists]
    pairs = [pair for lists in attempts for levels in lists for pair in combinations(levels, 2)]
    if not pairs:
        return Agreement(None, None, None, None, None, 0, 0, "No attempt was rated by two coaches.")
    gaps = np.array([abs(a - b) for a, b in pairs])
    exact, within = float((gaps == 0).mean()), float((gaps <= 1).mean())
    tables = np.array([sum((_coincidences(u, n_levels) for u in lists), np.zeros(())) for lists in attempts])
    alpha = _alpha(tables.sum(axis=0))
    low, high = _bootstrap(tables, seed) if alpha is not None else (None, None)
    if alpha is None:
        sentence = "All shared ratings are the same level, so agreement beyond chance cannot be stated."
    elif low is None:
        sentence = f"Only {len(attempts)} shared attempts: too few for an interval."
    else:
        sentence = f"Over {len(attempts)} shared attempts, coaches chose the same level {exact:.0%} of the time."
    return Agreement(alpha, low, high, exact, within, len(attempts), len(pairs), sentence)


def _bootstrap(tables: Floats, seed: int) -> tuple[float | None, float | None]:
    n = len(tables)
    if n < _LEAST_ATTEMPTS:
        return None, None
    weights = np.random.default_rng(seed).multinomial(n, np.full(n, 1.0 / n), size=_RESAMPLES)
    sums = np.tensordot(weights.astype(float), tables, axes=1)
    alphas = [alpha for alpha in map(_alpha, sums) if alpha is not None]
    low, high = np.quantile(alphas, [0.05, 0.95])
    return float(low), float(high)


def agreement_by_criterion(ratings: Iterable[Rating]) -> dict[str, Agreement]:
    """Agreement per criterion."""
    kept = sorted(ratings)
    return {
        criterion: agreement(r for r in kept if r.criterion == criterion)
        for criterion in sorted({r.criterion for r in kept})
    }


def agreement_by_pair(ratings: Iterable[Rating]) -> dict[tuple[str, str], Agreement]:
    """Agreement per pair of coaches who rated the same attempts."""
    kept = sorted(ratings)
    by_attempt: dict[str, set[str]] = {}
    for rating in kept:
        by_attempt.setdefault(rating.attempt, set()).add(rating.coach)
    pairs = sorted({pair for coaches in by_attempt.values() for pair in combinations(sorted(coaches), 2)})
    return {pair: agreement(r for r in kept if r.coach in pair) for pair in pairs}


@dataclass(frozen=True)
class RatedBoth:
    """What a learner and a coach said about the same criterion of the same attempt, after the reveal."""

    attempt: str
    skill: str
    on: date
    own: int
    coach: int
    max_level: int = 5


@dataclass(frozen=True)
class Gap:
    """Coach minus own rating in one skill, in levels: above zero, the coach saw more than the learner did."""

    skill: str
    mean: float | None
    low: float | None
    high: float | None
    trend_per_month: float | None
    trend_low: float | None
    trend_high: float | None
    n_attempts: int
    sentence: str


def self_coach_gaps(rows: Iterable[RatedBoth]) -> tuple[Gap, ...]:
    """The gap per skill with its interval and its trend; attempts, not single ratings, are the sample.

    Rows where either side is at the scenario's maximum are left out, for their difference is not known.
    """
    kept = [row for row in rows if row.max_level == 5 or max(row.own, row.coach) < row.max_level]  # noqa: PLR2004
    return tuple(
        _gap(skill, [row for row in kept if row.skill == skill]) for skill in sorted({row.skill for row in kept})
    )


def _gap(skill: str, rows: list[RatedBoth]) -> Gap:
    by_attempt: dict[tuple[date, str], list[int]] = {}
    for row in sorted(rows, key=lambda r: (r.on, r.attempt)):
        by_attempt.setdefault((row.on, row.attempt), []).append(row.coach - row.own)
    gaps = np.array([np.mean(values) for values in by_attempt.values()])
    months = np.array([on.toordinal() for on, _ in by_attempt]) / DAYS_PER_MONTH
    mean = float(gaps.mean())
    n = len(gaps)
    if n < 2:  # noqa: PLR2004
        sentence = "One attempt only: too little to tell a habit from a day."
        return Gap(skill, mean, None, None, None, None, None, n, sentence)
    half = _student_90(n - 1) * float(gaps.std(ddof=1)) / n**0.5
    trend = _trend(months, gaps)
    if mean - half > 0:
        sentence = "The coaches rate this skill above the learner's own view."
    elif mean + half < 0:
        sentence = "The learner's own view of this skill is above the coaches'."
    else:
        sentence = "Own view and coaches' view cannot be told apart on average."
    return Gap(skill, mean, mean - half, mean + half, *trend, n, sentence)


def _trend(months: Floats, gaps: Floats) -> tuple[float | None, float | None, float | None]:
    """Change of the gap per month, by least squares."""
    centred = months - months.mean()
    squares = float(centred @ centred)
    if len(gaps) < _LEAST_FOR_TREND or squares <= 0.0:
        return None, None, None
    slope = float(centred @ gaps) / squares
    rest = gaps - gaps.mean() - slope * centred
    free = len(gaps) - 2
    half = _student_90(free) * (float(rest @ rest) / free / squares) ** 0.5
    return slope, slope - half, slope + half


def _student_90(free: int) -> float:
    from scipy.stats import t  # noqa: PLC0415 - slow to import, and seldom needed

    return float(t.ppf(0.95, free))
