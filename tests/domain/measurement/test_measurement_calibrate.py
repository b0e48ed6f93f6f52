"""A calibration keeps what it was given, says what it left out, and speaks only where evidence allows."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachkit.domain.measurement.calibrate import calibrate
from coachkit.domain.measurement.calibration import Calibration, CoachStatus
from coachkit.domain.measurement.gates import EvidenceStatus, ProgrammeStatus
from coachkit.domain.measurement.likelihood import expected_score
from coachkit.domain.measurement.ratings import DropReason, Rating
from coachkit.domain.measurement.simulate import Population, World, simulate
from coachkit.domain.measurement.update import update_learner

AS_OF = date(2026, 4, 3)
DAY = date(2026, 3, 1)


def rating(**changes: object) -> Rating:
    base = Rating("a1", "anna", "listen", "li", "market", "interviewing", DAY, 3)
    return replace(base, **changes)


def attempt(number: int, learner: str, coach: str, levels: list[int], **changes: object) -> list[Rating]:
    """One attempt rated on as many criteria as there are levels."""
    changes.setdefault("on", DAY + timedelta(days=number))
    return [
        rating(attempt=f"a{number}", learner=learner, coach=coach, criterion=f"k{i}", level=level, **changes)
        for i, level in enumerate(levels)
    ]


def reasons(calibration: Calibration) -> list[DropReason]:
    return [row.reason for row in calibration.dropped]


def test_the_same_ratings_give_the_same_bytes_in_any_order(team: Population, calibrated: Calibration) -> None:
    again = calibrate(reversed(team.ratings()), as_of=AS_OF)
    assert again.to_json() == calibrated.to_json()


def test_a_calibration_survives_the_way_through_json(calibrated: Calibration) -> None:
    text = calibrated.to_json()
    back = Calibration.from_json(text)
    assert back.to_json() == text
    assert back.learners == calibrated.learners
    assert back.coaches == calibrated.coaches


def test_text_that_is_no_calibration_is_refused() -> None:
    with pytest.raises(ValueError, match="Calibration"):
        Calibration.from_json(json.dumps({"model_version": "x"}))


def test_the_hash_changes_with_anything_the_result_depends_on(team: Population, calibrated: Calibration) -> None:
    rows = team.ratings()
    other_level = [replace(rows[0], level=rows[0].level % 5 + 1), *rows[1:]]
    one_bad_row = [*rows, replace(rows[0], attempt="other", level=7)]
    assert calibrate(other_level, as_of=AS_OF).inputs_hash != calibrated.inputs_hash
    assert calibrate(one_bad_row, as_of=AS_OF).inputs_hash != calibrated.inputs_hash
    assert calibrate(rows, as_of=AS_OF + timedelta(days=1)).inputs_hash != calibrated.inputs_hash


def test_every_row_left_out_is_recorded_with_its_reason() -> None:
    good = {**{name: getattr(rating(), name) for name in Rating.__slots__}, "criterion": "ask"}
    rows: list[object] = [
        rating(),
        rating(attempt="a2", level=6),
        rating(attempt="a3", level=4, max_level=3),
        rating(attempt="a4", level=float("nan")),
        rating(attempt="a5", level=True),
        rating(attempt="a6", level=1, max_level=1),
        rating(attempt="a7", rubric_version="0"),
        rating(attempt="a8", criterion="charm"),
        rating(attempt="a9", on=AS_OF + timedelta(days=1)),
        rating(attempt="b1", coach="li"),
        rating(attempt="b2", coach=""),
        rating(attempt="b3", learner="li"),
        rating(attempt="b3", learner="mo"),
        rating(attempt="b4"),
        rating(attempt="b4"),
        rating(attempt="b5", level=2),
        rating(attempt="b5", level=3),
        {**good, "rater_kind": "self"},
        {**good, "mode": "practice"},
        {**good, "is_retry": True},
        {"attempt": "b6"},
        good,
    ]
    found = calibrate(rows, as_of=AS_OF, rubric_versions=["1"], criteria=["listen", "ask"])
    expected = {
        "a2": DropReason.OUT_OF_RANGE,
        "a3": DropReason.OUT_OF_RANGE,
        "a4": DropReason.OUT_OF_RANGE,
        "a5": DropReason.OUT_OF_RANGE,
        "a6": DropReason.NO_ROOM,
        "a7": DropReason.UNKNOWN_RUBRIC_VERSION,
        "a8": DropReason.UNKNOWN_CRITERION,
        "a9": DropReason.AFTER_DATE,
        "b1": DropReason.OWN_ATTEMPT,
        "b2": DropReason.INCOMPLETE,
        "b3": DropReason.CONTRADICTORY_ATTEMPT,
        "b4": DropReason.DUPLICATE,
        "b5": DropReason.CONTRADICTORY_DUPLICATE,
        "b6": DropReason.INCOMPLETE,
    }
    by_attempt = {row.attempt: row.reason for row in found.dropped if row.attempt != "a1"}
    assert by_attempt == expected
    flagged = {row.reason for row in found.dropped if row.attempt == "a1"}
    assert flagged == {DropReason.NOT_A_COACH_RATING, DropReason.PRACTICE, DropReason.RETRY}
    assert len(found.ratings) + len(found.dropped) == len(rows)
    assert all(row.sentence.endswith(".") for row in found.dropped)


def test_a_criterion_filed_under_two_skills_is_left_out() -> None:
    found = calibrate([rating(), rating(attempt="a2", skill="trust")], as_of=AS_OF)
    assert reasons(found) == [DropReason.UNKNOWN_CRITERION] * 2


def test_a_coach_who_never_varies_is_excluded_and_moves_nobody(team: Population, calibrated: Calibration) -> None:
    always_five = [replace(r, coach="coach-five", level=5) for r in team.ratings() if r.attempt <= "attempt-000030"]
    found = calibrate([*team.ratings(), *{(r.attempt, r.criterion): r for r in always_five}.values()], as_of=AS_OF)
    result = found.coach("coach-five")
    assert result.status is CoachStatus.EXCLUDED
    assert "same level (5)" in result.sentence
    assert set(reasons(found)) == {DropReason.UNVARYING_COACH}
    assert found.learners == calibrated.learners


def test_a_coach_at_the_cap_of_a_friendly_scenario_is_no_unvarying_coach() -> None:
    rows = [r for n in range(4) for r in attempt(n, f"l{n}", "anna", [3] * 6, max_level=3)]
    assert calibrate(rows, as_of=AS_OF).gates.excluded_coaches == ()


def test_unlinked_groups_close_the_gate_and_where_none_is_a_majority_nobody_is_measured() -> None:
    population = simulate(3, World(n_learners=40, n_coaches=4, assignment="sorted"))
    found = calibrate(population.ratings(), as_of=AS_OF)
    assert found.gates.status is ProgrammeStatus.NOT_CONNECTED
    assert found.gates.n_components == 4
    assert found.gates.main_learners == ()
    assert {r.together.status for r in found.learners} == {EvidenceStatus.NOT_LINKED}
    assert all(r.together.measure is None for r in found.learners)


def test_of_unlinked_groups_the_one_with_most_people_is_measured() -> None:
    many = simulate(3, World(n_learners=12, n_coaches=2, own_coach=0.5)).ratings()
    few = [
        replace(r, learner=f"other-{r.learner}", coach="other", attempt=f"other-{r.attempt}")
        for r in simulate(4, World(n_learners=4, n_coaches=2)).ratings()
        if r.coach == "coach-000"
    ]
    found = calibrate([*many, *few], as_of=AS_OF)
    assert found.gates.n_components == 2
    assert {r.learner for r in found.learners if r.together.measure} == {r.learner for r in many}
    assert EvidenceStatus.NOT_LINKED in {r.together.status for r in found.learners if r.learner.startswith("other")}


def test_too_little_sharing_raises_a_banner() -> None:
    population = simulate(3, World(n_learners=40, n_coaches=4, own_coach=0.95, double_rated=0.05))
    gates = calibrate(population.ratings(), as_of=AS_OF).gates
    assert gates.status is ProgrammeStatus.WEAKLY_LINKED
    assert "cannot be separated" in gates.sentence


def test_two_levels_in_use_are_no_scale() -> None:
    rows = [
        r
        for n in range(12)
        for r in attempt(
            n, f"l{n % 4}", ("anna", "ben")[n % 2], [3 + (n + k) % 2 for k in range(4)], scenario=f"s{n % 3}"
        )
    ]
    found = calibrate(rows, as_of=AS_OF)
    assert found.gates.status is ProgrammeStatus.LEVELS_UNUSED
    assert {r.together.status for r in found.learners} == {EvidenceStatus.LEVELS_UNUSED}
    assert {c.severity for c in found.coaches} == {None}


def test_nobody_and_nothing_is_a_calibration_too() -> None:
    empty = calibrate([], as_of=AS_OF)
    assert empty.gates.status is ProgrammeStatus.NO_RATINGS
    people = calibrate([], as_of=AS_OF, learners=["li", "mo"])
    assert [r.learner for r in people.learners] == ["li", "mo"]
    assert people.learner("li").together.status is EvidenceStatus.NO_EVIDENCE
    assert people.learner("li").together.sentence == "There is no evidence yet."
    assert Calibration.from_json(people.to_json()).to_json() == people.to_json()


def test_one_attempt_is_not_enough(team: Population) -> None:
    newcomer = attempt(900, "newcomer", "coach-000", [3] * 6, scenario="scenario-00", skill="skill-00")
    newcomer = [replace(r, criterion=f"criterion-{k:02d}", skill=f"skill-{k // 2:02d}") for k, r in enumerate(newcomer)]
    newcomer = [replace(r, on=DAY) for r in newcomer]
    found = calibrate([*team.ratings(), *newcomer], as_of=AS_OF).learner("newcomer")
    assert found.together.status is EvidenceStatus.NOT_ENOUGH
    assert found.together.measure is None
    assert "two rated attempts" in found.together.sentence


def test_all_skills_together_need_every_skill(team: Population) -> None:
    rows = [r for r in team.ratings() if r.learner != "learner-00003" or r.skill != "skill-01"]
    found = calibrate(rows, as_of=AS_OF).learner("learner-00003")
    assert found.together.status is EvidenceStatus.NOT_ALL_SKILLS
    assert found.skill("skill-00").status is EvidenceStatus.MEASURED
    assert found.skill("skill-01").status is EvidenceStatus.NO_EVIDENCE


def test_intervals_are_wider_per_skill_than_together_and_hold_the_figure(calibrated: Calibration) -> None:
    ratios = []
    for result in calibrated.learners:
        whole = result.together.measure
        assert whole is not None
        for skill in result.skills:
            assert skill.measure is not None
            assert 1 < skill.measure.low < skill.measure.fair_average < skill.measure.high < 5
            ratios.append((skill.measure.high - skill.measure.low) / (whole.high - whole.low))
    assert np.mean(ratios) > 1.03


def test_fair_averages_are_nearer_the_truth_than_plain_means() -> None:
    population = simulate(10_060, World(n_learners=80, n_coaches=6))
    truth, table = population.truth, population.table
    fair, plain, inside = [], [], []
    for number, result in enumerate(calibrate(population.ratings(), as_of=AS_OF).learners):
        last = table.attempt_time[table.attempt_learner == number].max()
        place = truth.level[number] + truth.rate[number] * last - truth.criterion
        level = expected_score(place, truth.steps).mean()
        if result.together.measure is not None:
            measure = result.together.measure
            fair.append(measure.fair_average - level)
            plain.append(result.together.raw_mean - level)
            inside.append(measure.low <= level <= measure.high)
    assert np.sqrt(np.mean(np.square(fair))) < 0.75 * np.sqrt(np.mean(np.square(plain)))
    assert abs(np.mean(fair)) < 0.15
    assert 0.85 <= np.mean(inside) <= 1.0


def test_raw_means_leave_ratings_at_the_maximum_out() -> None:
    rows = [
        *attempt(1, "li", "anna", [2, 5]),
        *attempt(2, "li", "anna", [3, 3], max_level=3, scenario="easy"),
    ]
    found = calibrate(rows, as_of=AS_OF).learner("li").together
    assert found.raw_mean == 3.5
    assert found.base.n_at_maximum == 2


def test_severity_is_only_shown_with_enough_behind_it(team: Population, calibrated: Calibration) -> None:
    assert {c.status for c in calibrated.coaches} == {CoachStatus.SHOWN}
    few = [replace(r, coach="guest") for r in team.ratings() if r.attempt == "attempt-000010"]
    few = list({r.criterion: r for r in few}.values())
    found = calibrate([*team.ratings(), *few], as_of=AS_OF).coach("guest")
    assert found.status is CoachStatus.TOO_FEW
    assert found.severity is None
    assert "30 ratings are needed" in found.sentence


def test_an_update_without_news_agrees_with_the_calibration(calibrated: Calibration) -> None:
    for name in ("learner-00000", "learner-00011"):
        updated = update_learner(calibrated, name, []).result.together.measure
        whole = calibrated.learner(name).together.measure
        assert updated is not None
        assert whole is not None
        assert updated.fair_average == pytest.approx(whole.fair_average, abs=0.002)
        assert updated.low == pytest.approx(whole.low, abs=0.004)
        assert updated.high == pytest.approx(whole.high, abs=0.004)


def test_an_update_moves_the_learner_by_new_ratings(team: Population, calibrated: Calibration) -> None:
    last = max(r.on for r in calibrated.ratings_of("learner-00000"))
    news = [
        replace(r, attempt="new", on=last + timedelta(days=2), level=5)
        for r in team.ratings()
        if r.attempt == "attempt-000000"
    ]
    updated = update_learner(calibrated, "learner-00000", news)
    before = calibrated.learner("learner-00000").together
    assert updated.dropped == ()
    assert updated.result.together.base.n_attempts == before.base.n_attempts + 1
    assert updated.result.together.measure.fair_average > before.measure.fair_average


def test_an_update_leaves_what_the_calibration_does_not_know_to_the_next_one(calibrated: Calibration) -> None:
    known = calibrated.ratings_of("learner-00000")[0]
    news = [
        replace(known, attempt="n1", coach="new coach"),
        replace(known, attempt="n2", scenario="new scenario"),
        replace(known, attempt="n3", criterion="new criterion"),
        replace(known, attempt="n4", learner="somebody else"),
        replace(known, attempt="n5", rubric_version="2"),
    ]
    updated = update_learner(calibrated, "learner-00000", news)
    assert [row.reason for row in updated.dropped] == [
        DropReason.NEEDS_CALIBRATION,
        DropReason.NEEDS_CALIBRATION,
        DropReason.NEEDS_CALIBRATION,
        DropReason.ANOTHER_LEARNER,
        DropReason.UNKNOWN_RUBRIC_VERSION,
    ]


def test_a_newcomer_can_be_updated_from_nothing(team: Population, calibrated: Calibration) -> None:
    rows = [replace(r, learner="newcomer", attempt=f"new {r.attempt}") for r in calibrated.ratings_of("learner-00002")]
    updated = update_learner(calibrated, "newcomer", rows).result
    assert updated.together.status is EvidenceStatus.NOT_LINKED
    assert np.isfinite(updated.together.raw_mean)


LEVELS = st.lists(st.integers(1, 5), min_size=2, max_size=2)


@given(st.lists(st.tuples(LEVELS, st.integers(0, 3), st.integers(0, 2), st.integers(2, 5)), max_size=14))
@settings(max_examples=25, deadline=None)
def test_whatever_is_rated_the_result_is_finite_and_inside_the_scale(
    looks: list[tuple[list[int], int, int, int]],
) -> None:
    rows = [
        r
        for n, (levels, learner, coach, top) in enumerate(looks)
        for r in attempt(
            n, f"l{learner}", f"c{coach}", [min(x, top) for x in levels], max_level=top, scenario=f"s{n % 3}"
        )
    ]
    found = calibrate(rows, as_of=AS_OF)
    assert found.to_json(), "a number that is none cannot be written"
    for result in found.learners:
        for skill in (result.together, *result.skills):
            assert skill.sentence
            if skill.measure is not None:
                assert 1 <= skill.measure.low <= skill.measure.fair_average <= skill.measure.high <= 5
