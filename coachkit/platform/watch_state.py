"""What the watcher has seen last: a small file in the instance, written whole, that every web process can read."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

NAME = "watch.json"
MOST = 100


@dataclass(frozen=True, slots=True)
class Seen:
    """One problem of the library's folder."""

    place: str
    """File and line."""
    message: str
    is_error: bool


@dataclass(frozen=True, slots=True)
class WatchState:
    """The folder as it was saved last."""

    stamp: str = ""
    """Changes whenever there is something else to show."""
    problems: tuple[Seen, ...] = ()

    @property
    def errors(self) -> tuple[Seen, ...]:
        return tuple(problem for problem in self.problems if problem.is_error)

    @property
    def warnings(self) -> tuple[Seen, ...]:
        return tuple(problem for problem in self.problems if not problem.is_error)


def write(instance: Path, state: WatchState) -> None:
    """Replace the file in one step, so that nobody reads half of it."""
    beside = instance / f"{NAME}.new"
    beside.write_text(json.dumps(asdict(state), ensure_ascii=False), encoding="utf-8")
    beside.replace(instance / NAME)


def read(instance: Path) -> WatchState:
    """The last state; an empty one before the watcher has looked."""
    try:
        data = json.loads((instance / NAME).read_text(encoding="utf-8"))
        return WatchState(data["stamp"], tuple(Seen(**problem) for problem in data["problems"]))
    except (OSError, ValueError, KeyError, TypeError):
        return WatchState()
