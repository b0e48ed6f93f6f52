"""What a learner does between role-plays, in a real browser: light, dark, phone, by keyboard, without JavaScript."""

from __future__ import annotations

import re

import pytest

from coachkit.app import create_app
from coachkit.platform.db import db
from tests.factories.shelf import published

LOOKS = pytest.mark.parametrize(
    ("look", "js", "width"),
    [("light", True, 1280), ("dark", True, 375), ("light", False, 1280)],
    ids=["light", "dark-phone", "no-javascript"],
)
pytestmark = pytest.mark.one_database


@pytest.fixture
def quay(settings):
    """The tiny library is served."""
    app = create_app(settings)
    version = published(app)
    with app.app_context():
        db.engine.dispose()
    return version


@LOOKS
def test_a_dialogue_is_played_to_its_end_and_again_from_a_turn(quay, somebody, look, js, width):
    ana = somebody("ana", look=look, js=js, width=width)
    ana.sign_in()
    ana.open("/practice/dialogues")
    ana.follow("Wants and needs")
    ana.press("Begin the talk")
    ana.sees("We want a portal by spring")
    ana.page.get_by_role("button", name="What should be different on the quay?").click()
    ana.sees("Papers come late")
    ana.page.get_by_role("button", name="Late by how much").click()
    ana.check()
    ana.sees("A first date")
    ana.sees("where the talk turned")
    ana.page.get_by_role("button", name=re.compile(r"^Play from here .*2")).click()
    ana.sees("Papers come late")


def test_a_dialogue_is_played_by_number_keys_alone(quay, somebody):
    ana = somebody("ana")
    ana.sign_in()
    ana.open("/practice/dialogues/bd1")
    ana.press("Begin the talk")
    for key in "11":
        ana.page.locator(".choices:focus").wait_for()
        with ana.page.expect_navigation():
            ana.page.keyboard.press(key)
    for _ in range(4):  # a bad start may lead back
        if ana.page.locator(".path").count():
            break
        ana.page.locator(".choices:focus").wait_for()
        with ana.page.expect_navigation():
            ana.page.keyboard.press("1")
    ana.sees("Where the talk turned")


@LOOKS
def test_cards_come_with_reading_and_are_answered_one_by_one(quay, somebody, look, js, width):
    ana = somebody("ana", look=look, js=js, width=width)
    ana.sign_in()
    ana.open("/cards")
    ana.sees("No cards yet")
    ana.open("/modules/first-talk/key-facts")
    ana.press("Done, read on")
    ana.open("/cards")
    ana.sees("Card 1 of 2 today")
    ana.page.locator("summary", has_text="Show the answer").click()
    ana.check()
    ana.page.get_by_role("button", name="Knew it").click()
    ana.sees("Card 2 of 2 today")
    ana.page.locator("summary", has_text="Show the answer").click()
    ana.page.get_by_role("button", name="Missed it").click()
    ana.check()
    ana.sees("Done for today")


def test_cards_go_by_keyboard_alone(quay, somebody):
    ana = somebody("ana")
    ana.sign_in()
    ana.open("/modules/first-talk/key-facts")
    ana.press("Done, read on")
    ana.open("/cards")
    for key in "31":
        ana.page.locator(".recall:focus").wait_for()
        ana.page.keyboard.press(key)
        assert ana.page.locator(".recall").count(), "a closed card is not answered by a slip"
        ana.page.keyboard.press("Space")
        with ana.page.expect_navigation():
            ana.page.keyboard.press(key)
    ana.sees("Done for today")


@LOOKS
def test_something_is_looked_up_and_found_in_its_place(quay, somebody, look, js, width):
    ana = somebody("ana", look=look, js=js, width=width)
    ana.sign_in()
    ana.open("/search")
    ana.sees("What are you looking for?")
    ana.page.get_by_role("searchbox").fill("portal papers")
    ana.press("Search")
    assert ana.page.locator("mark").count() > 2
    ana.follow("The ship that waited")
    ana.open("/search?q=zebra")
    ana.sees("Nothing found")


def test_the_slash_key_leads_to_the_search_unless_one_writes_or_has_switched_it_off(quay, somebody):
    ana = somebody("ana")
    ana.sign_in()
    ana.open("/search")
    box = ana.page.get_by_role("searchbox")
    ana.page.locator("h1").click()
    ana.page.keyboard.press("/")
    assert box.evaluate("input => input === document.activeElement")
    ana.page.keyboard.type("a/b")
    assert box.input_value() == "a/b"
    ana.page.get_by_label("leads here from every page").uncheck()
    ana.page.reload()
    ana.page.locator("h1").click()
    ana.page.keyboard.press("/")
    assert not box.evaluate("input => input === document.activeElement")


@LOOKS
def test_a_quiz_is_taken_first_and_beliefs_come_back(quay, somebody, look, js, width):
    ana = somebody("ana", look=look, js=js, width=width)
    ana.sign_in()
    ana.open("/modules/first-talk/why-it-matters")
    ana.follow("Take the quiz first")
    ana.press("Hand in all answers")
    ana.sees("Not answered yet")
    for question in ana.page.locator("fieldset").all():
        question.get_by_text("Which vendor have you been talking to").click()
    ana.press("Hand in all answers")
    assert "0 of 8" in ana.page.locator(".notices").inner_text()
    ana.open("/modules/ideas")
    ana.sees("The solution somebody names is the need.")
    ana.open("/modules")


@LOOKS
def test_a_note_is_written_beside_a_part(quay, somebody, look, js, width):
    ana = somebody("ana", look=look, js=js, width=width)
    ana.sign_in()
    ana.open("/modules/first-talk/key-facts")
    ana.page.get_by_text("seen by nobody else").click()
    ana.page.get_by_role("textbox", name="Your note").fill("Ask Marta.")
    if js:
        ana.page.get_by_text("Draft saved on the server").wait_for()
    ana.page.locator("#note").get_by_role("button", name="Save").click()
    ana.check()
    assert ana.page.get_by_role("textbox", name="Your note").input_value() == "Ask Marta."
    ana.open("/modules/notes")
    ana.sees("Ask Marta.")


@pytest.mark.parametrize("js", [True, False], ids=["javascript", "no-javascript"])
def test_a_term_is_explained_by_keyboard_alone(quay, somebody, js):
    ana = somebody("ana", js=js)
    ana.sign_in()
    ana.open("/modules/first-talk/why-it-matters")
    term = ana.page.locator("button.term").first
    box = ana.page.locator(f"#{term.get_attribute('popovertarget')}")
    assert not box.is_visible()
    term.focus()
    ana.page.keyboard.press("Enter")
    assert box.is_visible()
    assert "outcome somebody is after" in box.inner_text()
    ana.page.keyboard.press("Escape")
    assert not box.is_visible()


def test_a_module_prints_as_its_text_alone(quay, somebody):
    ana = somebody("ana")
    ana.sign_in()
    ana.open("/modules/first-talk/why-it-matters")
    ana.page.emulate_media(media="print")
    for part in (".bar", ".foot", ".track", ".nextstep", "#note", ".btn", "[popover]"):
        for found in ana.page.locator(part).all():
            assert not found.is_visible(), part
    assert ana.page.locator("article.body h1").is_visible()
    ana.open("/modules/first-talk/worked-example")
    ana.page.emulate_media(media="print")
    assert ana.page.get_by_text("Which browsers do your people use?").is_visible()
    pdf = ana.page.pdf(format="A4")
    assert pdf.startswith(b"%PDF")


@LOOKS
def test_the_path_says_what_comes_next_and_keeps_the_ladder(quay, somebody, look, js, width):
    ana = somebody("ana", look=look, js=js, width=width)
    ana.sign_in()
    ana.open("/path")
    ana.sees("The first talk")
    ana.page.get_by_label("Where you stand with Trust").select_option(label="Co-lead")
    ana.press("Keep where I stand")
    assert ana.page.get_by_label("Where you stand with Trust").input_value() == "co-lead"
    ana.open("/modules/first-talk/why-it-matters")
    ana.press("Done, read on")
    ana.open("/")
    ana.sees("Where you left off")
