"""Rules for what the programme rests on: unique ids, criteria and their anchors, terms."""

from collections.abc import Iterable, Iterator
from typing import Any

from coachkit.domain.content.authored import AuthoredCriterion, AuthoredSkill
from coachkit.domain.content.draft import Draft, Placed
from coachkit.domain.content.problems import Problem
from coachkit.domain.content.wording import judgement_words

_SUBJECTS = frozenset(
    "he she they it you one we i the a an somebody someone liaison this there who learner as".split()  # noqa: SIM905
)


def check_framework(draft: Draft) -> Iterator[Problem]:
    """Everything that can be said about ids, skills and terms."""
    yield from _unique(draft)
    yield from _file_names(draft)
    for skill in draft.skills:
        for index, criterion in enumerate(skill.value.criteria):
            yield from _criterion(skill, index, criterion)
    for term in draft.terms:
        for index, other in enumerate(term.value.see):
            if not draft.knows("term", other):
                yield term.problem(("see", index), f"there is no term «{other}»", "term")


def _unique(draft: Draft) -> Iterator[Problem]:
    quiz = (item for module in draft.modules.values() for item in module.quiz)
    cards = (card for module in draft.modules.values() for card in module.cards)
    fronts = (front for _, front in draft.whole_modules)
    kinds: tuple[tuple[str, Iterable[Placed[Any]]], ...] = (
        ("id", draft.terms),
        ("id", draft.skills),
        ("id", draft.scenarios),
        ("id", draft.dialogues),
        ("id", draft.calibrations),
        ("id", fronts),
        ("id", quiz),
        ("id", cards),
        ("code", draft.sources),
        ("code", draft.misconceptions),
    )
    for key, things in kinds:
        yield from _twice((thing, (key,), getattr(thing.value, key)) for thing in things)
    yield from _twice((skill, ("criteria", index, "id"), criterion.id) for skill, index, criterion in draft.criteria)
    if draft.library is not None:
        worlds = draft.library.value.worlds
        library = draft.library
        yield from _twice((library, ("worlds", index, "id"), world.id) for index, world in enumerate(worlds))


def _twice(things: Iterable[tuple[Placed[Any], tuple[str | int, ...], str]]) -> Iterator[Problem]:
    first: dict[str, Placed[Any]] = {}
    for thing, where, name in things:
        if name in first:
            other = first[name]
            yield thing.problem(where, f"«{name}» is used already, in {other.path}", "duplicate-id")
        else:
            first[name] = thing


def _file_names(draft: Draft) -> Iterator[Problem]:
    named: tuple[Placed[Any], ...] = (
        *draft.skills,
        *draft.scenarios,
        *draft.dialogues,
        *draft.calibrations,
    )
    for thing in named:
        if thing.value.id != thing.name:
            message = f"the file is called «{thing.name}», the id is «{thing.value.id}»; they must be equal"
            yield thing.problem(("id",), message, "file-name")


def _criterion(skill: Placed[AuthoredSkill], index: int, criterion: AuthoredCriterion) -> Iterator[Problem]:
    where = ("criteria", index)
    if criterion.id.split(".")[0] != skill.value.id:
        message = f"a criterion of «{skill.value.id}» is called «{skill.value.id}.…»"
        yield skill.problem((*where, "id"), message, "criterion-name")
    for level, anchor in sorted(criterion.anchors.items()):
        place = (*where, "anchors", str(level))
        for word in judgement_words(anchor):
            message = f"«{word}» judges; an anchor says what somebody can be seen to do"
            yield skill.problem(place, message, "anchor-word")
        yield from _opening(skill, place, level, anchor)


def _opening(skill: Placed[AuthoredSkill], place: tuple[str | int, ...], level: int, anchor: str) -> Iterator[Problem]:
    if level > 3:  # noqa: PLR2004 - levels 4 and 5 build on the one below
        wanted = f"As {level - 1}, and "
        if not anchor.startswith(wanted):
            yield skill.problem(place, f"level {level} begins with “{wanted.strip()}”", "anchor-cumulative")
        return
    first = anchor.split(maxsplit=1)[0].strip(",;:.“”\"'").lower()
    if first in _SUBJECTS or not anchor[0].isupper():
        message = "an anchor begins with a verb, without a subject (“Asks …”, “Names …”)"
        yield skill.problem(place, message, "anchor-verb")
    elif not first.endswith("s"):
        message = f"“{first}” does not look like a verb in the third person (“Asks …”, “Names …”)"
        yield skill.warning(place, message, "anchor-verb")
