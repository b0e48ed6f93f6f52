"""The published errors of what this product says, from the last kept run of its benchmark: never typed by hand.

`simulated.json` is written by `make prove ARGS=statements`, together with docs/proofs/statements.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FIGURES = Path(__file__).with_name("simulated.json")
LEAST_SAID = 100
"""Fewer statements of a kind than this, and its error in that world is not quoted."""
LINES = ("2", "3", "4")
Told = Mapping[str, Any]


@cache
def figures() -> Told:
    """The kept run."""
    kept: Told = json.loads(FIGURES.read_text(encoding="utf-8"))
    return kept


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the most over worlds, and how many statements, intervals or bands it was counted over."""

    low: float
    high: float
    of: int

    @property
    def words(self) -> str:
        """«1 to 5 of 100», «16 of 100», «up to 3 of 100», «fewer than 1 of 100»."""
        low, high = round(100 * self.low), round(100 * self.high)
        if high == 0:
            return "fewer than 1 of 100"
        if low == 0:
            return f"up to {high} of 100"
        return f"{low} to {high} of 100" if low != high else f"{high} of 100"


def _over(shares: Iterable[Told], least: int = 1) -> Range | None:
    known = [share for share in shares if share["of"] >= least]
    if not known:
        return None
    values = [share["share"] for share in known]
    return Range(min(values), max(values), sum(share["of"] for share in known))


def _teams() -> list[Told]:
    """Teams of 20 with 3 coaches are what most houses have, so their figures are the ones quoted."""
    return [world for name, world in figures()["worlds"].items() if name.startswith("team")]


def wrong(group: str, line: str) -> Range | None:
    """How often «met» or «not met» was wrong about a line; None where it was said too seldom to tell."""
    return _over((world["lines"][line]["wrong"][group] for world in _teams()), LEAST_SAID)


def said(group: str, line: str) -> Range:
    """How often it was said."""
    found = _over(world["lines"][line]["said"][group] for world in _teams())
    return found or Range(0.0, 0.0, 0)


def held(kind: str) -> Range:
    """How often an interval or a band held the truth."""
    return _over(world[kind] for world in _teams()) or Range(0.0, 0.0, 0)


def error_of(group: str, line: int) -> str:
    """One sentence beside a statement: how often its like was wrong."""
    found = wrong(group, str(line)) if str(line) in LINES else None
    word = "“not met”" if group == "not_met" else "“met”"
    if found is None:
        return f"SIMULATED: {word} about line {line} was said too seldom for its error to be told."
    return (
        f"SIMULATED: about line {line}, {word} was wrong in {found.words}, by how growth went on "
        f"({_counted(found.of)} such statements)."
    )


def line_errors() -> tuple[str, ...]:
    """What is behind «how to read this» of a statement, line by line."""
    return tuple(
        f"Line {line}: {_wrong_words('met', line)}; {_wrong_words('not_met', line)}; “cannot tell” of "
        f"{said('cannot_tell', line).words} skills."
        for line in LINES
    )


def summary_lines() -> tuple[str, ...]:
    """What the article says of the kept run."""
    return (
        *line_errors(),
        f"The 90 % interval of a skill held the truth in {held('interval').words}.",
        f"The 90 % interval of all skills together held it in {held('interval together').words}.",
        f"The 80 % band as it is drawn held {held('band').words} of its days, and its end {held('band, end').words}.",
        f"Ahead, the 80 % band of growth that continues held {held('ahead, continuing').words}.",
        f"Ahead, the 80 % band of growth that levels off held {held('ahead, levelling').words}.",
        f"Ahead, one of the two held {held('ahead, either').words}.",
    )


def _wrong_words(group: str, line: str) -> str:
    found, word = wrong(group, line), "“not met”" if group == "not_met" else "“met”"
    if found is None:
        return f"{word} said too seldom to tell"
    return f"{word} wrong in {found.words} (of {_counted(found.of)})"


def _counted(number: int) -> str:
    """«12,345»."""
    return f"{number:,}"


HEAD = (
    "world",
    "line",
    "met: said of",
    "wrong",
    "not met: said of",
    "wrong",
    "cannot tell",
    "both shapes alone, met / not met wrong",
)
BANDS_HEAD = (
    "world",
    "90 % interval, one skill",
    "90 % interval, all together",
    "80 % band, its course",
    "80 % band, its end",
    "80 % ahead, continuing / levelling",
    "either of both",
)


def statement_rows() -> list[tuple[str, ...]]:
    """The table of statements: per world and line, how often said, how often wrong."""
    rows: list[tuple[str, ...]] = []
    for world in figures()["worlds"].values():
        for line in LINES:
            told, of = world["lines"][line], world["skills"]
            errors = told["wrong"]
            rows.append(
                (
                    f"{world['title']} ({world['populations_tested']} populations, {_counted(of)} skills)",
                    line,
                    _percent(told["said"]["met"]),
                    _with_interval(errors["met"]),
                    _percent(told["said"]["not_met"]),
                    _with_interval(errors["not_met"]),
                    _percent(told["said"]["cannot_tell"]),
                    f"{_percent(errors['met, shapes alone'])} / {_percent(errors['not_met, shapes alone'])}",
                )
            )
    return rows


def band_rows() -> list[tuple[str, ...]]:
    """The table of intervals and bands: how often each held the truth."""
    return [
        (
            world["title"],
            *(_percent(world[kind]) for kind in ("interval", "interval together", "band", "band, end")),
            f"{_percent(world['ahead, continuing'])} / {_percent(world['ahead, levelling'])}",
            _percent(world["ahead, either"]),
        )
        for world in figures()["worlds"].values()
    ]


def _percent(share: Told) -> str:
    return "–" if share["share"] is None else f"{share['share']:.1%}"


def _with_interval(share: Told) -> str:
    """«5.1% [2.7, 7.6] of 1,292»."""
    if share["share"] is None:
        return "–"
    return f"{share['share']:.1%} [{100 * share['low']:.1f}, {100 * share['high']:.1f}] of {_counted(share['of'])}"
