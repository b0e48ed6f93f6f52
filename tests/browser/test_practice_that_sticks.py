"""What a learner does between role-plays, in a real browser: light, dark, phone, by keyboard, without JavaScript."""

from __future__ import annotations

import re

import pytest

from coachkit.app import create_app
from coachkit.platform.db import db
from tests.factories.shelf import published

LOOKS = pytest.mark.parametrize(
    ("look", "js", "width"),
    [("light", True, 1280), ("dark", True, 1280), ("light", True, 375), ("light", False, 1280)],
    ids=["light", "dark", "phone", "no-javascript"],
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
