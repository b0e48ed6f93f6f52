"""What of a report is drawn and printed, when not everything fits.

All observations are drawn as dots. Evidence lines are printed newest first until their room is used up;
whatever is left out is counted, said, and stays in the attached file.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from coachkit.domain.report.charts import Mark
from coachkit.domain.report.progress import CriterionLine, Observation, ProgressReport, SkillPage

ROOM = 1190.0
"""Millimetres of text on the five pages after the first, less what is lost at their ends."""

_LINE = 4.25
_PADDING = 2.4
_NAME = 3.0
_LEVEL = "4 Under pressure. "
_SIGNS_OF_COACH = 50
_SIGNS_OF_LEARNER = 37
_SIGNS_OF_SCENARIO = 27
_SIGNS_OF_PROSE = 105
_ALWAYS = 140.0
MOST_OCCASIONS = 24


@dataclass(frozen=True, slots=True)
class Shown:
    """The latest observations of one criterion, newest last."""

    line: CriterionLine
    observations: tuple[Observation, ...]


@dataclass(frozen=True, slots=True)
class SkillLayout:
    """One skill as it is printed."""

    skill: SkillPage
    marks: tuple[tuple[Mark, ...], ...]
    shown: tuple[Shown, ...]
    left_out: int
    """Earlier observations whose evidence lines are not printed."""


def _lines(text: str, signs: int) -> int:
    return max(1, -(-len(text) // signs))


def row_height(seen: Observation) -> float:
    """The estimated height of one evidence row in millimetres."""
    tallest = max(
        _lines(seen.scenario, _SIGNS_OF_SCENARIO) + 1,
        _lines(seen.evidence + _LEVEL, _SIGNS_OF_COACH),
        _lines(seen.self_evidence + _LEVEL, _SIGNS_OF_LEARNER),
    )
    return tallest * _LINE + _PADDING


def evidence_room(report: ProgressReport) -> float:
    """What is left for evidence lines when everything else has its place, in millimetres."""
    skills = sum(
        30 + 10 * len(skill.criteria) + 5 * (len(skill.strengths) + bool(skill.working_on)) for skill in report.skills
    )
    pairs = sum(10 + _LINE * _lines(pair.first.evidence, 30) for pair in report.pairs)
    notes = sum(
        16 + 4.7 * _lines(note.situation + note.behaviour + note.effect + note.question, _SIGNS_OF_PROSE)
        for note in report.notes
    )
    log = sum(4 + _LINE * _lines(entry.act, 26) for entry in report.field_log)
    comment = 20 + 5 * _lines(report.learner_comment, _SIGNS_OF_PROSE - 10)
    contests = sum(5 + _LINE * _lines(contest.reason, 48) for contest in report.contests)
    return ROOM - _ALWAYS - skills - pairs - notes - log - comment - contests


def rows_per_criterion(lines: Sequence[CriterionLine], room: float) -> int:
    """The largest number of rows per criterion, the same for all, that fits; at least one."""
    longest = max((len(line.observations) for line in lines), default=1)
    for rows in range(longest, 1, -1):
        needed = sum(_NAME + sum(row_height(seen) for seen in line.observations[-rows:]) for line in lines)
        if needed <= room:
            return rows
    return 1


def occasions(report: ProgressReport) -> list[tuple[str, str]]:
    """The attempts in their order, as (date, scenario): the common axis of all time lines."""
    return sorted({(seen.on.isoformat(), seen.scenario) for seen in report.observations()})


def skill_layouts(report: ProgressReport) -> tuple[SkillLayout, ...]:
    """Every skill with its marks on the common axis and the evidence that fits."""
    latest = occasions(report)[-MOST_OCCASIONS:]
    steps = max(1, len(latest) - 1)
    places = {occasion: position / steps for position, occasion in enumerate(latest)}
    lines = [line for skill in report.skills for line in skill.criteria]
    rows = rows_per_criterion(lines, evidence_room(report))
    return tuple(
        SkillLayout(
            skill,
            tuple(_marks(line, places) for line in skill.criteria),
            tuple(Shown(line, line.observations[-rows:]) for line in skill.criteria),
            sum(max(0, len(line.observations) - rows) for line in skill.criteria),
        )
        for skill in report.skills
    )


def _marks(line: CriterionLine, places: dict[tuple[str, str], float]) -> tuple[Mark, ...]:
    found = []
    for seen in line.observations:
        place = places.get((seen.on.isoformat(), seen.scenario))
        if place is not None:
            found.append(Mark(place, seen.level, seen.self_level, seen.not_observed, seen.difficulty))
    return tuple(found)
