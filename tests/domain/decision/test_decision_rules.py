"""What may be recorded about a person, and each refusal with its own sentence."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachkit.domain.decision import rules, snapshot, warning
from coachkit.domain.decision.forecast import Forecast
from coachkit.domain.decision.readiness import Result
from coachkit.domain.decision.rules import Circumstances, Proposal

TODAY = date(2026, 9, 1)
READY = Circumstances(
    "role-decision", Result.READY, TODAY - timedelta(weeks=30), TODAY, signer_named=True, reader_named=True
)
FORECAST = Forecast("leads a planning round alone", 80, date(2026, 12, 1))
CONFIRM = Proposal("confirm", "Two heads asked for her by name.", "Doing nothing.", forecast=FORECAST)
PLAN = {"plan": "Three talks on the second “no”.", "coach_hours": 12, "protected_hours": 2}
OFFER = {"offered": "Coaching and a partner.", "offered_on": date(2026, 3, 1)}
REPLACE = replace(
    CONFIRM, outcome="replace", work_reason="The audit went wrong.", work_reason_on=date(2026, 7, 1), **OFFER
)


def test_a_reasoned_confirmation_can_be_recorded():
    assert rules.problems(CONFIRM, READY) == {}


def test_nothing_is_decided_before_twelve_weeks():
    early = replace(READY, in_programme_since=TODAY - timedelta(weeks=12) + timedelta(days=1))
    for outcome in rules.OUTCOMES:
        found = rules.problems(replace(REPLACE, outcome=outcome.id, review_on=date(2027, 1, 1), **PLAN), early)
        assert found == {"outcome": "Nothing is decided about a person before twelve weeks in the programme."}
    assert rules.problems(CONFIRM, replace(READY, in_programme_since=TODAY - timedelta(weeks=12))) == {}


def test_nothing_is_decided_about_somebody_outside_the_programme():
    outside = replace(READY, in_programme_since=None)
    assert "not in the programme" in rules.problems(CONFIRM, outside)["outcome"]


def test_replacing_needs_a_dated_reason_from_work():
    assert rules.problems(REPLACE, READY) == {}
    bare = rules.problems(replace(REPLACE, work_reason=" "), READY)
    assert "Practice alone is refused" in bare["work_reason"]
    assert "work_reason_on" in rules.problems(replace(REPLACE, work_reason_on=None), READY)
    later = rules.problems(replace(REPLACE, work_reason_on=TODAY + timedelta(days=1)), READY)
    assert "still to come" in later["work_reason_on"]


def test_moving_needs_it_only_against_the_persons_wish():
    move = replace(CONFIRM, outcome="move")
    assert rules.problems(move, READY) == {}
    assert set(rules.problems(replace(move, against_wish=True, **OFFER), READY)) == {"work_reason"}


def test_conditional_readiness_leaves_developing_and_deferring():
    conditional = replace(READY, readiness=Result.CONDITIONAL)
    open_ones = {
        outcome.id
        for outcome in rules.OUTCOMES
        if not rules.closed_because(outcome.id, conditional.kind, conditional.readiness)
    }
    assert open_ones == {"develop", "defer"}
    assert "Conditions first" in rules.problems(REPLACE, conditional)["outcome"]


def test_a_development_purpose_decides_nothing_about_the_post():
    development = replace(READY, kind="development")
    assert "development" in rules.problems(CONFIRM, development)["outcome"]
    develop = replace(CONFIRM, outcome="develop", review_on=date(2026, 12, 1), **PLAN)
    assert rules.problems(develop, development) == {}


def test_reasons_alternatives_and_a_day_to_look_again_are_needed():
    bare = rules.problems(Proposal("defer", " ", ""), READY)
    assert set(bare) == {"reasons", "alternatives", "review_on"}
    assert set(rules.problems(Proposal("", "", "", forecast=FORECAST), READY)) == {"outcome", "reasons", "alternatives"}


@pytest.mark.parametrize("act", [REPLACE, replace(REPLACE, outcome="move", against_wish=True)], ids=["replace", "move"])
@pytest.mark.parametrize(
    ("change", "around", "field", "sentence"),
    [
        ({"work_reason": ""}, {}, "work_reason", "Practice alone is refused"),
        ({"work_reason_on": None}, {}, "work_reason_on", "Give the day on which this happened"),
        ({"offered": " "}, {}, "offered", "Say which development was offered before"),
        ({"offered_on": None}, {}, "offered_on", "Give the day since when"),
        ({"offered_on": TODAY - timedelta(weeks=11)}, {}, "offered_on", "twelve weeks before"),
        ({}, {"evidence_missing": ("2 of 6 rated official attempts",)}, "outcome", "There are 2 of 6 rated official"),
        ({}, {"signer_named": False}, "signer", "Where nobody independent can be named"),
        ({}, {"reader_named": False}, "reader", "Somebody independent must be named"),
        ({}, {"readiness": Result.NOT_YET}, "outcome", "The organisation is not ready"),
        ({}, {"readiness": Result.CONDITIONAL}, "outcome", "Conditions first"),
    ],
)
def test_each_safeguard_of_a_post_has_its_own_words(act, change, around, field, sentence):
    assert rules.problems(act, READY) == {}
    found = rules.problems(replace(act, **change), replace(READY, **around))
    assert list(found) == [field]
    assert sentence in found[field]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"plan": " "}, "plan"),
        ({"coach_hours": None}, "coach_hours"),
        ({"coach_hours": 501}, "coach_hours"),
        ({"protected_hours": 0}, "protected_hours"),
        ({"review_on": None}, "review_on"),
    ],
)
def test_development_that_nobody_has_time_for_is_no_development(change, field):
    develop = replace(CONFIRM, outcome="develop", review_on=date(2026, 12, 1), **PLAN)
    assert rules.problems(develop, READY) == {}
    assert list(rules.problems(replace(develop, **change), READY)) == [field]


@given(
    st.sampled_from([o.id for o in rules.OUTCOMES]),
    st.sampled_from(Result),
    st.sampled_from(sorted(rules.KINDS)),
    st.booleans(),
    st.integers(0, 40),
)
def test_practice_alone_never_replaces_or_moves_anybody_against_a_wish(outcome, result, kind, against, weeks):
    proposal = replace(CONFIRM, outcome=outcome, against_wish=against, review_on=date(2027, 1, 1), **PLAN, **OFFER)
    around = Circumstances(kind, result, TODAY - timedelta(weeks=weeks), TODAY)
    recorded = not rules.problems(proposal, around)
    if recorded:
        assert weeks >= 12
        assert result is not Result.NOT_YET
        assert outcome != "replace"
        assert not (outcome == "move" and against)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "curiosity"}, "kind"),
        ({"basis": False}, "kind"),
        ({"ends_on": None}, "ends_on"),
        ({"ends_on": TODAY}, "ends_on"),
        ({"ends_on": date(2027, 3, 2)}, "ends_on"),
        ({"lines": {"trust": 6}}, "line-trust"),
        ({"lines": {"trust": 0}}, "line-trust"),
        ({"people": 0}, "people"),
    ],
)
def test_what_keeps_a_purpose_from_being_stated(change, field):
    sound = {
        "kind": "role-decision",
        "ends_on": date(2027, 3, 1),
        "today": TODAY,
        "basis": True,
        "lines": {"trust": 3},
        "people": 2,
    }
    assert rules.purpose_problems(**sound) == {}
    assert list(rules.purpose_problems(**{**sound, **change})) == [field]


def test_development_needs_no_basis():
    found = rules.purpose_problems(
        kind="development", ends_on=date(2026, 12, 1), today=TODAY, basis=False, lines={}, people=1
    )
    assert found == {}


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text()),
    lambda x: st.lists(x) | st.dictionaries(st.text(), x),
)


@given(st.dictionaries(st.text(), json_values, min_size=1))
def test_the_fingerprint_ignores_order_and_sees_every_change(found):
    turned = dict(reversed(found.items()))
    assert snapshot.fingerprint(turned) == snapshot.fingerprint(found)
    key = next(iter(found))
    assert snapshot.fingerprint({**found, key: [found[key], 1]}) != snapshot.fingerprint(found)


def test_the_warning_says_what_must_happen_before_a_decision():
    for part in ("practice", "guide training", "must not be the reason", "talk with the person", "object"):
        assert part in warning.WARNING
