"""What enters a calibration and what never does; nightly, on demand, and one learner at once when a rating arrives."""

import hashlib
import json
import re
import zlib
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from coachkit.features.accounts.queries import pseudonym_of
from coachkit.features.calibration import compute, inputs, service
from coachkit.features.operations import erasure
from coachkit.platform import clock, jobs
from coachkit.platform.audit import AuditEvent
from coachkit.platform.db import db, transaction
from coachkit.platform.idempotency import new_key
from tests.factories import calibration as make
from tests.factories import decisions, loop

pytestmark = pytest.mark.usefixtures("session")


def result(run_id):
    return json.loads(service.result_of(db.session(), run_id))


def test_the_first_rating_makes_a_calibration_that_says_it_cannot_tell(cast):
    make.rated(cast, "ana", "rp05", make.FAIR)
    jobs.run_waiting()
    (run,) = make.runs()
    assert run.cause == "first"
    assert run.counts["used"] == 5
    assert run.gates["status"] == "weakly_linked"
    data = make.measure(cast.ana).data
    assert all(skill["measure"] is None for skill in data["skills"].values())
    assert data["together"]["why"]


def test_only_official_ratings_of_coaches_that_both_sides_have_locked_enter(cast):
    loop.submitted(cast, scenario_id="rp05")
    loop.submitted(cast, scenario_id="rp05", kind="practice")
    decisions.rated(cast, "rp05", 5, kind="practice")
    attempt = make.rated(cast, "ana", "rp05", make.FAIR, own=1)
    make.done()
    make.run()
    run = make.runs()[-1]
    found = result(run.id)["ratings"]
    assert run.counts["left_out"] == 0  # nothing else is even read
    assert {row["attempt"] for row in found} == {str(attempt)}
    assert [row["level"] for row in found if row["criterion"] == "comm.translate-out"] == [3]
    assert all(row["coach"] != row["learner"] for row in found)


def test_a_second_coach_counts_and_a_limit_is_a_bound(cast):
    make.rated(cast, "ana", "rp04", (3, 2, 3, 3), second="eva")
    make.done()
    make.run()
    (run,) = make.runs()
    found = result(run.id)["ratings"]
    assert len(found) == 8
    assert {row["max_level"] for row in found} == {3}
    assert run.counts["at_maximum"] == 6
    assert run.gates["double_rated_share"] == 1.0


@pytest.mark.calibrated
def test_a_run_names_nobody_and_keeps_the_fingerprint_of_its_result(cast):
    run = make.runs()[-1]
    text = service.result_of(db.session(), run.id)
    everything = text + json.dumps(run.report) + json.dumps(run.gates)
    assert "Baptiste" not in everything
    assert "Tanaka" not in everything
    assert hashlib.sha256(text.encode()).hexdigest() == run.result_hash


@pytest.mark.calibrated
def test_the_same_ratings_give_the_same_bytes(cast):
    make.run()
    first, second = make.runs()[-2:]
    assert zlib.decompress(first.result) == zlib.decompress(second.result)
    assert first.inputs_hash == second.inputs_hash


def test_at_night_only_what_is_new_is_calibrated_and_the_next_night_is_ahead(cast):
    make.rated(cast, "ana", "rp05", make.FAIR)
    make.done()
    make.run("night")
    make.run("night")
    assert len(make.runs()) == 1
    make.rated(cast, "ana", "rp09", make.FAIR)
    make.done()
    with transaction() as session:
        jobs.enqueue(session, "calibration.night")
    jobs.run_waiting()
    assert [run.cause for run in make.runs()] == ["night", "night"]
    ahead = select(jobs.Outbox).where(jobs.Outbox.name == "calibration.night", jobs.Outbox.done_at.is_(None))
    waiting = db.session.scalars(ahead).all()
    assert len(waiting) == 1
    assert timedelta() < waiting[0].not_before - clock.now() <= timedelta(days=1)


def test_the_lead_coach_asks_for_a_run_once(cast, session, browse):
    make.programme(cast)
    make.done()
    lea, key = browse("lea"), new_key()
    first, again = lea.post("/calibration/run", key=key), lea.post("/calibration/run", key=key)
    assert (first.status_code, again.status_code) == (303, 303)
    jobs.run_waiting()
    assert [run.cause for run in make.runs()] == ["asked"]
    actions = list(session.scalars(select(AuditEvent.action)))
    assert actions.count("calibration:ask") == 1
    assert "calibration:run" in actions


@pytest.mark.parametrize("who", ["ana", "ben", "cleo", "ada"])
def test_nobody_else_asks_for_a_run(browse, who):
    assert browse(who).post("/calibration/run").status_code == 403


@pytest.mark.calibrated
def test_a_release_brings_one_learner_up_to_date_on_the_frozen_calibration(cast):
    before, other = make.measure(cast.ana), make.measure(cast.moe)
    made = len(make.runs())
    make.rated(cast, "ana", "rp09", make.GOOD)
    jobs.run_waiting()
    after = make.measure(cast.ana)
    assert len(make.runs()) == made
    assert after.run_id == before.run_id
    was, now = (row.data["skills"]["interviewing"] for row in (before, after))
    assert now["attempts"] == was["attempts"] + 1
    assert now["measure"]["value"] > was["measure"]["value"]
    assert make.measure(cast.moe).data == other.data


@pytest.mark.calibrated
def test_practice_updates_nothing(cast):
    before = make.measure(cast.ana)
    decisions.rated(cast, "rp09", 5, kind="practice", days_ago=0)
    jobs.run_waiting()
    assert make.measure(cast.ana).data == before.data
    assert make.measure(cast.ana).made_at == before.made_at


def test_what_was_left_out_and_why_can_be_opened(cast, browse):
    cast = make.programme(cast)
    with transaction() as session:
        erasure.erase(session, loop.actor(session, cast.ada), cast.mia)
    make.done()
    make.run()
    run = make.runs()[-1]
    assert run.counts["left_out"] > 0
    page = browse("lea").get(f"/calibration/runs/{run.id}").text
    assert "The row lacks a field" in page
    assert "A person who has left" in page


@pytest.mark.calibrated
def test_somebody_who_is_erased_leaves_no_figure_and_no_meaning(cast):
    pseudonym = pseudonym_of(db.session(), cast.ana)
    run = make.runs()[-1]
    assert pseudonym in service.result_of(db.session(), run.id)
    with transaction() as session:
        erasure.erase(session, loop.actor(session, cast.ada), cast.ana)
    assert make.measure(cast.ana) is None
    make.run()
    newest = make.runs()[-1]
    assert pseudonym not in service.result_of(db.session(), newest.id)
    assert newest.counts["learners"] == run.counts["learners"] - 1


@pytest.mark.calibrated
def test_what_is_kept_about_me_can_be_taken_away(cast, browse):
    mine = browse("ana").get("/account/export").json
    assert mine["measures"]["calibration"] == make.runs()[-1].id
    assert mine["measures"]["skills"]["trust"]["measure"]


def test_only_a_finding_of_four_weeks_ago_confirms_one_of_today(cast):
    cast = make.programme(cast)
    make.done()
    with clock.shifted(-timedelta(days=20)):
        make.run()
    make.run()
    poor = make.measure(cast.zed).data["skills"]["trust"]["lines"]["4"]
    assert poor["group"] == "cannot_tell"
    assert "an earlier calibration must have found the same" in poor["lacks"]


@pytest.mark.calibrated
def test_not_met_needs_two_calibrations_weeks_apart(cast):
    poor = make.measure(cast.zed).data["skills"]["trust"]["lines"]["4"]
    assert "an earlier calibration must have found the same" not in poor["lacks"]


def test_a_calibration_of_nothing_says_so_in_words(cast, browse):
    make.run()
    (run,) = make.runs()
    assert run.counts["used"] == 0
    page = browse("lea").get("/calibration").text
    assert "There are no ratings to combine yet." in page
    assert "No coach has rated anything" in page
    assert not re.search(r"\bnan\b|None", page)


def test_a_coach_who_never_varies_is_left_out_whole_with_the_reason(cast, browse):
    for days, scenario in ((30, "rp05"), (20, "rp09"), (10, "rp05")):
        make.rated(cast, "ana", scenario, (2,), by="ben", days_ago=days)
        make.rated(cast, "dan", scenario, make.FAIR, by="eva", days_ago=days)
    make.done()
    make.run()
    run = make.runs()[-1]
    page = browse("lea").get(f"/calibration/runs/{run.id}").text
    assert "Left out whole: Ben Tanaka (All 16 ratings are the same level (2).)" in page
    assert "The coach gave the same level throughout, which tells nothing." in page
    assert make.measure(cast.ana) is None or not make.measure(cast.ana).data["skills"]


def test_ratings_under_another_version_of_the_rubric_wait_and_are_listed(cast):
    make.rated(cast, "ana", "rp05", make.FAIR)
    found = inputs.gather(db.session(), loop.library(), decisions.library_of)
    newer = frozenset(v for v in found.rubric_versions if not v.startswith("comm.translate-out "))
    made = compute.make(replace(found, rubric_versions=newer), clock.today(), None)
    assert [row["criterion"] for row in made.report["left_out"]] == ["comm.translate-out"]
    assert made.report["left_out"][0]["reason"] == "unknown_rubric_version"
    assert made.counts["rows"] == made.counts["used"] + made.counts["left_out"]


def test_a_criterion_that_nobody_could_see_is_counted_and_is_no_rating(cast):
    decisions.rated(cast, "rp05", None)
    make.done()
    make.run()
    assert make.runs()[-1].counts["not_observed"] == 5
    assert make.runs()[-1].counts["used"] == 0
