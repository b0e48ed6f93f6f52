"""Lays packs over a library: what a pack has replaces what lies below under the same id, or is added, or hides it.

The files of the packs stand in `packs/<name>/` beside those of the library; later names lie above earlier ones. Each
problem so points at the file in which it stands.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

from coachkit.domain.content.authored import AuthoredLibrary
from coachkit.domain.content.draft import Draft, DraftModule, Placed
from coachkit.domain.content.problems import Problem
from coachkit.domain.content.reading import read_draft
from coachkit.domain.content.text_files import TextFile

_Value = TypeVar("_Value")


def read_layers(texts: Iterable[TextFile], problems: list[Problem]) -> Draft:
    """The draft of a library with all its packs laid over it."""
    layers: dict[str, list[TextFile]] = {"": []}
    for text in texts:
        layers.setdefault(text.pack, []).append(text)
    draft = read_draft(layers.pop(""), problems)
    for pack in sorted(layers):
        _lay_over(draft, read_draft(layers[pack], problems, pack))
    if draft.hidden:
        _forget_hidden(draft)
    return draft


def _lay_over(below: Draft, above: Draft) -> None:
    for skill in _replaced(below.skills, above.skills):
        below.declared.get("criterion", set()).difference_update(each.id for each in skill.value.criteria)
    below.library = _library(below.library, above.library)
    below.sources = _merged(below.sources, above.sources, "code")
    below.misconceptions = _merged(below.misconceptions, above.misconceptions, "code")
    below.terms = _merged(below.terms, above.terms)
    below.skills = _merged(below.skills, above.skills)
    below.scenarios = _merged(below.scenarios, above.scenarios)
    below.dialogues = _merged(below.dialogues, above.dialogues)
    below.calibrations = _merged(below.calibrations, above.calibrations)
    for module in above.modules.values():
        _module(below, module)
    for kind, names in above.declared.items():
        below.declare(kind, names)
        below.hidden.get(kind, set()).difference_update(names)
    below.hidden.get("module", set()).difference_update(above.modules)
    if above.hide is not None:
        _hide(below, above.hide)


def _replaced(below: list[Placed[Any]], above: list[Placed[Any]]) -> Iterator[Placed[Any]]:
    names = {thing.value.id for thing in above}
    return (thing for thing in below if thing.value.id in names)


def _merged(below: list[Placed[_Value]], above: list[Placed[_Value]], key: str = "id") -> list[Placed[_Value]]:
    names = {getattr(thing.value, key) for thing in above}
    return [*(thing for thing in below if getattr(thing.value, key) not in names), *above]


def _library(
    below: Placed[AuthoredLibrary] | None, above: Placed[AuthoredLibrary] | None
) -> Placed[AuthoredLibrary] | None:
    """The upper one's title, and the worlds and credits of both."""
    if below is None or above is None:
        return above or below
    own = {world.id for world in above.value.worlds}
    worlds = (*above.value.worlds, *(world for world in below.value.worlds if world.id not in own))
    merged = tuple(dict.fromkeys((*below.value.credits, *above.value.credits)))
    return replace(above, value=above.value.model_copy(update={"worlds": worlds, "credits": merged}))


def _module(below: Draft, above: DraftModule) -> None:
    """A module.md brings its whole folder; a folder without one changes single files of the module below."""
    old = below.modules.get(above.slug)
    if old is not None and not above.has_text:
        if above.quiz_path is not None:
            old.quiz, old.quiz_path = above.quiz, above.quiz_path
        old.cards = above.cards or old.cards
        old.files |= above.files
        return
    name = above.front.value.id if above.front else None
    for slug, module in list(below.modules.items()):
        front = module.front
        if slug == above.slug or (front is not None and front.value.id == name):
            del below.modules[slug]
            below.declared.get("module", set()).discard(front.value.id if front else "")
    below.modules[above.slug] = above


def _hide(draft: Draft, hide: Placed[Any]) -> None:
    slugs = {front.value.id: module.slug for module, front in draft.whole_modules}
    for index, name in enumerate(hide.value.modules):
        if name not in slugs:
            draft.problems.append(_nothing_to_hide(hide, "modules", index, name))
            continue
        draft.hidden.setdefault("module", set()).add(slugs[name])
        draft.declared["module"].discard(name)
        del draft.modules[slugs[name]]
    kinds: tuple[tuple[str, str, list[Any]], ...] = (
        ("scenarios", "scenario", draft.scenarios),
        ("dialogues", "dialogue", draft.dialogues),
        ("calibration", "calibration", draft.calibrations),
        ("terms", "term", draft.terms),
    )
    for field, kind, things in kinds:
        known = {thing.value.id for thing in things}
        for index, name in enumerate(getattr(hide.value, field)):
            if name not in known:
                draft.problems.append(_nothing_to_hide(hide, field, index, name))
            draft.hidden.setdefault(kind, set()).add(name)
            draft.declared.get(kind, set()).discard(name)
        hidden = draft.hidden.get(kind, ())
        things[:] = [thing for thing in things if thing.value.id not in hidden]


def _nothing_to_hide(hide: Placed[Any], field: str, index: int, name: str) -> Problem:
    return hide.problem((field, index), f"there is no «{name}» among the {field} below this pack", "hide")


def _forget_hidden(draft: Draft) -> None:
    """Take the hidden out of what refers to it, where the reference can be spared."""
    modules = {front.value.id for _, front in draft.whole_modules}
    for module, front in draft.whole_modules:
        kept = tuple(name for name in front.value.prerequisites if name in modules)
        if draft.hidden.get("module") and kept != front.value.prerequisites:
            module.front = replace(front, value=front.value.model_copy(update={"prerequisites": kept}))
    hidden = draft.hidden.get("scenario", set())
    draft.dialogues[:] = [
        replace(each, value=each.value.model_copy(update={"scenario": None})) if each.value.scenario in hidden else each
        for each in draft.dialogues
    ]
    terms = draft.hidden.get("term", set())
    draft.terms[:] = [
        replace(each, value=each.value.model_copy(update={"see": tuple(n for n in each.value.see if n not in terms)}))
        for each in draft.terms
    ]
