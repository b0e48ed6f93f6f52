"""Keeps hostile or broken Markdown away from the renderer, whose time grows with the square of some signs.

Counting is linear, so the bound holds for any input; what a person writes stays far below every limit.
"""

import re
from collections.abc import Iterator, Mapping

MAX_TEXT = 60_000
MAX_LINES = 3_000
MAX_PARAGRAPH = 12_000
MAX_FENCES = 40
MAX_NESTING = 6
MAX_INDENT = 24
MAX_UNCLOSED = 12
MAX_SIGNS: Mapping[str, int] = {
    **dict.fromkeys("[]()`<>#&!\\~^{}=", 120),
    **dict.fromkeys("*:+", 300),
    "_": 800,  # lines to fill in
    "|": 3_000,  # tables
    "-": 3_000,
}
_FENCE = re.compile(r"^\s*(```|~~~)")
_MARKER = re.compile(r"(>|[-*+](?=\s)|\d{1,9}\.(?=\s))\s*")


def too_heavy(text: str) -> tuple[int, str] | None:
    """The first place (lines counted from 0) that is beyond what the renderer is given, with the reason."""
    if len(text) > MAX_TEXT:
        return 0, f"one text has at most {MAX_TEXT} characters"
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        return 0, f"one text has at most {MAX_LINES} lines"
    fences = 0
    for number, line in enumerate(lines):
        fences += _FENCE.match(line) is not None
        if fences > MAX_FENCES:
            return number, f"one text has at most {MAX_FENCES} code fences"
        if _is_too_deep(line):
            return number, f"lists and quotations are nested at most {MAX_NESTING} deep"
    return next(_heavy_paragraphs(lines), None)


def _is_too_deep(line: str) -> bool:
    rest = line.lstrip()
    if len(line.expandtabs(4)) - len(rest.expandtabs(4)) > MAX_INDENT and not rest.startswith("|"):
        return True
    position = depth = 0
    while match := _MARKER.match(rest, position):
        position, depth = match.end(), depth + 1
        if depth > MAX_NESTING:
            return not _is_rule(rest)
    return False


def _is_rule(line: str) -> bool:
    return line[0] in "-*" and not line.replace(" ", "").strip(line[0])


def _heavy_paragraphs(lines: list[str]) -> Iterator[tuple[int, str]]:
    start, paragraph = 0, ""
    for number, line in enumerate([*lines, ""]):
        if line.strip():
            start = start if paragraph else number
            paragraph += line + "\n"
        elif paragraph:
            reason = _weight(paragraph)
            if reason:
                yield start, reason
            paragraph = ""


def _weight(paragraph: str) -> str:
    if len(paragraph) > MAX_PARAGRAPH:
        return f"one paragraph has at most {MAX_PARAGRAPH} characters"
    if abs(paragraph.count("[") - paragraph.count("]")) > MAX_UNCLOSED:
        return "square brackets are opened and never closed"
    for sign, limit in MAX_SIGNS.items():
        if paragraph.count(sign) > limit:
            return f"one paragraph has at most {limit} times «{sign}»"
    return ""
