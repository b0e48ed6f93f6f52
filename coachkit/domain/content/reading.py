"""Reads the recognised files of a library into a draft, each by the reader for its role."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

from coachkit.domain.content.authored import (
    AuthoredCalibration,
    AuthoredDialogue,
    AuthoredHidden,
    AuthoredLibrary,
    AuthoredModule,
    AuthoredQuizItem,
    AuthoredScenario,
    AuthoredSkill,
)
from coachkit.domain.content.blocks import Complaints, split_sections
from coachkit.domain.content.draft import Draft, DraftModule, Placed
from coachkit.domain.content.framework import GlossaryTerm, Misconception, Source
from coachkit.domain.content.lessons import Card
from coachkit.domain.content.marked_yaml import Marked, read_yaml
from coachkit.domain.content.problems import Problem
from coachkit.domain.content.schema import validated
from coachkit.domain.content.text_files import TextFile

MAX_ITEMS = 2_000  # of one list, so that a broken file cannot drown the rest
_Model = TypeVar("_Model", bound=BaseModel)


def read_draft(files: Iterable[TextFile], problems: list[Problem], folder: str = "") -> Draft:
    """Everything that the files of one layer say, as far as it can be read."""
    draft = Draft(problems, folder)
    for file in files:
        _READERS[file.role](draft, file)
    return draft


def _module(draft: Draft, slug: str) -> DraftModule:
    return draft.modules.setdefault(slug, DraftModule(slug, f"{draft.folder}modules/{slug}/module.md"))


def _marked(draft: Draft, file: TextFile, text: str | None = None, offset: int = 0) -> Marked | None:
    marked, problems = read_yaml(file.text if text is None else text, file.path, offset=offset)
    draft.problems += problems
    return marked


def _one(draft: Draft, file: TextFile, kind: str, model: type[_Model]) -> Placed[_Model] | None:
    """The one object of a file; its id is declared even where it is broken."""
    draft.declare(kind, [file.name])
    marked = _marked(draft, file)
    if marked is None:
        return None
    if isinstance(marked.data, dict):
        draft.declare(kind, [marked.data.get("id")])
        draft.declare("criterion", _ids_in(marked.data.get("criteria")))
    value = validated(model, marked, draft.problems)
    return None if value is None else Placed(value, marked, file.name)


def _add(found: list[Placed[_Model]], placed: Placed[_Model] | None) -> None:
    if placed is not None:
        found.append(placed)


def _ids_in(criteria: object) -> list[object]:
    """The ids of a skill's criteria, even where the skill is broken; a scenario's list of codes has none."""
    entries = criteria if isinstance(criteria, list) else []
    return [entry.get("id") for entry in entries if isinstance(entry, dict)]


def _many(draft: Draft, file: TextFile, kind: str, model: type[_Model], key: str = "id") -> list[Placed[_Model]]:
    """The objects of a list file, each judged for itself."""
    marked = _marked(draft, file)
    if marked is None:
        return []
    if not isinstance(marked.data, list) or len(marked.data) > MAX_ITEMS:
        message = f"this file is a list (`- {key}: …`) of at most {MAX_ITEMS}"
        draft.problems.append(Problem(file.path, 1, message, code="list-file"))
        return []
    found: list[Placed[_Model]] = []
    for index, data in enumerate(marked.data):
        if isinstance(data, dict):
            draft.declare(kind, [data.get(key)])
        item = marked.at(index)
        value = validated(model, item, draft.problems)
        if value is not None:
            found.append(Placed(value, item, file.name))
    return found


def _read_library(draft: Draft, file: TextFile) -> None:
    draft.library = _one(draft, file, "library", AuthoredLibrary)
    if draft.library is not None:
        draft.declare("world", (world.id for world in draft.library.value.worlds))


def _read_sources(draft: Draft, file: TextFile) -> None:
    draft.sources = _many(draft, file, "source", Source, "code")


def _read_glossary(draft: Draft, file: TextFile) -> None:
    draft.terms = _many(draft, file, "term", GlossaryTerm)


def _read_misconceptions(draft: Draft, file: TextFile) -> None:
    draft.misconceptions = _many(draft, file, "misconception", Misconception, "code")


def _read_skill(draft: Draft, file: TextFile) -> None:
    _add(draft.skills, _one(draft, file, "skill", AuthoredSkill))


def _read_scenario(draft: Draft, file: TextFile) -> None:
    _add(draft.scenarios, _one(draft, file, "scenario", AuthoredScenario))


def _read_dialogue(draft: Draft, file: TextFile) -> None:
    _add(draft.dialogues, _one(draft, file, "dialogue", AuthoredDialogue))


def _read_calibration(draft: Draft, file: TextFile) -> None:
    _add(draft.calibrations, _one(draft, file, "calibration", AuthoredCalibration))


def _read_quiz(draft: Draft, file: TextFile) -> None:
    module = _module(draft, file.name)
    module.quiz_path = file.path
    module.quiz = _many(draft, file, "quiz item", AuthoredQuizItem)


def _read_cards(draft: Draft, file: TextFile) -> None:
    _module(draft, file.name).cards = _many(draft, file, "card", Card)


def _read_file(draft: Draft, file: TextFile) -> None:
    _module(draft, file.name).files[file.base_name] = file.text


def _read_hide(draft: Draft, file: TextFile) -> None:
    draft.hide = _one(draft, file, "hide", AuthoredHidden)


def _read_module(draft: Draft, file: TextFile) -> None:
    module = _module(draft, file.name)
    module.has_text = True
    front, body, body_line = _split_front(file.text)
    if front is None:
        message = "a module begins with front matter between two lines `---`"
        draft.problems.append(Problem(file.path, 1, message, code="front-matter"))
    else:
        marked = _marked(draft, file, front, offset=1)
        data: Any = marked.data if marked else None
        if isinstance(data, dict):
            draft.declare("module", [data.get("id")])
        value = None if marked is None else validated(AuthoredModule, marked, draft.problems)
        if marked is not None and value is not None:
            module.front = Placed(value, marked, file.name)
    module.sections = split_sections(body, body_line, Complaints(file.path, draft.problems))


def _split_front(text: str) -> tuple[str | None, str, int]:
    """Front matter, body, and the line on which the body begins."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return None, text, 1
    for index, line in enumerate(lines[1:], 1):
        if line.rstrip() == "---":
            return "\n".join(lines[1:index]), "\n".join(lines[index + 1 :]), index + 2
    return None, text, 1


_READERS: Mapping[str, Callable[[Draft, TextFile], None]] = {
    "library": _read_library,
    "sources": _read_sources,
    "glossary": _read_glossary,
    "misconceptions": _read_misconceptions,
    "skill": _read_skill,
    "module": _read_module,
    "quiz": _read_quiz,
    "cards": _read_cards,
    "file": _read_file,
    "scenario": _read_scenario,
    "dialogue": _read_dialogue,
    "calibration": _read_calibration,
    "hide": _read_hide,
}
