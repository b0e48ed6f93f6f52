"""Queries become words, and finds are marked where they stand."""

import re

from hypothesis import given
from hypothesis import strategies as st

from coachkit.domain.content.model import RichText
from coachkit.domain.content.parse import load
from coachkit.domain.search.entries import entries, plain
from coachkit.domain.search.words import LONGEST_WORD, MOST_WORDS, asked, marked, snippet
from tests.factories.library import tiny_library_files

TEXT = f"She asks for a portal. {'Nothing is said. ' * 20}The need behind a portal is papers in time. {'More. ' * 40}"


def hits(parts) -> list[str]:
    return [part.text for part in parts if part.hit]


def test_a_query_becomes_a_few_plain_words():
    assert asked("  Wants AND needs! ") == ("wants", "and", "needs")
    assert asked("Renée's need need") == ("renee", "s", "need")
    assert asked("'; DROP TABLE person; --") == ("drop", "table", "person")
    assert asked("!?…") == ()


@given(st.text())
def test_whatever_is_asked_is_bounded(query):
    words = asked(query)
    assert len(words) <= MOST_WORDS
    assert all(0 < len(word) <= LONGEST_WORD for word in words)
    assert all(re.fullmatch(r"[^\W_]+", word) for word in words)


@given(st.text(), st.text(max_size=30))
def test_marking_takes_nothing_away_and_adds_nothing(text, query):
    assert "".join(part.text for part in marked(text, asked(query))) == text


def test_other_forms_of_a_word_are_marked_too():
    assert hits(marked("Interviews, an interviewer.", ["interview"])) == ["Interviews", "interviewer"]
    assert hits(marked("Interviews, an interview.", ["interviewing"])) == ["Interviews", "interview"]
    assert hits(marked("It is in the inn.", ["in"])) == ["in"]
    assert hits(marked("Renée waits.", ["renee"])) == ["Renée"]


def test_a_snippet_shows_where_most_of_the_words_stand_together():
    parts = snippet(TEXT, ["need", "portal"])
    shown = "".join(part.text for part in parts)
    assert "The need behind a portal" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown.split()) <= 34


def test_without_a_hit_a_snippet_is_the_beginning():
    shown = "".join(part.text for part in snippet(TEXT, ["zebra"]))
    assert shown.startswith("She asks for a portal.")


def test_a_short_text_is_shown_whole():
    assert "".join(part.text for part in snippet("Papers in time.", ["papers"])) == "Papers in time."


def test_markup_and_explaining_boxes_are_no_text():
    term = '<button popovertarget="g">need</button><span id="g" popover>The <em>outcome</em> after</span>'
    html = f"<p>The {term} is.</p><ul><li>One</li><li>Two</li></ul>"
    assert plain(RichText(markdown="x", html=html)) == "The need is. One Two"


def test_everything_that_a_learner_may_read_first_is_an_entry():
    found = {(entry.kind, entry.title) for entry in entries(load(tiny_library_files()).library)}
    assert ("Module", "The first talk") in found
    assert ("Part", "What is known") in found
    assert ("Glossary", "need") in found
    assert ("Criterion", "Want and need") in found
    assert ("Role-play", "Wants and needs") in found
    assert ("Dialogue", "Wants and needs") in found
    assert ("Source", "Rackham 1988") in found
