"""Answers without names are counts, and counts only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachkit.domain.organisation import inquiry

QUESTIONS = {"a": 4, "b": 4, "c": 5}
sheets = st.fixed_dictionaries({q: st.integers(0, n - 1) for q, n in QUESTIONS.items()})


def counted(found):
    tally = inquiry.empty(QUESTIONS)
    for sheet in found:
        tally = inquiry.added(tally, sheet)
    return tally


@given(st.lists(sheets, max_size=8), st.randoms())
def test_the_order_of_sheets_does_not_matter(found, dice):
    mixed = list(found)
    dice.shuffle(mixed)
    assert counted(found) == counted(mixed)


@given(st.lists(sheets, max_size=8), st.randoms())
def test_which_answers_stood_on_one_sheet_does_not_matter(found, dice):
    columns = {q: [sheet[q] for sheet in found] for q in QUESTIONS}
    for column in columns.values():
        dice.shuffle(column)
    mixed = [{q: columns[q][n] for q in QUESTIONS} for n in range(len(found))]
    assert counted(found) == counted(mixed)


@given(st.lists(sheets, max_size=8))
def test_every_question_has_one_answer_for_each_sheet(found):
    for question, counts in counted(found).items():
        assert inquiry.values(counts) == tuple(sorted(sheet[question] for sheet in found))


@pytest.mark.parametrize("sheet", [{"a": 0, "b": 0}, {"a": 0, "b": 0, "c": 0, "d": 0}, {"a": 4, "b": 0, "c": 0}])
def test_a_sheet_that_does_not_fit_is_counted_nowhere(sheet):
    with pytest.raises(ValueError, match=r"choice|question"):
        inquiry.added(inquiry.empty(QUESTIONS), sheet)


def test_two_heads_and_two_liaisons_are_needed():
    assert inquiry.missing({}) == {"head": 2, "liaison": 2}
    assert inquiry.missing({"head": 5, "liaison": 1}) == {"liaison": 1}
    assert inquiry.missing({"head": 2, "liaison": 2}) == {}
