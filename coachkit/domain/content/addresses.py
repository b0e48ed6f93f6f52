"""Where the pages for content are, and what an author's link leads to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_NAME = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_MODULE = re.compile(rf"(?:/modules/|\.\./)(?P<slug>{_NAME})(?:/module\.md|/)?(?:[#/](?P<section>{_NAME}))?")
_FILE = re.compile(r"(?:\./)?files/(?P<file>[A-Za-z0-9][A-Za-z0-9._-]*)")
_PRACTICE = re.compile(rf"(?:/practice/|/|(?:\.\./)*)(?P<kind>scenarios|dialogues)/(?P<name>{_NAME})(?:\.yaml)?")
_WEB = re.compile(r"(?:https?://[^\s/?#]+\.[^\s]+|mailto:[^\s@]+@[^\s@]+)", re.IGNORECASE)
_TERM = re.compile(rf"/glossary#(?P<name>{_NAME})")
_SOURCE = re.compile(r"/sources#(?P<name>[A-Za-z0-9][A-Za-z0-9./-]*)")


def module_address(slug: str, section: str | None = None) -> str:
    """A module, or one section of it."""
    return f"/modules/{slug}" + (f"/{section}" if section else "")


def file_address(slug: str, name: str) -> str:
    return f"/modules/{slug}/files/{name}"


def scenario_address(scenario_id: str) -> str:
    return f"/practice/scenarios/{scenario_id}"


def dialogue_address(dialogue_id: str) -> str:
    return f"/practice/dialogues/{dialogue_id}"


def term_address(term_id: str) -> str:
    return f"/glossary#{term_id}"


def source_address(code: str) -> str:
    return f"/sources#{code}"


class DanglingLinkError(ValueError):
    """A link that leads nowhere; the sentence is for its author."""


class HiddenLinkError(DanglingLinkError):
    """A link to something that a pack hides: its words stay, and nobody has made a mistake."""


@dataclass(frozen=True, slots=True)
class Targets:
    """What an author can link to."""

    sections: Mapping[str, frozenset[str]] = field(default_factory=dict)  # by module slug
    files: Mapping[str, frozenset[str]] = field(default_factory=dict)  # by module slug
    scenarios: frozenset[str] = frozenset()
    dialogues: frozenset[str] = frozenset()
    terms: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    hidden: Mapping[str, frozenset[str]] = field(default_factory=dict)  # by kind; a pack has taken these away


def resolve(link: str, targets: Targets, here: str | None = None) -> str:
    """The address of the page that a link means, seen from the module `here`; raises DanglingLinkError."""
    address = link if _WEB.fullmatch(link) else None
    if address is None and here is not None:
        address = _within(link, targets, here)
    address = address or _across(link, targets)
    if address is None:
        raise DanglingLinkError(f"«{link[:80]}» is not an address that a library can link to")
    return address


def _within(link: str, targets: Targets, here: str) -> str | None:
    if link.startswith("#"):
        return _module_link(here, link[1:], targets)
    match = _FILE.fullmatch(link)
    return _file_link(here, match["file"], targets) if match else None


def _across(link: str, targets: Targets) -> str | None:
    if match := _MODULE.fullmatch(link):
        return _module_link(match["slug"], match["section"], targets)
    if match := _PRACTICE.fullmatch(link):
        return _practice_link(match["kind"], match["name"], targets)
    if match := _TERM.fullmatch(link):
        if match["name"] in targets.hidden.get("term", ()):
            raise HiddenLinkError(f"the term «{match['name']}» is hidden")
        return _checked(match["name"], targets.terms, term_address(match["name"]), "term")
    if match := _SOURCE.fullmatch(link):
        return _checked(match["name"], targets.sources, source_address(match["name"]), "source")
    return None


def _module_link(slug: str, section: str | None, targets: Targets) -> str:
    if slug in targets.hidden.get("module", ()):
        raise HiddenLinkError(f"the module «{slug}» is hidden")
    if slug not in targets.sections:
        raise DanglingLinkError(f"there is no module «{slug}»")
    if section and section not in targets.sections[slug]:
        raise DanglingLinkError(f"module «{slug}» has no section «{section}»")
    return module_address(slug, section)


def _file_link(slug: str, name: str, targets: Targets) -> str:
    if name not in targets.files.get(slug, frozenset()):
        raise DanglingLinkError(f"the module's front matter lists no file «{name}»")
    return file_address(slug, name)


def _practice_link(kind: str, name: str, targets: Targets) -> str:
    if name in targets.hidden.get(kind.removesuffix("s"), ()):
        raise HiddenLinkError(f"«{name}» is hidden")
    if kind == "scenarios":
        return _checked(name, targets.scenarios, scenario_address(name), "scenario")
    return _checked(name, targets.dialogues, dialogue_address(name), "dialogue")


def _checked(name: str, known: frozenset[str], address: str, what: str) -> str:
    if name not in known:
        raise DanglingLinkError(f"there is no {what} «{name}»")
    return address
