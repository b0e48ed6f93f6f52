"""What was asked for, and where it stands in a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

MOST_WORDS, LONGEST_WORD = 8, 40
_WORD = re.compile(r"[^\W_]+")
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ied", "ers", "er", "es", "ed", "ly", "s", "e", "y")
_SHORTEST_STEM = 3


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text; a hit is marked."""

    text: str
    hit: bool


def folded(text: str) -> str:
    """Lower case without accents: «Renée» is found by «renee»."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def only_words(text: str) -> str:
    """The words of a text, folded, and nothing else: so every index reads the same in it."""
    return " ".join(_WORD.findall(folded(text)))


def asked(query: str) -> tuple[str, ...]:
    """The words of a query, folded, each once; a question of any length becomes a short one."""
    words = (word[:LONGEST_WORD] for word in _WORD.findall(folded(query)))
    return tuple(dict.fromkeys(words))[:MOST_WORDS]


def marked(text: str, words: Sequence[str]) -> tuple[Part, ...]:
    """The text in pieces, with what answers the words marked."""
    stems = tuple(_stem(word) for word in words)
    parts: list[Part] = []
    at = 0
    for match in _WORD.finditer(text):
        if _answers(folded(match[0]), stems):
            if match.start() > at:
                parts.append(Part(text[at : match.start()], hit=False))
            parts.append(Part(match[0], hit=True))
            at = match.end()
    return (*parts, Part(text[at:], hit=False)) if at < len(text) else tuple(parts)


def snippet(text: str, words: Sequence[str], size: int = 30) -> tuple[Part, ...]:
    """The stretch of so many words in which most of what was asked stands, marked; the beginning where none does."""
    stems = tuple(_stem(word) for word in words)
    found = list(_WORD.finditer(text))
    hits = [(index, stem) for index, m in enumerate(found) for stem in stems if _answers(folded(m[0]), (stem,))]
    if len(found) <= size:
        return marked(text, words)
    best, most = 0, 0
    for index, _ in hits:
        start = max(0, index - size // 4)
        different = len({stem for other, stem in hits if start <= other < start + size})
        if different > most:
            best, most = start, different
    best = min(best, len(found) - size)
    end = found[best + size - 1].end()
    cut = text[found[best].start() : end]
    before = (Part("… ", hit=False),) if best else ()
    after = (Part(" …", hit=False),) if best + size < len(found) else (Part(text[end:], hit=False),)
    return (*before, *marked(cut, words), *after)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def _answers(word: str, stems: Sequence[str]) -> bool:
    return any(word.startswith(stem) if len(stem) >= _SHORTEST_STEM else word == stem for stem in stems)
