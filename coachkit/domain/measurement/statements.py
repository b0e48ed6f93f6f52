"""What may be said about a skill and its role line, now and later: words, each behind its gates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from coachkit.domain.measurement.calibration import Calibration, LearnerResult, SkillResult
from coachkit.domain.measurement.gates import (
    EvidenceStatus,
    lacks_for_line,
    lacks_for_not_met,
    lacks_for_projection,
)
from coachkit.domain.measurement.growth import DAYS_PER_MONTH, Shape
from coachkit.domain.measurement.profile import Aim, Measure, View
from coachkit.domain.measurement.ratings import HIGHEST_LEVEL, LOWEST_LEVEL, Rating
from coachkit.domain.measurement.reporting import span_months
from coachkit.domain.measurement.update import learner_views


class EvidenceGroup(StrEnum):
    """Where a skill's evidence stands next to its role line. Never a label on a person."""

    MET = "met"
    CANNOT_TELL = "cannot_tell"
    NOT_MET = "not_met"


@dataclass(frozen=True)
class LineStatement:
    """One skill next to its role line."""

    skill: str
    line: float
    group: EvidenceGroup
    lacks: tuple[str, ...]
    sentence: str


def compare_with_line(
    calibration: Calibration, learner_id: str, skill: str, line: float, *, previous: Calibration | None = None
) -> LineStatement:
    """Say whether the evidence puts a skill at its role line.

    "Met" and "not met" both need the evidence of their gates and the same answer under both shapes of growth;
    "not met" also needs it from the `previous` calibration, made of older ratings.
    """
    return compare_with_lines(calibration, learner_id, {skill: line}, previous=previous)[0]


def compare_with_lines(
    calibration: Calibration,
    learner_id: str,
    lines: Mapping[str, float],
    *,
    previous: Calibration | None = None,
) -> list[LineStatement]:
    """One statement per skill, in the order given; the learner is fitted once for all of them."""
    learner = CalibratedLearner.of(calibration, learner_id)
    before = in_earlier(previous, calibration, learner_id)
    return [statement_of(learner.case(skill), line, before) for skill, line in lines.items()]


def statement_of(case: SkillCase, line: float, before: Before) -> LineStatement:
    _check_line(line)
    skill, least = case.skill, case.learner.calibration.thresholds
    if case.result.status is not EvidenceStatus.MEASURED:
        return LineStatement(skill, line, EvidenceGroup.CANNOT_TELL, (), case.result.sentence)
    low, high = case.probabilities(line)
    if high <= least.not_met_probability:
        lacks = _lacks_for_not_met(case, before, line)
        if not lacks:
            sentence = "The evidence puts this skill below its role line; a named person reviews it and gives a reason."
            return LineStatement(skill, line, EvidenceGroup.NOT_MET, (), sentence)
    else:
        lacks = case.lacks_for_line(line)
        if low >= least.line_probability and not lacks:
            sentence = "The evidence puts this skill at or above its role line."
            return LineStatement(skill, line, EvidenceGroup.MET, (), sentence)
    lacks = list(dict.fromkeys(lacks))
    sentence = f"Cannot tell: {'; '.join(lacks) or 'the interval lies on both sides of the line'}."
    return LineStatement(skill, line, EvidenceGroup.CANNOT_TELL, tuple(lacks), sentence)


def _check_line(line: float) -> None:
    if not LOWEST_LEVEL < line < HIGHEST_LEVEL:
        raise ValueError(f"A role line lies between {LOWEST_LEVEL} and {HIGHEST_LEVEL}; {line} does not.")


def _lacks_for_not_met(case: SkillCase, before: Before, line: float) -> list[str]:
    """The width of the measure is no hindrance here: near the end of the scale it is always wide in logits."""
    return [
        *lacks_for_not_met(case.result.base, case.learner.calibration.thresholds),
        *case.lacks_for_line(line, mind_width=False),
        *([] if _confirmed(before(), case.skill, line) else ["an earlier calibration must have found the same"]),
    ]


Before = Callable[[], "CalibratedLearner | None"]


def in_earlier(previous: Calibration | None, calibration: Calibration, learner_id: str) -> Before:
    """The learner in an earlier calibration, where there is one; fitted when first asked for, which is seldom."""

    @cache
    def found() -> CalibratedLearner | None:
        if previous is None or previous.as_of >= calibration.as_of:
            return None
        known = any(result.learner == learner_id for result in previous.learners)
        return CalibratedLearner.of(previous, learner_id) if known else None

    return found


def _confirmed(before: CalibratedLearner | None, skill: str, line: float) -> bool:
    """Whether the earlier calibration already found the skill below its line."""
    if before is None or skill not in before.calibration.labels.skills:
        return False
    case = before.case(skill)
    if case.result.status is not EvidenceStatus.MEASURED:
        return False
    return case.probabilities(line)[1] <= before.calibration.thresholds.not_met_probability


@dataclass(frozen=True)
class CalibratedLearner:
    """One learner in one calibration, seen through every shape."""

    calibration: Calibration
    result: LearnerResult
    ratings: tuple[Rating, ...]
    views: tuple[View, ...]

    @classmethod
    def of(cls, calibration: Calibration, learner_id: str, views: tuple[View, ...] | None = None) -> CalibratedLearner:
        """Seen through `views` where the calibration has just been made, else fitted once more."""
        ratings = tuple(calibration.ratings_of(learner_id))
        seen = views or tuple(learner_views(calibration, learner_id, ratings))
        return cls(calibration, calibration.learner(learner_id), ratings, seen)

    def case(self, skill: str) -> SkillCase:
        labels = self.calibration.labels
        return SkillCase(self, skill, self.result.skill(skill), Aim.at(labels, [labels.skills.index(skill)]))

    @property
    def months(self) -> float:
        return span_months(self.ratings)

    @property
    def first(self) -> date:
        return min(r.on for r in self.ratings)


@dataclass(frozen=True)
class SkillCase:
    """One skill of a learner, with everything a statement needs."""

    learner: CalibratedLearner
    skill: str
    result: SkillResult
    aim: Aim

    def probabilities(self, line: float) -> tuple[float, float]:
        """The lowest and highest chance of standing at the line, over the shapes of growth."""
        learner = self.learner
        chances = [view.probability(self.aim, learner.months, line) for view in learner.views]
        return min(chances), max(chances)

    def lacks_for_line(self, line: float, *, mind_width: bool = True) -> list[str]:
        learner = self.learner
        return lacks_for_line(
            self.result.base,
            sd=max(view.sd(self.aim, learner.months) for view in learner.views) if mind_width else 0.0,
            as_of=learner.calibration.as_of,
            line=line,
            gates=learner.calibration.gates,
            thresholds=learner.calibration.thresholds,
        )

    def measures_on(self, day: date) -> dict[Shape, Measure]:
        months = (day - self.learner.first).days / DAYS_PER_MONTH
        return {view.shape: view.measure(self.aim, months) for view in self.learner.views}


@dataclass(frozen=True)
class Projection:
    """One skill on a day to come, under both shapes of growth; None where the gates forbid it."""

    skill: str
    day: date
    linear: Measure | None
    levelling: Measure | None
    lacks: tuple[str, ...]
    sentence: str


def project(calibration: Calibration, learner_id: str, skill: str, day: date) -> Projection:
    """Where a skill would stand on a day if progress continues, and if it levels off: always both."""
    case = CalibratedLearner.of(calibration, learner_id).case(skill)
    lacks = _lacks_for_future(case, day)
    if lacks:
        return Projection(
            skill, day, None, None, lacks, "Nothing can be said about that day: " + "; ".join(lacks) + "."
        )
    found = case.measures_on(day)
    linear, levelling = found[Shape.LINEAR], found[Shape.LEVELLING]
    sentence = (
        f"Between {linear.low:.1f} and {linear.high:.1f} if progress continues; "
        f"between {levelling.low:.1f} and {levelling.high:.1f} if it levels off."
    )
    return Projection(skill, day, linear, levelling, (), sentence)


def _lacks_for_future(case: SkillCase, day: date) -> tuple[str, ...]:
    if case.result.status is not EvidenceStatus.MEASURED or case.result.base.last_on is None:
        return (case.result.sentence.rstrip("."),)
    horizon = (day - case.result.base.last_on).days
    calibration = case.learner.calibration
    lacks = lacks_for_projection(case.result.base, horizon, calibration.thresholds)
    age = (calibration.as_of - case.result.base.last_on).days
    if age > calibration.thresholds.line_age_days:
        lacks.append(f"the last attempt is {age} days old")
    return tuple(lacks)


@dataclass(frozen=True)
class LineDates:
    """When the expected path reaches the line under each shape; None: not within what can be foreseen."""

    skill: str
    line: float
    if_continuing: date | None
    if_levelling: date | None
    lacks: tuple[str, ...]
    sentence: str

    @property
    def both_reach(self) -> bool:
        """Only then may the future be spoken of without an "if"."""
        return self.if_continuing is not None and self.if_levelling is not None


def line_dates(calibration: Calibration, learner_id: str, skill: str, line: float) -> LineDates:
    """The pair of days on which the expected path reaches the role line, where the gates allow any."""
    _check_line(line)
    case = CalibratedLearner.of(calibration, learner_id).case(skill)
    last = case.result.base.last_on
    lacks = _lacks_for_future(case, last or calibration.as_of)
    if not lacks and not calibration.gates.line_can_be_placed(line):
        lacks = ("the line lies in a part of the scale that no coach has used",)
    if lacks or last is None:
        sentence = "No dates can be given: " + "; ".join(lacks) + "."
        return LineDates(skill, line, None, None, lacks, sentence)
    furthest = last + timedelta(days=min(case.result.base.span_days, calibration.thresholds.projection_horizon_days))
    days = {view.shape: _reach(case, view, line, last, furthest) for view in case.learner.views}
    linear, levelling = days[Shape.LINEAR], days[Shape.LEVELLING]
    sentence = f"{_told(linear, furthest)} if progress continues; {_told(levelling, furthest)} if it levels off."
    return LineDates(skill, line, linear, levelling, (), sentence[0].upper() + sentence[1:])


def _reach(case: SkillCase, view: View, line: float, last: date, furthest: date) -> date | None:
    months = view.months_to(case.aim, line)
    if months is None:
        return None
    first, ahead = case.learner.first, months * DAYS_PER_MONTH
    if ahead > (furthest - first).days:
        return None
    return max(last, first + timedelta(days=round(ahead)))


def _told(day: date | None, furthest: date) -> str:
    return f"{day:%B %Y}" if day else f"not by {furthest:%B %Y}"
