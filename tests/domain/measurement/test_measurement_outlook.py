"""What may be said about one learner, worked out at once; and a measure beyond every level in use is not said."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from coachkit.domain.measurement import Rating, calibrate, update_learner
from coachkit.domain.measurement.outlook import applied, linked_by, outlook

START = date(2026, 1, 5)
SKILLS = ("listening", "writing")


def rows(*, levels, learner="l1", coaches=("c1", "c2"), attempts=6, days=20, ceiling=5, first=START):
    return [
        Rating(
            f"{learner}-{k}", coaches[k % len(coaches)], f"{skill}.{n}", learner, f"s{k % 3}", skill,
            first + timedelta(days=days * k), min(levels[(k + n) % len(levels)], ceiling), ceiling,
        )
        for k in range(attempts)
        for skill in SKILLS
        for n in range(3)
    ]  # fmt: skip


def everybody(**more):
    return [
        row
        for number, levels in enumerate([(2, 3), (3, 4), (1, 2), (4, 5), (3, 2)])
        for row in rows(levels=levels, learner=f"l{number}", **more)
    ]


@pytest.fixture(scope="module")
def calibration():
    return calibrate(everybody(), as_of=START + timedelta(days=110))


def test_the_course_ends_at_the_measure_of_the_last_attempt(calibration):
    found = outlook(calibration, "l1", together=SKILLS).skills[0]
    last = found.course[-1]
    assert last.day == START + timedelta(days=100)
    assert last.value == pytest.approx(found.result.measure.fair_average)
    assert found.result.measure.low < last.low < last.value < last.high < found.result.measure.high
    assert [place.day for place in found.course] == sorted({place.day for place in found.course})


def test_the_day_ahead_shows_both_shapes_or_says_what_is_missing(calibration):
    ahead = outlook(calibration, "l1", together=SKILLS).skills[0].ahead
    assert ahead.day == START + timedelta(days=190)
    assert ahead.linear.day == ahead.levelling.day == ahead.day
    few = calibrate(everybody(attempts=3), as_of=START + timedelta(days=50))
    nothing = outlook(few, "l1", together=SKILLS).skills[0]
    assert nothing.ahead is None
    assert "5 rated attempts are needed, there are 3" in nothing.ahead_lacks


def test_the_day_ahead_is_never_further_than_the_attempts_reach_back():
    short = calibrate(everybody(days=10), as_of=START + timedelta(days=60))
    assert outlook(short, "l1", together=SKILLS).skills[0].ahead.day == START + timedelta(days=100)


def test_together_needs_every_skill_of_the_role(calibration):
    assert outlook(calibration, "l1", together=SKILLS).together.measure is not None
    missing = outlook(calibration, "l1", together=(*SKILLS, "never rated")).together
    assert missing.measure is None
    assert missing.status == "not_all_skills"


def test_a_measure_beyond_the_levels_in_use_is_no_measure():
    low = [row for row in everybody() if row.level < 4]
    capped = [*low, *rows(levels=(4,), learner="top", ceiling=4)]
    found = outlook(calibrate(capped, as_of=START + timedelta(days=110)), "top", together=SKILLS)
    assert found.together_no_room
    for skill in found.skills:
        assert skill.no_room
        assert skill.course == ()
        assert skill.ahead is None


def test_each_line_is_answered_once_and_a_higher_line_is_never_easier(calibration):
    rank = {"met": 2, "cannot_tell": 1, "not_met": 0}
    for learner in calibration.learners:
        for skill in outlook(calibration, learner.learner, together=SKILLS).skills:
            groups = [rank[said.group.value] for _line, said in skill.statements]
            assert [line for line, _said in skill.statements] == [2, 3, 4]
            assert groups == sorted(groups, reverse=True)


def test_one_learner_brought_up_to_date_leaves_the_others_as_they_were(calibration):
    new = rows(levels=(5,), learner="l1", attempts=1, first=START + timedelta(days=108))
    new = [replace(row, attempt="new") for row in new]
    update = update_learner(calibration, "l1", new, as_of=START + timedelta(days=110))
    after = applied(calibration, update, START + timedelta(days=110))
    old, now = (outlook(c, "l1", together=SKILLS).skills[0].result for c in (calibration, after))
    assert now.base.n_attempts == old.base.n_attempts + 1
    assert now.measure.fair_average > old.measure.fair_average
    assert after.learner("l2") == calibration.learner("l2")


def test_somebody_new_belongs_to_the_net_of_the_coach_who_rated_him(calibration):
    assert "new" in linked_by(calibration, "new", {"c1"}).gates.main_learners
    assert linked_by(calibration, "new", {"unknown"}) is calibration
