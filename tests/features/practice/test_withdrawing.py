"""Taking an attempt back: possible until the coach has locked hers."""

import pytest
from sqlalchemy import select

from coachkit.features.practice.models import Attempt
from coachkit.platform.audit import AuditEvent
from tests.factories import loop
from tests.factories.mails import sent


def withdraw(browser, attempt_id, **more):
    return browser.post(f"/practice/{attempt_id}/withdraw", **more)


@pytest.mark.parametrize("make", [loop.started, loop.submitted], ids=["begun", "submitted"])
def test_it_asks_nobody_any_more_and_stays_listed(browse, app, cast, session, make):
    with app.app_context():
        attempt_id = make(cast)
    ana = browse("ana")
    assert withdraw(ana, attempt_id).location == "/practice"
    assert "Withdrawn" in ana.get("/practice").text
    assert "Withdrawn" in ana.get(f"/practice/{attempt_id}").text
    assert f"/feedback/{attempt_id}" not in browse("ben").get("/feedback/queue").text
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "attempt:withdraw")).one()
    assert event.object == f"attempt:{attempt_id}"


def test_a_withdrawn_attempt_takes_nothing_more(browse, app, cast, session):
    with app.app_context():
        attempt_id = loop.started(cast)
        form = loop.self_form(loop.scenario())
    ana = browse("ana")
    withdraw(ana, attempt_id)
    for path in ("evidence", "draft", "rate"):
        assert ana.post(f"/practice/{attempt_id}/{path}", **form).status_code == 409
    assert ana.get(f"/practice/{attempt_id}/rate").status_code == 303


def test_the_coach_who_is_at_it_keeps_her_text(browse, app, cast):
    with app.app_context():
        attempt_id = loop.submitted(cast)
        form = loop.coach_form(loop.scenario(), line="She waited for the answer.")
    ben = browse("ben")
    assert ben.get(f"/feedback/{attempt_id}").status_code == 200
    withdraw(browse("ana"), attempt_id)
    answer = ben.post(f"/feedback/{attempt_id}", **form)
    assert answer.status_code == 409
    assert "has withdrawn this attempt" in answer.text
    assert "She waited for the answer." in answer.text
    assert ben.get(f"/feedback/{attempt_id}").location == "/feedback/queue"


def test_the_mail_that_was_waiting_is_not_sent(browse, app, cast):
    with app.app_context():
        attempt_id = loop.submitted(cast)
    withdraw(browse("ana"), attempt_id)
    assert sent(app) == []


def test_what_both_have_locked_cannot_be_taken_back(browse, app, cast, session):
    with app.app_context():
        attempt_id = loop.revealed(cast)
    answer = withdraw(browse("ana"), attempt_id)
    assert answer.status_code == 409
    assert "Both ratings are locked and shown." in answer.text
    assert session.get(Attempt, attempt_id).withdrawn_at is None


def test_withdrawing_twice_is_once(browse, app, cast, session):
    with app.app_context():
        attempt_id = loop.started(cast)
    ana = browse("ana")
    for key in ("k" * 22, "k" * 22, "m" * 22):
        assert withdraw(ana, attempt_id, key=key).status_code == 303
    assert len(session.scalars(select(AuditEvent).where(AuditEvent.action == "attempt:withdraw")).all()) == 1
