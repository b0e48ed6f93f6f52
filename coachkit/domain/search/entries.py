"""Everything that can be found, as plain text: only what a learner may read before he plays.

A scenario is found by its title, summary, stakeholder and rules. Its partner's brief, with wants, fears, facts and
turning points, and its models are left out here, so that no index ever holds them; so are the moves of a dialogue, and
the questions and answers of quizzes and cards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from coachkit.domain.content.addresses import (
    dialogue_address,
    module_address,
    scenario_address,
    source_address,
    term_address,
)
from coachkit.domain.content.model import Dialogue, Library, Module, RichText, Scenario, Skill

_BLOCKS = frozenset({"p", "li", "td", "th", "h3", "h4", "h5", "div", "section", "figcaption", "br", "tr", "blockquote"})
_VOID = frozenset({"br", "hr", "img"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be found."""

    kind: str
    title: str
    place: str
    """What it belongs to, or empty."""
    address: str
    body: str


def entries(library: Library) -> Iterator[Entry]:
    """The whole library, in its order."""
    for module in library.modules:
        yield from _module(module)
    for term in library.terms:
        yield Entry("Glossary", term.term, "", term_address(term.id), _joined(term.meaning, term.example or ""))
    for skill in library.skills:
        yield from _skill(skill)
    for scenario in library.scenarios:
        yield _scenario(scenario)
    for dialogue in library.dialogues:
        yield _dialogue(dialogue)
    for source in library.sources:
        yield Entry("Source", source.short, "", source_address(source.code), source.title)


def _module(module: Module) -> Iterator[Entry]:
    files = [file.title for file in module.files]
    yield Entry(
        "Module", module.title, "", module_address(module.slug), _joined(module.summary, *module.outcomes, *files)
    )
    for section in module.sections:
        yield Entry("Part", section.title, module.title, module_address(module.slug, section.id), plain(section))


def _skill(skill: Skill) -> Iterator[Entry]:
    address = f"/criteria/{skill.id}"
    yield Entry("Skill", skill.name, "", address, skill.summary)
    for number, criterion in enumerate(skill.criteria, start=1):
        anchors = [text for _level, text in sorted(criterion.anchors.items())]
        yield Entry("Criterion", criterion.name, skill.name, f"{address}#c-{number}", _joined(*anchors))


def _scenario(scenario: Scenario) -> Entry:
    who = scenario.stakeholder
    said = _joined(scenario.summary, f"{who.name}, {who.role}, {who.unit}.", *scenario.learning_points)
    return Entry("Role-play", scenario.title, "", scenario_address(scenario.id), said)


def _dialogue(dialogue: Dialogue) -> Entry:
    said = _joined(plain(dialogue.intro), *dialogue.learning_points)
    return Entry("Dialogue", dialogue.title, "", dialogue_address(dialogue.id), said)


def _joined(*parts: str) -> str:
    return " ".join(part.strip() for part in parts if part.strip())


def plain(text: RichText) -> str:
    """An author's text without its markup, and without the boxes that explain terms: these are entries."""
    reader = _Reader()
    reader.feed(text.html)
    reader.close()
    return " ".join("".join(reader.parts).split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._open: list[str] = []
        self._hidden_since: int | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.parts.append(" ")
        if tag in _VOID:
            return
        self._open.append(tag)
        if self._hidden_since is None and any(name == "popover" for name, _value in attrs):
            self._hidden_since = len(self._open)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append(" ")
        while self._open and tag in self._open:
            found = self._open.pop()
            if self._hidden_since is not None and len(self._open) < self._hidden_since:
                self._hidden_since = None
            if found == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._hidden_since is None:
            self.parts.append(data)
