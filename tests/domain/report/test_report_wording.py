"""Reports speak in words where the evidence is thin, and never claim more than was seen."""

import datetime as dt
from dataclasses import dataclass

import pytest

from coachkit.domain.report import wording


@dataclass(frozen=True)
class Seen:
    level: int | None
    difficulty: int = 3
    not_observed: bool = False
    capped: bool = False


@dataclass(frozen=True)
class Twice:
    first: Seen
    retry: Seen


def test_a_level_is_always_said_with_its_name():
    assert wording.level_words(3) == "3 In place"
    assert wording.level_words(None, not_observed=True) == "Not observed"
    assert wording.level_words(None) == "Not rated"


def test_a_level_at_the_scenarios_limit_is_a_lower_bound():
    assert wording.level_words(3, capped=True) == "3 or more"
    assert wording.level_words(5, capped=True) == "5 Visible on the other side"


@pytest.mark.parametrize("count", [1, 2])
def test_fewer_than_three_ratings_are_no_trend(count):
    assert "too few for a trend" in wording.recent_words([Seen(2)] * count)


def test_three_ratings_of_one_difficulty_are_listed_without_a_mean():
    said = wording.recent_words([Seen(1), Seen(2), Seen(3), Seen(3, capped=True)])
    assert said == "Last three at difficulty 3: 2, 3, 3 or more."


def test_ratings_of_other_difficulties_do_not_make_a_trend():
    assert "too few" in wording.recent_words([Seen(2, 1), Seen(2, 2), Seen(3, 3), Seen(3, 3)])


def test_what_was_never_observed_is_said_so():
    unseen = [Seen(None, not_observed=True)]
    assert wording.latest_words(unseen) == "Not observed"
    assert wording.seen_words(unseen) == "0 rated, 1 not observed"
    assert wording.recent_words(unseen) == "No scenario has given the chance yet."


@pytest.mark.parametrize(
    ("first", "retry", "result"),
    [
        (Seen(2), Seen(3), "higher"),
        (Seen(3), Seen(3), "same"),
        (Seen(4), Seen(3), "lower"),
        (Seen(3, capped=True), Seen(2), "lower"),
        (Seen(3, capped=True), Seen(3), "same or lower"),
        (Seen(3, capped=True), Seen(4), "cannot be compared"),
        (Seen(2), Seen(3, capped=True), "higher"),
        (Seen(3), Seen(3, capped=True), "same or higher"),
        (Seen(4), Seen(3, capped=True), "cannot be compared"),
        (Seen(3, capped=True), Seen(3, capped=True), "both at the scenario’s limit"),
        (Seen(2, capped=True), Seen(3, capped=True), "cannot be compared"),
        (Seen(5, capped=True), Seen(5, capped=True), "same"),
        (Seen(None), Seen(3), "cannot be compared"),
    ],
)
def test_a_retry_is_compared_only_as_far_as_the_scenario_could_show(first, retry, result):
    assert wording.pair_result(first, retry) == result


def test_the_gain_on_retry_is_a_count():
    pairs = [Twice(Seen(2), Seen(3)), Twice(Seen(2), Seen(2)), Twice(Seen(1), Seen(3))]
    assert wording.pairs_words(pairs) == "Two of three re-tries were rated higher at the same difficulty."
    assert wording.pairs_words(pairs[1:2]) == "The one re-try was rated same."
    assert wording.pairs_words([pairs[1]] * 2) == ("None of two re-tries were rated higher at the same difficulty.")
    assert "nothing can be compared" in wording.pairs_words([])


def test_the_headline_tells_what_happened_and_judges_nobody():
    pairs = [Twice(Seen(2), Seen(3)), Twice(Seen(2), Seen(2))]
    assert wording.headline_words(1, 3, []) == "One official attempt in three weeks, and no re-try to compare yet."
    assert wording.headline_words(12, 24, pairs) == (
        "12 official attempts in 24 weeks. One of two re-tries was rated higher at the same difficulty."
    )


def test_a_report_says_what_it_cannot_tell():
    few = wording.limits_words(2, 4, 1, drafts=True)
    many = wording.limits_words(12, 60, 3, drafts=False)
    assert set(many) < set(few)
    assert any("one coach" in sentence for sentence in few)
    assert any("Any trend" in sentence for sentence in few)


def test_every_block_of_evidence_names_its_kind():
    evidence = {"measures", "skills", "pairs", "notes", "field_log", "comment"}
    for block in evidence:
        assert wording.BLOCK_LABELS[block].startswith("Kirkpatrick level ")


def test_dates_are_not_broken_between_lines():
    assert wording.day(dt.date(2026, 5, 3)) == "3\u00a0May\u00a02026"
    assert wording.short_day(dt.date(2026, 9, 14)) == "14\u00a0Sep\u00a02026"


def test_how_far_the_wording_was_tried_is_said_once_and_exceptions_by_name():
    said = wording.wording_words([("Listening", "draft"), ("Questions", "draft"), ("Repair", "field_tested")])
    assert said == "Draft wording: two criteria; wording tried by two coaches: Repair."
    assert wording.wording_words([]) == ""


def test_what_was_seen_once_has_no_words_about_a_course():
    assert wording.so_far_words([Seen(2)]) == "1 rated."
    assert wording.so_far_words([Seen(2), Seen(2)]).endswith("too few for a trend.")
