"""The evidence groups: cautious, on observed levels only, and never turned round by what was not seen."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachkit.domain.assessment.scale import Level
from coachkit.domain.decision import evidence
from coachkit.domain.decision.evidence import Group, Seen

DAY = date(2026, 3, 2)
UNSEEN = Level(None, not_observed=True)


def seen(number, level, scenario="rp01", coach=1, *, limit=5, criterion="trust.repair"):
    value = UNSEEN if level is None else Level(level)
    return Seen(number, DAY + timedelta(days=number), criterion, scenario, coach, value, limit)


def three(*levels, limit=5):
    """Ratings of one attempt each, by two coaches in two scenarios, oldest first."""
    return [seen(n, level, f"rp{n % 2}", n % 2, limit=limit) for n, level in enumerate(levels)]


@st.composite
def ratings(draw):
    limit = draw(st.sampled_from([3, 4, 5]))
    level = draw(st.one_of(st.none(), st.integers(1, limit)))
    return seen(
        draw(st.integers(0, 12)),
        level,
        draw(st.sampled_from(["rp01", "rp02", "rp04"])),
        draw(st.sampled_from([1, 2, None])),
        limit=limit,
    )


many = st.lists(ratings(), max_size=14)
lines = st.integers(1, 5)


def test_three_that_reach_are_met():
    assert evidence.find(three(3, 4, 3), 3).group is Group.MET


def test_four_below_are_not_met_and_three_are_not_enough_for_that():
    assert evidence.find(three(2, 1, 2, 2), 3).group is Group.NOT_MET
    assert evidence.find(three(2, 1, 2), 3).group is Group.CANNOT_TELL


def test_a_mixed_picture_cannot_tell():
    assert evidence.find(three(2, 3, 4, 2), 3).group is Group.CANNOT_TELL


def test_older_ratings_below_do_not_hold_back_what_is_shown_now():
    assert evidence.find(three(1, 2, 3, 3, 4), 3).group is Group.MET


@pytest.mark.parametrize(
    "few",
    [
        [],
        three(3, 3),
        [seen(n, 4, "rp01", n) for n in range(6)],
        [seen(n, 4, f"rp0{n}", 1) for n in range(6)],
        three(None, None, None, None),
    ],
)
def test_too_few_ratings_scenarios_or_coaches_are_thin(few):
    finding = evidence.find(few, 3)
    assert finding.group is Group.THIN
    assert finding.group.word == "Cannot tell, thin evidence"
    assert finding.missing


def test_a_scenario_without_room_for_the_line_says_nothing_about_it():
    capped = three(3, 3, 3, 3, 3, limit=3)
    assert evidence.find(capped, 3).group is Group.MET
    assert evidence.find(capped, 4).group is Group.THIN
    assert evidence.find(capped, 4).reason == "None of the scenarios that were played has room for level 4."
    assert evidence.find(capped, 4).built_on.ratings == 5


def test_below_the_limit_of_a_scenario_is_below():
    assert evidence.find(three(2, 2, 2, 2, limit=3), 4).group is Group.NOT_MET


def test_one_attempt_counts_as_a_whole_however_its_criteria_are_ordered():
    attempt = [seen(5, level, "rp04", 2, criterion=f"trust.{n}") for n, level in enumerate((4, 4, 2))]
    older = [seen(1, 4, "rp01", 1)]
    found = {evidence.find([*older, *order], 3).group for order in (attempt, attempt[::-1])}
    assert found == {Group.CANNOT_TELL}


@given(many, lines, st.integers(0, 12))
def test_not_observed_never_changes_a_group(found, line, number):
    assert evidence.find([*found, seen(number, None)], line).group is evidence.find(found, line).group


@given(many, lines, st.integers(0, 12), st.integers(1, 2))
def test_a_rating_that_reaches_never_turns_met_into_not_met(found, line, number, coach):
    if evidence.find(found, line).group is Group.MET:
        assert evidence.find([*found, seen(number, 5, "rp01", coach)], line).group is not Group.NOT_MET


@given(many, lines, st.integers(0, 12), st.integers(1, 2))
def test_a_rating_below_never_turns_not_met_into_met(found, line, number, coach):
    if line > 1 and evidence.find(found, line).group is Group.NOT_MET:
        assert evidence.find([*found, seen(number, 1, "rp01", coach)], line).group is not Group.MET


@given(many, st.integers(2, 5))
def test_what_is_met_is_met_for_every_lower_line(found, line):
    if evidence.find(found, line).group is Group.MET:
        assert evidence.find(found, line - 1).group is Group.MET


@given(many, lines)
def test_a_capped_rating_is_never_held_against_anybody(found, line):
    finding = evidence.find(found, line)
    without = [s for s in found if not (s.capped and (s.level.value or 0) < line)]
    assert evidence.find(without, line).group is finding.group


@given(many, lines, st.randoms())
def test_the_order_in_which_ratings_are_given_does_not_matter(found, line, dice):
    shuffled = list(found)
    dice.shuffle(shuffled)
    assert evidence.find(shuffled, line) == evidence.find(found, line)


@given(many, lines)
def test_a_verdict_rests_on_two_coaches_and_two_scenarios(found, line):
    finding = evidence.find(found, line)
    if finding.group in {Group.MET, Group.NOT_MET}:
        assert finding.speaking.coaches >= 2
        assert finding.speaking.scenarios >= 2
        assert finding.missing == ()


@given(many, lines)
def test_a_reason_is_words_without_decimals_and_percentages(found, line):
    words = evidence.find(found, line).reason
    assert "%" not in words
    assert "average" not in words


def test_the_parallel_form_is_the_same_scenario():
    same = [replace(s, scenario_id="rp01") for s in three(4, 4, 4, 4)]
    assert evidence.built_on(same).scenarios == 1
