"""A learner's own skills: growth, and the gap between one's own view and the coaches'."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library
from coachkit.features.calibration import drawing
from coachkit.features.calibration.drawing import Growth, Seen
from coachkit.features.calibration.measures import (
    NOTHING_YET,
    Entry,
    figure,
    interval_words,
    newest_run,
    raw_words,
    signed,
    standings,
)
from coachkit.features.practice.queries import LibraryOf, Observed, observed

NEEDED = "Two official attempts in two scenarios, seen by a coach, are needed before anything is drawn."


@dataclass(frozen=True, slots=True)
class ObservedLine:
    """One observation in a table."""

    on: date
    criterion: str
    scenario: str
    own: str
    coach: str


@dataclass(frozen=True, slots=True)
class GapView:
    """Own view beside the coaches', in words and figures."""

    sentence: str
    figures: str
    trend: str
    low_x: float | None
    mid_x: float | None
    high_x: float | None


@dataclass(frozen=True, slots=True)
class SkillView:
    """One skill on a learner's own page."""

    id: str
    name: str
    measured: bool
    sentence: str
    raw: str
    chart: Growth | None
    course: tuple[tuple[str, str, str], ...]
    missing: str
    gap: GapView | None
    observations: tuple[ObservedLine, ...]


@dataclass(frozen=True, slots=True)
class MySkills:
    """What the calibration says to the learner whom it is about."""

    run: str
    together: str
    skills: tuple[SkillView, ...]
    unseen: tuple[str, ...]
    """Skills without any official rating."""


def my_skills(session: Session, library: Library, library_of: LibraryOf, person_id: int) -> MySkills:
    """A learner's own page. Practice is no part of it, since it enters no calibration."""
    standing = standings(session, [person_id]).get(person_id)
    run = newest_run(session)
    rows = observed(session, library_of, [person_id])[person_id]
    known = {criterion.id: criterion for criterion in library.criteria}
    by_skill: dict[str, list[Observed]] = {}
    for row in rows:
        if row.criterion_id in known:
            by_skill.setdefault(known[row.criterion_id].skill, []).append(row)
    gaps = {gap["skill"]: gap for gap in standing.gaps} if standing else {}
    skills = tuple(
        _skill_view(
            skill.id,
            skill.name,
            standing.skills.get(skill.id) if standing else None,
            gaps.get(skill.id),
            [(row, known[row.criterion_id].name) for row in by_skill[skill.id]],
        )
        for skill in library.skills
        if skill.id in by_skill
    )
    main = [skill for skill in library.skills if skill.kind in {"hard", "soft"}]
    return MySkills(
        run=run.words if run else "",
        together=_together(standing.together if standing else None),
        skills=skills,
        unseen=tuple(skill.name for skill in main if skill.id not in by_skill),
    )


def _together(entry: Entry | None) -> str:
    if entry is None:
        return NOTHING_YET
    if entry["measure"] is None:
        return str(entry["why"])
    return f"The seven skills of the role together: {interval_words(entry['measure'])}; {raw_words(entry)}."


def _skill_view(
    skill_id: str, name: str, entry: Entry | None, gap: Entry | None, rows: list[tuple[Observed, str]]
) -> SkillView:
    chart = drawing.growth(name, {**entry, "ahead": None}, _seen(rows)) if entry else None
    return SkillView(
        id=skill_id,
        name=name,
        measured=chart is not None,
        sentence=_growth_words(entry) if entry and chart else "",
        raw=raw_words(entry) if entry and chart else "",
        chart=chart,
        course=tuple(
            (day, figure(value), f"{figure(low)} to {figure(high)}")
            for day, value, low, high in (entry["course"] if entry and chart else ())
        ),
        missing="" if chart else _missing(entry),
        gap=_gap_view(gap) if gap else None,
        observations=tuple(
            ObservedLine(
                row.played_on,
                criterion,
                row.scenario_title,
                row.own.words(row.max_level) or "—",
                row.coach.words(row.max_level) or "—",
            )
            for row, criterion in rows
        ),
    )


def _seen(rows: list[tuple[Observed, str]]) -> list[Seen]:
    return [Seen(row.played_on, row.coach.value, row.capped) for row, _name in rows if row.coach.value is not None]


def _growth_words(entry: Entry) -> str:
    first, last = entry["course"][0], entry["course"][-1]
    start = date.fromisoformat(first[0])
    likely = f"likely {figure(last[2])} to {figure(last[3])}"
    return f"From {figure(first[1])} in {start:%B} to {figure(last[1])} now, {likely}."


def _missing(entry: Entry | None) -> str:
    if entry is None:
        return NEEDED
    if entry["status"] == "not_enough":
        have = f"{_counted(entry['attempts'], 'attempt')} in {_counted(entry['scenarios'], 'scenario')}"
        return f"Two rated attempts in two scenarios are needed before anything is drawn; so far there are {have}."
    if entry["measure"] is not None:
        return "All ratings are from one day, so there is no course to draw yet."
    return str(entry["why"])


def _counted(number: int, one: str) -> str:
    return f"{number} {one}{'' if number == 1 else 's'}"


LEAST_FOR_A_GAP = 3
GAP_MIDDLE, GAP_STEP = 160.0, 50.0
"""Three levels on either side of no gap."""


def _gap_x(value: float) -> float:
    return round(GAP_MIDDLE + max(-3.0, min(3.0, value)) * GAP_STEP, 1)


def _gap_view(gap: Entry) -> GapView:
    mean, low, high = gap["mean"], gap["low"], gap["high"]
    if low is None or high is None or gap["attempts"] < LEAST_FOR_A_GAP:
        words = "Both of you have rated this in fewer than three attempts: too little to tell a habit from a day."
        return GapView(words, "", "", None, None, None)
    if low > 0:
        words = "Your coaches see more in this skill than you do."
    elif high < 0:
        words = "You see more in this skill than your coaches do."
    else:
        words = "Your view and your coaches’ view cannot be told apart on average."
    attempts = _counted(gap["attempts"], "attempt")
    figures = f"{signed(mean)} levels, likely {signed(low)} to {signed(high)}, from {attempts}"
    return GapView(words, figures, _trend(gap), _gap_x(low), _gap_x(mean), _gap_x(high))


def _trend(gap: Entry) -> str:
    if gap["trend"] is None:
        return "Four attempts on different days are needed before a trend can be told."
    if gap["trend_low"] <= 0 <= gap["trend_high"]:
        return "No trend can be told from chance."
    towards = abs(gap["mean"] + gap["trend"]) < abs(gap["mean"])
    return "The two views are coming closer." if towards else "The two views are moving apart."
