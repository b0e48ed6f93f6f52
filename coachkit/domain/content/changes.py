"""What another edition of a library means for people who are in the middle of something."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from coachkit.domain.content.model import Library, Module


class Kind(StrEnum):
    """What happened to a thing."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs, and what that means for whoever has met it."""

    part: str
    """Where it belongs: Modules, Quiz, Criteria …"""
    name: str
    kind: Kind
    meaning: str = ""
    careless: bool = False
    """The text has changed and the author has not raised its version."""


PROMISE = "Attempts, ratings and answers keep the version that they were made with, and stay readable in it."
_TEXT = {
    ("Sections", Kind.CHANGED): "whoever has read it sees «updated since you read it»",
    ("Sections", Kind.GONE): "marks of having read it are kept, and shown nowhere",
    ("Sections", Kind.NEW): "unread for everybody",
    ("Modules", Kind.NEW): "appears on the learning path",
    ("Modules", Kind.GONE): "nobody can open it any more; what was answered in it stays in the learner's export",
    ("Modules", Kind.CHANGED): "title, time, order or what comes before it",
    ("Quiz", Kind.CHANGED): "earlier answers stay with the wording that was answered",
    ("Quiz", Kind.GONE): "earlier answers are kept, and the question is not asked again",
    ("Quiz", Kind.NEW): "open for everybody, also in quizzes that were finished",
    ("Cards", Kind.CHANGED): "keeps its place in the schedule, with the new words",
    ("Cards", Kind.GONE): "is not asked any more",
    ("Cards", Kind.NEW): "joins the stack of whoever has read the module",
    ("Criteria", Kind.GONE): "new attempts are not rated on it; given ratings stay",
    ("Criteria", Kind.NEW): "counts in attempts that begin from now on",
    ("Scenarios", Kind.CHANGED): "attempts under way keep the briefs that they began with",
    ("Scenarios", Kind.GONE): "cannot be begun any more; attempts under way can be finished",
    ("Scenarios", Kind.NEW): "can be begun by everybody",
    ("Dialogues", Kind.CHANGED): "plays under way go on in the version in which they began",
    ("Dialogues", Kind.GONE): "cannot be begun any more; plays under way can be finished",
    ("Dialogues", Kind.NEW): "can be played by everybody",
    ("Calibration", Kind.CHANGED): "coaches' earlier answers stay with the sample that they saw",
    ("Calibration", Kind.GONE): "coaches' earlier answers are kept",
    ("Glossary", Kind.CHANGED): "the new meaning shows wherever the term is marked",
    ("Glossary", Kind.GONE): "is marked nowhere any more",
}


def changes(old: Library, new: Library) -> tuple[Change, ...]:
    """Everything that differs, in the order in which people meet it."""
    return tuple(_changes(old, new))


def _changes(old: Library, new: Library) -> Iterator[Change]:
    before, after = ({module.id: module for module in library.modules} for library in (old, new))
    yield from _compared("Modules", before, after, _front)
    for name, module in after.items():
        if name in before:
            yield from _within(before[name], module)
    yield from _criteria(old, new)
    for part, field in (
        ("Scenarios", "scenarios"),
        ("Dialogues", "dialogues"),
        ("Calibration", "calibration_sets"),
    ):
        was, is_now = _named(getattr(old, field)), _named(getattr(new, field))
        yield from _compared(part, was, is_now, lambda thing: thing.content_hash, lambda thing: thing.version)
    yield from _compared("Glossary", _named(old.terms), _named(new.terms), lambda term: term)


def _named(things: Iterable[Any]) -> dict[str, Any]:
    return {thing.id: thing for thing in things}


def _front(module: Module) -> tuple[object, ...]:
    """What a learner sees of a module before reading it."""
    order = tuple(section.id for section in module.sections)
    head = (module.title, module.summary, module.level, module.tracks, module.prerequisites, module.outcomes)
    return (*head, module.slug, module.criteria, order, tuple((file.name, file.text) for file in module.files))


def _within(old: Module, new: Module) -> Iterator[Change]:
    def named(things: Iterable[Any]) -> dict[str, Any]:
        return {f"{new.id} · {thing.id}": thing for thing in things}

    yield from _compared("Sections", named(old.sections), named(new.sections), lambda section: section.content_hash)
    yield from _compared(
        "Quiz", _named(old.quiz), _named(new.quiz), lambda item: item.content_hash, lambda item: item.version
    )
    yield from _compared("Cards", _named(old.cards), _named(new.cards), lambda card: card)


def _compared(
    part: str,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    words: Callable[[Any], object],
    version: Callable[[Any], int] | None = None,
) -> Iterator[Change]:
    for name, thing in new.items():
        if name not in old:
            yield Change(part, name, Kind.NEW, _TEXT.get((part, Kind.NEW), ""))
        elif words(old[name]) != words(thing):
            careless = version is not None and version(old[name]) == version(thing)
            yield Change(part, name, Kind.CHANGED, _TEXT.get((part, Kind.CHANGED), ""), careless)
    for name in old:
        if name not in new:
            yield Change(part, name, Kind.GONE, _TEXT.get((part, Kind.GONE), ""))


def _criteria(old: Library, new: Library) -> Iterator[Change]:
    before, after = _named(old.criteria), _named(new.criteria)
    for change in _compared("Criteria", before, after, lambda criterion: criterion.content_hash):
        if change.kind is not Kind.CHANGED:
            yield change
            continue
        was, is_now = before[change.name], after[change.name]
        levels = [str(level) for level in is_now.anchors if was.anchors.get(level) != is_now.anchors[level]]
        if levels:
            which = f"anchor {levels[0]}" if len(levels) == 1 else f"anchors {', '.join(levels)}"
            meaning = f"{which} changed: attempts under way are rated with the old words, new ones with the new"
            yield Change("Criteria", change.name, Kind.CHANGED, meaning, was.version == is_now.version)
        else:
            yield Change("Criteria", change.name, Kind.CHANGED, "its anchors are the same")
