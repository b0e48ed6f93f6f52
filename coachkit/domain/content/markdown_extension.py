"""What a library's Markdown has beyond the usual: citations, glossary terms, checked links, no HTML."""

import re
from collections.abc import Iterator
from typing import Protocol
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import STX, AtomicString

from coachkit.domain.content.addresses import source_address, term_address
from coachkit.domain.content.framework import GlossaryTerm, Source

_CODE = r"[A-Za-z0-9][A-Za-z0-9./-]{0,40}"
_CITATION = rf"\[@({_CODE}(?:[;,] ?@{_CODE}){{0,9}})\]"
_TERM = r"\[\[([a-z0-9-]{1,80})(?:\\?\|([^\[\]|]{1,160}))?\]\]"
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ALIGN = re.compile(r"text-align: (right|center);")
_TOP = 3  # levels 1 and 2 belong to the page and the section
_MEANS = re.compile(r"[\\`*_\[<&\x02]|  \n")
_OWN = "own"  # marks the links that this file makes, until they are checked
_ALIGN_CLASS = {"right": "num", "center": "mid"}


class Page(Protocol):
    """What the extension asks of the page that is being made."""

    in_document: bool

    def source(self, code: str) -> Source | None: ...

    def term(self, term_id: str) -> GlossaryTerm | None: ...

    def term_name(self, term_id: str) -> str: ...

    def own_id(self, kind: str, name: str) -> str: ...

    def address(self, link: str) -> str | None: ...

    def complain(self, needle: str, message: str, code: str) -> None: ...


class _Citation(InlineProcessor):
    """`[@KD96]`, also several at once: `[@KD96; @MW82]`."""

    ANCESTOR_EXCLUDES = ("a",)

    def __init__(self, page: Page, md: Markdown) -> None:
        super().__init__(_CITATION, md)
        self.page = page

    def handleMatch(  # type: ignore[override]  # noqa: N802 - the library's name and a narrower result
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002
    ) -> tuple[Element, int, int]:
        links = [self.cited(code) for code in re.findall(_CODE, m[1])]
        if len(links) == 1:
            return links[0], m.start(0), m.end(0)
        around = Element("span")
        around.extend(links)
        for link in links[:-1]:
            link.tail = AtomicString("; ")
        return around, m.start(0), m.end(0)

    def cited(self, code: str) -> Element:
        source = self.page.source(code)
        attributes = {"class": "cite", "href": source_address(code), _OWN: ""}
        link = Element("a", attributes) if source else Element("span")
        link.text = AtomicString(source.short if source else code)
        return link


class _Term(InlineProcessor):
    """`[[need]]` or `[[need|needs]]`: a button and the pop-up that it opens, without any script."""

    ANCESTOR_EXCLUDES = ("a", *_HEADINGS)

    def __init__(self, page: Page, md: Markdown) -> None:
        super().__init__(_TERM, md)
        self.page = page

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002
    ) -> tuple[Element, int, int]:
        around = Element("span", {"class": "glossed"})
        term = self.page.term(m[1])
        if term is None:
            around.text = AtomicString(m[2] or m[1])
            return around, m.start(0), m.end(0)
        gloss_id = self.page.own_id("gloss", term.id)
        button = SubElement(around, "button", {"type": "button", "class": "term", "popovertarget": gloss_id})
        button.text = AtomicString(m[2] or term.term)
        self.explain(around, term, gloss_id)
        return around, m.start(0), m.end(0)

    def explain(self, around: Element, term: GlossaryTerm, gloss_id: str) -> None:
        label = {"role": "note", "aria-label": f"Glossary: {term.term}"}
        note = SubElement(around, "span", {"popover": "", "id": gloss_id, "class": "gloss", **label})
        _part(note, "hd", f"{term.term[:1].upper()}{term.term[1:]}", tag="strong")
        _part(note, "gp", term.meaning)
        if term.example:
            _part(note, "gp", term.example)
        seen = ", ".join(self.page.term_name(other) for other in term.see)
        last = _part(note, "gp small", f"Compare: {seen}. " if seen else "")
        link = SubElement(last, "a", {"href": term_address(term.id), _OWN: ""})
        link.text = AtomicString("Open in the glossary")


class _BareTerm(InlineProcessor):
    """A term where no pop-up can stand (in a link or a heading): its words alone."""

    def __init__(self, page: Page, md: Markdown) -> None:
        super().__init__(_TERM, md)
        self.page = page

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self,
        m: re.Match[str],
        data: str,
    ) -> tuple[Element, int, int]:
        needle = m[0] if STX in data else data.strip()
        self.page.complain(needle, "a glossary term cannot be marked in a heading or a link", "term-place")
        words = Element("span")
        words.text = AtomicString(m[2] or m[1])
        return words, m.start(0), m.end(0)


def _part(parent: Element, css_class: str, text: str, tag: str = "span") -> Element:
    part = SubElement(parent, "span", {"class": css_class})
    target = part if tag == "span" else SubElement(part, tag)
    target.text = AtomicString(text)
    return part


class _LeavePlain(Treeprocessor):
    """Goes first: a text without any sign that could mean something needs no looking at by two dozen patterns."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.text and not _MEANS.search(element.text):
                element.text = AtomicString(element.text)


class _Finish(Treeprocessor):
    """Goes once over the finished tree: links, pictures, headings, tables."""

    def __init__(self, page: Page, md: Markdown) -> None:
        super().__init__(md)
        self.page = page

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.tag == "a":
                self.link(element)
            elif element.tag == "img":
                self.picture(element)
            elif element.tag in _HEADINGS:
                self.heading(element)
            elif element.tag in {"td", "th"}:
                _cell(element)
            elif element.tag == "table":
                _name_cells(element)
            if element.tag != "code" and "[[" in f"{element.text or ''}{element.tail or ''}":
                self.page.complain("[[", "a glossary term is marked by its id, such as `[[need]]`", "term-form")

    def link(self, element: Element) -> None:
        if _OWN in element.attrib:
            del element.attrib[_OWN]
            return
        address = self.page.address(element.get("href", ""))
        element.attrib.clear()
        if address is None:
            element.tag = "span"
            return
        element.set("href", address)
        if address.startswith("http"):
            element.set("rel", "noopener noreferrer")

    def picture(self, element: Element) -> None:
        words, target = element.get("alt", ""), element.get("src", "")
        if not words.strip():
            self.page.complain(target, "a picture without a text that stands for it", "picture-alt")
        self.page.complain(target, "pictures are not part of the format; say it in words", "picture")
        element.tag = "span"
        element.attrib.clear()
        element.text = AtomicString(words)

    def heading(self, element: Element) -> None:
        level = int(str(element.tag)[1])
        if self.page.in_document:
            element.tag = "h4" if level <= _TOP else "h5"
            return
        words = "".join(_words(element))
        if level < _TOP:
            self.page.complain(words, "headings within a text begin at level 3 (`###`)", "heading-level")
        element.tag = f"h{min(max(level, _TOP), 5)}"
        if element.tag == "h3":
            element.set("id", self.page.own_id("h", words))


def _cell(element: Element) -> None:
    if element.tag == "th":
        element.set("scope", "col")
    style = _ALIGN.search(element.get("style", ""))
    if style:
        element.set("class", _ALIGN_CLASS[style[1]])


_LONGEST_NAME = 48
"""Longer heads of columns are not repeated: a page must not grow many times by one of them."""


def _name_cells(table: Element) -> None:
    """Each cell names its column: on a narrow screen a row is set as a list, and the head is out of sight."""
    names = [" ".join("".join(_words(head)).split()) for head in table.iter("th")]
    for row in table.iter("tr"):
        for name, cell in zip(names, row.iter("td"), strict=False):
            if 0 < len(name) <= _LONGEST_NAME:
                cell.set("data-label", name)


def _words(element: Element) -> Iterator[str]:
    return (str(part) for part in element.itertext())


class LibraryExtension(Extension):
    """Registers the above for one page and takes raw HTML out of the language."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the library's name
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.inlinePatterns.register(_Citation(self.page, md), "citation", 187)
        md.inlinePatterns.register(_Term(self.page, md), "term", 186)
        md.inlinePatterns.register(_BareTerm(self.page, md), "bare-term", 185)
        md.treeprocessors.register(_LeavePlain(md), "leave-plain", 25)
        md.treeprocessors.register(_Finish(self.page, md), "finish", 15)
