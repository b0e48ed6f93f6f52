"""Notes beside sections, and progress that survives what authors do to a module."""

import pytest
from sqlalchemy import select

from coachkit.features.learning.models import SectionNote
from coachkit.features.operations import erasure
from tests.factories import loop
from tests.factories.library import changed_library, tiny_library_files
from tests.factories.shelf import published

FACTS = "/modules/first-talk/key-facts"
WORDS = "Ask Marta about <b>the quay</b>.\nSecond line."
MODULE = "modules/first-talk/module.md"


@pytest.fixture(autouse=True)
def tiny(app):
    return published(app)


def write(browser, text: str, version: int = 0, path: str = FACTS, **headers):
    data = {"csrf_token": browser.token(), "text": text, "version": str(version)}
    return browser.client.post(f"{path}/note", data=data, headers=headers)


def notes(session) -> list[tuple[str, str, int]]:
    session.expire_all()
    return [(n.section_id, n.text, n.version) for n in session.scalars(select(SectionNote))]


def test_a_note_stands_beside_its_section_as_plain_text(browse, session):
    ana = browse("ana")
    assert write(ana, WORDS).location == f"{FACTS}#note"
    page = ana.get(FACTS).text
    assert "Ask Marta about &lt;b&gt;the quay&lt;/b&gt;.\nSecond line.</textarea>" in page
    assert "Ask Marta" not in ana.get("/modules/first-talk/practice").text
    assert "Ask Marta" in ana.get("/modules/notes").text


def test_a_note_is_changed_and_taken_away(browse, session):
    ana = browse("ana")
    write(ana, "First.")
    write(ana, "Second.", 1)
    assert notes(session) == [("key-facts", "Second.", 2)]
    write(ana, "", 2)
    assert notes(session) == []
    assert "No notes yet" in ana.get("/modules/notes").text


def test_autosave_keeps_it_and_says_the_new_version(browse, session):
    ana = browse("ana")
    answer = write(ana, "Typing", 0, Accept="application/json")
    assert answer.json == {"version": 1}
    assert write(ana, "Typing on", 1, Accept="application/json").json == {"version": 2}


def test_a_stale_page_overwrites_nothing_and_gives_the_text_back(browse, session):
    ana = browse("ana")
    write(ana, "From the first window.")
    answer = write(ana, "From the second window.", 0)
    assert answer.status_code == 409
    assert "From the second window." in answer.text
    assert notes(session) == [("key-facts", "From the first window.", 1)]


@pytest.mark.parametrize(("text", "said"), [("x" * 10_001, "At most 10000"), ("bad\x00word", "cannot be stored")])
def test_what_cannot_be_kept_comes_back_with_its_reason(browse, session, text, said):
    answer = write(browse("ana"), text)
    assert answer.status_code == 422
    assert said in answer.text
    assert notes(session) == []


def test_a_note_is_on_nobody_else_s_page_though_pages_are_cached(browse, cast, session):
    dan = browse("dan")
    before = dan.get(FACTS).text
    write(browse("ana"), WORDS)
    for who in ("dan", "ben", "lea", "cleo", "ada"):
        for path in (FACTS, "/modules/notes", f"/feedback/learners/{cast.ana}", "/audit"):
            assert "Ask Marta" not in browse(who).get(path).text
    assert len(dan.get(FACTS).text) == len(before)


def test_a_page_with_a_note_is_kept_by_no_cache(browse):
    ana = browse("ana")
    write(ana, WORDS)
    answer = ana.get(FACTS)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


@pytest.mark.parametrize("at", ["first-talk/cards", "first-talk/nowhere", "nowhere/key-facts"])
def test_there_is_no_note_where_there_is_no_section(browse, session, at):
    assert write(browse("ana"), WORDS, path=f"/modules/{at}").status_code == 404
    assert notes(session) == []


def test_notes_are_taken_away_and_destroyed_with_their_writer(browse, session, cast):
    write(browse("ana"), WORDS)
    assert "Ask Marta" in str(erasure.export(session, loop.actor(session, cast.ana)))
    erasure.erase(session, loop.actor(session, cast.ada), cast.ana)
    assert notes(session) == []


SPLIT = (
    "| asked | told |",
    "## More that is known {#more-facts}\n\nAnd this on top of it [@KD96].\n\n| asked | told |",
)


def done(browser, section: str) -> bool:
    """Whether a section counts as read."""
    page = browser.get("/modules/first-talk/further-reading").text
    row = page.partition(f'href="/modules/first-talk/{section}"')[2].partition("</li>")[0]
    return ", done" in row or "updated" in row


def test_when_a_section_is_split_what_was_read_stays_read_and_the_new_part_is_new(browse, app):
    ana = browse("ana")
    for section in ("why-it-matters", "key-facts", "worked-example"):
        ana.post(f"/modules/first-talk/{section}/read")
    write(ana, WORDS)
    published(app, changed_library(MODULE, *SPLIT))
    assert [done(ana, s) for s in ("why-it-matters", "key-facts", "more-facts", "worked-example")] == [
        True, True, False, True,
    ]  # fmt: skip
    assert "updated since you read it" in ana.get(FACTS).text
    assert "Ask Marta" in ana.get(FACTS).text


def test_when_sections_change_places_each_keeps_its_mark_and_its_note(browse, app):
    files = changed_library(MODULE, *SPLIT)
    published(app, files)
    ana = browse("ana")
    ana.post("/modules/first-talk/more-facts/read")
    write(ana, WORDS, path="/modules/first-talk/more-facts")
    text = files[MODULE].decode()
    begin, end = text.index("## More that is known"), text.index("## Two versions")
    part = text[begin:end]
    moved = (text[:begin] + text[end:]).replace("## Three rules", f"{part}## Three rules")
    published(app, {**files, MODULE: moved.encode()})
    page = ana.get("/modules/first-talk/more-facts").text
    assert page.index("/first-talk/worked-example") < page.index("/first-talk/more-facts")
    assert done(ana, "more-facts")
    assert not done(ana, "worked-example")
    assert "Ask Marta" in page


def test_when_a_section_is_taken_away_its_note_is_still_there(browse, app):
    published(app, changed_library(MODULE, *SPLIT))
    ana = browse("ana")
    write(ana, WORDS, path="/modules/first-talk/more-facts")
    published(app, tiny_library_files())
    assert ana.get("/modules/first-talk/more-facts").status_code == 404
    page = ana.get("/modules/notes").text
    assert "Ask Marta" in page
    assert "A part that is no longer there" in page


def test_a_typing_mistake_corrected_elsewhere_touches_no_mark(browse, app):
    ana = browse("ana")
    ana.post("/modules/first-talk/key-facts/read")
    published(app, changed_library(MODULE, "At ten past eight", "At a quarter past eight"))
    assert "updated since you read it" not in ana.get(FACTS).text
    assert done(ana, "key-facts")
