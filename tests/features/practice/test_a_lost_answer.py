"""Saving what was said: an answer that got lost is given again, and nothing typed since then is in the way."""

from coachkit.features.practice.models import Attempt
from tests.factories import loop

JSON = {"Accept": "application/json"}


def save(browser, attempt_id, text, version, key, **more):
    form = {"csrf_token": browser.token(), "idempotency_key": key, "version": version, "evidence": text, **more}
    return browser.client.post(f"/practice/{attempt_id}/evidence", data=form, headers=JSON)


def test_a_repeated_save_is_answered_like_the_first(browse, session, cast):
    attempt_id, ana = loop.started(cast), browse("ana")
    first = save(ana, attempt_id, "She counted eleven.", "2", "k" * 24)
    again = save(ana, attempt_id, "She counted eleven.", "2", "k" * 24)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json == again.json == {"version": 3}
    assert session.get(Attempt, attempt_id).version == 3


def test_a_form_sent_twice_leads_to_the_same_page(browse, cast, session):
    attempt_id, ana = loop.started(cast), browse("ana")
    form = {"version": "2", "evidence": "She counted eleven.", "go_on": "1"}
    answers = [ana.post(f"/practice/{attempt_id}/evidence", key="k" * 22, **form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location


def test_going_on_after_a_lost_answer_is_no_conflict(browse, cast, session):
    """The script saved, never heard of it, and the learner presses the button with the version that the page knows."""
    attempt_id, ana = loop.started(cast), browse("ana")
    save(ana, attempt_id, "She counted eleven.", "2", "k" * 24)
    form = {"version": "2", "evidence": "She counted eleven cases.", "unanswered": "k" * 24}
    assert ana.post(f"/practice/{attempt_id}/evidence", **form).status_code == 303
    assert session.get(Attempt, attempt_id).evidence == "She counted eleven cases."


def test_another_window_is_still_a_conflict(browse, cast, session):
    attempt_id, ana = loop.started(cast), browse("ana")
    save(ana, attempt_id, "From the first window.", "2", "k" * 24)
    answer = save(ana, attempt_id, "From the second window.", "2", "m" * 24, unanswered="n" * 24)
    assert answer.status_code == 409
    assert session.get(Attempt, attempt_id).evidence == "From the first window."
