"""The geometry of a growth chart: numbers in, coordinates and one sentence out. Words stay in the template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from coachkit.domain.assessment.scale import LEVELS
from coachkit.features.calibration.measures import figure
from coachkit.platform.templates import long_date, short_date

LEFT, RIGHT, TOP, BOTTOM = 112.0, 560.0, 20.0, 272.0
NEAR = 16
"""Labels closer than this are moved apart."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One observed level."""

    x: float
    y: float
    capped: bool


@dataclass(frozen=True, slots=True)
class Label:
    """A word at the right end of a line."""

    y: float
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Growth:
    """Everything that the macro draws."""

    name: str
    sentence: str
    band: str
    line: str
    marks: tuple[Mark, ...]
    need_y: float | None
    now_x: float
    first: str
    now: str
    ahead: str
    """The last day that is drawn, where it lies ahead; or empty."""
    continuing: tuple[str, str] | None
    """Polygon of the band and points of the line, if growth continues."""
    levelling: tuple[str, str] | None
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """One observation, as the drawing needs it."""

    on: date
    level: int
    capped: bool


@dataclass(frozen=True, slots=True)
class _Axis:
    first: date
    last: date

    def x(self, day: date) -> float:
        span = max(1, (self.last - self.first).days)
        return round(LEFT + (RIGHT - LEFT) * (day - self.first).days / span, 1)


def _y(level: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * (level - 1) / 4, 1)


def _points(pairs: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in pairs)


def growth(
    name: str, entry: Mapping[str, Any], seen: Iterable[Seen], *, line: int | None = None, since: date | None = None
) -> Growth | None:
    """The chart of one skill, or None where there is no measure. Nothing before `since` is drawn."""
    course = [(date.fromisoformat(day), value, low, high) for day, value, low, high in entry["course"]]
    course = [place for place in course if since is None or place[0] >= since]
    if entry["measure"] is None or len(course) < 2:  # noqa: PLR2004  a line needs two points
        return None
    last_day = course[-1][0]
    ahead = entry["ahead"]
    ends = [_end(ahead[key]) for key in ("linear", "levelling")] if ahead else []
    ends = [end for end in ends if end[0] > last_day]
    axis = _Axis(course[0][0], ends[0][0] if ends else last_day)
    upper = [(axis.x(day), _y(high)) for day, _value, _low, high in course]
    lower = [(axis.x(day), _y(low)) for day, _value, low, _high in course]
    now = course[-1]
    forks = [_fork(axis, now, end) for end in ends] if len(ends) == 2 else []  # noqa: PLR2004  both, or none
    return Growth(
        name=name,
        sentence=_sentence(name, course, ends if forks else [], line),
        band=_points([*upper, *reversed(lower)]),
        line=_points((axis.x(day), _y(value)) for day, value, _low, _high in course),
        marks=_marks(axis, seen),
        need_y=_y(line) if line is not None else None,
        now_x=axis.x(last_day),
        first=short_date(course[0][0]),
        now=short_date(last_day),
        ahead=short_date(ends[0][0]) if forks else "",
        continuing=forks[0] if forks else None,
        levelling=forks[1] if forks else None,
        labels=_labels(line, ends if forks else []),
    )


def _end(place: list[Any]) -> tuple[date, float, float, float]:
    return date.fromisoformat(place[0]), place[1], place[2], place[3]


def _fork(axis: _Axis, now: tuple[date, float, float, float], end: tuple[date, float, float, float]) -> tuple[str, str]:
    x0, x1 = axis.x(now[0]), axis.x(end[0])
    band = _points([(x0, _y(now[3])), (x1, _y(end[3])), (x1, _y(end[2])), (x0, _y(now[2]))])
    return band, _points([(x0, _y(now[1])), (x1, _y(end[1]))])


def _marks(axis: _Axis, seen: Iterable[Seen]) -> tuple[Mark, ...]:
    """A dot for each level that was given on a day; the table tells how often."""
    marks = {
        (axis.x(s.on), _y(s.level), s.capped): None
        for s in sorted(seen, key=lambda s: (s.on, s.level))
        if axis.first <= s.on
    }
    return tuple(Mark(*mark) for mark in marks)


def _labels(line: int | None, ends: list[tuple[date, float, float, float]]) -> tuple[Label, ...]:
    """Right-hand labels, moved apart where they would lie on each other."""
    wanted = [(_y(line), "need-t", f"Role line: {LEVELS[line]}")] if line is not None else []
    if ends:
        wanted += [(_y(ends[0][1]), "t-c", "if it continues"), (_y(ends[1][1]), "t-l", "if it levels off")]
    placed: list[Label] = []
    for y, kind, text in sorted(wanted):
        lowest = placed[-1].y + NEAR if placed else TOP
        placed.append(Label(round(max(y + 4, lowest), 1), kind, text))
    return tuple(placed)


def _sentence(
    name: str,
    course: list[tuple[date, float, float, float]],
    ends: list[tuple[date, float, float, float]],
    line: int | None,
) -> str:
    first, now = course[0], course[-1]
    words = (
        f"{name} from {long_date(first[0])} to {long_date(now[0])}: fair average from {figure(first[1])} to "
        f"{figure(now[1])}, 80 percent band now {figure(now[2])} to {figure(now[3])}."
    )
    if ends:
        words += (
            f" On {long_date(ends[0][0])}: {figure(ends[0][2])} to {figure(ends[0][3])} if growth continues, "
            f"{figure(ends[1][2])} to {figure(ends[1][3])} if it levels off."
        )
    return words + (f" Role line {line}." if line is not None else "")
