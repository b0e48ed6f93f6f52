"""A library half-way: what its files say, each thing with the lines it stands on, nothing rendered yet."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from coachkit.domain.content.authored import (
    AuthoredCalibration,
    AuthoredCriterion,
    AuthoredDialogue,
    AuthoredHidden,
    AuthoredLibrary,
    AuthoredModule,
    AuthoredQuizItem,
    AuthoredScenario,
    AuthoredSkill,
)
from coachkit.domain.content.blocks import SectionText
from coachkit.domain.content.framework import GlossaryTerm, Misconception, Source
from coachkit.domain.content.lessons import Card
from coachkit.domain.content.marked_yaml import Marked
from coachkit.domain.content.problems import Problem, Severity

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Placed(Generic[_Value]):
    """One thing and where it stands."""

    value: _Value
    marked: Marked
    name: str = ""  # of its file, where the file's name is part of the format

    @property
    def path(self) -> str:
        return self.marked.file

    def problem(
        self, where: tuple[str | int, ...], message: str, code: str, severity: Severity = Severity.ERROR
    ) -> Problem:
        """A problem on the line of one of its fields."""
        return Problem(self.path, self.marked.line(*where), message, severity, code)

    def warning(self, where: tuple[str | int, ...], message: str, code: str) -> Problem:
        return self.problem(where, message, code, Severity.WARNING)


@dataclass(slots=True)
class DraftModule:
    """A module's folder."""

    slug: str
    path: str
    front: Placed[AuthoredModule] | None = None
    sections: tuple[SectionText, ...] = ()
    quiz: list[Placed[AuthoredQuizItem]] = field(default_factory=list)
    cards: list[Placed[Card]] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    quiz_path: str | None = None
    has_text: bool = False  # whether there is a module.md, be it sound or not

    @property
    def folder(self) -> str:
        return self.path.removesuffix("module.md")


@dataclass(slots=True)
class Draft:
    """Everything that could be read; what could not is in the problems, and its ids are in `declared`."""

    problems: list[Problem] = field(default_factory=list)
    folder: str = ""  # of the pack, with a slash at its end; empty for the library itself
    library: Placed[AuthoredLibrary] | None = None
    sources: list[Placed[Source]] = field(default_factory=list)
    terms: list[Placed[GlossaryTerm]] = field(default_factory=list)
    misconceptions: list[Placed[Misconception]] = field(default_factory=list)
    skills: list[Placed[AuthoredSkill]] = field(default_factory=list)
    modules: dict[str, DraftModule] = field(default_factory=dict)
    scenarios: list[Placed[AuthoredScenario]] = field(default_factory=list)
    dialogues: list[Placed[AuthoredDialogue]] = field(default_factory=list)
    calibrations: list[Placed[AuthoredCalibration]] = field(default_factory=list)
    declared: dict[str, set[str]] = field(default_factory=dict)
    hide: Placed[AuthoredHidden] | None = None
    hidden: dict[str, set[str]] = field(default_factory=dict)  # by kind; modules by their slug

    def knows(self, kind: str, name: str) -> bool:
        """Whether the library has such a thing, be it sound or not."""
        return name in self.declared.get(kind, ())

    def declare(self, kind: str, names: Iterable[object]) -> None:
        self.declared.setdefault(kind, set()).update(name for name in names if isinstance(name, str))

    @property
    def criteria(self) -> Iterator[tuple[Placed[AuthoredSkill], int, AuthoredCriterion]]:
        """Each criterion with its skill and its place in it."""
        for skill in self.skills:
            for index, criterion in enumerate(skill.value.criteria):
                yield skill, index, criterion

    @property
    def whole_modules(self) -> Iterator[tuple[DraftModule, Placed[AuthoredModule]]]:
        """Modules whose front matter could be read."""
        for module in self.modules.values():
            if module.front is not None:
                yield module, module.front


SECTION_ORDER = (
    "why-it-matters",
    "key-facts",
    "worked-example",
    "learning-points",
    "common-mistakes",
    "practice",
    "further-reading",
)
