"""What a purpose sees of one person: gathered as one plain object, from which page, preview and record are drawn.

`gather` makes the object; it holds ids instead of people's names, so that erasing a coach leaves no name in a record.
`show` draws it. The page, the person's own preview and a record that was frozen months ago all go through `show`,
so they cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from coachkit.domain.assessment.licence import STANDING_WORDS, Standing
from coachkit.domain.assessment.scale import LEVELS
from coachkit.domain.content.model import Library
from coachkit.domain.decision import evidence, rules, tries
from coachkit.domain.decision.evidence import Group, Seen
from coachkit.domain.decision.months import months_later
from coachkit.domain.decision.safeguards import SeenAttempt
from coachkit.features.accounts.queries import names
from coachkit.features.calibration.drawing import Seen as Mark
from coachkit.features.decisions import measured
from coachkit.features.decisions.measured import Ground, MeasureRow
from coachkit.features.feedback.contest.queries import Contested, observed_by_others
from coachkit.features.feedback.conversation.queries import SharedOutcome
from coachkit.features.practice.queries import LibraryOf, Observed
from coachkit.platform import clock
from coachkit.platform.templates import long_date

Snapshot = dict[str, Any]
FORMAT = 3
"""2: with a calibration. 3: with content versions and a shared conversation. Older records are drawn without."""
LINES_EACH_WAY = 2
LEFT = "A coach who has left"
CONTESTED = (
    "Part of this is contested by the person, or did not stand when somebody else looked at it, and is not shown."
)


def role_skills(library: Library) -> tuple[tuple[str, str], ...]:
    """The seven skills that a role line is about: id and name."""
    return tuple((skill.id, skill.name) for skill in library.skills if skill.kind in {"hard", "soft"})


def observations(session: Session, library_of: LibraryOf, person_ids: list[int]) -> dict[int, tuple[Observed, ...]]:
    """Official observations of the last twelve months, per person."""
    if not person_ids:
        return {}
    oldest = months_later(clock.today(), -rules.SHOWN_FOR_MONTHS)
    found = observed_by_others(session, library_of, person_ids)
    return {person_id: tuple(o for o in rows if o.played_on >= oldest) for person_id, rows in found.items()}


def skill_entries(
    library: Library,
    library_of: LibraryOf,
    lines: Mapping[str, int],
    rows: Iterable[Observed],
    ground: Ground | None = None,
) -> list[Snapshot]:
    """Per skill of the role: the line, what the evidence says, and every observation behind it."""
    by_skill: dict[str, list[Observed]] = {skill_id: [] for skill_id in lines}
    for row in rows:
        skill_id = library_of(row.library_version).criterion(row.criterion_id).skill
        if skill_id in by_skill:
            by_skill[skill_id].append(row)
    known = dict(role_skills(library))
    ordered = [skill_id for skill_id in known if skill_id in lines] + sorted(lines.keys() - known.keys())
    return [
        {
            **_skill_entry(skill_id, known.get(skill_id, skill_id), lines[skill_id], by_skill[skill_id], library_of),
            "measure": measured.measure_entry(ground, skill_id, lines[skill_id]),
        }
        for skill_id in ordered
    ]


def _skill_entry(skill_id: str, name: str, line: int, rows: list[Observed], library_of: LibraryOf) -> Snapshot:
    finding = evidence.find((_seen(row) for row in rows), line)
    return {
        "id": skill_id,
        "name": name,
        "line": line,
        "group": finding.group.value,
        "reason": finding.reason,
        "missing": list(finding.missing),
        "ratings": finding.built_on.ratings,
        "scenarios": finding.built_on.scenarios,
        "coaches": finding.built_on.coaches,
        "speaking": finding.speaking.ratings,
        "observed": [_observed_entry(row, library_of) for row in rows],
    }


def _seen(row: Observed) -> Seen:
    return Seen(
        row.attempt_id, row.played_on, row.criterion_id, row.scenario_id, row.coach_id, row.coach, row.max_level
    )


def _observed_entry(row: Observed, library_of: LibraryOf) -> Snapshot:
    return {
        "attempt": row.attempt_id,
        "on": row.played_on.isoformat(),
        "criterion": row.criterion_id,
        "criterion_name": library_of(row.library_version).criterion(row.criterion_id).name,
        "scenario": row.scenario_id,
        "scenario_title": row.scenario_title,
        "difficulty": row.difficulty,
        "limit": row.max_level,
        "level": row.coach.value,
        "coach": row.coach_id,
        "evidence": row.coach_evidence,
        "licence": row.licence.value,
    }


def tries_entries(rows: Iterable[Observed], lines: Mapping[str, int], library_of: LibraryOf) -> list[Snapshot]:
    """First tries with their re-tries, for the skills of the role."""
    wanted = [r for r in rows if library_of(r.library_version).criterion(r.criterion_id).skill in lines]
    return [
        {"first": _observed_entry(first, library_of), "again": _observed_entry(again, library_of)}
        for first, again in tries.pairs(wanted)
    ]


@dataclass(frozen=True, slots=True)
class Dot:
    """One observed level in a drawing."""

    x: float
    y: float
    capped: bool


@dataclass(frozen=True, slots=True)
class Rating:
    """One observation in words."""

    on: date
    criterion: str
    level: str
    """«In place», «In place or more», «Not observed»."""
    scenario: str
    difficulty: int
    coach: str
    evidence: str
    licence: str
    """Whether the coach held a valid licence when she rated; empty in records older than that."""


@dataclass(frozen=True, slots=True)
class SkillRow:
    """One skill against the role line."""

    id: str
    name: str
    line: int
    line_word: str
    line_x: float
    group: str
    group_word: str
    reason: str
    built_on: str
    dots: tuple[Dot, ...]
    sentence: str
    """What the drawing shows, in words."""
    towards: tuple[Rating, ...]
    away: tuple[Rating, ...]
    ratings: tuple[Rating, ...]
    """Everything, newest first."""
    missing: tuple[str, ...]
    measure: MeasureRow | None
    """What the calibration says; None where measures are off or nothing is calibrated yet."""


@dataclass(frozen=True, slots=True)
class TryPair:
    """A first try and its re-try, in words."""

    criterion: str
    scenario: str
    difficulty: int
    first: Rating
    again: Rating
    words: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything that a purpose sees of one person."""

    skills: tuple[SkillRow, ...]
    tries: tuple[TryPair, ...]
    tries_words: str
    missing: tuple[str, ...]
    comment: str
    unit: str
    since: date | None
    released_on: date | None
    coaches: tuple[str, ...]
    conversation: str
    """The one sentence of a conversation about interest and care that the person shared here, or empty."""
    run: str
    """«calibration 12 of 3 November 2026», or empty: then the rule of observed levels holds."""
    together: MeasureRow | None

    @property
    def growing(self) -> tuple[SkillRow, ...]:
        """Skills with a measure and its course."""
        return tuple(skill for skill in self.skills if skill.measure is not None and skill.measure.growth is not None)

    @property
    def rated(self) -> tuple[SkillRow, ...]:
        """Skills with something to read."""
        return tuple(skill for skill in self.skills if skill.ratings)


WIDTH, MARGIN, HEIGHT = 320, 10, 34
_COLUMNS, _ROWS, _STEP = 5, 3, 10


def x_of(level: int) -> float:
    """Where a level stands on the drawing's axis."""
    return MARGIN + (level - 1) * (WIDTH - 2 * MARGIN) / 4


def _dots(entries: list[Snapshot]) -> tuple[Dot, ...]:
    """Dots in a small block round their level; beyond fifteen the words alone tell the number."""
    by_level: dict[int, list[bool]] = {}
    for entry in entries:
        if entry["level"] is not None:
            by_level.setdefault(entry["level"], []).append(_capped(entry))
    found = []
    for level, everything in sorted(by_level.items()):
        marks = everything[: _COLUMNS * _ROWS]
        rows = -(-len(marks) // _COLUMNS)
        for index, capped in enumerate(marks):
            row, column = divmod(index, _COLUMNS)
            across = min(_COLUMNS, len(marks) - row * _COLUMNS)
            x = x_of(level) + (column - (across - 1) / 2) * _STEP
            found.append(Dot(round(x, 1), round(HEIGHT / 2 + (row - (rows - 1) / 2) * _STEP, 1), capped))
    return tuple(found)


def _capped(entry: Snapshot) -> bool:
    return bool(entry["level"] is not None and entry["level"] == entry["limit"] < len(LEVELS))


def _level_word(entry: Snapshot) -> str:
    if entry["level"] is None:
        return "Not observed"
    return f"{LEVELS[entry['level']]} or more" if _capped(entry) else LEVELS[entry["level"]]


def _rating(entry: Snapshot, people: Mapping[int, str]) -> Rating:
    return Rating(
        date.fromisoformat(entry["on"]),
        entry["criterion_name"],
        _level_word(entry),
        entry["scenario_title"],
        entry["difficulty"],
        people.get(entry["coach"] or 0, LEFT),
        entry["evidence"],
        STANDING_WORDS[Standing(entry["licence"])] if "licence" in entry else "",
    )


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _built_on(entry: Snapshot) -> str:
    counts = ", ".join(
        (
            _counted(entry["ratings"], "rating"),
            _counted(entry["scenarios"], "scenario"),
            _counted(entry["coaches"], "coach", "coaches"),
        )
    )
    return counts if entry["ratings"] else "no rating yet"


def _sentence(entry: Snapshot) -> str:
    counts: dict[str, int] = {}
    for row in sorted(entry["observed"], key=lambda o: (o["level"] or 0, _capped(o))):
        if row["level"] is not None:
            counts[_level_word(row)] = counts.get(_level_word(row), 0) + 1
    seen = ", ".join(f"{word} {_counted(number, 'time')}" for word, number in counts.items())
    return f"{entry['name']}: {seen or 'not rated yet'}; the role line is {entry['line']}, {LEVELS[entry['line']]}"


def _strongest(entry: Snapshot, *, towards: bool) -> list[Snapshot]:
    line = entry["line"]
    rows = [
        o
        for o in entry["observed"]
        if o["level"] is not None
        and o["evidence"].strip()
        and (o["level"] >= line if towards else o["level"] < line and not _capped(o))
    ]
    rows.sort(key=lambda o: (abs(o["level"] - line), o["on"], o["attempt"], o["criterion"]), reverse=True)
    return rows[:LINES_EACH_WAY]


def _marks(entry: Snapshot) -> list[Mark]:
    return [
        Mark(date.fromisoformat(o["on"]), o["level"], _capped(o)) for o in entry["observed"] if o["level"] is not None
    ]


def _skill_row(entry: Snapshot, people: Mapping[int, str], *, measures: bool) -> SkillRow:
    newest = sorted(entry["observed"], key=lambda o: (o["on"], o["attempt"]), reverse=True)
    found = entry.get("measure") if measures else None
    said = found or entry
    return SkillRow(
        id=entry["id"],
        name=entry["name"],
        line=entry["line"],
        line_word=LEVELS[entry["line"]],
        line_x=x_of(entry["line"]),
        group=said["group"],
        group_word=Group(said["group"]).word,
        reason=said["reason"],
        built_on=_built_on(entry),
        dots=_dots(entry["observed"]),
        sentence=_sentence(entry),
        towards=tuple(_rating(o, people) for o in _strongest(entry, towards=True)),
        away=tuple(_rating(o, people) for o in _strongest(entry, towards=False)),
        ratings=tuple(_rating(o, people) for o in newest),
        missing=tuple(said["missing"]),
        measure=measured.measure_row(entry["name"], entry["line"], found, _marks(entry)) if found else None,
    )


def _pair(entry: Snapshot, people: Mapping[int, str]) -> TryPair:
    first, again = _rating(entry["first"], people), _rating(entry["again"], people)
    days = (again.on - first.on).days
    low, high = entry["first"]["level"], entry["again"]["level"]
    change = "higher" if high > low else "the same" if high == low else "lower"
    words = f"{first.level} at the first try, {again.level} {days} days later: {change}."
    return TryPair(first.criterion, first.scenario, first.difficulty, first, again, words)


def _tries_words(entries: list[Snapshot]) -> str:
    if not entries:
        return "There is no re-try at the same difficulty yet, two days to three weeks after a first try."
    higher = sum(entry["again"]["level"] > entry["first"]["level"] for entry in entries)
    return f"{higher} of {_counted(len(entries), 're-try', 're-tries')} rated higher, at the same difficulty."


def show(snapshot: Snapshot, people: Mapping[int, str]) -> CaseFile:
    """Draw what was gathered. `people` gives the names that are known today."""
    person, run = snapshot["person"], measured.run_of(snapshot)
    skills = tuple(_skill_row(entry, people, measures=run is not None) for entry in snapshot["skills"])
    return CaseFile(
        skills=skills,
        tries=tuple(_pair(entry, people) for entry in snapshot["tries"]),
        tries_words=_tries_words(snapshot["tries"]),
        missing=tuple(f"{skill.name}: {', '.join(skill.missing)}" for skill in skills if skill.missing),
        comment=person["comment"],
        unit=person["unit"],
        since=date.fromisoformat(person["since"]) if person["since"] else None,
        released_on=date.fromisoformat(person["released_on"]) if person["released_on"] else None,
        coaches=tuple(sorted({people.get(coach_id or 0, LEFT) for coach_id in coach_ids(snapshot)})),
        conversation=_conversation(snapshot.get("conversation")),
        run=run.words if run else "",
        together=measured.together_row(snapshot["together"]) if run else None,
    )


def conversation_entry(shared: SharedOutcome | None) -> Snapshot | None:
    """What the person shared of a conversation: that it was held, its result, and whether a statement comes with it."""
    if shared is None:
        return None
    return {
        "held_on": shared.held_on.isoformat(),
        "outcome": shared.outcome,
        "words": shared.outcome_words,
        "statement": shared.statement_attached,
    }


def _conversation(entry: Mapping[str, Any] | None) -> str:
    if entry is None:
        return ""
    held, attached = long_date(date.fromisoformat(entry["held_on"])), "yes" if entry["statement"] else "no"
    result = entry["words"][:1].lower() + entry["words"][1:]
    return f"Conversation held on {held}. Joint result: {result}. The person’s statement attached: {attached}."


def seen_attempts(snapshot: Snapshot) -> list[SeenAttempt]:
    """The rated attempts behind a snapshot; «not observed» is none."""
    return [
        SeenAttempt(row["attempt"], date.fromisoformat(row["on"]), row["scenario"], row["coach"])
        for skill in snapshot["skills"]
        for row in skill["observed"]
        if row["level"] is not None
    ]


def coach_ids(snapshot: Snapshot) -> set[int | None]:
    """Whose ratings a snapshot holds."""
    return {row["coach"] for skill in snapshot["skills"] for row in skill["observed"]}


def coach_names(session: Session, snapshots: Iterable[Snapshot]) -> dict[int, str]:
    """The names for `show`."""
    return names(session, {coach_id for snapshot in snapshots for coach_id in coach_ids(snapshot)})


def without_contested(snapshot: Snapshot, contested: Contested, library: Library) -> Snapshot:
    """A record as it was frozen, but for what its person contests or what did not stand since. It is not rewritten."""
    person_id = snapshot["person"]["id"]
    skill_of = {criterion.id: str(criterion.skill) for criterion in library.criteria}

    def hidden(row: Snapshot) -> bool:
        item = (row["attempt"], row["criterion"])
        return item in contested.changed or contested.hides(person_id, *item, skill_of.get(row["criterion"], ""))

    touched = [
        e["id"]
        for e in snapshot["skills"]
        if (person_id, e["id"]) in contested.skills or any(map(hidden, e["observed"]))
    ]
    if not touched:
        return snapshot
    return {
        **snapshot,
        "skills": [
            _withheld(e, [o for o in e["observed"] if not hidden(o)]) if e["id"] in touched else e
            for e in snapshot["skills"]
        ],
        "tries": [t for t in snapshot["tries"] if not hidden(t["first"]) and not hidden(t["again"])],
        "together": _unmeasured(snapshot.get("together")),
    }


def _withheld(entry: Snapshot, rows: list[Snapshot]) -> Snapshot:
    return {
        **entry,
        "group": Group.CANNOT_TELL.value,
        "reason": CONTESTED,
        "missing": [],
        "observed": rows,
        "measure": _unmeasured(entry.get("measure")),
    }


def _unmeasured(entry: Snapshot | None) -> Snapshot | None:
    if entry is None:
        return None
    blank = {"measure": None, "why": CONTESTED, "raw": None}
    return {**entry, **blank, **({"reason": CONTESTED, "course": [], "ahead": None} if "course" in entry else {})}
