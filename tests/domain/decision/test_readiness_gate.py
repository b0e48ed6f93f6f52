"""The organisation comes first: what the twelve questions say about it, and for how long."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachkit.domain.decision import readiness
from coachkit.domain.decision.months import months_later
from coachkit.domain.decision.questions import QUESTIONS
from coachkit.domain.decision.readiness import Answer, Result

CRITICAL = [q.id for q in QUESTIONS if q.critical]
STOP = [q.id for q in QUESTIONS if q.stop]


def answers(default=3, **changed):
    """Everybody gives `default`, except where a question is given as RC_1=(cio, others)."""
    found = {q.id: Answer(default, (default,) * 4, "A line.") for q in QUESTIONS}
    for name, (cio, others) in changed.items():
        found[name.replace("_", "-")] = Answer(cio, others, "A line.")
    return found


any_answer = st.builds(
    Answer,
    st.integers(0, 3),
    st.lists(st.integers(0, 3), min_size=4, max_size=7).map(tuple),
    st.just("A line."),
)
any_answers = st.fixed_dictionaries({q.id: any_answer for q in QUESTIONS})


def test_twelve_questions_each_with_four_anchors_and_a_first_step():
    assert [q.id for q in QUESTIONS] == [f"RC-{n}" for n in range(1, 13)]
    assert CRITICAL == ["RC-1", "RC-4", "RC-5", "RC-7", "RC-9"]
    assert STOP == ["RC-4", "RC-5"]
    assert all(len(set(q.anchors)) == 4 and q.step and q.step_text for q in QUESTIONS)


@pytest.mark.parametrize("question", STOP)
def test_one_stop_question_at_nothing_stops_everything(question):
    assert readiness.result_of(answers(**{question.replace("-", "_"): (0, (3, 3, 3, 3))})) is Result.NOT_YET


def test_the_others_alone_can_stop_it():
    assert readiness.result_of(answers(RC_5=(3, (0, 0, 0, 3)))) is Result.NOT_YET


def test_two_critical_questions_at_nothing_stop_it_and_one_makes_it_conditional():
    assert readiness.result_of(answers(RC_1=(0, (0,) * 4), RC_7=(0, (0,) * 4))) is Result.NOT_YET
    assert readiness.result_of(answers(RC_1=(0, (0,) * 4))) is Result.CONDITIONAL


def test_a_critical_one_or_two_different_pictures_make_it_conditional():
    assert readiness.result_of(answers(RC_9=(1, (2,) * 4))) is Result.CONDITIONAL
    assert readiness.result_of(answers(RC_9=(2, (3,) * 4))) is Result.READY
    assert readiness.result_of(answers(2, RC_9=(3, (1,) * 4))) is Result.CONDITIONAL


def test_other_questions_close_no_gate():
    low = {q.id.replace("-", "_"): (0, (0,) * 4) for q in QUESTIONS if not q.critical}
    assert readiness.result_of(answers(**low)) is Result.READY


def test_between_two_answers_the_lower_one_is_the_middle():
    assert Answer(3, (1, 1, 2, 3)).middle == 1
    assert Answer(3, (1, 2, 2, 3)).counts == 2


@given(any_answer)
def test_a_spread_is_told_from_five_on_and_holds_the_middle(found):
    if len(found.others) < 5:
        assert found.spread is None
    else:
        assert found.spread[0] <= found.middle <= found.spread[1]


@given(any_answers, st.sampled_from(QUESTIONS))
def test_a_better_answer_lowers_the_result_only_where_it_tears_the_two_sides_apart(found, question):
    before = readiness.result_of(found)
    old = found[question.id]
    better = Answer(max(old.cio, old.counts + 1 if old.counts < 3 else 3), old.others, old.evidence)
    after = readiness.result_of({**found, question.id: better})
    order = [Result.NOT_YET, Result.CONDITIONAL, Result.READY]
    assert order.index(after) >= order.index(before) or better.apart


def test_a_result_counts_for_nine_months_and_then_is_not_yet():
    day = date(2026, 5, 31)
    ends = readiness.expires_on(day)
    assert ends == date(2027, 2, 28)
    assert readiness.standing(Result.READY, ends, ends - timedelta(days=1)) is Result.READY
    assert readiness.standing(Result.READY, ends, ends) is Result.NOT_YET
    assert readiness.renew_by(day) == date(2026, 11, 30)


def test_without_a_check_it_is_not_yet():
    assert readiness.standing(None, None, date(2026, 5, 1)) is Result.NOT_YET


@given(st.dates(date(2000, 1, 1), date(2200, 1, 1)), st.integers(0, 24))
def test_months_later_lands_in_the_right_month(day, months):
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


def test_what_is_missing_in_a_check_is_named_question_by_question():
    found = answers()
    found["RC-2"] = Answer(2, (2, 2, 2, 2), "  ")
    found["RC-3"] = Answer(1, (1, 2, 3))
    found["RC-6"] = Answer(4, (1, 2, 3, 3), "A line.")
    del found["RC-8"]
    problems = readiness.problems(found)
    assert set(problems) == {"RC-2", "RC-3", "RC-6", "RC-8"}
    assert readiness.problems(answers()) == {}


@given(any_answers)
def test_the_first_steps_begin_with_the_lowest_critical_answer(found):
    steps = readiness.first_steps(found)
    critical = [q for q in QUESTIONS if q.critical and found[q.id].counts < 3]
    assert len(steps) <= 3
    if critical:
        assert steps[0].critical
        assert found[steps[0].id].counts == min(found[q.id].counts for q in critical)


def test_nothing_anywhere_is_a_total():
    assert not any("total" in name or "score" in name for name in dir(readiness))
