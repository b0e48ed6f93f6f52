"""The critical two minutes at once, the parallel form later; and attempts taken back, counted for two."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from coachkit.features.calibration.inputs import gather
from coachkit.features.practice.retry.models import Retry
from coachkit.platform import clock
from coachkit.platform.db import transaction
from coachkit.web.library import library_of
from tests.factories import decisions, loop

SAID = "Before I answer: what should be different on Monday?"
LINE = "I asked before I named a date."


def again(browser, attempt_id, **changed):
    form = {"criterion": "comm.expectations", "said": SAID, "evidence": LINE}
    return browser.post(f"/practice/{attempt_id}/retry", **form | changed)


@pytest.fixture
def criterion(app):
    with app.app_context():
        return loop.scenario().criteria[0]


def test_it_stands_beside_the_first_time_for_learner_and_coach(browse, app, cast, criterion):
    with app.app_context():
        attempt_id = loop.revealed(cast)
    ana = browse("ana")
    assert again(ana, attempt_id, criterion=criterion).status_code == 303
    for page in (
        ana.get(f"/practice/{attempt_id}/retry").text,
        ana.get(f"/feedback/{attempt_id}/reveal").text,
        browse("ben").get(f"/feedback/{attempt_id}/reveal").text,
    ):
        assert LINE in page
        assert SAID in page
        assert f"My own line for {criterion}." in page


def test_before_the_ratings_are_locked_there_is_no_second_time(browse, app, cast, session, criterion):
    with app.app_context():
        attempt_id = loop.submitted(cast)
    ana = browse("ana")
    assert ana.get(f"/practice/{attempt_id}/retry").status_code == 404
    assert again(ana, attempt_id, criterion=criterion).status_code == 409
    assert session.scalars(select(Retry)).all() == []


def test_it_enters_no_calibration(browse, app, cast, criterion):
    with app.app_context():
        attempt_id = loop.revealed(cast)

        def rows():
            with transaction() as session:
                return gather(session, loop.library(), library_of)

        before = rows()
        assert before.rows
        assert again(browse("ana"), attempt_id, criterion=criterion).status_code == 303
        after = rows()
    assert (after.rows, after.rows_hash, after.gaps) == (before.rows, before.rows_hash, before.gaps)


@pytest.mark.one_database
def test_it_has_no_place_for_a_level():
    assert {c.name for c in Retry.__table__.columns} == {
        "id",
        "attempt_id",
        "person_id",
        "criterion_id",
        "said",
        "evidence",
        "at",
    }


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"said": ""}, "Write down what you said this time."),
        ({"evidence": ""}, "Quote the words"),
        ({"criterion": "trust.none"}, "Choose what you wanted to do differently."),
    ],
    ids=str,
)
@pytest.mark.one_database
def test_what_is_missing_is_said_and_what_was_typed_comes_back(
    browse, app, cast, session, criterion, changed, sentence
):
    with app.app_context():
        attempt_id = loop.revealed(cast)
    answer = again(browse("ana"), attempt_id, **{"criterion": criterion} | changed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert (SAID in answer.text) or (LINE in answer.text)
    assert session.scalars(select(Retry)).all() == []


def test_practice_for_oneself_can_be_tried_again_too(browse, app, cast, criterion):
    with app.app_context():
        attempt_id = loop.submitted(cast, kind="practice")
    ana = browse("ana")
    assert f"/practice/{attempt_id}/retry" in ana.get(f"/practice/{attempt_id}").text
    assert again(ana, attempt_id, criterion=criterion).status_code == 303
    assert LINE in ana.get("/account/export").text


@pytest.mark.parametrize("who", ["dan", "ben", "eva", "lea", "cleo", "ada", "otto"])
@pytest.mark.one_database
def test_nobody_tries_again_for_somebody_else(browse, app, cast, criterion, who):
    with app.app_context():
        attempt_id = loop.revealed(cast)
    somebody = browse(who)
    assert somebody.get(f"/practice/{attempt_id}/retry").status_code == 404
    assert again(somebody, attempt_id, criterion=criterion).status_code == 404


def test_first_and_second_tries_stand_side_by_side_with_both_evidence_lines(browse, app, cast):
    with app.app_context():
        decisions.rated(cast, "rp04", 2, days_ago=9, evidence="The first time she named a tool.")
        second = decisions.rated(cast, "rp04", 3, days_ago=3, parallel=True, evidence="The second time she asked.")
    for page in (
        browse("ana").get("/practice/growth").text,
        browse("ana").get(f"/feedback/{second}/reveal").text,
        browse("ben").get(f"/feedback/learners/{cast.ana}").text,
    ):
        assert "The first time she named a tool." in page
        assert "The second time she asked." in page
        assert "One level higher" in page


def test_a_practice_try_is_compared_for_the_learner_and_not_for_the_coach_s_record(browse, app, cast):
    with app.app_context():
        decisions.rated(cast, "rp04", 2, days_ago=9, kind="practice", evidence="Practised alone with Ben.")
        second = decisions.rated(cast, "rp04", 3, days_ago=3, parallel=True, evidence="Official, second time.")
    assert "Practised alone with Ben." in browse("ana").get("/practice/growth").text
    assert "Practised alone with Ben." not in browse("ben").get(f"/feedback/learners/{cast.ana}").text
    assert "Practised alone with Ben." not in browse("ben").get(f"/feedback/{second}/reveal").text


@pytest.mark.one_database
def test_without_a_pair_the_page_says_how_to_get_one(browse):
    assert "No pair yet" in browse("ana").get("/practice/growth").text


def test_withdrawn_official_attempts_are_counted_for_learner_and_coach_only(browse, app, cast):
    with app.app_context():
        for kind in ("official", "official", "practice"):
            attempt_id = loop.started(cast, kind=kind)
            with transaction() as session, clock.shifted(timedelta(minutes=1)):
                loop.practice.withdraw(session, loop.actor(session, cast.ana), attempt_id)
        decisions.ready()
        decisions.basis(cast)
        purpose_id = decisions.purpose(cast)
        decisions.released(cast, purpose_id)
    assert "You have withdrawn 2 official attempts." in browse("ana").get("/practice").text
    assert "2 official attempts withdrawn." in browse("ben").get(f"/feedback/learners/{cast.ana}").text
    cio = browse("cleo").get(f"/decisions/{purpose_id}/people/{cast.ana}").text
    assert "Ana Baptiste" in cio
    assert "withdrawn" not in cio.lower()
    assert "withdrawn" not in browse("lea").get("/feedback/coaches").text.lower()
