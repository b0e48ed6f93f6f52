"""Nothing is said about a role line, or about the future, before the evidence and both shapes allow it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from coachkit.domain.measurement.calibrate import calibrate
from coachkit.domain.measurement.calibration import Calibration
from coachkit.domain.measurement.design import Candidate, next_observation
from coachkit.domain.measurement.gates import EvidenceStatus
from coachkit.domain.measurement.growth import Shape, growth_axis, growth_months
from coachkit.domain.measurement.profile import Aim
from coachkit.domain.measurement.ratings import Rating
from coachkit.domain.measurement.reporting import span_months
from coachkit.domain.measurement.simulate import World, simulate
from coachkit.domain.measurement.statements import (
    EvidenceGroup,
    compare_with_line,
    compare_with_lines,
    line_dates,
    project,
)
from coachkit.domain.measurement.update import learner_views

AS_OF = date(2026, 4, 20)
SKILL = "skill-00"


@pytest.fixture(scope="module")
def rows() -> list[Rating]:
    """A busy programme over a hundred days: twelve attempts each, three coaches taking turns."""
    world = World(n_learners=24, n_coaches=3, attempts=(12, 12), window=3.5, assignment="random", sd_level=1.6)
    return simulate(77, world).ratings()


@pytest.fixture(scope="module")
def busy(rows: list[Rating]) -> Calibration:
    return calibrate(rows, as_of=AS_OF)


def by_measure(calibration: Calibration) -> list[str]:
    """Learners from the lowest to the highest measure, for the tests only."""
    return [r.learner for r in sorted(calibration.learners, key=lambda r: r.skill(SKILL).measure.fair_average)]


def test_a_skill_clearly_above_the_line_is_met(busy: Calibration) -> None:
    found = compare_with_line(busy, by_measure(busy)[-1], SKILL, 2.5)
    assert found.group is EvidenceGroup.MET
    assert "at or above its role line" in found.sentence


def test_an_interval_on_both_sides_of_the_line_cannot_tell(busy: Calibration) -> None:
    learner = by_measure(busy)[12]
    line = busy.learner(learner).skill(SKILL).measure.fair_average
    found = compare_with_line(busy, learner, SKILL, line)
    assert found.group is EvidenceGroup.CANNOT_TELL
    assert "both sides of the line" in found.sentence


def test_where_the_two_shapes_disagree_nothing_is_said(busy: Calibration) -> None:
    """Lines chosen so that one shape alone would call the skill at its line."""
    disagreements = 0
    for learner in by_measure(busy)[8:]:
        views = learner_views(busy, learner, busy.ratings_of(learner))
        months, aim = span_months(busy.ratings_of(learner)), Aim.at(busy.labels, [0])
        for line in np.arange(2.5, 4.5, 0.05):
            chances = [view.probability(aim, months, line) for view in views]
            if min(chances) < 0.79 and max(chances) > 0.81:
                disagreements += 1
                assert compare_with_line(busy, learner, SKILL, line).group is EvidenceGroup.CANNOT_TELL
                break
    assert disagreements


def test_not_met_needs_two_calibrations_in_a_row(busy: Calibration, rows: list[Rating]) -> None:
    learner = by_measure(busy)[0]
    alone = compare_with_line(busy, learner, SKILL, 3.5)
    assert alone.group is EvidenceGroup.CANNOT_TELL
    assert "an earlier calibration must have found the same" in alone.lacks
    before = calibrate([r for r in rows if r.on <= date(2026, 4, 5)], as_of=date(2026, 4, 5))
    confirmed = compare_with_line(busy, learner, SKILL, 3.5, previous=before)
    assert confirmed.group is EvidenceGroup.NOT_MET
    assert "a named person reviews it" in confirmed.sentence
    assert compare_with_line(busy, learner, SKILL, 3.5, previous=busy).group is EvidenceGroup.CANNOT_TELL


def test_stale_evidence_says_nothing_about_today(rows: list[Rating]) -> None:
    later = calibrate(rows, as_of=AS_OF + timedelta(days=90))
    best = by_measure(later)[-1]
    found = compare_with_line(later, best, SKILL, 2.5)
    assert found.group is EvidenceGroup.CANNOT_TELL
    assert any("60 days old" in lack for lack in found.lacks)
    assert project(later, best, SKILL, AS_OF + timedelta(days=95)).linear is None


def test_one_coach_and_few_attempts_are_not_enough_for_the_line(busy: Calibration, rows: list[Rating]) -> None:
    learner = by_measure(busy)[-1]
    coach = next(r.coach for r in rows if r.learner == learner)
    kept = sorted({r.attempt for r in rows if r.learner == learner and r.coach == coach})[:3]
    fewer = [r for r in rows if r.learner != learner or (r.coach == coach and r.attempt in kept)]
    found = compare_with_line(calibrate(fewer, as_of=AS_OF), learner, SKILL, 2.5)
    assert found.group is EvidenceGroup.CANNOT_TELL
    assert "2 coaches are needed, there is 1" in found.lacks
    assert any("4 rated attempts" in lack for lack in found.lacks)


def test_a_line_where_no_rating_ever_fell_cannot_be_placed(rows: list[Rating]) -> None:
    kind = [replace(r, level=max(r.level, 2)) for r in rows]
    found = calibrate(kind, as_of=AS_OF)
    assert not found.gates.line_can_be_placed(1.5)
    statement = compare_with_line(found, by_measure(found)[-1], SKILL, 1.5)
    assert statement.group is EvidenceGroup.CANNOT_TELL
    assert any("no coach has used" in lack for lack in statement.lacks)


def test_all_skills_at_once_say_the_same_as_one_by_one(busy: Calibration) -> None:
    learner = by_measure(busy)[-1]
    lines = {"skill-02": 3.0, "skill-00": 2.5}
    assert compare_with_lines(busy, learner, lines) == [
        compare_with_line(busy, learner, skill, line) for skill, line in lines.items()
    ]


def test_a_line_off_the_scale_is_refused(busy: Calibration) -> None:
    with pytest.raises(ValueError, match="between 1 and 5"):
        compare_with_line(busy, busy.learners[0].learner, SKILL, 5.0)


def test_the_future_is_always_shown_under_both_shapes(busy: Calibration) -> None:
    learner = by_measure(busy)[12]
    last = busy.learner(learner).skill(SKILL).base.last_on
    found = project(busy, learner, SKILL, last + timedelta(days=60))
    assert found.linear is not None
    assert found.levelling is not None
    assert "if progress continues" in found.sentence
    assert "if it levels off" in found.sentence
    today = project(busy, learner, SKILL, last)
    assert found.linear.high - found.linear.low > today.linear.high - today.linear.low


def test_no_further_than_the_evidence_reaches(busy: Calibration) -> None:
    learner = by_measure(busy)[12]
    last = busy.learner(learner).skill(SKILL).base.last_on
    found = project(busy, learner, SKILL, last + timedelta(days=91))
    assert found.linear is None
    assert any("days after the last attempt" in lack for lack in found.lacks)


def test_dates_come_in_pairs_within_what_can_be_foreseen(busy: Calibration) -> None:
    seen = 0
    for learner in by_measure(busy):
        measure = busy.learner(learner).skill(SKILL).measure
        found = line_dates(busy, learner, SKILL, min(measure.fair_average + 0.03, 4.9))
        if found.both_reach:
            seen += 1
            last = busy.learner(learner).skill(SKILL).base.last_on
            assert all(0 <= (day - last).days <= 90 for day in (found.if_continuing, found.if_levelling))
        if found.if_continuing is None and not found.lacks:
            assert "not by" in found.sentence.lower()
    assert seen


def test_without_enough_evidence_there_are_no_dates(calibrated: Calibration) -> None:
    short = next(r for r in calibrated.learners if r.together.base.n_attempts < 5)
    found = line_dates(calibrated, short.learner, SKILL, 3.5)
    assert found.if_continuing is None
    assert found.sentence.startswith("No dates can be given")


@pytest.mark.parametrize("shape", list(Shape))
def test_growth_axes_start_at_zero_and_turn_back_into_months(shape: Shape) -> None:
    months = np.array([0.0, 0.5, 2.0, 5.0])
    axis = growth_axis(shape, months)
    assert axis[0] == 0
    assert np.all(np.diff(axis) > 0)
    assert [growth_months(shape, float(a)) for a in axis] == pytest.approx(months)


def test_levelling_growth_never_reaches_beyond_its_span() -> None:
    assert growth_months(Shape.LEVELLING, 3.1) is None


CRITERIA = tuple(f"criterion-{k:02d}" for k in range(6))


def test_the_next_attempt_that_tells_most_is_full_hard_enough_and_with_a_new_coach(team, calibrated) -> None:
    learner = "learner-00004"
    coaches = {r.coach for r in calibrated.ratings_of(learner)}
    known, new = min(coaches), sorted(set(calibrated.labels.coaches) - coaches)
    whole = Candidate("scenario-01", known, CRITERIA)
    found = next_observation(
        calibrated,
        learner,
        [
            Candidate("scenario-01", known, CRITERIA[:2]),
            Candidate("scenario-01", known, CRITERIA, max_level=2),
            whole,
            Candidate("scenario-01", "nobody known", CRITERIA),
        ],
    )
    assert found[0].candidate == whole
    assert len(found) == 3
    assert all(0 < o.narrowing < 1 for o in found)
    assert found[0].narrowing > found[-1].narrowing
    for coach in new:
        (fresh,) = next_observation(calibrated, learner, [replace(whole, coach=coach)])
        assert "a coach who has not rated this learner" in fresh.sentence


def test_what_is_in_doubt_decides_which_skill_is_observed_next(calibrated: Calibration) -> None:
    learner = "learner-00004"
    measure = calibrated.learner(learner).skill("skill-02").measure
    lines = {"skill-02": measure.fair_average, "skill-00": 4.99}
    found = next_observation(
        calibrated,
        learner,
        [Candidate("scenario-01", "coach-001", CRITERIA[:2]), Candidate("scenario-01", "coach-001", CRITERIA[4:])],
        lines=lines,
    )
    assert found[0].candidate.criteria == CRITERIA[4:]


def test_more_attempts_narrow_what_they_promise_to_narrow(team, calibrated: Calibration) -> None:
    """A promised attempt, once made, narrows the interval by about what was promised."""
    learner = "learner-00004"
    day = calibrated.as_of
    (promise,) = next_observation(calibrated, learner, [Candidate("scenario-01", "coach-001", CRITERIA)], on=day)
    made = [
        Rating("promised", "coach-001", name, learner, "scenario-01", f"skill-{k // 2:02d}", day, 3)
        for k, name in enumerate(CRITERIA)
    ]
    last = max(r.on for r in calibrated.ratings_of(learner))
    before = calibrate(team.ratings(), as_of=day)
    after = calibrate([*team.ratings(), *made], as_of=day)
    widths = [np.mean([s.measure.high - s.measure.low for s in c.learner(learner).skills]) for c in (before, after)]
    assert last < day
    assert after.learner(learner).together.status is EvidenceStatus.MEASURED
    assert 0 < promise.narrowing < 0.8
    assert widths[1] < widths[0]
