"""The language of a dialogue's forks, and the shape of a dialogue."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachkit.domain.content.conditions import Condition, ConditionError, FlagTest, StateTest, parse_condition
from coachkit.domain.content.graph import dead_ends, reachable, walk

STATE = {"T": 2, "C": 0, "I": -1}


@pytest.mark.parametrize(
    ("source", "holds"),
    [
        ("kept in flags", True),
        ("cake in flags", False),
        ("cake not in flags", True),
        ("kept not in flags", False),
        ("T >= 2", True),
        ("T >= 3", False),
        ("T>=2", True),
        ("T > 2", False),
        ("C <= 0", True),
        ("C < 0", False),
        ("I == -1", True),
        ("I != -1", False),
        ("kept in flags and T >= 2 and I <= 0", True),
        ("kept in flags and T >= 2 and I >= 0", False),
        ("  kept   in   flags  and  T  >=  2 ", True),
        ("command in flags and demand not in flags", False),
    ],
)
def test_a_condition_holds_when_all_its_tests_hold(source, holds):
    assert parse_condition(source).holds({"kept", "demand"}, STATE) is holds


def test_a_condition_is_read_into_its_tests():
    condition = parse_condition("need in flags and late not in flags and T >= -2")
    assert condition == Condition((FlagTest("need"), FlagTest("late", present=False), StateTest("T", ">=", -2)))
    assert condition.flags == {"need", "late"}


def test_a_state_that_nothing_has_changed_counts_as_nought():
    assert parse_condition("T >= 0 and C <= 0").holds((), {})


@pytest.mark.parametrize(
    "source",
    [
        "",
        "and",
        "T >= 2 and",
        "T >= two",
        "X >= 2",
        "T => 2",
        "kept in flag",
        "kept",
        "not kept in flags",
        "kept in flags or T >= 2",
        "(kept in flags)",
        "T >= 2; import os",
        "__import__('os').system('true')",
        "T >= 1000",
        "a in flags and " * 40 + "T >= 1",
    ],
)
def test_anything_else_is_refused_with_a_sentence(source):
    with pytest.raises(ConditionError):
        parse_condition(source)


@given(st.text(max_size=500))
def test_arbitrary_text_is_a_condition_or_refused(source):
    try:
        condition = parse_condition(source)
    except ConditionError:
        return
    assert condition.tests


def test_what_can_be_reached_and_what_can_be_left():
    graph = {"a": ("b", "end"), "b": ("c",), "c": ("b",), "d": ("end",)}
    assert reachable(graph, "a") == {"a", "b", "c", "end"}
    assert dead_ends(graph, ["end"]) == {"b", "c"}


def test_ways_are_counted_by_choice_even_where_they_lead_to_the_same_place():
    graph = {"a": ("b", "b", "end"), "b": ("end", "end")}
    assert walk(graph, "a", ["end"]).paths == 5


def test_a_loop_can_be_gone_through_once_more_and_not_for_ever():
    graph = {"a": ("a", "end")}
    found = walk(graph, "a", ["end"])
    assert (found.paths, found.stuck_at, found.complete) == (2, frozenset(), True)


def test_a_play_that_has_nowhere_to_go_any_more_is_found():
    graph = {"a": ("b",), "b": ("a", "a", "a"), "c": ("end",)}
    assert walk(graph, "a", ["end"]).stuck_at == {"b"}


def test_counting_stops_where_there_is_too_much_to_count():
    graph = {str(number): (str(number + 1),) * 3 for number in range(40)}
    found = walk(graph, "0", ["40"], max_steps=1_000)
    assert not found.complete
    assert found.paths <= 1_000
