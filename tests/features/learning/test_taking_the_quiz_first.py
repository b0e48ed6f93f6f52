"""Who knows a module may show it first and skip its reading; nothing else is spared."""

import re

import pytest
from sqlalchemy import select

from coachkit.domain.learning_path import quiz_first
from coachkit.features.accounts.models import Person
from coachkit.features.learning import queries
from coachkit.features.learning.models import QuizAnswer, SectionRead
from coachkit.features.practice.models import Attempt, Rating
from coachkit.platform.idempotency import new_key
from tests.factories import loop

SLUG = "how-to-practise"
FIRST = f"/modules/{SLUG}/test-out"


def module():
    return loop.library().module_by_slug(SLUG)


def answers(wrong: int = 0, missing: int = 0) -> dict[str, str]:
    """All answers of the form, so many of them wrong, so many left out."""
    chosen = {}
    for number, item in enumerate(module().quiz):
        option = next(o for o in item.options if o.key is not (number < wrong))
        chosen[f"answer-{item.id}"] = option.id
    return dict(list(chosen.items())[missing:])


def hand_in(browser, chosen: dict[str, str], key: str | None = None):
    data = {"csrf_token": browser.token(), "idempotency_key": key or new_key(), **chosen}
    return browser.client.post(FIRST, data=data)


def marks(session) -> dict[str, bool]:
    session.expire_all()
    return {row.section_id: row.known for row in session.scalars(select(SectionRead))}


@pytest.mark.parametrize(
    ("right", "of", "enough"),
    [(8, 8, True), (7, 8, True), (6, 8, False), (6, 7, False), (7, 7, True), (7, 9, False), (0, 0, False)],
)
def test_seven_of_eight_is_enough_in_a_quiz_of_any_size(right, of, enough):
    assert quiz_first.passes(right, of) is enough
    assert (right >= quiz_first.needed(of) and of > 0) is enough


def test_a_fresh_module_offers_it_and_shows_no_feedback_before(browse, session):
    ana = browse("ana")
    page = ana.get(f"/modules/{SLUG}/why-it-matters").text
    assert f'href="{FIRST}"' in page
    page = ana.get(FIRST).text
    assert page.count("<fieldset") == len(module().quiz)
    assert all(option.feedback not in page for item in module().quiz for option in item.options)


def test_with_nearly_all_right_the_reading_is_known_and_shown_differently_from_read(browse, session):
    ana = browse("ana")
    assert hand_in(ana, answers(wrong=1)).location == f"/modules/{SLUG}/quiz"
    assert marks(session) == {section.id: True for section in module().sections}
    page = ana.get(f"/modules/{SLUG}/quiz").text
    size = len(module().quiz)
    assert f"{size - 1} of {size}. You know this" in page
    assert page.count('<span class="min">known</span>') == len(module().sections)
    page = ana.get(f"/modules/{SLUG}/key-facts").text
    assert "You skipped this part" in page
    assert "Known</span>" in ana.get("/modules").text


def test_what_was_skipped_is_not_counted_as_read_until_it_is(browse, session, cast):
    ana = browse("ana")
    hand_in(ana, answers())
    assert queries.minutes_read(session, loop.library(), cast.ana) == 0
    ana.post(f"/modules/{SLUG}/key-facts/read")
    assert marks(session)["key-facts"] is False
    assert queries.minutes_read(session, loop.library(), cast.ana) == module().section("key-facts").minutes


def test_what_was_read_before_stays_read(browse, session):
    ana = browse("ana")
    ana.post(f"/modules/{SLUG}/key-facts/read")
    hand_in(ana, answers())
    assert marks(session)["key-facts"] is False
    assert marks(session)["practice"] is True


def test_with_fewer_one_reads_and_the_answers_are_there(browse, session):
    ana = browse("ana")
    hand_in(ana, answers(wrong=2))
    assert marks(session) == {}
    page = ana.get(f"/modules/{SLUG}/quiz").text
    size = len(module().quiz)
    assert f"{size - 2} of {size}. Begin with the reading" in page
    assert f"{size} of {size} answered" in page


def test_once_the_feedback_was_seen_it_shows_nothing_any_more(browse, session):
    ana = browse("ana")
    item = module().quiz[0]
    ana.post(f"/modules/{SLUG}/quiz/{item.id}", option=item.key.id)
    assert "answered questions of this quiz already" in ana.get(FIRST).text
    assert hand_in(ana, answers()).status_code == 303
    assert marks(session) == {}
    assert len(session.scalars(select(QuizAnswer)).all()) == 1


def test_a_form_with_gaps_comes_back_with_what_was_chosen(browse, session):
    ana = browse("ana")
    answer = hand_in(ana, answers(missing=2))
    assert answer.status_code == 422
    assert answer.text.count("Choose one of the three answers.") == 2
    assert answer.text.count(" checked>") == len(module().quiz) - 2
    assert session.scalars(select(QuizAnswer)).all() == []


def test_an_option_of_another_question_does_not_count(browse, session):
    first, second, *_ = module().quiz
    answer = hand_in(browse("ana"), answers() | {f"answer-{first.id}": second.key.id})
    assert answer.status_code == 422
    assert session.scalars(select(QuizAnswer)).all() == []


def test_handed_in_twice_it_is_taken_once(browse, session):
    ana, key = browse("ana"), new_key()
    for _ in range(2):
        assert hand_in(ana, answers(), key).status_code == 303
    assert len(session.scalars(select(QuizAnswer)).all()) == len(module().quiz)


def test_it_spares_reading_and_never_a_rating(browse, session):
    hand_in(browse("ana"), answers())
    assert session.scalars(select(Attempt)).all() == []
    assert session.scalars(select(Rating)).all() == []


def test_there_is_nothing_to_take_first_where_there_is_no_module(browse):
    assert browse("ana").get("/modules/no-such-module/test-out").status_code == 404


def test_what_should_come_first_depends_on_the_track(browse, session, cast):
    """On the business track «IT in plain words» stands for «Know the business»."""
    books = loop.library()
    waiting = next(m for m in books.modules if "m03" in m.prerequisites and len(m.tracks) == 2)

    def hint(browser) -> str:
        listed = re.search(rf'href="/modules/{waiting.slug}".*?</li>', browser.get("/modules").text, re.DOTALL)[0]
        return listed.partition("easier after")[2]

    session.get(Person, cast.dan).track = "business"
    session.commit()
    assert books.module("m03").title in hint(browse("ana"))
    dan = browse("dan")
    assert books.module("m03-b").title in hint(dan)
    assert books.module("m03").title not in hint(dan)
    sister = books.module("m03-b")
    for section in sister.sections:
        dan.post(f"/modules/{sister.slug}/{section.id}/read")
    for item in sister.quiz:
        dan.post(f"/modules/{sister.slug}/quiz/{item.id}", option=item.key.id)
    assert sister.title not in hint(dan)
