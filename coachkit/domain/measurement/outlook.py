"""Everything that a page may say about one learner, worked out in one go: figures with their gates, and words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from coachkit.domain.measurement.calibration import Calibration, SkillResult
from coachkit.domain.measurement.gates import (
    EVIDENCE_SENTENCES,
    EvidenceStatus,
    evidence_base,
    evidence_status,
    lacks_for_projection,
)
from coachkit.domain.measurement.growth import DAYS_PER_MONTH, Shape
from coachkit.domain.measurement.profile import Aim, Measure, View, both
from coachkit.domain.measurement.ratings import Rating
from coachkit.domain.measurement.statements import Before, CalibratedLearner, LineStatement, in_earlier, statement_of
from coachkit.domain.measurement.update import LearnerUpdate

LINES = (2, 3, 4)
"""Lines that a fair average can be compared with; it reaches neither end of the scale."""
NORMAL_80 = 1.2815515655446004
POINTS = 16
NO_ROOM = (
    "The scenarios so far had no room to show this much: the measure lies beyond the levels that any coach could give."
)


@dataclass(frozen=True)
class Place:
    """Where a skill stands on one day, with an 80 % band."""

    day: date
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Ahead:
    """One day to come under both shapes of growth."""

    day: date
    linear: Place
    levelling: Place


@dataclass(frozen=True)
class SkillOutlook:
    """One skill: its measure or why there is none, what holds for each line, its course, and the day ahead."""

    result: SkillResult
    no_room: bool
    """The measure lies where no rating has ever been, so it must not be shown."""
    statements: tuple[tuple[int, LineStatement], ...]
    course: tuple[Place, ...]
    ahead: Ahead | None
    ahead_lacks: tuple[str, ...]


@dataclass(frozen=True)
class Outlook:
    """One learner."""

    learner: str
    together: SkillResult
    together_no_room: bool
    skills: tuple[SkillOutlook, ...]


def outlook(
    calibration: Calibration,
    learner_id: str,
    *,
    together: Sequence[str],
    previous: Calibration | None = None,
    views: tuple[View, ...] | None = None,
) -> Outlook:
    """Work out one learner. `together` names the skills that the role is made of."""
    learner = CalibratedLearner.of(calibration, learner_id, views)
    return outlook_of(learner, in_earlier(previous, calibration, learner_id), together=together)


def outlook_of(learner: CalibratedLearner, before: Before, *, together: Sequence[str]) -> Outlook:
    """The same for a learner who is at hand already."""
    calibration = learner.calibration
    everything = _together(learner, together)
    skills = tuple(
        _skill(learner, skill, before)
        for skill in calibration.labels.skills
        if learner.result.skill(skill).base.n_ratings
    )
    return Outlook(learner.result.learner, everything, _no_room(calibration, everything.measure), skills)


def _together(learner: CalibratedLearner, skills: Sequence[str]) -> SkillResult:
    """The role's skills as one, where each of them has been rated."""
    calibration = learner.calibration
    known = [skill for skill in skills if skill in calibration.labels.skills]
    ratings = [r for r in learner.ratings if r.skill in set(known)]
    base = evidence_base(ratings)
    linked = learner.result.learner in calibration.gates.main_learners
    status = evidence_status(base, linked=linked, gates=calibration.gates, thresholds=calibration.thresholds)
    unrated = set(skills) - {r.skill for r in ratings}
    if status is EvidenceStatus.MEASURED and unrated:
        status = EvidenceStatus.NOT_ALL_SKILLS
    measure = None
    if status is EvidenceStatus.MEASURED:
        aim = Aim.at(calibration.labels, [calibration.labels.skills.index(skill) for skill in known])
        measure = both(learner.views, aim, learner.months)
    levels = [r.level for r in ratings if not r.at_maximum]
    return SkillResult(None, status, base, measure, sum(levels) / len(levels) if levels else None)


def _no_room(calibration: Calibration, measure: Measure | None) -> bool:
    """Whether a measure lies more than half a level outside the levels that coaches have given as they are."""
    if measure is None or not calibration.gates.levels_used:
        return False
    return _beyond(calibration, measure.fair_average)


def _beyond(calibration: Calibration, value: float) -> bool:
    used = calibration.gates.levels_used
    return value > max(used) + 0.5 or value < min(used) - 0.5


def _skill(learner: CalibratedLearner, skill: str, before: Before) -> SkillOutlook:
    case = learner.case(skill)
    statements = tuple((line, statement_of(case, float(line), before)) for line in LINES)
    no_room = _no_room(learner.calibration, case.result.measure)
    if case.result.measure is None or no_room:
        words = NO_ROOM if no_room else EVIDENCE_SENTENCES[case.result.status]
        return SkillOutlook(case.result, no_room, statements, (), None, (words.rstrip("."),))
    course = _course(learner, case.aim, [r for r in learner.ratings if r.skill == skill])
    ahead, lacks = _ahead(learner, case.aim, case.result)
    return SkillOutlook(case.result, no_room, statements, course, ahead, lacks)


def _months(learner: CalibratedLearner, day: date) -> float:
    return (day - learner.first).days / DAYS_PER_MONTH


def _course(learner: CalibratedLearner, aim: Aim, ratings: Sequence[Rating]) -> tuple[Place, ...]:
    """The middle of both shapes from the skill's first rating to the learner's last attempt."""
    first, last = min(r.on for r in ratings), max(r.on for r in learner.ratings)
    span = (last - first).days
    number = max(2, min(POINTS, span // 3 + 2))
    days = dict.fromkeys(first + timedelta(days=round(span * k / (number - 1))) for k in range(number))
    return tuple(_place(day, learner.views, aim, _months(learner, day)) for day in days)


def _place(day: date, views: Sequence[View], aim: Aim, months: float) -> Place:
    places = [view.place(aim, months) for view in views]
    mean = sum(at for at, _ in places) / len(places)
    spread = (sum(sd**2 + (at - mean) ** 2 for at, sd in places) / len(places)) ** 0.5
    scales = [view.book.scale(view.fitted, aim) for view in views]
    low, value, high = (
        sum(scale.fair_average(mean + z * spread) for scale in scales) / len(scales)
        for z in (-NORMAL_80, 0.0, NORMAL_80)
    )
    return Place(day, value, low, high)


def _ahead(learner: CalibratedLearner, aim: Aim, result: SkillResult) -> tuple[Ahead | None, tuple[str, ...]]:
    """As far ahead as the gates let anybody look, or what is missing."""
    least, last = learner.calibration.thresholds, result.base.last_on
    if last is None:
        return None, (EVIDENCE_SENTENCES[EvidenceStatus.NO_EVIDENCE].rstrip("."),)
    horizon = min(result.base.span_days, least.projection_horizon_days)
    lacks = lacks_for_projection(result.base, horizon, least)
    if (learner.calibration.as_of - last).days > least.line_age_days:
        lacks.append(f"the last attempt is more than {least.line_age_days} days old")
    if lacks:
        return None, tuple(lacks)
    day = last + timedelta(days=horizon)
    views = {view.shape: view for view in learner.views}
    months = _months(learner, day)
    linear, levelling = (_place(day, [views[shape]], aim, months) for shape in (Shape.LINEAR, Shape.LEVELLING))
    if _beyond(learner.calibration, linear.value) or _beyond(learner.calibration, levelling.value):
        return None, (NO_ROOM.rstrip("."),)
    return Ahead(day, linear, levelling), ()


def applied(calibration: Calibration, update: LearnerUpdate, as_of: date) -> Calibration:
    """The calibration with one learner brought up to date; everything shared stays frozen."""
    name = update.result.learner
    others = [result for result in calibration.learners if result.learner != name]
    ratings = [rating for rating in calibration.ratings if rating.learner != name]
    return replace(
        calibration,
        as_of=as_of,
        ratings=tuple(sorted([*ratings, *update.ratings])),
        learners=tuple(sorted([*others, update.result], key=lambda result: result.learner)),
    )


def linked_by(calibration: Calibration, learner_id: str, coaches: set[str]) -> Calibration:
    """A learner whom a coach of the main group has rated belongs to it, also before the next calibration."""
    gates = calibration.gates
    joins = bool(gates.main_learners) and bool(coaches & set(gates.main_coaches))
    if learner_id in gates.main_learners or not joins:
        return calibration
    return replace(calibration, gates=replace(gates, main_learners=tuple(sorted([*gates.main_learners, learner_id]))))
