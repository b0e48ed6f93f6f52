"""Several finished reviews sent in one act from the desk; and giving an attempt back while its rating is on its way."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from coachkit.features.feedback.desk_models import Claim
from coachkit.features.practice import service as practice
from coachkit.features.practice.models import Attempt, AttemptReturn
from coachkit.platform import clock, jobs
from coachkit.platform.audit import AuditEvent
from coachkit.platform.db import transaction
from tests.factories import loop

LIST = "Finished, not sent"


@pytest.fixture
def seconds(app):
    """A house in which a release can be taken back for ten seconds."""
    app.config["COACHKIT"] = replace(app.config["COACHKIT"], undo_seconds=10)


@pytest.fixture
def three(session, cast):
    return [loop.submitted(cast, own=f"CANARY-OWN-{n}") for n in range(3)]


def finish(browser, attempt_id: int, **more: str) -> None:
    form = loop.coach_form(loop.scenario(), line="CANARY-SEEN") | more
    assert browser.post(f"/feedback/{attempt_id}/draft", **form).status_code == 303


def out(session) -> list[int]:
    session.rollback()
    return sorted(session.scalars(select(Attempt.id).where(Attempt.revealed_at.is_not(None))))


def ticked(*attempts: int, version: int = 1) -> list[str]:
    return [f"{attempt_id}-{version}" for attempt_id in attempts]


def test_only_what_misses_nothing_is_offered(browse, three):
    ben = browse("ben")
    assert LIST not in ben.get("/feedback/queue").text
    finish(ben, three[0])
    finish(ben, three[1], **{"keep-effect": ""})
    page = ben.get("/feedback/queue").text
    assert f'value="{three[0]}-1" checked' in page
    assert f'id="send-{three[1]}"' not in page


def test_all_chosen_are_on_their_way_and_each_is_taken_back_by_itself(browse, session, seconds, three):
    ben, ana = browse("ben"), browse("ana")
    for attempt_id in three:
        finish(ben, attempt_id)
    assert ben.post("/feedback/queue/send", send=ticked(*three)).location == "/feedback/queue"
    page = ben.get("/feedback/queue").text
    assert "3 reviews on the way" in page
    assert page.count("Take it back") == 3
    assert "CANARY-OWN" not in page
    for attempt_id in three:
        assert "CANARY-SEEN" not in ana.get(f"/feedback/{attempt_id}/reveal").text
    assert ben.post(f"/feedback/{three[1]}/take-back").status_code == 303
    with clock.shifted(timedelta(seconds=11)):
        jobs.run_waiting()
    assert out(session) == [three[0], three[2]]
    assert f'value="{three[1]}-2"' in ben.get("/feedback/queue").text, "it is finished and not sent again"
    assert "CANARY-SEEN" in ana.get(f"/feedback/{three[0]}/reveal").text


def test_what_cannot_go_is_named_and_the_others_go(browse, app, session, cast, seconds, three):
    loop.coached(cast, "ana", "mia")
    taken = loop.submitted(cast)
    ben, mia = browse("ben"), browse("mia")
    for attempt_id in (*three, taken):
        finish(ben, attempt_id)
    finish(ben, three[1], version="1")  # in another window, after the list was shown
    with transaction() as own:
        practice.withdraw(own, loop.actor(own, cast.ana), three[2])
    with clock.shifted(timedelta(minutes=31)):
        mia.post(f"/feedback/{taken}/claim")
        assert ben.post("/feedback/queue/send", send=[*ticked(*three, taken), "999-1"]).status_code == 303
        page = ben.get("/feedback/queue").text
        jobs.run_waiting()
    assert "1 review on the way" in page
    assert "it was changed after this list was shown" in page
    assert "the learner has withdrawn it" in page
    assert "stays here: Mia Haddad works on this attempt until" in page
    assert "One attempt is no longer yours to rate." in page
    with clock.shifted(timedelta(minutes=32)):
        jobs.run_waiting()
    assert out(session) == [three[0]]
    assert "CANARY-SEEN" in ben.get(f"/feedback/{three[1]}").text, "nothing of it is lost"


def test_a_repeated_act_sends_nothing_twice(browse, session, seconds, three):
    ben = browse("ben")
    for attempt_id in three:
        finish(ben, attempt_id)
    key = "k" * 22
    for _twice in range(2):
        assert ben.post("/feedback/queue/send", key=key, send=ticked(*three)).status_code == 303
    page = ben.get("/feedback/queue").text
    assert "stays here" not in page
    assert ben.post("/feedback/queue/send", send=ticked(*three)).status_code == 303
    assert ben.get("/feedback/queue").text.count("it is on its way already") == 3
    with clock.shifted(timedelta(seconds=11)):
        jobs.run_waiting()
    assert out(session) == three
    events = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "attempt:rate")
    assert session.scalar(events) == 3


def test_a_house_without_the_seconds_sends_at_once(browse, session, three):
    ben = browse("ben")
    finish(ben, three[0])
    ben.post("/feedback/queue/send", send=ticked(three[0]))
    assert out(session) == three[:1]


@pytest.mark.one_database
def test_nothing_chosen_or_nonsense_sends_nothing(browse, session, three):
    ben = browse("ben")
    finish(ben, three[0])
    for sent in ([], ["x", "1", f"{three[0]}", "9" * 30 + "-1"]):
        assert ben.post("/feedback/queue/send", send=sent).status_code == 303
    assert "nothing was sent" in ben.get("/feedback/queue").text
    assert out(session) == []


@pytest.mark.one_database
@pytest.mark.parametrize("who", ["mia", "eva"])
def test_nobody_sends_what_a_colleague_has_written(browse, session, cast, three, who):
    loop.coached(cast, "ana", "mia")
    finish(browse("ben"), three[0])
    assert browse(who).post("/feedback/queue/send", send=ticked(three[0])).status_code == 303
    assert out(session) == []


def test_while_a_rating_is_on_its_way_the_attempt_is_not_returned(browse, session, seconds, three):
    ben, where = browse("ben"), f"/feedback/{three[0]}"
    why = "I read three lines, and none of them shows how you asked."
    ben.post(where, **loop.coach_form(loop.scenario()))
    answer = ben.post(f"{where}/return", why=why)
    assert answer.status_code == 409
    assert "Take it back first" in answer.text
    assert why in answer.text, "what was typed is kept"
    with clock.shifted(timedelta(seconds=11)):
        jobs.run_waiting()
    assert out(session) == three[:1]
    assert session.scalars(select(AttemptReturn)).all() == []


def test_taken_back_first_it_is_returned_and_nothing_goes_out(browse, session, seconds, three):
    ben, where = browse("ben"), f"/feedback/{three[0]}"
    ben.post(where, **loop.coach_form(loop.scenario()))
    ben.post(f"{where}/take-back")
    assert ben.post(f"{where}/return", why="I read three lines only.").status_code == 303
    with clock.shifted(timedelta(seconds=11)):
        jobs.run_waiting()
    assert out(session) == []
    assert session.scalars(select(Claim)).all() == []


@pytest.mark.one_database
def test_who_lets_go_of_it_in_these_seconds_takes_it_back(browse, session, seconds, three):
    ben, where = browse("ben"), f"/feedback/{three[0]}"
    ben.post(where, **loop.coach_form(loop.scenario()))
    assert ben.post(f"{where}/give-back").status_code == 303
    with clock.shifted(timedelta(seconds=11)):
        jobs.run_waiting()
    assert out(session) == []
    assert LIST in ben.get("/feedback/queue").text
