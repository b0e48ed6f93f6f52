"""Splits a module's text into its parts: sections, prose, and the blocks between `:::` lines."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from coachkit.domain.content.problems import Problem

Tone: TypeAlias = Literal["good", "poor", "plain"]
TaskKind: TypeAlias = Literal["solo", "partner", "work"]

MAX_HEAD = 300  # characters of a heading or of a block's first line
MAX_BLOCK_LINES = 400
MAX_SECTIONS = 40

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"^## +(?P<title>.+?) *\{#(?P<id>(?!.{81})[a-z0-9]+(?:-[a-z0-9]+)*)\} *$")
_OPEN = re.compile(r"^::: *(?P<kind>[a-z]+) *(?P<words>[^\"“]*?) *(?:[\"“](?P<title>.*)[\"”])? *$")
_TURN = re.compile(r"^(?P<who>[^\s:>=][^:]{0,39}): +(?P<says>\S.*)$")


@dataclass(frozen=True, slots=True)
class Prose:
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Turn:
    who: str
    says: str
    line: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class ScriptBlock:
    tone: Tone
    title: str
    turns: tuple[Turn, ...]
    outcome: Prose
    line: int


@dataclass(frozen=True, slots=True)
class DocumentBlock:
    tone: Tone
    title: str
    body: Prose
    line: int


@dataclass(frozen=True, slots=True)
class PointsBlock:
    points: tuple[Prose, ...]
    line: int


@dataclass(frozen=True, slots=True)
class TaskBlock:
    kind: TaskKind
    minutes: int
    title: str
    body: Prose
    line: int


Block: TypeAlias = Prose | ScriptBlock | DocumentBlock | PointsBlock | TaskBlock


@dataclass(frozen=True, slots=True)
class SectionText:
    """A level-2 heading with everything up to the next one."""

    id: str
    title: str
    text: str
    line: int  # of the heading
    blocks: tuple[Block, ...]

    def of(self, kind: type[Block]) -> Iterator[Block]:
        return (block for block in self.blocks if isinstance(block, kind))


class Complaints:
    """Collects problems of one file."""

    def __init__(self, path: str, problems: list[Problem]) -> None:
        self.path, self.problems = path, problems

    def add(self, line: int, message: str, code: str) -> None:
        self.problems.append(Problem(self.path, line, message, code=code))


@dataclass(frozen=True, slots=True)
class _Numbered:
    line: int
    text: str
    in_fence: bool


def _numbered(text: str, first_line: int) -> Iterator[_Numbered]:
    fence = ""
    for line, content in enumerate(text.split("\n"), first_line):
        mark = _FENCE.match(content)
        if not fence:
            fence = mark[1] if mark else ""
            yield _Numbered(line, content, in_fence=bool(fence))
        else:
            yield _Numbered(line, content, in_fence=True)
            if mark and content.strip().startswith(fence) and not content.strip().strip(fence[0]):
                fence = ""


def split_sections(body: str, first_line: int, complaints: Complaints) -> tuple[SectionText, ...]:
    """Cut a module's body at its level-2 headings."""
    sections: list[SectionText] = []
    heading: tuple[str, str, int] | None = None
    lines: list[_Numbered] = []
    in_block = False
    for line in _numbered(body, first_line):
        if not line.in_fence and line.text.startswith(":::"):
            in_block = line.text.strip(": ") != ""
        found = None
        if not line.in_fence and line.text.startswith("## "):
            found = _HEADING.match(line.text[:MAX_HEAD])
            if found is None and not in_block:
                complaints.add(line.line, "a section's heading ends with its id: `{#some-id}`", "heading-id")
        if found is None:
            lines.append(line)
            continue
        sections += _section(heading, lines, complaints)
        if len(sections) == MAX_SECTIONS:
            complaints.add(line.line, f"a module has at most {MAX_SECTIONS} sections", "sections-many")
            return tuple(sections)
        in_block = False  # a block that was left open ends with its section
        heading, lines = (found["id"], found["title"], line.line), []
    sections += _section(heading, lines, complaints)
    return tuple(sections)


def _section(heading: tuple[str, str, int] | None, lines: list[_Numbered], complaints: Complaints) -> list[SectionText]:
    if heading is None:
        stray = next((line for line in lines if line.text.strip()), None)
        if stray is not None:
            complaints.add(stray.line, "text stands before the first section heading", "heading-first")
        return []
    section_id, title, number = heading
    text = "\n".join(line.text for line in lines)
    return [SectionText(section_id, title, text, number, tuple(_blocks(lines, complaints)))]


def split_blocks(text: str, first_line: int, complaints: Complaints) -> tuple[Block, ...]:
    """Cut Markdown into prose and blocks."""
    return tuple(_blocks(_numbered(text, first_line), complaints))


def _blocks(lines: Iterable[_Numbered], complaints: Complaints) -> Iterator[Block]:
    prose: list[_Numbered] = []
    opened: _Numbered | None = None
    inside: list[_Numbered] = []
    for line in lines:
        is_mark = not line.in_fence and line.text.startswith(":::")
        if opened is None:
            if not is_mark:
                prose.append(line)
                continue
            yield from _prose(prose)
            prose, opened, inside = [], line, []
            if not line.text.strip(": "):
                complaints.add(line.line, "`:::` closes a block, and none is open", "block-open")
                opened = None
        elif is_mark:
            yield from _block(opened, inside, complaints)
            opened = None
            if line.text.strip(": "):
                complaints.add(line.line, "a block begins inside another; close it with `:::`", "block-nested")
                opened, inside = line, []
        else:
            inside.append(line)
    if opened is not None:
        complaints.add(opened.line, "this block is never closed with `:::`", "block-open")
        yield from _block(opened, inside, complaints)
    yield from _prose(prose)


def _prose(lines: list[_Numbered]) -> Iterator[Prose]:
    text = "\n".join(line.text for line in lines)
    if text.strip():
        yield Prose(text, lines[0].line)


def _block(opened: _Numbered, lines: list[_Numbered], complaints: Complaints) -> Iterator[Block]:
    if len(lines) > MAX_BLOCK_LINES:
        complaints.add(opened.line, f"a block has at most {MAX_BLOCK_LINES} lines", "block-size")
        return
    match = _OPEN.match(opened.text[:MAX_HEAD])
    kind = match["kind"] if match else ""
    words = match["words"].split() if match else []
    title = ((match["title"] if match else "") or "").strip()
    body = Prose("\n".join(line.text for line in lines), opened.line + 1)
    if kind == "points" and not words and not title:
        points = tuple(Prose(line.text.strip(), line.line) for line in lines if line.text.strip())
        yield PointsBlock(points, opened.line)
    elif kind == "script" and words in (["good"], ["poor"]) and title:
        yield _script("good" if words == ["good"] else "poor", title, opened.line, lines, complaints)
    elif kind == "document" and words in (["good"], ["poor"], ["plain"]) and title:
        tone: Tone = "good" if words == ["good"] else "poor" if words == ["poor"] else "plain"
        yield DocumentBlock(tone, title, body, opened.line)
    elif kind == "task" and _is_task(words) and title:
        task: TaskKind = "solo" if words[0] == "solo" else "partner" if words[0] == "partner" else "work"
        yield TaskBlock(task, int(words[1]), title, body, opened.line)
    else:
        complaints.add(
            opened.line,
            'not a block of the format; write `::: script good|poor "title"`, `::: document good|poor|plain '
            '"title"`, `::: points` or `::: task solo|partner|work minutes "title"`',
            "block-head",
        )
        yield body


def _is_task(words: list[str]) -> bool:
    return re.fullmatch(r"(solo|partner|work) [0-9]{1,3}", " ".join(words)) is not None


@dataclass(slots=True)
class _Script:
    """A conversation while its lines are being read."""

    turns: list[Turn] = field(default_factory=list)
    outcome: Prose = Prose("", 0)
    last: str = ""

    def take(self, row: _Numbered) -> bool:
        """Add one line; False where it is none of a conversation's kinds."""
        text = row.text.strip()
        if row.text.startswith("  ") and self.last:
            self.go_on(text)
        elif text.startswith("="):
            self.outcome, self.last = Prose(text[1:].strip(), row.line), "outcome"
        elif text.startswith(">") and self.turns:
            self.turns[-1] = replace(self.turns[-1], note=f"{self.turns[-1].note} {text[1:].strip()}".strip())
            self.last = "note"
        elif match := _TURN.match(text):
            self.turns.append(Turn(match["who"].strip(), match["says"].strip(), row.line))
            self.last = "says"
        else:
            return False
        return True

    def go_on(self, text: str) -> None:
        """A long line, continued."""
        if self.last == "outcome":
            self.outcome = Prose(f"{self.outcome.text} {text}", self.outcome.line)
        elif self.last == "note":
            self.turns[-1] = replace(self.turns[-1], note=f"{self.turns[-1].note} {text}")
        else:
            self.turns[-1] = replace(self.turns[-1], says=f"{self.turns[-1].says} {text}")


def _script(tone: Tone, title: str, line: int, lines: list[_Numbered], complaints: Complaints) -> ScriptBlock:
    script = _Script()
    for row in lines:
        if row.text.strip() and not script.take(row):
            complaints.add(
                row.line,
                "a line of a conversation is `Name: words`, `> margin note`, `= what came of it`, "
                "or goes on from the line above with two spaces in front",
                "script-line",
            )
    if not script.turns:
        complaints.add(line, "nobody says anything in this conversation", "script-empty")
    return ScriptBlock(tone, title, tuple(script.turns), script.outcome, line)
