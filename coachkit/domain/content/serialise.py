"""Writes a library back into the files that it could have been read from; reading them gives the same library."""

from collections.abc import Iterable, Mapping
from typing import Any

import yaml
from pydantic import BaseModel

from coachkit.domain.content.model import Dialogue, Library, Module, Node, Scenario, Skill

_MADE = {"content_hash", "html"}  # by the reader, not by the author
_ODD_BREAKS = ("\u2028", "\u2029", "\x85")


class _Writer(yaml.SafeDumper):
    """YAML as an author would lay it out: texts of several lines as they stand, no references."""

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


def _text(writer: _Writer, data: str) -> yaml.ScalarNode:
    style = None
    if any(sign in data for sign in _ODD_BREAKS):
        style = '"'
    elif "\n" in data:
        style = "|"
    return writer.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_Writer.add_representer(str, _text)


def files_of(library: Library) -> dict[str, bytes]:
    """The files of a library, packs already laid over it; each has the form that `content-format.md` describes."""
    texts: dict[str, str] = {
        "library.yaml": _yaml(
            {
                "id": library.id,
                "title": library.title,
                "language": library.language,
                "version": library.edition,
                "worlds": _plain_all(library.worlds),
                "credits": list(library.credits),
            }
        ),
        "sources.yaml": _yaml(_plain_all(library.sources)),
        "glossary.yaml": _yaml(_plain_all(library.terms)),
        "misconceptions.yaml": _yaml(_plain_all(library.misconceptions)),
    }
    texts |= {f"criteria/{skill.id}.yaml": _yaml(_skill(skill)) for skill in library.skills}
    for module in library.modules:
        texts |= {f"modules/{module.slug}/{name}": text for name, text in _module(module).items()}
    texts |= {f"scenarios/{each.id}.yaml": _yaml(_scenario(each)) for each in library.scenarios}
    texts |= {f"dialogues/{each.id}.yaml": _yaml(_dialogue(each)) for each in library.dialogues}
    texts |= {f"calibration/{each.id}.yaml": _yaml(_plain(each)) for each in library.calibration_sets}
    return {path: text.encode() for path, text in texts.items()}


def _yaml(data: object) -> str:
    return yaml.dump(data, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=100)


def _plain(thing: BaseModel, *without: str) -> dict[str, Any]:
    """An object's own fields, those left out that have their usual value."""
    return thing.model_dump(mode="json", exclude=_MADE | set(without), exclude_defaults=True)


def _plain_all(things: Iterable[BaseModel]) -> list[dict[str, Any]]:
    return [_plain(thing) for thing in things]


def _skill(skill: Skill) -> dict[str, Any]:
    criteria = [_plain(criterion, "skill") for criterion in skill.criteria]
    return {**_plain(skill, "criteria", "mapping"), "criteria": criteria, "mapping": _plain_all(skill.mapping)}


def _module(module: Module) -> Mapping[str, str]:
    front = _plain(module, "slug", "sections", "quiz", "cards", "files")
    front["files"] = [{"name": file.name, "title": file.title} for file in module.files]
    sections = "\n".join(f"## {each.title} {{#{each.id}}}\n\n{each.markdown}\n" for each in module.sections)
    texts = {"module.md": f"---\n{_yaml(front)}---\n\n{sections}"}
    quiz = [
        {**_plain(item, "options"), "options": [_plain(option, "id") for option in item.options]}
        for item in module.quiz
    ]
    if quiz:
        texts["quiz.yaml"] = _yaml(quiz)
    if module.cards:
        texts["cards.yaml"] = _yaml(_plain_all(module.cards))
    return texts | {f"files/{file.name}": file.text for file in module.files}


def _scenario(scenario: Scenario) -> dict[str, Any]:
    briefs = ("learner_brief", "partner_brief")
    own = _plain(scenario, *briefs, "parallel_form")
    own |= {name: getattr(scenario, name).markdown for name in briefs}
    parallel = _plain(scenario.parallel_form, *briefs)
    parallel |= {name: getattr(scenario.parallel_form, name).markdown for name in briefs}
    return {**own, "parallel_form": parallel}


def _dialogue(dialogue: Dialogue) -> dict[str, Any]:
    own = _plain(dialogue, "intro", "nodes", "endings")
    nodes = {node.id: _node(node) for node in dialogue.nodes}
    endings = {ending.id: _plain(ending, "id") for ending in dialogue.endings}
    return {**own, "intro": dialogue.intro.markdown, "nodes": nodes, "endings": endings}


def _node(node: Node) -> dict[str, Any]:
    shown = _plain(node, "id", "choices", "routes")
    if node.choices:
        shown["choices"] = [_plain(choice, "id") for choice in node.choices]
    if node.routes:
        shown["route"] = [
            {**({"if": route.condition} if route.condition is not None else {}), "to": route.to}
            for route in node.routes
        ]
    return shown
