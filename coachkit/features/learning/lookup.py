"""Looking something up: the page of a search."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library
from coachkit.domain.search.words import Part, asked, marked, snippet
from coachkit.platform import search

LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """One find, with what answers the words marked."""

    kind: str
    title: tuple[Part, ...]
    place: str
    url: str
    snippet: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What was asked, and what answers it."""

    query: str
    asked: bool
    hits: tuple[Hit, ...]
    all_words: bool
    more: bool


def search_page(session: Session, library: Library, query: str) -> SearchPage:
    """Best first. An empty question has no answer and is no mistake."""
    query = " ".join(query.split())[:LONGEST_QUERY]
    words = asked(query)
    found = search.find(session, library, words)
    hits = tuple(
        Hit(entry.kind, marked(entry.title, words), entry.place, entry.address, snippet(entry.body, words))
        for entry in found.entries
    )
    return SearchPage(query, bool(words), hits, found.all_words, found.more)
