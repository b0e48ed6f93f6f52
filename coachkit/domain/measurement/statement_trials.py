"""What the product would say of simulated people, with its gates and least counts, and whether it would be true.

`trials` compares methods; this goes the whole way that a real rating goes: rows, calibration, gates, words, drawing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from coachkit.domain.measurement.calibrate import calibrate, calibrate_with_views
from coachkit.domain.measurement.calibration import Calibration
from coachkit.domain.measurement.growth import DAYS_PER_MONTH
from coachkit.domain.measurement.likelihood import category_probs_by_row
from coachkit.domain.measurement.outlook import LINES, Place, SkillOutlook, outlook_of
from coachkit.domain.measurement.profile import Measure
from coachkit.domain.measurement.ratings import HIGHEST_LEVEL, LOWEST_LEVEL
from coachkit.domain.measurement.simulate import CRITERIA_PER_SKILL, Population, World, path_of, simulate
from coachkit.domain.measurement.statements import CalibratedLearner, EvidenceGroup, in_earlier

START = date(2026, 1, 1)
EARLIER = timedelta(days=28)
"""How much older the calibration is that must have found the same: as in the product."""
Counts = Counter[str]


def run_statements(seed: int, world: World) -> Counts:
    """One population on the last day of its window: everything said of everybody, counted."""
    population = simulate(seed, world)
    rows, today = population.ratings(START), START + timedelta(days=int(world.window * DAYS_PER_MONTH))
    before = today - EARLIER
    calibration, views = calibrate_with_views(rows, as_of=today)
    earlier = calibrate([row for row in rows if row.on <= before], as_of=before)
    found: Counts = Counter(learners=world.n_learners)
    truth = Truth(population)
    for number in range(world.n_learners):
        name = f"learner-{number:05d}"
        learner = CalibratedLearner.of(calibration, name, views[name])
        _count_learner(found, truth, number, learner, earlier)
    return found


@dataclass(frozen=True)
class Truth:
    """Fair averages as they really are."""

    population: Population

    def skills(self, learner: int, day: date) -> list[float]:
        """Of each skill, on a day."""
        truth, world = self.population.truth, self.population.world
        months = np.array([(day - START).days / DAYS_PER_MONTH])
        level, rate = truth.level[[learner]], truth.rate[[learner]]
        place = float(path_of(world)(level, rate, months)[0])
        skill = np.arange(world.n_criteria) // CRITERIA_PER_SKILL
        chances = category_probs_by_row(
            place + truth.skills[learner, skill] - truth.criterion, truth.steps + truth.own_steps
        )
        levels = chances @ np.arange(LOWEST_LEVEL, HIGHEST_LEVEL + 1)
        return [float(levels[skill == k].mean()) for k in range(int(skill.max()) + 1)]


def _count_learner(found: Counts, truth: Truth, number: int, learner: CalibratedLearner, earlier: Calibration) -> None:
    calibration, skills = learner.calibration, learner.calibration.labels.skills
    before = in_earlier(earlier, calibration, learner.result.learner)
    seen = outlook_of(learner, before, together=skills)
    last = max(rating.on for rating in learner.ratings)
    at_last, today = truth.skills(number, last), truth.skills(number, calibration.as_of)
    if seen.together.measure is not None and not seen.together_no_room:
        _count_inside(found, "interval together", seen.together.measure, float(np.mean(at_last)))
    for skill in seen.skills:
        which = skills.index(str(skill.result.skill))
        found["skills"] += 1
        if skill.result.measure is not None and not skill.no_room:
            found["measured"] += 1
            _count_inside(found, "interval", skill.result.measure, at_last[which])
        _count_bands(found, truth, number, which, skill)
        _count_lines(found, skill, learner, today[which])


def _count_inside(found: Counts, kind: str, place: Measure | Place, true: float) -> None:
    found[kind] += 1
    found[f"{kind} holds"] += place.low <= true <= place.high


def _count_bands(found: Counts, truth: Truth, number: int, which: int, skill: SkillOutlook) -> None:
    for place in skill.course:
        _count_inside(found, "band", place, truth.skills(number, place.day)[which])
    for place in skill.course[-1:]:
        _count_inside(found, "band, end", place, truth.skills(number, place.day)[which])
    if skill.ahead is not None:
        then = truth.skills(number, skill.ahead.day)[which]
        _count_inside(found, "ahead, continuing", skill.ahead.linear, then)
        _count_inside(found, "ahead, levelling", skill.ahead.levelling, then)
        low = min(skill.ahead.linear.low, skill.ahead.levelling.low)
        high = max(skill.ahead.linear.high, skill.ahead.levelling.high)
        found["ahead, either"] += 1
        found["ahead, either holds"] += low <= then <= high


def _count_lines(found: Counts, skill: SkillOutlook, learner: CalibratedLearner, true: float) -> None:
    """What is said of each line; and what both shapes alone would have said, without any least count."""
    least, case = learner.calibration.thresholds, learner.case(str(skill.result.skill))
    for line, said in skill.statements:
        low, high = case.probabilities(float(line))
        _count_said(found, f"{line} {said.group.value}", said.group, reaches=true >= line)
        alone = EvidenceGroup.CANNOT_TELL
        if low >= least.line_probability:
            alone = EvidenceGroup.MET
        elif high <= least.not_met_probability:
            alone = EvidenceGroup.NOT_MET
        _count_said(found, f"{line} {alone.value}, shapes alone", alone, reaches=true >= line)


def _count_said(found: Counts, key: str, group: EvidenceGroup, *, reaches: bool) -> None:
    found[key] += 1
    if group is not EvidenceGroup.CANNOT_TELL:
        found[f"{key} wrongly"] += reaches is not (group is EvidenceGroup.MET)


@dataclass(frozen=True)
class Share:
    """A share over populations, with a 95 % interval that knows that people of one population are not independent."""

    share: float | None
    low: float | None
    high: float | None
    of: int

    def as_dict(self) -> dict[str, float | int | None]:
        return {"share": self.share, "low": self.low, "high": self.high, "of": self.of}


_NORMAL_95 = 1.959963984540054
_RULE_OF_THREE = 3.0


def share_of(runs: Sequence[Counts], part: str, whole: str) -> Share:
    """The share of one count in another over all runs; None where there is nothing to take a share of."""
    parts, wholes = np.array([r[part] for r in runs], float), np.array([r[whole] for r in runs], float)
    total = int(wholes.sum())
    if not total:
        return Share(None, None, None, 0)
    share = float(parts.sum() / total)
    spread = float(np.sqrt(np.sum((parts - share * wholes) ** 2) * len(runs) / max(1, len(runs) - 1))) / total
    half = max(_NORMAL_95 * spread, _RULE_OF_THREE / total if share in {0.0, 1.0} else 0.0)
    return Share(share, max(0.0, share - half), min(1.0, share + half), total)


def summary(runs: Sequence[Counts]) -> dict[str, object]:
    """Everything that was counted, as shares."""
    told: dict[str, object] = {name: sum(r[name] for r in runs) for name in ("learners", "skills")}
    told["measured"] = share_of(runs, "measured", "skills").as_dict()
    for kind in _KINDS:
        told[kind] = share_of(runs, f"{kind} holds", kind).as_dict()
    told["lines"] = {
        str(line): {
            "said": {group: share_of(runs, f"{line} {group}", "skills").as_dict() for group in _GROUPS},
            "wrong": {
                f"{group}{alone}": share_of(runs, f"{line} {group}{alone} wrongly", f"{line} {group}{alone}").as_dict()
                for group in _GROUPS[:2]
                for alone in ("", ", shapes alone")
            },
        }
        for line in LINES
    }
    return told


_GROUPS = (EvidenceGroup.MET.value, EvidenceGroup.NOT_MET.value, EvidenceGroup.CANNOT_TELL.value)
_KINDS = (
    "interval",
    "interval together",
    "band",
    "band, end",
    "ahead, continuing",
    "ahead, levelling",
    "ahead, either",
)
