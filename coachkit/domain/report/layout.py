"""What of a report is drawn and printed, when not everything fits into six pages.

All observations are drawn as dots. Printed are the latest ratings of each criterion, and of strengths, pairs, notes
and log entries as many as have room; whatever is left out is counted, said, and stays in the attached file.
"""

from dataclasses import dataclass, replace

from coachkit.domain.report import wording
from coachkit.domain.report.charts import Mark
from coachkit.domain.report.progress import (
    CoachNote,
    CriterionLine,
    FieldEntry,
    Observation,
    Pair,
    ProgressReport,
    SkillPage,
)

MOST_PAGES = 6
ROOM = 1180.0
"""Millimetres of text on the five pages after the first, less what is lost at their ends."""
ROOM_ON_LETTER = 1100.0
"""The same on American paper, which is shorter and a little wider."""

_LINE = 4.0
_PADDING = 1.9
_DRAWING = 8.0
_HEADING = 11.5
_SIGNS_OF_SCENARIO = 23
_SIGNS_OF_COACH = 33
_SIGNS_OF_LEARNER = 23
_SIGNS_SO_FAR = 26
_SIGNS_OF_PROSE = 105
_ALWAYS = 128.0
"""Limits, grounds and the panel for checking."""
_LEVEL = "4 Under pressure. "
MOST_OCCASIONS = 24


@dataclass(frozen=True, slots=True)
class Portion:
    """How many of each kind are printed: ratings per criterion, strengths per skill, and the rest per report."""

    ratings: int
    strengths: int
    pairs: int
    notes: int
    entries: int


PORTIONS = (
    Portion(3, 2, 4, 4, 6),
    Portion(2, 2, 4, 4, 6),
    Portion(1, 2, 4, 4, 6),
    Portion(1, 1, 4, 4, 4),
    Portion(1, 1, 3, 2, 2),
    Portion(1, 0, 2, 2, 1),
)
"""From plenty to the least; the latest rating of every criterion is always there."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One criterion: its marks on the common axis, and the ratings that are printed, newest first."""

    line: CriterionLine
    marks: tuple[Mark, ...]
    observations: tuple[Observation, ...]


@dataclass(frozen=True, slots=True)
class SkillLayout:
    """One skill as it is printed."""

    skill: SkillPage
    strengths: tuple[str, ...]
    shown: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A report as it is printed, and how much of it stands in the attached file only."""

    skills: tuple[SkillLayout, ...]
    pairs: tuple[Pair, ...]
    notes: tuple[CoachNote, ...]
    entries: tuple[FieldEntry, ...]
    left_out: tuple[str, ...]
    """For example «12 earlier ratings», «two notes»."""


def _lines(text: str, signs: int) -> int:
    return max(1, -(-len(text) // signs))


def row_height(seen: Observation, line: CriterionLine | None = None) -> float:
    """The estimated height of one rating in millimetres; `line` for the first of its criterion."""
    tall = [
        _LINE * (_lines(seen.scenario + ", 12 Sep 2026, difficulty 1", _SIGNS_OF_SCENARIO) + (line is not None)),
        _LINE * _lines(seen.evidence + _LEVEL, _SIGNS_OF_COACH),
        _LINE * _lines(seen.self_evidence + _LEVEL, _SIGNS_OF_LEARNER),
    ]
    if line is not None:
        drawing = _DRAWING if len(line.observations) > 1 else 0.0
        tall.append(drawing + _LINE * _lines(wording.so_far_words(line.observations), _SIGNS_SO_FAR))
    return max(tall) + _PADDING


def height(report: ProgressReport, portion: Portion) -> float:
    """The estimated height of everything after the first page, in millimetres."""
    total = _ALWAYS
    for skill in report.skills:
        total += _HEADING + 6.5
        strengths = skill.strengths[: portion.strengths]
        total += sum(0.4 + 4.6 * _lines(strength, _SIGNS_OF_PROSE) for strength in strengths)
        total += 6.2 if skill.working_on else 0
        for line in skill.criteria:
            shown = latest(line, portion.ratings)
            total += sum(row_height(seen, line if place == 0 else None) for place, seen in enumerate(shown))
    pairs = report.pairs[: portion.pairs]
    total += sum(_PADDING + _LINE * _lines(pair.first.evidence + pair.retry.evidence[:60], 40) for pair in pairs)
    total += 22 if pairs else 0
    notes = report.notes[: portion.notes]
    total += sum(7 + 4.4 * _lines(_words_of(note), _SIGNS_OF_PROSE) for note in notes) + (_HEADING if notes else 0)
    entries = report.field_log[: portion.entries]
    total += sum(_PADDING + _LINE * _lines(entry.act, 32) for entry in entries) + (18 if entries else 0)
    if report.measures is not None:
        total += 30 + 9 * len(report.measures.lines)
    if report.learner_comment:
        total += _HEADING + 5 * _lines(report.learner_comment, _SIGNS_OF_PROSE - 10)
    contests = sum(_PADDING + _LINE * _lines(contest.reason, 48) for contest in report.contests)
    return total + contests + (16 if contests else 0)


def _words_of(note: CoachNote) -> str:
    labels = "Situation. Behaviour. Effect. Question. Next try. "
    return labels + note.situation + note.behaviour + note.effect + note.question + note.next_try


def fitting(report: ProgressReport, tighter: int = 0, room: float = ROOM) -> Portion:
    """The largest portion that is likely to fit; `tighter` steps further down where it did not."""
    last = len(PORTIONS) - 1
    place = next((at for at, portion in enumerate(PORTIONS) if height(report, portion) <= room), last)
    return PORTIONS[min(last, place + tighter)]


def latest(line: CriterionLine, ratings: int) -> tuple[Observation, ...]:
    """The latest ratings of a criterion, newest first."""
    return tuple(reversed(line.observations[-ratings:]))


def occasions(report: ProgressReport) -> list[tuple[str, str]]:
    """The attempts in their order, as (date, scenario): the common axis of all time lines."""
    return sorted({(seen.on.isoformat(), seen.scenario) for seen in report.observations()})


def layout_of(report: ProgressReport, tighter: int = 0, room: float = ROOM) -> Layout:
    """The report as it will be printed."""
    portion = fitting(report, tighter, room)
    axis = occasions(report)[-MOST_OCCASIONS:]
    steps = max(1, len(axis) - 1)
    places = {occasion: position / steps for position, occasion in enumerate(axis)}
    skills = tuple(_skill(skill, portion, places) for skill in report.skills)
    whole = Layout(
        skills,
        report.pairs[: portion.pairs],
        report.notes[: portion.notes],
        report.field_log[: portion.entries],
        (),
    )
    return replace(whole, left_out=_left_out(report, whole))


def _skill(skill: SkillPage, portion: Portion, places: dict[tuple[str, str], float]) -> SkillLayout:
    shown = tuple(Shown(line, _marks(line, places), latest(line, portion.ratings)) for line in skill.criteria)
    return SkillLayout(skill, skill.strengths[: portion.strengths], shown)


def _left_out(report: ProgressReport, layout: Layout) -> tuple[str, ...]:
    ratings = sum(len(part.line.observations) - len(part.observations) for s in layout.skills for part in s.shown)
    strengths = sum(len(skill.skill.strengths) - len(skill.strengths) for skill in layout.skills)
    counts = (
        (ratings, "earlier rating with what it rests on", "earlier ratings with what they rest on"),
        (strengths, "strength", "strengths"),
        (len(report.pairs) - len(layout.pairs), "pair of tries", "pairs of tries"),
        (len(report.notes) - len(layout.notes), "note", "notes"),
        (len(report.field_log) - len(layout.entries), "log entry", "log entries"),
    )
    return tuple(wording.counted(count, one, many) for count, one, many in counts if count)


def _marks(line: CriterionLine, places: dict[tuple[str, str], float]) -> tuple[Mark, ...]:
    found = []
    for seen in line.observations:
        place = places.get((seen.on.isoformat(), seen.scenario))
        if place is not None:
            found.append(Mark(place, seen.level, seen.self_level, seen.not_observed, seen.difficulty))
    return tuple(found)
