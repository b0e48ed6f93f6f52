"""From fits to results on the rubric's scale: learners, coaches, criteria and attempts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from coachkit.domain.measurement.calibration import (
    AttemptFit,
    CoachResult,
    CoachStatus,
    CriterionResult,
    Estimate,
    LearnerResult,
    SkillResult,
)
from coachkit.domain.measurement.estimate import Fit
from coachkit.domain.measurement.fit_statistics import (
    MeanSquares,
    disagreement_ratio,
    expected_level,
    residuals,
)
from coachkit.domain.measurement.gates import (
    EvidenceStatus,
    ExcludedCoach,
    ProgrammeGates,
    ProgrammeStatus,
    Thresholds,
    evidence_base,
    evidence_status,
)
from coachkit.domain.measurement.growth import DAYS_PER_MONTH, SHAPES
from coachkit.domain.measurement.posterior import Labels
from coachkit.domain.measurement.profile import NORMAL_90, Aim, ScaleBook, View, both
from coachkit.domain.measurement.ratings import Rating
from coachkit.domain.measurement.table import RatingTable


@dataclass(frozen=True)
class Ground:
    """What every learner's result stands on."""

    labels: Labels
    gates: ProgrammeGates
    thresholds: Thresholds


def learner_result(learner: str, views: Sequence[View], ratings: Sequence[Rating], ground: Ground) -> LearnerResult:
    """What can be said about one learner: per skill, and together where every skill has been rated."""
    report = _LearnerReport(views, ground, learner in ground.gates.main_learners, span_months(ratings))
    labels = ground.labels
    skills = [
        report.result(name, Aim.at(labels, [k]), [r for r in ratings if r.skill == name])
        for k, name in enumerate(labels.skills)
    ]
    together = report.result(None, Aim.at(labels, range(len(labels.skills))), ratings)
    unrated = any(result.base.n_ratings == 0 for result in skills)
    if together.status is EvidenceStatus.MEASURED and unrated:
        together = SkillResult(None, EvidenceStatus.NOT_ALL_SKILLS, together.base, None, together.raw_mean)
    return LearnerResult(learner, together, tuple(skills))


@dataclass(frozen=True)
class _LearnerReport:
    views: Sequence[View]
    ground: Ground
    linked: bool
    months: float

    def result(self, name: str | None, aim: Aim, ratings: Sequence[Rating]) -> SkillResult:
        base = evidence_base(ratings)
        status = evidence_status(base, linked=self.linked, gates=self.ground.gates, thresholds=self.ground.thresholds)
        measured = status is EvidenceStatus.MEASURED
        measure = both(self.views, aim, self.months) if measured else None
        levels = [r.level for r in ratings if not r.at_maximum]
        raw = float(np.mean(levels)) if levels else None
        return SkillResult(name, status, base, measure, raw)


def span_months(ratings: Sequence[Rating]) -> float:
    """Months from a learner's first attempt to the last: the moment a measure speaks of."""
    days = [r.on.toordinal() for r in ratings]
    return (max(days) - min(days)) / DAYS_PER_MONTH if days else 0.0


class Reporter:
    """Turns fits into results on the rubric's scale."""

    def __init__(
        self,
        table: RatingTable,
        ground: Ground,
        ratings: list[Rating],
        names: tuple[str, ...],
        fits: list[Fit],
    ) -> None:
        self.table, self.ground, self.names = table, ground, names
        self.labels, self.gates, self.thresholds = ground.labels, ground.gates, ground.thresholds
        self.ratings, self.fits = ratings, fits
        books = [ScaleBook() for _ in fits]
        self.views = {
            name: tuple(View(s, f, k, b) for s, f, b in zip(SHAPES, fits, books, strict=True))
            for k, name in enumerate(names)
        }
        self.main = fits[0]
        self.residuals = residuals(table, self.main)
        self.stretch = disagreement_ratio(table, self.main) ** 0.5
        self.typical = float(self.main.theta.mean()) if len(self.main.theta) else 0.0

    def learners(self) -> tuple[LearnerResult, ...]:
        by_learner: dict[str, list[Rating]] = {name: [] for name in self.names}
        for rating in self.ratings:
            by_learner[rating.learner].append(rating)
        return tuple(learner_result(name, self.views[name], by_learner[name], self.ground) for name in self.names)

    def coaches(self, accepted: Sequence[Rating], excluded: Sequence[ExcludedCoach]) -> tuple[CoachResult, ...]:
        fits = self.residuals.mean_squares(self.table.coach, len(self.labels.coaches))
        reasons = {coach.coach: coach.reason for coach in excluded}
        learner_coaches: dict[str, set[str]] = {}
        by_coach: dict[str, list[Rating]] = {}
        for rating in accepted:
            learner_coaches.setdefault(rating.learner, set()).add(rating.coach)
            by_coach.setdefault(rating.coach, []).append(rating)
        results = []
        for name, ratings in sorted(by_coach.items()):
            learners = {r.learner for r in ratings}
            record = CoachResult(
                coach=name,
                status=CoachStatus.TOO_FEW,
                reason=reasons.get(name, ""),
                n_ratings=len(ratings),
                n_learners=len(learners),
                n_shared_learners=sum(len(learner_coaches[learner]) > 1 for learner in learners),
                levels_used=tuple(sorted({r.level for r in ratings})),
                severity=None,
                drift=None,
                fit=None,
            )
            results.append(self._judged(record, fits))
        return tuple(results)

    def _judged(self, record: CoachResult, fits: list[MeanSquares]) -> CoachResult:
        if record.reason:
            return replace(record, status=CoachStatus.EXCLUDED)
        lack = self._lack(record)
        if lack is not None:
            return replace(record, reason=lack)
        number = self.labels.coaches.index(record.coach)
        return replace(
            record,
            status=CoachStatus.SHOWN,
            severity=self._against_others(self.main.layout.coach, number, self.main.variances.coach),
            drift=self._against_others(self.main.layout.drift, number, self.main.variances.drift),
            fit=fits[number],
        )

    def _lack(self, record: CoachResult) -> str | None:
        """What is missing before a coach's severity may be shown."""
        least = self.thresholds
        unusable = self.gates.status in (ProgrammeStatus.LEVELS_UNUSED, ProgrammeStatus.NO_RATINGS)
        lacks = (
            (unusable, self.gates.sentence),
            (record.coach not in self.gates.main_coaches, "No learner links this coach to the others."),
            (
                record.n_ratings < least.coach_ratings,
                f"{least.coach_ratings} ratings are needed, there are {record.n_ratings}.",
            ),
            (
                record.n_shared_learners < least.coach_shared_learners,
                f"{least.coach_shared_learners} learners shared with another coach are needed.",
            ),
            (
                len(record.levels_used) < least.coach_levels,
                f"Only {len(record.levels_used)} of the levels have been used.",
            ),
        )
        return next((words for missing, words in lacks if missing), None)

    def _against_others(self, where: slice, number: int, prior_sd: float) -> Estimate | None:
        """One coach's severity or drift, less the mean of the other coaches', in levels.

        The pull toward the mean, which steadies the learners' measures, is taken out again: an unusual coach
        is reported as the ratings alone show it.
        """
        n = where.stop - where.start
        if n < 2:  # noqa: PLR2004 - nobody to compare with
            return None
        contrast = np.full(n, -1.0 / (n - 1))
        contrast[number] = 1.0
        value = float(contrast @ self.main.shared[where])
        variance = float(contrast @ self.main.shared_covariance[where, where] @ contrast)
        prior = prior_sd**2 * float(contrast @ contrast)
        alone = max(1.0 / variance - 1.0 / prior, 1e-3)
        return self._in_levels(value / variance / alone, self.stretch * alone**-0.5)

    def _in_levels(self, value: float, sd: float) -> Estimate:
        half = NORMAL_90 * sd
        return Estimate(*(self._level_difference(v) for v in (value, value - half, value + half)))

    def _level_difference(self, logits: float) -> float:
        """A difference in logits, in levels, for the typical attempt."""
        return self._mean_level(self.typical + logits / 2) - self._mean_level(self.typical - logits / 2)

    def _mean_level(self, location: float) -> float:
        every = range(len(self.labels.criteria))
        return float(np.mean([expected_level(self.main, location, k) for k in every]))

    def criteria(self) -> tuple[CriterionResult, ...]:
        fits = self.residuals.mean_squares(self.table.criterion, len(self.labels.criteria))
        errors = self.main.errors(self.main.layout.criterion)
        return tuple(
            CriterionResult(
                criterion=name,
                skill=self.labels.skills[self.labels.criterion_skill[k]],
                n_ratings=fits[k].n_ratings,
                difficulty=self._in_levels(float(self.main.criterion[k]), float(errors[k])),
                fit=fits[k],
            )
            for k, name in enumerate(self.labels.criteria)
        )

    def attempts(self) -> tuple[AttemptFit, ...]:
        found = {}
        for rating, attempt in zip(self.ratings, self.table.attempt.tolist(), strict=True):
            found[attempt] = (rating.attempt, rating.learner)
        fits = self.residuals.mean_squares(self.table.attempt, self.table.n_attempts)
        return tuple(AttemptFit(*found[k], fits[k]) for k in range(self.table.n_attempts))
