"""Calibrating: from all ratings to measures, coach and criterion results, each behind its gate."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from coachkit.domain.measurement import codec
from coachkit.domain.measurement.calibration import MODEL_VERSION, Calibration
from coachkit.domain.measurement.estimate import fit
from coachkit.domain.measurement.gates import (
    THRESHOLDS,
    ExcludedCoach,
    Thresholds,
    programme_gates,
    unvarying_coaches,
)
from coachkit.domain.measurement.growth import SHAPES, START_VARIANCES, growth_axis
from coachkit.domain.measurement.posterior import Frozen, Labels, encode
from coachkit.domain.measurement.profile import View
from coachkit.domain.measurement.ratings import DroppedRow, DropReason, Rating, Row, Scope, dropped, screen
from coachkit.domain.measurement.reporting import Ground, Reporter
from coachkit.domain.measurement.table import FULL, Features

Views = Mapping[str, tuple[View, ...]]


def calibrate(
    ratings: Iterable[Row],
    *,
    as_of: date,
    rubric_versions: Iterable[str] | None = None,
    criteria: Iterable[str] | None = None,
    learners: Iterable[str] = (),
    features: Features = FULL,
    thresholds: Thresholds = THRESHOLDS,
) -> Calibration:
    """Combine all coach ratings of official attempts up to a day.

    `rubric_versions` and `criteria`, where given, are the only ones accepted. `learners` are reported even if
    nothing about them has been rated. The order of the ratings does not matter.
    """
    return calibrate_with_views(
        ratings,
        as_of=as_of,
        rubric_versions=rubric_versions,
        criteria=criteria,
        learners=learners,
        features=features,
        thresholds=thresholds,
    )[0]


def calibrate_with_views(
    ratings: Iterable[Row],
    *,
    as_of: date,
    rubric_versions: Iterable[str] | None = None,
    criteria: Iterable[str] | None = None,
    learners: Iterable[str] = (),
    features: Features = FULL,
    thresholds: Thresholds = THRESHOLDS,
) -> tuple[Calibration, Views]:
    """The same, with every learner as the fits see them, for whoever goes on to work everybody out."""
    scope = Scope(as_of=as_of, rubric_versions=_names(rubric_versions), criteria=_names(criteria))
    accepted, left_out = screen(ratings, scope)
    names = tuple(sorted({r.learner for r in accepted} | set(learners)))
    inputs = _Inputs(tuple(accepted), tuple(left_out), scope, names, features, thresholds)
    kept, excluded, left_out = _exclude_unvarying(accepted, left_out, thresholds)
    gates = programme_gates(kept, excluded, thresholds)
    labels = Labels.of(kept)
    table = encode(kept, labels, names)
    fits = [
        fit(table.with_time(growth_axis(shape, table.attempt_time)), features, start=START_VARIANCES[shape])
        for shape in SHAPES
    ]
    reporter = Reporter(table, Ground(labels, gates, thresholds), kept, names, fits)
    calibration = Calibration(
        model_version=MODEL_VERSION,
        inputs_hash=inputs.fingerprint,
        as_of=as_of,
        thresholds=thresholds,
        labels=labels,
        ratings=tuple(kept),
        dropped=tuple(left_out),
        gates=gates,
        fits=tuple(Frozen.of(shape, fitted) for shape, fitted in zip(SHAPES, fits, strict=True)),
        learners=reporter.learners(),
        coaches=reporter.coaches(accepted, excluded),
        criteria=reporter.criteria(),
        attempts=reporter.attempts(),
    )
    return calibration, reporter.views


def _names(given: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if given is None else tuple(sorted(set(given)))


def _exclude_unvarying(
    ratings: list[Rating], left_out: list[DroppedRow], thresholds: Thresholds
) -> tuple[list[Rating], list[ExcludedCoach], list[DroppedRow]]:
    """Coaches who never vary tell nothing about learners, and would distort what is said of other coaches."""
    excluded = unvarying_coaches(ratings, thresholds)
    out = {coach.coach for coach in excluded}
    more = [dropped(r, DropReason.UNVARYING_COACH) for r in ratings if r.coach in out]
    return [r for r in ratings if r.coach not in out], excluded, sorted([*left_out, *more])


@dataclass(frozen=True)
class _Inputs:
    """Everything a result depends on."""

    ratings: tuple[Rating, ...]
    dropped: tuple[DroppedRow, ...]
    scope: Scope
    learners: tuple[str, ...]
    features: Features
    thresholds: Thresholds
    model_version: str = MODEL_VERSION

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(codec.to_json(self).encode()).hexdigest()
