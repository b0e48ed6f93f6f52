"""One learner's new ratings, at once: the shared calibration stays as it is until the next one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from coachkit.domain.measurement.calibration import Calibration, LearnerResult
from coachkit.domain.measurement.posterior import encode
from coachkit.domain.measurement.profile import View
from coachkit.domain.measurement.ratings import DroppedRow, DropReason, Rating, Row, Scope, dropped, screen
from coachkit.domain.measurement.reporting import Ground, learner_result


@dataclass(frozen=True)
class LearnerUpdate:
    """A learner's result between two calibrations, and the rows that must wait for the next."""

    result: LearnerResult
    ratings: tuple[Rating, ...]
    dropped: tuple[DroppedRow, ...]


def update_learner(
    calibration: Calibration, learner_id: str, new_ratings: Iterable[Row], *, as_of: date | None = None
) -> LearnerUpdate:
    """Re-estimate one learner from the calibration's ratings and new ones.

    Coaches, scenarios and criteria the calibration has not seen, and coaches it excluded, wait for the next.
    """
    versions = tuple(sorted({r.rubric_version for r in calibration.ratings}))
    scope = Scope(as_of=as_of or date.max, rubric_versions=versions or None)
    accepted, left_out = screen([*calibration.ratings_of(learner_id), *new_ratings], scope)
    kept = []
    for rating in accepted:
        reason = _must_wait(rating, learner_id, calibration)
        if reason is None:
            kept.append(rating)
        else:
            left_out.append(dropped(rating, reason))
    views = learner_views(calibration, learner_id, kept)
    ground = Ground(calibration.labels, calibration.gates, calibration.thresholds)
    result = learner_result(learner_id, views, kept, ground)
    return LearnerUpdate(result, tuple(kept), tuple(sorted(left_out)))


def _must_wait(rating: Rating, learner_id: str, calibration: Calibration) -> DropReason | None:
    labels = calibration.labels
    if rating.learner != learner_id:
        return DropReason.ANOTHER_LEARNER
    if rating.coach in {coach.coach for coach in calibration.gates.excluded_coaches}:
        return DropReason.UNVARYING_COACH
    known = rating.coach in labels.coaches and rating.scenario in labels.scenarios
    filed = rating.criterion in labels.criteria and (
        labels.skills[labels.criterion_skill[labels.criteria.index(rating.criterion)]] == rating.skill
    )
    return None if known and filed else DropReason.NEEDS_CALIBRATION


def learner_views(calibration: Calibration, learner_id: str, ratings: Sequence[Rating]) -> list[View]:
    """One learner through every shape of the calibration."""
    table = encode(ratings, calibration.labels, [learner_id])
    return [View(frozen.shape, frozen.learner(table), 0) for frozen in calibration.fits]
