"""Refuses documents that no page should hold, before any time is spent on laying them out."""

from xml.etree.ElementTree import Element

from coachkit.platform.pdf.job import RenderError

MOST_CHARACTERS = 100_000
"""Twelve pages hold about two thirds of it."""
MOST_ELEMENTS = 12_000
DEEPEST = 60
WIDEST_SPAN = 40
LONGEST_RUN = 2_000

TOO_LONG = "This report is longer than twelve pages and cannot be printed."
TOO_ODD = "This report is built in a way that cannot be printed."


def check(root: Element) -> None:
    """Raises `RenderError` for floods of text, deep nesting, absurd spans, and pictures without words."""
    characters = elements = 0
    stack = [(root, 1)]
    while stack:
        element, depth = stack.pop()
        elements += 1
        if depth > DEEPEST or elements > MOST_ELEMENTS:
            raise RenderError(TOO_ODD, "nested too deeply or too many elements")
        for name in ("colspan", "rowspan", "span", "start"):
            _check_span(element.get(name, "1"))
        _check_picture(element)
        for text in (element.text, element.tail):
            if text:
                characters += len(text)
                _check_runs(text)
        if characters > MOST_CHARACTERS:
            raise RenderError(TOO_LONG, "too much text")
        stack += [(child, depth + 1) for child in element]


def _check_span(value: str) -> None:
    if not value.isdigit() or not 0 < int(value[:6]) <= WIDEST_SPAN:
        raise RenderError(TOO_ODD, "span of a table cell")


def _check_picture(element: Element) -> None:
    """The engine itself lets a drawing without words pass, and the file would break PDF/UA."""
    tag = str(element.tag).rpartition("}")[2]
    words: str | None = "none needed"
    if tag == "svg":
        words = next((child.text for child in element if str(child.tag).endswith("title")), None)
    elif tag == "img":
        words = element.get("alt")
    if not (words and words.strip()):
        raise RenderError(TOO_ODD, "a picture without words")


def _check_runs(text: str) -> None:
    if len(text) > LONGEST_RUN and max(map(len, text.split()), default=0) > LONGEST_RUN:
        raise RenderError(TOO_ODD, "a word without a break")
