"""The result of a calibration: immutable, versioned, and the same bytes for the same ratings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from coachkit.domain.measurement import codec
from coachkit.domain.measurement.fit_statistics import MeanSquares
from coachkit.domain.measurement.gates import (
    EVIDENCE_SENTENCES,
    EvidenceBase,
    EvidenceStatus,
    ProgrammeGates,
    Thresholds,
)
from coachkit.domain.measurement.posterior import Frozen, Labels
from coachkit.domain.measurement.profile import Measure
from coachkit.domain.measurement.ratings import DroppedRow, Rating

MODEL_VERSION = "many-facet 1"


@dataclass(frozen=True)
class SkillResult:
    """What can be said about one skill of one learner (skill None: all skills together)."""

    skill: str | None
    status: EvidenceStatus
    base: EvidenceBase
    measure: Measure | None  # as of the last attempt
    raw_mean: float | None  # plain mean of the levels given, those at a scenario's maximum left out

    @property
    def sentence(self) -> str:
        if self.measure is None or self.raw_mean is None:
            return EVIDENCE_SENTENCES[self.status]
        measure = self.measure
        return (
            f"Between {measure.low:.1f} and {measure.high:.1f} (fair average {measure.fair_average:.1f}; "
            f"plain mean of the ratings {self.raw_mean:.1f}), from {self.base.n_attempts} attempts."
        )


@dataclass(frozen=True)
class LearnerResult:
    """All skills together, and each skill on its own."""

    learner: str
    together: SkillResult
    skills: tuple[SkillResult, ...]

    def skill(self, name: str) -> SkillResult:
        for result in self.skills:
            if result.skill == name:
                return result
        raise KeyError(name)


class CoachStatus(StrEnum):
    """Whether a coach's severity can be shown to those who calibrate coaches."""

    SHOWN = "shown"
    TOO_FEW = "too_few"
    EXCLUDED = "excluded"


@dataclass(frozen=True)
class Estimate:
    """A figure in rubric levels with its 90 % interval."""

    value: float
    low: float
    high: float

    @property
    def off_zero(self) -> bool:
        return self.low > 0.0 or self.high < 0.0


@dataclass(frozen=True)
class CoachResult:
    """How one coach rates, next to the others. For coach calibration only, never for a page on learners.

    `severity` above zero: stricter than the other coaches, in levels. `drift` above zero: growing stricter,
    in levels per month.
    """

    coach: str
    status: CoachStatus
    reason: str
    n_ratings: int
    n_learners: int
    n_shared_learners: int
    levels_used: tuple[int, ...]
    severity: Estimate | None
    drift: Estimate | None
    fit: MeanSquares | None

    @property
    def sentence(self) -> str:
        if self.severity is None:
            return self.reason
        if not self.severity.off_zero:
            return "No difference from the other coaches can be told."
        word = "stricter" if self.severity.value > 0 else "more lenient"
        low, high = sorted((abs(self.severity.low), abs(self.severity.high)))
        return f"Between {low:.1f} and {high:.1f} of a level {word} than the other coaches."


@dataclass(frozen=True)
class CriterionResult:
    """How hard a criterion is, and how its ratings vary."""

    criterion: str
    skill: str
    n_ratings: int
    difficulty: Estimate  # levels below the average criterion
    fit: MeanSquares


@dataclass(frozen=True)
class AttemptFit:
    """How the ratings of one attempt vary; an erratic one is worth a second look."""

    attempt: str
    learner: str
    fit: MeanSquares


@dataclass(frozen=True)
class Calibration:
    """Everything one calibration found, and everything needed to update one learner until the next."""

    model_version: str
    inputs_hash: str
    as_of: date
    thresholds: Thresholds
    labels: Labels
    ratings: tuple[Rating, ...]
    dropped: tuple[DroppedRow, ...]
    gates: ProgrammeGates
    fits: tuple[Frozen, ...]
    learners: tuple[LearnerResult, ...]
    coaches: tuple[CoachResult, ...]
    criteria: tuple[CriterionResult, ...]
    attempts: tuple[AttemptFit, ...]

    def learner(self, learner_id: str) -> LearnerResult:
        for result in self.learners:
            if result.learner == learner_id:
                return result
        raise KeyError(learner_id)

    def coach(self, coach_id: str) -> CoachResult:
        for result in self.coaches:
            if result.coach == coach_id:
                return result
        raise KeyError(coach_id)

    def criterion(self, criterion_id: str) -> CriterionResult:
        for result in self.criteria:
            if result.criterion == criterion_id:
                return result
        raise KeyError(criterion_id)

    def ratings_of(self, learner_id: str) -> list[Rating]:
        return [rating for rating in self.ratings if rating.learner == learner_id]

    def to_json(self) -> str:
        """Canonical JSON; `from_json` gives an equal calibration."""
        return codec.to_json(self)

    @classmethod
    def from_json(cls, text: str) -> Calibration:
        return codec.from_json(cls, text)
