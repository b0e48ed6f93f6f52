"""Evidence: kept as a draft, never written over, and the learner's own until it is submitted."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from coachkit.features.practice.models import Attempt
from coachkit.platform import clock
from coachkit.platform.idempotency import new_key
from tests.factories import loop

JSON = {"Accept": "application/json"}


@pytest.fixture
def attempt_id(app, cast):
    with app.app_context():
        return loop.started(cast, evidence="")


def save(browser, attempt_id, **form):
    return browser.post(f"/practice/{attempt_id}/evidence", **({"version": "1", "evidence": loop.SAID} | form))


def test_it_is_kept_with_partner_and_day(browse, session, attempt_id):
    ana = browse("ana")
    yesterday = clock.today() - timedelta(days=1)
    answer = save(ana, attempt_id, partner_name="Rosa", played_on=yesterday.isoformat())
    assert answer.location == f"/practice/{attempt_id}"
    found = session.get(Attempt, attempt_id)
    assert (found.evidence, found.partner_name, found.played_on, found.version) == (loop.SAID, "Rosa", yesterday, 2)
    page = ana.get(f"/practice/{attempt_id}").text
    assert loop.SAID in page
    assert 'value="Rosa"' in page


def test_going_on_leads_to_the_rating(browse, attempt_id):
    assert save(browse("ana"), attempt_id, go_on="1").location == f"/practice/{attempt_id}/rate"


def test_the_page_can_save_by_itself(browse, session, attempt_id):
    ana = browse("ana")
    data = {"csrf_token": ana.token(), "idempotency_key": new_key(), "version": "1", "evidence": "half a sent"}
    answer = ana.client.post(f"/practice/{attempt_id}/evidence", data=data, headers=JSON)
    assert (answer.status_code, answer.json) == (200, {"version": 2})
    data |= {"idempotency_key": new_key(), "version": "2", "evidence": "half a sentence"}
    assert ana.client.post(f"/practice/{attempt_id}/evidence", data=data, headers=JSON).json == {"version": 3}
    assert session.get(Attempt, attempt_id).evidence == "half a sentence"


def test_an_overtaken_window_is_told_and_writes_over_nothing(browse, session, attempt_id):
    first, second = browse("ana"), browse("ana")
    save(first, attempt_id, evidence="from the first window")
    answer = save(second, attempt_id, evidence="from the second window")
    assert answer.status_code == 409
    assert "from the second window" in answer.text
    assert session.get(Attempt, attempt_id).evidence == "from the first window"


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"evidence": "x" * 20_001}, "At most"),
        ({"played_on": "2099-01-01"}, "This day is still to come."),
        ({"played_on": "yesterday"}, "Not a valid date"),
        ({"partner_name": "R" * 121}, "120"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_cannot_be_kept_comes_back_with_a_reason(browse, session, attempt_id, form, said):
    answer = save(browse("ana"), attempt_id, **form)
    assert answer.status_code == 422
    assert said in answer.text
    assert form.get("evidence", loop.SAID) in answer.text
    assert session.get(Attempt, attempt_id).evidence == ""


def test_twenty_thousand_characters_are_fine(browse, session, attempt_id):
    text = "🚢" * 20_000
    assert save(browse("ana"), attempt_id, evidence=text).status_code == 303
    assert session.get(Attempt, attempt_id).evidence == text


@pytest.mark.one_database
@pytest.mark.parametrize("who", ["dan", "ben", "eva", "lea", "cleo", "ada", "otto"])
def test_nobody_else_can_tell_that_it_exists(browse, session, attempt_id, who):
    somebody = browse(who)
    somebody.token()
    missing = somebody.get("/practice/999")
    for path in ("", "/rate"):
        answer = somebody.get(f"/practice/{attempt_id}{path}")
        assert answer.status_code == 404
        assert len(answer.data) == len(missing.data)
        assert set(answer.headers.keys()) == set(missing.headers.keys())
    for path in ("evidence", "draft", "rate", "withdraw"):
        assert somebody.post(f"/practice/{attempt_id}/{path}", version="1", evidence="mine").status_code == 404
    found = session.scalars(select(Attempt)).one()
    assert (found.evidence, found.version, found.withdrawn_at) == ("", 1, None)


def test_a_submitted_attempt_stays_as_it_was_sent(browse, app, cast, session):
    with app.app_context():
        sent = loop.submitted(cast)
    answer = browse("ana").post(f"/practice/{sent}/evidence", version="3", evidence="second thoughts")
    assert answer.status_code == 409
    assert "second thoughts" in answer.text
    assert session.get(Attempt, sent).evidence == loop.SAID
