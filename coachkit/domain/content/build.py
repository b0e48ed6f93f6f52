"""Renders all texts of a draft, once, and makes the library of it where nothing is wrong."""

import re

from coachkit.domain.content.addresses import Targets
from coachkit.domain.content.build_lessons import module_from, sections_from, skill_from
from coachkit.domain.content.build_practice import calibration_set_from, dialogue_from, scenario_from
from coachkit.domain.content.draft import Draft
from coachkit.domain.content.markdown import Vocabulary
from coachkit.domain.content.model import Dialogue, Library, Module, Scenario, Section, Skill
from coachkit.domain.content.problems import errors_in

_KINDS = ("hard", "soft", "role")


def build(draft: Draft, version: str) -> Library | None:
    """The library; None (and every rendering problem noted in the draft) where there is any error."""
    vocabulary = _vocabulary(draft)
    sections = {slug: sections_from(module, vocabulary, draft.problems) for slug, module in draft.modules.items()}
    scenarios = [scenario_from(placed, vocabulary, draft.problems) for placed in draft.scenarios]
    dialogues = [dialogue_from(placed, vocabulary, draft.problems) for placed in draft.dialogues]
    front = draft.library
    if front is None or errors_in(draft.problems):
        return None
    return Library(
        **front.value.model_dump(exclude={"version", "worlds"}),
        edition=front.value.version,
        worlds=front.value.worlds,
        sources=tuple(placed.value for placed in draft.sources),
        terms=tuple(sorted((placed.value for placed in draft.terms), key=lambda term: term.term.casefold())),
        misconceptions=tuple(placed.value for placed in draft.misconceptions),
        skills=_skills(draft),
        modules=_modules(draft, sections),
        scenarios=tuple(sorted(scenarios, key=_order)),
        dialogues=tuple(sorted(dialogues, key=_order)),
        calibration_sets=tuple(
            calibration_set_from(placed) for placed in sorted(draft.calibrations, key=lambda one: one.value.id)
        ),
        version=version,
    )


def _vocabulary(draft: Draft) -> Vocabulary:
    """What can be cited, marked and linked to; also things that are broken, so that a fault is told once."""
    named = {kind: frozenset(draft.declared.get(kind, ())) for kind in ("scenario", "dialogue", "term", "source")}
    return Vocabulary(
        sources={placed.value.code: placed.value for placed in draft.sources},
        terms={placed.value.id: placed.value for placed in draft.terms},
        targets=Targets(
            sections={
                slug: frozenset(section.id for section in module.sections) for slug, module in draft.modules.items()
            },
            files={
                module.slug: frozenset(file.name for file in front.value.files) for module, front in draft.whole_modules
            },
            scenarios=named["scenario"],
            dialogues=named["dialogue"],
            terms=named["term"],
            sources=named["source"],
            hidden={kind: frozenset(names) for kind, names in draft.hidden.items()},
        ),
    )


def _skills(draft: Draft) -> tuple[Skill, ...]:
    skills = (skill_from(placed.value) for placed in draft.skills)
    return tuple(sorted(skills, key=lambda skill: (_KINDS.index(skill.kind), skill.id)))


def _modules(draft: Draft, sections: dict[str, tuple[Section, ...]]) -> tuple[Module, ...]:
    modules = (module_from(module, front.value, sections[module.slug]) for module, front in draft.whole_modules)
    return tuple(sorted(modules, key=_order))


def _order(thing: Module | Scenario | Dialogue) -> list[tuple[str, int]]:
    """`m2` before `m10`."""
    return [(word, int(number or 0)) for word, number in re.findall(r"([^0-9]*)([0-9]*)", thing.id)]
