"""Which one more attempt would settle most of what is still open about a learner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from coachkit.domain.measurement.calibration import Calibration
from coachkit.domain.measurement.growth import DAYS_PER_MONTH, growth_axis
from coachkit.domain.measurement.likelihood import category_probs
from coachkit.domain.measurement.posterior import N_LEVELS
from coachkit.domain.measurement.profile import Aim, View, aim_weights
from coachkit.domain.measurement.ratings import HIGHEST_LEVEL, LOWEST_LEVEL
from coachkit.domain.measurement.table import Floats
from coachkit.domain.measurement.update import learner_views


@dataclass(frozen=True)
class Candidate:
    """An attempt that could be arranged: a scenario with its criteria, and the coach who would rate it."""

    scenario: str
    coach: str
    criteria: tuple[str, ...]
    max_level: int = HIGHEST_LEVEL


@dataclass(frozen=True)
class Observation:
    """What a candidate would narrow."""

    candidate: Candidate
    narrowing: float  # share by which the variance of what is in doubt falls, averaged over skills and shapes
    sentence: str


def next_observation(
    calibration: Calibration,
    learner_id: str,
    candidates: Iterable[Candidate],
    *,
    lines: Mapping[str, float] | None = None,
    on: date | None = None,
    seen: Sequence[View] | None = None,
) -> tuple[Observation, ...]:
    """Candidates, the most telling first.

    In doubt are the skills whose interval still holds their role line (`lines`), or every skill where no line
    is given or none is open. `seen` are the learner's views, where they are at hand. Between equally telling
    candidates, the scenario and coach come in alphabetical order.
    """
    labels = calibration.labels
    ratings = calibration.ratings_of(learner_id)
    day = on or calibration.as_of
    first = min((r.on for r in ratings), default=day)
    months = max((day - first).days, 0) / DAYS_PER_MONTH
    doubt = [Aim.at(labels, [k]) for k in _in_doubt(calibration, learner_id, lines or {})]
    usable = [c for c in candidates if _usable(c, calibration)]
    gains = np.zeros(len(usable))
    views = seen or learner_views(calibration, learner_id, ratings)
    for view in views:
        calendar = (day.toordinal() - labels.origin_day) / DAYS_PER_MONTH
        moment = _Moment(view, months, calendar)
        gains += [moment.narrowing(_numbers(c, calibration), c.max_level, doubt) for c in usable]
    seen_scenarios, seen_coaches = {r.scenario for r in ratings}, {r.coach for r in ratings}
    found = [
        Observation(c, float(gain / len(views)), _sentence(c, seen_scenarios, seen_coaches))
        for c, gain in zip(usable, gains, strict=True)
    ]
    return tuple(sorted(found, key=lambda o: (-round(o.narrowing, 9), o.candidate.scenario, o.candidate.coach)))


def _in_doubt(calibration: Calibration, learner_id: str, lines: Mapping[str, float]) -> list[int]:
    skills = calibration.labels.skills
    known = {result.learner: result for result in calibration.learners}
    if learner_id not in known:
        return list(range(len(skills)))
    open_skills = []
    for k, name in enumerate(skills):
        measure = known[learner_id].skill(name).measure
        if name in lines and (measure is None or measure.low < lines[name] < measure.high):
            open_skills.append(k)
    return open_skills or list(range(len(skills)))


def _usable(candidate: Candidate, calibration: Calibration) -> bool:
    """A coach new to the calibration cannot be allowed for yet, so neither can an attempt with one."""
    labels = calibration.labels
    return (
        candidate.coach in labels.coaches
        and candidate.scenario in labels.scenarios
        and bool(candidate.criteria)
        and set(candidate.criteria) <= set(labels.criteria)
        and LOWEST_LEVEL < candidate.max_level <= HIGHEST_LEVEL
    )


@dataclass(frozen=True)
class _Numbers:
    coach: int
    scenario: int
    criteria: tuple[int, ...]
    skills: tuple[int, ...]


def _numbers(candidate: Candidate, calibration: Calibration) -> _Numbers:
    labels = calibration.labels
    criteria = tuple(labels.criteria.index(c) for c in candidate.criteria)
    return _Numbers(
        coach=labels.coaches.index(candidate.coach),
        scenario=labels.scenarios.index(candidate.scenario),
        criteria=criteria,
        skills=tuple(labels.criterion_skill[c] for c in criteria),
    )


def _sentence(candidate: Candidate, scenarios: set[str], coaches: set[str]) -> str:
    news = [
        word
        for word, new in (
            ("a scenario not tried yet", candidate.scenario not in scenarios),
            ("a coach who has not rated this learner", candidate.coach not in coaches),
        )
        if new
    ]
    return "This attempt brings " + " and ".join(news) + "." if news else "This attempt adds to what is there."


class _Moment:
    """One learner under one shape at one time: what a further attempt would add."""

    def __init__(self, view: View, months: float, calendar: float) -> None:
        fitted, learner = view.fitted, view.learner
        self.fitted, self.calendar = fitted, calendar
        self.axis = float(growth_axis(view.shape, months))
        layout = fitted.layout
        answer, shared = fitted.toward[learner], fitted.shared_covariance
        across = -answer @ shared
        self.covariance = np.block([[fitted.local_covariance[learner], across], [across.T, shared]])
        self.state = np.concatenate([fitted.local[learner], fitted.shared])
        self.n_local = layout.n_local

    def narrowing(self, numbers: _Numbers, max_level: int, doubt: Sequence[Aim]) -> float:
        """Mean share of variance removed from the aims by rating one attempt on all its criteria."""
        design = np.array([self._design(numbers, k) for k in range(len(numbers.criteria))])
        information = self._information(design, numbers, max_level)
        noise = np.diag(1.0 / information) + self.fitted.variances.day**2
        carried = design @ self.covariance
        inner = np.linalg.inv(carried @ design.T + noise)
        shares = []
        for aim in doubt:
            weights = np.concatenate(aim_weights(self.fitted, aim, self.axis))
            pull = carried @ weights
            shares.append(float(pull @ inner @ pull) / max(float(weights @ self.covariance @ weights), 1e-12))
        return float(np.mean(shares))

    def _design(self, numbers: _Numbers, k: int) -> Floats:
        """How one rating would depend on the learner's own and the shared parameters."""
        layout = self.fitted.layout
        row = np.zeros(self.n_local + layout.size)
        row[: layout.features.n_growth] = [1.0, self.axis][: layout.features.n_growth]
        if layout.n_deviating_skills:
            row[layout.features.n_growth + numbers.skills[k]] = 1.0
        shared = row[self.n_local :]
        shared[layout.coach.start + numbers.coach] = -1.0
        if layout.features.drift:
            shared[layout.drift.start + numbers.coach] = -self.calendar
        shared[layout.scenario.start + numbers.scenario] = -1.0
        shared[layout.criterion.start + numbers.criteria[k]] = -1.0
        return row

    def _information(self, design: Floats, numbers: _Numbers, max_level: int) -> Floats:
        """Information of each rating at the expected location, less what the scenario cannot show."""
        level = np.arange(N_LEVELS, dtype=float)
        shown = np.minimum(level, max_level - LOWEST_LEVEL)
        found = []
        for row, criterion in zip(design, numbers.criteria, strict=True):
            probs = category_probs(row @ self.state, self.fitted.steps_by_criterion[criterion])[0]
            tail = shown == shown[-1]
            whole = _variance(probs, level)
            above = float(probs[tail].sum())
            lost = above * _variance(probs[tail] / above, level[tail]) if above > 0.0 else 0.0
            found.append(max(whole - lost, 1e-9))
        return np.array(found)


def _variance(probs: Floats, values: Floats) -> float:
    mean = float(probs @ values)
    return float(probs @ (values - mean) ** 2)
