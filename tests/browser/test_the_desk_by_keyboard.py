"""A coach does whole reviews without a mouse; every key that is not part of what she writes is counted."""

from __future__ import annotations

import pytest

from coachkit.app import create_app
from coachkit.domain.content.model import Library
from coachkit.features.practice.models import Attempt
from coachkit.platform.db import db
from tests.factories import loop
from tests.factories.cast import Cast
from tests.factories.training import answers

pytestmark = pytest.mark.one_database


class Keys:
    """Presses keys, and counts those that steer."""

    def __init__(self, page) -> None:
        self.page, self.steering = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.steering += 1

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)

    @property
    def focused(self) -> str:
        return self.page.evaluate("document.activeElement.id || document.activeElement.name || ''")


@pytest.fixture
def waiting(settings, cast: Cast):
    """Two attempts of Ana's that wait for Ben, and one that both have seen."""
    app = create_app(settings)
    with app.app_context():
        loop.revealed(cast, days_ago=30)
        numbers = [loop.submitted(cast, days_ago=6), loop.submitted(cast, days_ago=2, scenario_id="rp19")]
        criteria = [len(loop.scenario(s).criteria) for s in ("rp04", "rp19")]
        db.session.remove()
    yield numbers, criteria
    with app.app_context():
        assert all(db.session.get(Attempt, number).revealed_at for number in numbers)
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def books(settings, waiting) -> Library:
    """The library that is served, with its references."""
    app = create_app(settings)
    with app.app_context():
        found = loop.library()
        db.session.remove()
        db.engine.dispose()
    return found


def review(keys: Keys, criteria: int) -> int:
    """A review to its end, with that many criteria still open; returns how many keys steered."""
    before = keys.steering
    keys.page.wait_for_selector("main[data-ready]")
    keys.press("j")
    if keys.focused == "was_it_fixed":
        keys.press("2")
    for _number in range(criteria):
        assert keys.focused.startswith("level-"), keys.focused
        keys.press("3")
        assert keys.focused.startswith("evidence-")
        keys.write("She asked what should change, and waited.")
        keys.press("Tab")
    assert keys.focused == "keep-situation"
    keys.write("In the third minute.")
    keys.press("Tab")
    keys.write("You asked what should change.")
    keys.press("Tab")
    keys.write("She named the eleven cases.")
    with keys.page.expect_navigation():
        keys.press("Control+Enter")
    return keys.steering - before


def test_two_reviews_one_after_the_other_by_keyboard_alone(somebody, waiting, record_property):
    numbers, criteria = waiting
    ben = somebody("ben")
    ben.sign_in()
    ben.open("/feedback/queue")
    ben.page.get_by_role("button", name="Take the next one").focus()
    with ben.page.expect_navigation():
        ben.page.keyboard.press("Enter")
    assert ben.page.url.endswith(f"/feedback/{numbers[0]}")
    ben.check()
    keys = Keys(ben.page)
    steps = [review(keys, criteria[0])]
    assert ben.page.url.endswith(f"/feedback/{numbers[1]}"), "send and open next"
    ben.check()
    steps.append(review(keys, criteria[1]))
    assert ben.page.url.endswith("/feedback/queue")
    ben.sees("Nothing waits for you")
    assert steps == [2 * n + 5 for n in criteria], "begin, last advice, two a criterion, two in the note, send"
    record_property("steering keys", steps)


def test_every_key_of_the_help_does_what_it_says(somebody, waiting):
    numbers, _criteria = waiting
    ben = somebody("ben")
    ben.sign_in()
    ben.open(f"/feedback/{numbers[0]}")
    ben.page.wait_for_selector("main[data-ready]")
    keys = Keys(ben.page)
    keys.press("?")
    assert ben.page.locator("dialog#keys").is_visible()
    ben.check()
    keys.press("Escape")
    assert not ben.page.locator("dialog#keys").is_visible()
    keys.press("p")
    assert keys.focused == "private-text"
    keys.press("Escape", "a")
    assert keys.focused == "was_it_fixed"
    keys.press("p")
    keys.write("j is only a letter here")
    keys.press("Escape", "c")
    assert ben.page.locator("#tries[open]").count() == 1
    keys.press("b", "Tab", "Enter")
    assert keys.focused == "comment-text"
    keys.write("Who decides?")  # the gap was selected
    assert "“Who decides?”" in ben.page.locator("#comment-text").input_value()
    ben.page.locator("#comment-text").fill("")
    keys.press("Escape", "m")
    assert keys.focused == "comment-text"
    keys.press("Escape")
    keys.press("n")
    assert keys.focused == "keep-situation"
    keys.press("Escape", "j", "j", "j", "k", "0")
    assert keys.focused.startswith("evidence-")
    keys.write("It did not come up.")
    assert ben.page.locator("input[value=not-observed]:checked").count() == 1
    keys.press("Escape", "?")
    ben.page.get_by_label("Single letters work").uncheck()
    keys.press("Escape", "p")
    assert keys.focused != "private-text", "switched off"
    ben.page.get_by_role("button", name="Keys").click()
    ben.page.get_by_label("Single letters work").check()
    keys.press("Escape", "n")
    ben.page.wait_for_selector("#review-saved[data-state=saved]")
    finish(ben, keys, numbers)


def finish(ben, keys: Keys, numbers: list[int]) -> None:
    """Both are answered in the end, the second one after it was taken back once."""
    for number in numbers:
        ben.open(f"/feedback/{number}")
        ben.page.wait_for_selector("main[data-ready]")
        review(keys, ben.page.locator(".crit:not(:has(.lv input:checked))").count())


def trained(ben, books: Library, skill: str = "trust") -> None:
    """A round by keyboard: read, rate blind, compare, the next sample, and the licence at its end."""
    ben.open("/licence")
    ben.open(f"/licence/skills/{skill}")
    ben.sees("written, not taken from talks")
    ben.page.get_by_role("button", name="Begin a round").focus()
    samples = [sample for sample in books.calibration_sets if sample.skill == skill]
    for number in range(1, len(samples) + 1):
        with ben.page.expect_navigation():
            ben.page.keyboard.press("Enter")
        ben.check()
        sample = books.calibration_set(ben.page.url.rsplit("/", 1)[1])
        for criterion, line in answers(books, sample).items():
            ben.page.locator(f'[name="level-{criterion}"][value="{line.level.sent}"]').focus()
            ben.page.keyboard.press("Space")
            ben.page.locator(f'[name="evidence-{criterion}"]').focus()
            ben.page.keyboard.type("Turn 3: he says so.")
        ben.page.get_by_role("button", name="Lock and compare").focus()
        with ben.page.expect_navigation():
            ben.page.keyboard.press("Enter")
        ben.check()
        ben.sees(f"Sample {number} of {len(samples)}, compared")
        ben.page.locator("main .act a.btn.primary").focus()
    with ben.page.expect_navigation():
        ben.page.keyboard.press("Enter")
    ben.check()
    ben.sees("Passed")
    ben.sees("You hold the licence until")
    ben.open(f"/licence/skills/{skill}")
    ben.sees("Enough for today.")


@pytest.mark.parametrize(("look", "width"), [("light", 320), ("dark", 375)])
def test_the_desk_s_pages_are_whole_on_a_small_screen_and_at_400_percent(somebody, waiting, books, look, width):
    """1280 pixels at 400 percent are 320 pixels; axe looks at each page, and nothing overflows.

    A coach trains her eye there as well, from the criteria to the licence.
    """
    numbers, _criteria = waiting
    ben, lea, ana = (somebody(who, width=width, look=look) for who in ("ben", "lea", "ana"))
    for person, pages in (
        (ben, ("/", "/feedback/queue", f"/feedback/{numbers[0]}", "/feedback/learners", "/feedback/absence",
               "/feedback/landed", "/notices", "/feedback/learners/1")),
        (lea, ("/", "/feedback/coaches")),
        (ana, (f"/practice/{numbers[0]}", "/feedback/1/reveal", "/notices")),
    ):  # fmt: skip
        person.sign_in()
        for page in pages:
            person.open(page)
    trained(ben, books)
    keys = Keys(ben.page)
    finish(ben, keys, numbers)
