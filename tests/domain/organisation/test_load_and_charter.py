"""Loads in words, and what a charter needs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachkit.domain.organisation import charter
from coachkit.domain.organisation.lists import GAPS, INHERITED
from coachkit.domain.organisation.load import Load, Related

loads = st.builds(Load, st.integers(1, 40), st.integers(1, 4), st.sampled_from(Related), st.integers(0, 100))


@pytest.mark.parametrize(
    ("load", "level", "said"),
    [
        (Load(9, 1, Related.YES, 30), 0, "nobody gets to know that many"),
        (Load(5, 1, Related.NO, 30), 0, "nothing to do with each other"),
        (Load(7, 1, Related.YES, 30), 1, "more than six"),
        (Load(6, 1, Related.PARTLY, 30), 1, "Not all units belong together"),
        (Load(6, 1, Related.YES, 10), 2, "Less than a fifth"),
        (Load(5, 1, Related.YES, 20), 3, "five or six"),
        (Load(3, 1, Related.YES, 20), 3, "there is room for more"),
        (Load(9, 2, Related.YES, 20), 3, "4.5 units for one person"),
    ],
)
def test_a_load_in_words(load, level, said):
    assert load.level == level
    assert load.over is (level <= 1)
    assert said in " ".join(load.words)


@given(loads)
def test_one_more_unit_never_makes_a_load_lighter(load):
    assert Load(load.units + 1, load.holders, load.related, load.field_share).level <= load.level


def test_a_charter_needs_purpose_promises_and_what_may_be_decided():
    assert set(charter.missing({})) == {"model", "purpose", "promises", "may_decide", "must_refer"}
    assert len(charter.MODELS) == 4


def test_the_lists_are_in_order():
    assert len({item.id for item in INHERITED}) == len(INHERITED)
    assert INHERITED[0].group == "Origin"
    assert INHERITED[-1].group == "Only then"
    assert len({gap.id for gap in GAPS}) == len(GAPS)
