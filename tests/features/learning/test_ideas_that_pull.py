"""The beliefs behind a learner's misses come back to him, shrink as he answers better, and reach nobody else."""

import pytest

from tests.factories.library import changed_library
from tests.factories.shelf import published

QUIZ = "/modules/first-talk/quiz"
SOLUTION, RULE = "The solution somebody names is the need.", "Citing a rule settles a request."


@pytest.fixture(autouse=True)
def tiny(app):
    return published(app)


def options(number: int) -> dict[str, str]:
    """What each option of an item stands for: the file turns the three around."""
    kinds = ["key", "solution-first", "rule-shield"]
    turn = number % 3
    return {kind: f"m01-q{number}-{letter}" for kind, letter in zip(kinds[turn:] + kinds[:turn], "abc", strict=True)}


def choose(browser, number: int, kind: str) -> None:
    answer = browser.post(f"{QUIZ}/m01-q{number}", option=options(number)[kind])
    assert answer.status_code == 303, answer.text


def test_before_any_quiz_there_is_nothing_to_bring_back(browse):
    assert "Nothing here yet" in browse("ana").get("/modules/ideas").text


def test_each_belief_is_named_with_what_showed_it_and_why_it_misses(browse):
    ana = browse("ana")
    choose(ana, 1, "solution-first")
    choose(ana, 2, "solution-first")
    choose(ana, 3, "rule-shield")
    choose(ana, 4, "key")
    page = ana.get("/modules/ideas").text
    assert SOLUTION in page
    assert RULE in page
    assert "2 situations" in page
    assert "Request 1: somebody asks for a portal." in page
    assert "Courteous, and the portal is now the plan." in page
    assert 'href="/modules/first-talk/quiz#m01-q1"' in page
    assert "Request 4" not in page


def test_a_belief_shrinks_with_each_better_answer_and_then_lets_go(browse):
    ana = browse("ana")
    for number in (1, 2):
        choose(ana, number, "solution-first")
    choose(ana, 1, "key")
    page = ana.get("/modules/ideas").text
    assert "1 situation<" in page
    assert "Request 1:" not in page
    choose(ana, 2, "key")
    page = ana.get("/modules/ideas").text
    assert "Nothing pulls you now" in page
    assert SOLUTION in page.partition("Let go of")[2]


def test_another_miss_moves_the_situation_to_the_other_belief(browse):
    ana = browse("ana")
    choose(ana, 1, "solution-first")
    choose(ana, 1, "rule-shield")
    page = ana.get("/modules/ideas").text
    assert RULE in page.partition("Let go of")[0]
    assert SOLUTION in page.partition("Let go of")[2]
    assert "answered 2 times" in page


def test_the_words_that_were_chosen_stay_when_the_quiz_is_rewritten_or_taken_away(browse, app):
    ana = browse("ana")
    choose(ana, 1, "solution-first")
    files = changed_library("modules/first-talk/quiz.yaml", "Request 1: somebody asks", "Request 1: a minister asks")
    published(app, files)
    page = ana.get("/modules/ideas").text
    assert "Request 1: somebody asks" in page
    files["modules/first-talk/quiz.yaml"] = files["modules/first-talk/quiz.yaml"].replace(b"m01-q1\n", b"m01-q9\n")
    published(app, files)
    page = ana.get("/modules/ideas").text
    assert "Request 1: somebody asks" in page
    assert "Answer again" not in page


@pytest.mark.parametrize("who", ["dan", "ben", "lea", "cleo", "ada", "otto"])
def test_nobody_else_sees_them(browse, who, cast):
    choose(browse("ana"), 1, "solution-first")
    somebody = browse(who)
    for path in ("/modules/ideas", "/", f"/feedback/learners/{cast.ana}", f"/admin/people/{cast.ana}", "/audit"):
        assert SOLUTION not in somebody.get(path).text
