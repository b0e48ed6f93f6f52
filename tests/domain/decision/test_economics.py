"""What the options of a post cost: checked by hand once, and by properties for any figures."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachkit.domain.decision import economics
from coachkit.domain.decision.economics import FIGURES, Span
from coachkit.domain.decision.readiness import Result

CHECK = {
    "salary": 90_000, "rate": 70, "coach_rate": 70, "learner_hours": 63, "coach_hours": 36, "backfill": 0,
    "turnover": 21, "premium": 18, "years": 2, "vacancy_weeks": 0, "vacancy_cost": 0, "waiting": 0,
    "pair_hours": 8, "pair_weeks": 13, "pair_rate": 0,
}  # fmt: skip
amounts = st.floats(0, 1e6).map(lambda x: round(x, 2))


@st.composite
def spans(draw):
    found = {}
    for figure in FIGURES:
        low, value, high = sorted(draw(st.tuples(amounts, amounts, amounts)))
        found[figure.id] = Span(value, low, high) if figure.uncertain else Span(value, value, value)
    return found


def known(values):
    return {name: Span(value, value, value) for name, value in values.items()}


def test_the_worked_check_comes_out():
    assert economics.develop(CHECK) == 6_930
    assert economics.replacing(CHECK) == pytest.approx(51_300)
    assert economics.break_even(CHECK) == pytest.approx(6_930 / 51_300)
    sheet = economics.sheet(known(CHECK))
    assert sheet.sentence == (
        "Developing first pays if you believe that the chance of reaching the standard is above 14 %."
    )
    assert sheet.swings == ()


def test_the_offered_figures_are_those_of_the_sources_and_each_names_one():
    offered = {figure.id: (figure.low, figure.offered, figure.high) for figure in FIGURES if figure.code}
    assert offered == {"turnover": (10, 21, 30), "premium": (0, 18, 20), "years": (0, 2, 2)}
    assert all(figure.source for figure in FIGURES)
    assert {figure.id for figure in FIGURES if figure.offered is None} == {"salary", "rate", "coach_rate"}


@given(spans())
def test_the_answer_lies_within_its_range_and_every_corner_too(found):
    sheet = economics.sheet(found)
    for cost in (sheet.develop, sheet.pair, sheet.replacing):
        assert 0 <= cost.low <= cost.value <= cost.high
    if sheet.break_even is None:
        return
    assert sheet.break_even.low <= sheet.break_even.value <= sheet.break_even.high
    for swing in sheet.swings:
        for end in swing.ends:
            assert sheet.break_even.low * 0.999999 <= end <= sheet.break_even.high * 1.000001


@given(spans(), st.sampled_from(FIGURES), st.floats(1.01, 5))
def test_dearer_learning_raises_the_point_and_dearer_replacing_lowers_it(found, figure, times):
    values = economics.middle(found)
    before, after = (economics.break_even(v) for v in (values, {**values, figure.id: values[figure.id] * times}))
    if before is None or after is None:
        return
    if figure.id in economics.COSTLY:
        assert after >= before
    else:
        assert after <= before


@given(spans(), st.floats(0.01, 100))
def test_another_currency_changes_no_chance(found, times):
    values = economics.middle(found)
    other = {f.id: values[f.id] * (times if f.unit == "money" else 1) for f in FIGURES}
    before, after = economics.break_even(values), economics.break_even(other)
    if before is not None and after is not None:
        assert after == pytest.approx(before, rel=1e-6)


def test_no_corner_of_the_ranges_is_missed():
    ranged = known(CHECK) | {"turnover": Span(21, 10, 30), "premium": Span(18, 0, 20), "years": Span(2, 0, 2)}
    names = ("turnover", "premium", "years")
    corners = [
        economics.break_even({**CHECK, **dict(zip(names, ends, strict=True))})
        for ends in product(*((ranged[n].low, ranged[n].high) for n in names))
    ]
    sheet = economics.sheet(ranged)
    assert (sheet.break_even.low, sheet.break_even.high) == (min(corners), max(corners))
    assert sheet.sentence.endswith("Over the ranges, that point lies from 11 % to 77 %.")
    assert [swing.figure.id for swing in sheet.swings] == ["premium", "years", "turnover"]


def test_where_nothing_is_saved_the_words_say_so():
    assert economics.sheet(known({**CHECK, "turnover": 0, "premium": 0})).sentence.startswith(
        "On these figures replacing costs nothing"
    )
    dear = economics.sheet(known({**CHECK, "rate": 7000}))
    assert "costs more than it can save" in dear.sentence
    assert economics.percent(1.2) == "over 100 %"
    assert economics.percent(0.0001) == "under 1 %"


def test_conditional_readiness_offers_develop_and_pair_and_not_yet_offers_neither():
    def offered(result):
        return {o.id for o in economics.OPTIONS if not economics.closed_because(o.id, result)}

    assert offered(Result.CONDITIONAL) == {"develop", "pair"}
    assert offered(Result.NOT_YET) == {"leave"}
    assert offered(Result.READY) == {"develop", "pair", "redeploy", "hire", "replace"}


def test_what_cannot_be_taken_is_named_figure_by_figure():
    given_ = {name: (value, None, None) for name, value in CHECK.items()}
    assert economics.problems(given_) == {}
    bad = {**given_, "salary": (None, None, None), "turnover": (21, 30, 10), "premium": (900, None, None)}
    assert set(economics.problems(bad)) == {"salary", "turnover-low", "turnover-high", "premium"}
