"""HR's work sheet: exact, refusing small cells, and never saying that all is well."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from coachkit.domain.decision import fairness
from coachkit.domain.decision.fairness import Group

cells = st.integers(5, 60)
groups = st.builds(Group, cells, cells)


@given(groups, groups)
def test_the_exact_test_agrees_with_a_known_one(first, second):
    table = [[first.chosen, first.others], [second.chosen, second.others]]
    assert float(fairness.fisher(first, second)) == pytest.approx(float(stats.fisher_exact(table)[1]), rel=1e-6)


@given(groups, groups)
def test_the_order_of_the_groups_changes_nothing(first, second):
    there, back = fairness.look(first, second), fairness.look(second, first)
    assert (there.ratio, there.chance) == (back.ratio, back.chance)
    assert 0 < there.chance <= 1
    assert 0 < there.ratio <= 1


@given(groups, groups)
def test_no_sentence_says_that_it_passes(first, second):
    words = " ".join(fairness.look(first, second).sentences).lower()
    for claim in ("pass", "fair ", "no discrimination", "no adverse", "is lawful", "compliant", "significant"):
        assert claim not in words
    assert "neither figure shows" in words


@given(st.integers(0, 4), st.integers(5, 50), st.integers(5, 50), st.integers(5, 50), st.permutations(range(4)))
def test_one_cell_below_five_is_refused(small, a, b, c, order):
    values = [(small, a, b, c)[place] for place in order]
    found = fairness.problem(Group(*values[:2]), Group(*values[2:]))
    assert "nothing is calculated" in found
    assert fairness.problem(Group(5, 5), Group(5, 5)) == ""


def test_the_words_for_a_known_table():
    finding = fairness.look(Group(20, 20), Group(10, 30))
    assert float(finding.ratio) == 0.5
    text = " ".join(finding.sentences)
    assert "Chosen were 50 % of the first group and 25 % of the second." in text
    assert "less than four fifths" in text
    assert "about 4 of 100" in text
    assert "fewer than 30" not in text
    assert "fewer than 30" in " ".join(fairness.look(Group(10, 10), Group(10, 10)).sentences)
