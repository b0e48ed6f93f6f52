"""YAML that remembers on which line each value stood, and that refuses everything YAML can do beyond data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from coachkit.domain.content.problems import Problem

MAX_DEPTH = 24
MAX_VALUES = 60_000
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_REPEATED = "\0"  # cannot stand in YAML, so no key of an author begins with it
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Path: TypeAlias = tuple[str | int, ...]
Value: TypeAlias = str | list[Any] | dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Marked:
    """Plain data (text, lists, mappings; no other type) and the lines it came from."""

    file: str
    data: Any
    lines: Mapping[Path, int]
    text_lines: Mapping[Path, int]

    def line(self, *path: str | int) -> int:
        """The line of a value, or of the nearest thing around it."""
        return self._nearest(self.lines, path)

    def text_line(self, *path: str | int) -> int:
        """The line on which a text's own first line stands."""
        return self.text_lines.get(path) or self.line(*path)

    def at(self, *path: str | int) -> "Marked":
        """The same file seen from one value in it."""
        data = self.data
        for step in path:
            data = data[step]
        return Marked(self.file, data, _Below(self.lines, path), _Below(self.text_lines, path))

    @staticmethod
    def _nearest(lines: Mapping[Path, int], path: Path) -> int:
        for length in range(len(path), -1, -1):
            line = lines.get(path[:length])
            if line is not None:
                return line
        return 1


class _Below(Mapping[Path, int]):
    """Lines addressed from a value further down, without copying them."""

    def __init__(self, lines: Mapping[Path, int], prefix: Path) -> None:
        self._lines, self._prefix = lines, prefix

    def __getitem__(self, path: Path) -> int:
        return self._lines[self._prefix + path]

    def __iter__(self) -> Iterator[Path]:
        length = len(self._prefix)
        return (path[length:] for path in self._lines if path[:length] == self._prefix)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Unreadable(Exception):  # noqa: N818 - never leaves this file
    """What follows cannot be told apart any more; the problem is already noted."""


@dataclass(slots=True)
class _Frame:
    """A list or mapping that is still being read."""

    container: dict[str, Any] | list[Any]
    path: Path
    key: str | None = None

    @property
    def wants_key(self) -> bool:
        return isinstance(self.container, dict) and self.key is None


@dataclass(slots=True)
class _Reader:
    """Builds data from YAML's events with a stack of its own, so that depth cannot hurt it."""

    file: str
    offset: int
    problems: list[Problem] = field(default_factory=list)
    lines: dict[Path, int] = field(default_factory=dict)
    text_lines: dict[Path, int] = field(default_factory=dict)
    stack: list[_Frame] = field(default_factory=list)
    root: Any = None
    values: int = 0

    def complain(self, line: int, message: str, code: str) -> None:
        self.problems.append(Problem(self.file, line, message, code=code))

    def line_of(self, event: yaml.Event) -> int:
        return (event.start_mark.line if event.start_mark else 0) + 1 + self.offset

    def read(self, events: Iterator[Any]) -> None:
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.complain(self.line_of(event), "a file holds one YAML document", "yaml-documents")
                    return
            elif isinstance(event, yaml.NodeEvent):
                self.values += 1
                if self.values > MAX_VALUES or len(self.stack) > MAX_DEPTH:
                    self.complain(
                        self.line_of(event),
                        f"too deep or too long: at most {MAX_DEPTH} levels and {MAX_VALUES} values a file",
                        "yaml-size",
                    )
                    return
                self.take(event)
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                self.stack.pop()

    def take(self, event: yaml.NodeEvent) -> None:
        """Put one value, key or opening bracket where it belongs."""
        line = self.line_of(event)
        if self.stack and self.stack[-1].wants_key:
            self.take_key(self.stack[-1], event, line)
            return
        value = self.value_of(event, line)
        path = self.place(value, line)
        if isinstance(event, yaml.ScalarEvent):
            self.text_lines[path] = line + (1 if event.style in {"|", ">"} else 0)
        if isinstance(value, dict | list):
            self.stack.append(_Frame(value, path))

    def take_key(self, frame: _Frame, event: yaml.NodeEvent, line: int) -> None:
        if not isinstance(event, yaml.ScalarEvent):
            self.complain(line, "a key is a single word", "yaml-key")
            raise _Unreadable
        self.value_of(event, line)
        frame.key = str(event.value)
        if frame.key in frame.container:
            self.complain(line, f"«{frame.key}» stands here twice", "yaml-duplicate")
            frame.key = f"{_REPEATED}{frame.key}"
        self.lines[*frame.path, frame.key] = line

    def place(self, value: Value, line: int) -> Path:
        if not self.stack:
            self.root = value
            self.lines[()] = line
            return ()
        frame = self.stack[-1]
        if isinstance(frame.container, list):
            path: Path = (*frame.path, len(frame.container))
            frame.container.append(value)
        else:
            key, frame.key = frame.key or "", None
            path = (*frame.path, key)
            if not key.startswith(_REPEATED):
                frame.container[key] = value
        self.lines.setdefault(path, line)
        return path

    def value_of(self, event: yaml.NodeEvent, line: int) -> Value:
        if isinstance(event, yaml.AliasEvent):
            self.complain(line, "references (`*name`) are not part of the format", "yaml-alias")
            return None
        if event.anchor is not None:
            self.complain(line, "anchors (`&name`) are not part of the format", "yaml-alias")
        if getattr(event, "tag", None) not in {None, "!"}:
            self.complain(line, "tags (`!name`) are not part of the format", "yaml-tag")
        if isinstance(event, yaml.MappingStartEvent):
            return {}
        if isinstance(event, yaml.SequenceStartEvent):
            return []
        if not isinstance(event, yaml.ScalarEvent):
            return None
        plain = event.implicit[0] and event.style in {None, ""}
        return None if plain and event.value in _NOTHING else str(event.value)


def read_yaml(text: str, file: str, *, offset: int = 0) -> tuple[Marked | None, tuple[Problem, ...]]:
    """Read one document; `offset` is the number of lines that stand above it in its file.

    Every plain value stays text (`yes`, `2026-01-31`, `012`), and the schema decides what it must be; so an
    author needs quotes only where YAML itself does.
    """
    reader = _Reader(file, offset)
    try:
        reader.read(yaml.parse(text, Loader=_LOADER))
    except _Unreadable:
        return None, tuple(reader.problems)
    except yaml.YAMLError as error:
        reader.complain(_line_of_error(error, text) + offset, _sentence(error), "yaml-syntax")
        return None, tuple(reader.problems)
    return Marked(file, reader.root, reader.lines, reader.text_lines), tuple(reader.problems)


def _line_of_error(error: yaml.YAMLError, text: str) -> int:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        return min(int(mark.line) + 1, text.count("\n") + 1)
    position = getattr(error, "position", 0)
    return text.count("\n", 0, position if isinstance(position, int) else 0) + 1


def _sentence(error: yaml.YAMLError) -> str:
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
    return f"this is not valid YAML: {reason}; text with `: ` or ` #` in it needs quotes"
