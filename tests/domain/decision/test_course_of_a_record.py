"""What becomes of a record: it follows from what was added beside it, and from nothing else."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachkit.domain.decision import course
from coachkit.domain.decision.course import Happened, State
from coachkit.domain.decision.safeguards import (
    Candidate,
    Duty,
    SeenAttempt,
    evidence_missing,
    not_independent,
)

DAY = date(2026, 9, 1)
SIGNED = Happened(signed=True)
happenings = st.builds(
    Happened,
    amended=st.booleans(),
    signed=st.sampled_from([None, True, False]),
    answered=st.booleans(),
    unwanted=st.booleans(),
    appealed=st.booleans(),
    ruling=st.sampled_from(["", "kept", "changed", "withdrawn"]),
)


def state(happened: Happened, *, guarded: bool = True, days: int = 0) -> State:
    return course.state(guarded=guarded, recorded_on=DAY, happened=happened, today=DAY + timedelta(days=days))


@pytest.mark.parametrize(
    ("happened", "days", "wanted"),
    [
        (Happened(), 0, State.WAITS_FOR_SIGNATURE),
        (Happened(answered=True), 60, State.WAITS_FOR_SIGNATURE),
        (Happened(signed=False, answered=True), 60, State.NOT_SIGNED),
        (SIGNED, 14, State.WAITS_FOR_ANSWER),
        (SIGNED, 15, State.STANDS),
        (replace(SIGNED, answered=True), 0, State.STANDS),
        (replace(SIGNED, answered=True, appealed=True), 0, State.APPEALED),
        (replace(SIGNED, appealed=True, ruling="kept"), 0, State.STANDS),
        (replace(SIGNED, appealed=True, ruling="changed"), 0, State.CHANGED),
        (replace(SIGNED, appealed=True, ruling="withdrawn"), 0, State.WITHDRAWN),
        (replace(SIGNED, answered=True, amended=True), 0, State.AMENDED),
    ],
)
def test_replacing_waits_for_the_signature_and_for_the_answer(happened, days, wanted):
    assert state(happened, days=days) is wanted


def test_everything_else_stands_at_once_and_can_still_be_appealed():
    assert state(Happened(), guarded=False) is State.STANDS
    assert state(Happened(appealed=True), guarded=False) is State.APPEALED


def test_a_move_that_the_person_did_not_choose_has_no_effect():
    assert state(Happened(answered=True, unwanted=True), guarded=False, days=90) is State.NOT_BY_CHOICE


@given(happenings, st.integers(0, 100))
def test_nothing_guarded_stands_without_a_signature_and_an_answer_or_its_days(happened, days):
    if state(happened, days=days) is State.STANDS:
        assert happened.signed
        assert not happened.amended
        assert happened.answered or happened.ruling == "kept" or days > course.TO_ANSWER.days
        assert happened.ruling in {"", "kept"}


def test_an_appeal_is_made_once_within_four_weeks():
    def problem(happened: Happened, days: int) -> str:
        return course.appeal_problem(happened, recorded_on=DAY, today=DAY + timedelta(days=days))

    assert problem(Happened(), 28) == ""
    assert "four weeks" in problem(Happened(), 29)
    assert "already" in problem(Happened(appealed=True), 1)
    assert "later record" in problem(Happened(amended=True), 1)
    assert "already" in course.answer_problem(Happened(answered=True))


@pytest.mark.parametrize("found", list(State))
def test_each_state_says_what_it_means(found):
    assert found.word
    assert found.meaning.endswith(".")


INDEPENDENT = Candidate(reports_to_nobody_here=True)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"is_the_person": True}, "on the own record"),
        ({"decides": True}, "Whoever decides"),
        ({"rated": True}, "coached or rated"),
        ({"asked_too": True}, "asked by the same purpose"),
        ({"other_duty": True}, "two different people"),
        ({"reports_to_nobody_here": False}, "does not report to you"),
    ],
)
def test_each_reason_against_a_signer_has_its_words(change, sentence):
    for duty in (Duty.SECOND_SIGNER, Duty.APPEAL_READER):
        assert not_independent(duty, INDEPENDENT) == ""
        assert sentence in not_independent(duty, replace(INDEPENDENT, **change))


def test_human_resources_may_report_to_the_cio():
    assert not_independent(Duty.HR, Candidate()) == ""


def seen(number: int, *, days: int = 20, scenarios: int = 3, coaches: int = 2) -> list[SeenAttempt]:
    return [SeenAttempt(n, DAY + timedelta(days=n * days), f"s{n % scenarios}", n % coaches) for n in range(number)]


def test_thin_evidence_is_named_piece_by_piece():
    assert evidence_missing(seen(6)) == ()
    assert evidence_missing(seen(6) * 3) == ()
    assert evidence_missing(seen(5, days=30)) == ("5 of 6 rated official attempts",)
    assert evidence_missing(seen(6, scenarios=2)) == ("2 of 3 different scenarios",)
    assert evidence_missing(seen(6, coaches=1)) == ("1 of 2 coaches who have rated",)
    assert evidence_missing(seen(6, days=17)) == ("85 of 90 days between the first attempt and the last",)
    assert len(evidence_missing([])) == 4
