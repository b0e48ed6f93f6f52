"""Quiz answers: feedback for every option, as often as one likes, and for oneself alone."""

from html import unescape

import pytest
from sqlalchemy import select

from coachkit.features.learning.models import QuizAnswer
from tests.factories import loop
from tests.factories.routes import paths

QUIZ = "/modules/how-to-practise/quiz"


@pytest.fixture
def item(session):
    """The first question of the module about practice."""
    return loop.library().module_by_slug("how-to-practise").quiz[0]


def key(item):
    return next(option for option in item.options if option.key)


def miss(item):
    return next(option for option in item.options if option.misconception)


def answer(browser, item, option_id, **more):
    return browser.post(f"{QUIZ}/{item.id}", option=option_id, **more)


def shown(browser) -> str:
    return unescape(browser.get(QUIZ).text)


@pytest.mark.one_database
def test_before_the_answer_nothing_is_given_away(browse, item):
    page = shown(browse("ana"))
    for option in item.options:
        assert option.text in page
        assert option.feedback not in page
    assert "This one carries furthest" not in page


def test_after_it_there_is_feedback_on_every_option(browse, item):
    ana = browse("ana")
    assert answer(ana, item, miss(item).id).location == f"{QUIZ}#{item.id}"
    page = shown(ana)
    for option in item.options:
        assert option.feedback in page
    assert page.count("Your answer") == 1
    assert page.count("This one carries furthest") == 1


def test_the_belief_behind_a_miss_is_named_to_me_and_goes_with_a_better_answer(browse, item):
    ana = browse("ana")
    belief = loop.library().misconception(miss(item).misconception).belief
    answer(ana, item, miss(item).id)
    assert belief in shown(ana)
    answer(ana, item, key(item).id)
    page = shown(ana)
    assert belief not in page
    assert "answered 2 times" in page


def test_every_try_is_kept_with_the_version_that_it_answered(browse, session, item, cast):
    ana = browse("ana")
    for option in item.options:
        answer(ana, item, option.id)
    rows = session.scalars(select(QuizAnswer).order_by(QuizAnswer.id)).all()
    assert [(r.option_id, r.correct) for r in rows] == [(o.id, o.key) for o in item.options]
    assert {(r.person_id, r.library_version) for r in rows} == {(cast.ana, loop.library().version)}


def test_an_answer_sent_twice_is_one(browse, session, item):
    ana = browse("ana")
    for _ in range(2):
        assert answer(ana, item, key(item).id, key="k" * 22).status_code == 303
    assert len(session.scalars(select(QuizAnswer)).all()) == 1


@pytest.mark.one_database
def test_the_order_of_options_is_mine_and_stays(browse, item):
    def order(browser) -> list[int]:
        page = shown(browser)
        return [page.index(option.text) for option in item.options]

    ana = browse("ana")
    assert order(ana) == order(ana) == order(browse("ana"))


@pytest.mark.one_database
@pytest.mark.parametrize("option", ["", "nothing", "m02-q2-a"])
def test_without_a_choice_it_says_so(browse, session, item, option):
    answer_ = answer(browse("ana"), item, option)
    assert answer_.status_code == 422
    assert "Choose one of the three answers first." in answer_.text
    assert f'id="{item.id}-error"' in answer_.text
    assert session.scalars(select(QuizAnswer)).all() == []


def test_a_question_of_another_module_is_not_found(browse, session, item):
    path = f"/modules/interviewing-for-needs/quiz/{item.id}"
    assert browse("ana").post(path, option=key(item).id).status_code == 404
    assert session.scalars(select(QuizAnswer)).all() == []


def test_the_quiz_counts_as_done_when_every_question_has_an_answer(browse, session):
    ana = browse("ana")
    for item in loop.library().module_by_slug("how-to-practise").quiz:
        answer(ana, item, miss(item).id if any(o.misconception for o in item.options) else item.options[0].id)
    assert "1 of 9 steps" in ana.get("/modules").text


@pytest.mark.one_database
@pytest.mark.parametrize("who", ["dan", "ben", "lea", "cleo", "ada", "otto"])
def test_what_i_answered_stands_on_nobody_else_s_page(browse, app, item, who):
    ana = browse("ana")
    answer(ana, item, miss(item).id)
    belief = loop.library().misconception(miss(item).misconception).belief
    somebody = browse(who)
    for path in paths(app):
        page = unescape(somebody.get(path).text)
        assert "Ideas that pulled you" not in page, path
        assert belief not in page, path
        assert miss(item).feedback not in page, path


def test_a_stranger_s_answer_is_not_taken(browse, session, item):
    assert answer(browse(None), item, key(item).id).status_code == 401
    assert session.scalars(select(QuizAnswer)).all() == []
