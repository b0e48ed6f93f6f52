import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachkit.domain.assessment.compare import Pair, order, summary
from coachkit.domain.assessment.note_lint import advice
from coachkit.domain.assessment.scale import LEVELS, Level, read_level
from coachkit.domain.assessment.sheet import Line, problems, too_long

levels = st.one_of(st.sampled_from([1, 2, 3, 4, 5]).map(Level), st.just(Level(None, not_observed=True)))
pairs = st.lists(st.builds(Pair, st.just("c"), levels, levels, levels), min_size=1, max_size=6)


@given(levels)
def test_what_a_form_sends_comes_back_as_the_same_level(level):
    assert read_level(level.sent) == level


@given(st.text())
def test_anything_else_that_is_sent_is_no_level(sent):
    assert read_level(sent).given == (sent in {"1", "2", "3", "4", "5", "not-observed"})


@pytest.mark.parametrize("value", [0, 6, -1])
def test_there_is_no_level_outside_the_scale(value):
    with pytest.raises(ValueError, match="not a level"):
        Level(value)


def test_a_level_cannot_be_seen_and_not_seen():
    with pytest.raises(ValueError, match="not a level"):
        Level(3, not_observed=True)


def test_a_level_at_the_scenarios_limit_means_at_least_this():
    assert Level(3).figure(3) == "3 or more"
    assert Level(3).words(3) == "In place or more"
    assert Level(2).figure(3) == "2"
    assert Level(5).figure(5) == "5"


def test_a_full_sheet_can_be_locked():
    sheet = {"a.b": Line(Level(3), "“What broke?”", Level(2))}

    assert problems(sheet, {"a.b": 3}, predicts=True, other="Ben") == {}


def test_each_missing_part_is_named_at_its_field():
    found = problems({}, {"a.b": 3}, predicts=True, other="Ben")

    assert set(found) == {"level-a.b", "evidence-a.b", "expected-a.b"}
    assert found["expected-a.b"] == "Guess what Ben will see."


def test_a_coach_predicts_nothing():
    assert "expected-a.b" not in problems({}, {"a.b": 3}, predicts=False, other="")


def test_no_level_above_what_the_scenario_can_show():
    sheet = {"a.b": Line(Level(4), "words said", Level(5))}

    assert set(problems(sheet, {"a.b": 3}, predicts=True, other="Ben")) == {"level-a.b", "expected-a.b"}


def test_an_unobserved_criterion_still_says_why():
    found = problems({"a.b": Line(Level(None, not_observed=True))}, {"a.b": 3}, predicts=False, other="")

    assert found == {"evidence-a.b": "Say what was missing in the situation."}


def test_a_draft_may_be_incomplete_but_not_endless():
    assert too_long({"a.b": Line()}) == {}
    assert "evidence-a.b" in too_long({"a.b": Line(evidence="x" * 1001)})


@given(pairs)
def test_a_reveal_shows_each_criterion_once_and_agreements_first(found):
    parts = order(found)

    assert len(parts.same) + len(parts.largest) + len(parts.rest) == len(found)
    assert all(pair.same for pair in parts.same)
    assert len(parts.largest) == (len(parts.same) < len(found))
    assert all(abs(pair.gap or 0) <= abs(parts.largest[0].gap or 0) for pair in parts.rest)


@given(pairs)
def test_the_summary_never_contains_a_figure_that_looks_like_a_score(found):
    assert "%" not in summary(found)
    assert "/" not in summary(found)


def test_the_verdict_is_neutral():
    pair = Pair("c", Level(4), Level(3), Level(2))

    assert pair.verdict("Ana", "Ben") == "Ana saw more"
    assert Pair("c", Level(2), Level(2), Level(2)).verdict("Ana", "Ben") == "Same"
    assert (
        Pair("c", Level(2), Level(2), Level(None, not_observed=True)).verdict("Ana", "Ben") == "Ben did not observe it"
    )


def test_every_level_has_a_name():
    assert list(LEVELS) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "text",
    [
        "You are not a good listener",
        "You never ask",
        "That was arrogant",
        "Great meeting, keep it up",
        "You were too shy",
    ],
)
def test_words_about_the_person_get_advice(text):
    assert advice([text])


@pytest.mark.parametrize(
    "text",
    [
        "When she named the tool, you asked the price; she stopped explaining.",
        "You were asking about May when he sat down.",
    ],
)
def test_words_about_the_act_get_none(text):
    assert advice([text]) == ()


def test_the_same_advice_is_given_once():
    assert len(advice(["You never ask.", "You never wait."])) == 1
