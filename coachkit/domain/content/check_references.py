"""Rules across files: every code and id that is named exists; and what a whole programme should have."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from coachkit.domain.content.draft import Draft, Placed
from coachkit.domain.content.problems import Problem

MIN_SCENARIOS = 2


def check_references(draft: Draft) -> Iterator[Problem]:
    """Sources and criteria that are named but do not exist."""
    for thing, where, code in _named_sources(draft):
        if not draft.knows("source", code):
            yield thing.problem(where, f"there is no source «{code}»", "source")
    for thing, where, criterion in _named_criteria(draft):
        if not draft.knows("criterion", criterion):
            yield thing.problem(where, f"there is no criterion «{criterion}»", "criterion")


def _listed(things: Iterable[Placed[Any]], field: str) -> Iterator[tuple[Placed[Any], tuple[str | int, ...], str]]:
    for thing in things:
        for index, name in enumerate(getattr(thing.value, field)):
            yield thing, (field, index), name


def _named_sources(draft: Draft) -> Iterator[tuple[Placed[Any], tuple[str | int, ...], str]]:
    yield from _listed((front for _, front in draft.whole_modules), "sources")
    yield from _listed(draft.scenarios, "sources")
    for skill, index, criterion in draft.criteria:
        for number, code in enumerate(criterion.sources):
            yield skill, ("criteria", index, "sources", number), code


def _named_criteria(draft: Draft) -> Iterator[tuple[Placed[Any], tuple[str | int, ...], str]]:
    yield from _listed((front for _, front in draft.whole_modules), "criteria")
    yield from _listed(draft.scenarios, "criteria")


def check_programme(draft: Draft) -> Iterator[Problem]:
    """What a whole programme should have; warnings, so that part of a library can be published."""
    played = Counter(name for scenario in draft.scenarios for name in scenario.value.criteria)
    taught = {name for _, front in draft.whole_modules for name in front.value.criteria}
    for skill, index, criterion in draft.criteria:
        place = ("criteria", index, "id")
        # what is only seen in written work or on site is not missing where no role-play shows it
        if "live" in criterion.rated_on and played[criterion.id] < MIN_SCENARIOS:
            message = f"«{criterion.id}» needs two scenarios or more, and has {played[criterion.id]}"
            yield skill.warning(place, message, "coverage-scenario")
        if criterion.id not in taught:
            yield skill.warning(place, f"no module teaches «{criterion.id}»", "coverage-module")
    trained = {sample.value.skill for sample in draft.calibrations}
    for skill in draft.skills:
        if skill.value.id not in trained:
            message = f"no calibration set trains coaches in «{skill.value.id}»"
            yield skill.warning(("id",), message, "coverage-calibration")
