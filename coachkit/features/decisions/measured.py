"""The measured part of a case: what the newest calibration says of each skill, frozen into the snapshot and drawn.

Where measures are off, or nothing has been calibrated yet, there is none, and the rule of observed levels holds alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from coachkit.features.calibration import drawing
from coachkit.features.calibration.drawing import Growth, Seen
from coachkit.features.calibration.measures import (
    NO_ROOM,
    NOTHING_YET,
    Entry,
    Run,
    Standing,
    against_line,
    figure,
    interval_words,
    measuring,
    raw_words,
)
from coachkit.platform.templates import long_date

Snapshot = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a person's figures stand on."""

    run: Run
    standing: Standing | None
    """None: no rating of the person is in the calibration."""
    oldest: date
    """Results from before this day are shown to nobody but the person and the coaches."""
    today: date

    def entry(self, skill_id: str) -> Entry | None:
        found = self.standing.skills.get(skill_id) if self.standing else None
        return found if found and found["last_on"] and date.fromisoformat(found["last_on"]) >= self.oldest else None


def run_entry(ground: Ground | None) -> Snapshot | None:
    """The name of the calibration, for the snapshot."""
    if ground is None:
        return None
    return {"run": ground.run.number, "made_on": ground.run.made_on.isoformat()}


def measure_entry(ground: Ground | None, skill_id: str, line: int) -> Snapshot | None:
    """One skill by the published rule."""
    if ground is None:
        return None
    entry = ground.entry(skill_id)
    said = against_line(entry, line, ground.today)
    told = {"group": said.group, "reason": said.reason, "missing": list(said.missing)}
    if entry is None:
        return {
            **told,
            "measure": None,
            "why": NOTHING_YET,
            "raw": None,
            "course": [],
            "ahead": None,
            "ahead_lacks": [],
        }
    shown = [place for place in entry["course"] if date.fromisoformat(place[0]) >= ground.oldest]
    kept = {key: entry[key] for key in ("measure", "why", "raw", "at_maximum", "ahead", "ahead_lacks")}
    return {**told, **kept, "course": shown}


def together_entry(ground: Ground | None) -> Snapshot | None:
    """The role's skills as one. It has no line."""
    if ground is None:
        return None
    found = ground.standing.together if ground.standing else None
    recent = found and found["last_on"] and date.fromisoformat(found["last_on"]) >= ground.oldest
    if not found or not recent:
        return {"measure": None, "why": NOTHING_YET, "raw": None}
    return {key: found[key] for key in ("measure", "why", "raw", "at_maximum")}


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A fair average with its interval, or why there is none."""

    value: float | None
    low: float | None
    high: float | None
    words: str
    """«3.1, likely 2.8 to 3.4», or the reason."""
    raw: str
    short: str
    """For a narrow column: the figures, or that there are none."""
    growth: Growth | None = None
    growth_words: str = ""
    ahead_words: str = ""
    """About the day ahead: both shapes, or what is missing."""
    course: tuple[tuple[str, str, str], ...] = ()
    """Day, middle and band, for the table."""


def shows_measures(snapshot: Mapping[str, Any]) -> bool:
    """Whether this snapshot has figures and this house shows them."""
    return snapshot.get("calibration") is not None and measuring()


def run_of(snapshot: Mapping[str, Any]) -> Run | None:
    if not shows_measures(snapshot):
        return None
    named = snapshot["calibration"]
    return Run(named["run"], date.fromisoformat(named["made_on"]))


def together_row(entry: Mapping[str, Any]) -> MeasureRow:
    return _plain(entry)


def _plain(entry: Mapping[str, Any]) -> MeasureRow:
    measure = entry["measure"]
    if measure is None:
        raw = raw_words(entry) if entry["raw"] is not None else ""
        return MeasureRow(
            None, None, None, entry["why"], raw, "no room so far" if entry["why"] == NO_ROOM else "none yet"
        )
    words = interval_words(measure)
    return MeasureRow(measure["value"], measure["low"], measure["high"], words, raw_words(entry), words)


def measure_row(name: str, line: int, entry: Mapping[str, Any], observed: Iterable[Seen]) -> MeasureRow:
    """Draw one skill."""
    plain = _plain(entry)
    if plain.value is None:
        return plain
    chart = drawing.growth(name, entry, observed, line=line)
    first, last = (entry["course"][0], entry["course"][-1]) if entry["course"] else (None, None)
    words = ""
    if chart is not None and first is not None and last is not None:
        words = f"From {figure(first[1])} in {date.fromisoformat(first[0]):%B} to {figure(last[1])} now."
    return MeasureRow(
        plain.value,
        plain.low,
        plain.high,
        plain.words,
        plain.raw,
        plain.short,
        growth=chart,
        growth_words=words,
        ahead_words=_ahead_words(entry),
        course=tuple(
            (long_date(date.fromisoformat(day)), figure(value), f"{figure(low)} to {figure(high)}")
            for day, value, low, high in entry["course"]
        ),
    )


def _ahead_words(entry: Mapping[str, Any]) -> str:
    ahead = entry["ahead"]
    if ahead is None:
        return f"Nothing is said about the time ahead: {'; '.join(entry['ahead_lacks'])}."
    on, straight, level = long_date(date.fromisoformat(ahead["linear"][0])), ahead["linear"], ahead["levelling"]
    return (
        f"By {on} the band is {figure(straight[2])} to {figure(straight[3])} if growth continues, and "
        f"{figure(level[2])} to {figure(level[3])} if it levels off. Nobody can tell which of the two will hold."
    )
