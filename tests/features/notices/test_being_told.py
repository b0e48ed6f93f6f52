"""One event, one notice, at most one mail; a list of one's own, a daily mail, and a way out."""

import re
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select, update

from coachkit.features.notices.models import Notice, NoticeChoice
from coachkit.features.operations import erasure
from coachkit.features.practice import service as practice
from coachkit.platform import clock, jobs
from coachkit.platform.db import transaction
from coachkit.platform.jobs import Outbox
from coachkit.platform.mail import SmtpMailer
from tests.factories import loop
from tests.factories.mails import sent
from tests.factories.smtp import mail_server


@contextmanager
def by_smtp(app):
    """The application hands its mails to a real server."""
    with mail_server() as server:
        settings = replace(app.config["COACHKIT"], smtp_host="127.0.0.1", smtp_port=server.port, smtp_starttls=False)
        tools = app.extensions["coachkit_tools"]
        app.extensions["coachkit_tools"] = replace(tools, settings=settings, mailer=SmtpMailer(settings))
        yield server


def notices(session, person_id) -> list[Notice]:
    session.rollback()
    return list(session.scalars(select(Notice).where(Notice.person_id == person_id)))


def chooses(browser, mails: str) -> None:
    assert browser.post("/notices/mails", mails=mails).status_code == 303


def test_a_coach_finds_the_event_in_her_list_and_reading_it_leads_to_the_work(browse, app, cast, session):
    loop.submitted(cast, evidence="CANARY-SAID", own="CANARY-OWN")
    jobs.run_waiting()
    ben = browse("ben")
    page = unescape(ben.get("/notices").text)
    assert "1 of 1 new." in page
    assert "A learner has sent an attempt." in page
    assert "Ana Baptiste" not in page
    assert "CANARY" not in page
    [notice] = notices(session, cast.ben)
    assert ben.post(f"/notices/{notice.id}").location == "/feedback/queue"
    assert "Nothing new." in ben.get("/notices").text


def test_looking_at_the_list_marks_nothing_as_read(browse, app, cast):
    with app.app_context():
        loop.submitted(cast)
        jobs.run_waiting()
    ben = browse("ben")
    assert "1 of 1 new." in ben.get("/notices").text
    assert "1 of 1 new." in ben.get("/notices").text
    assert ben.post("/notices/read").status_code == 303
    assert "Nothing new." in ben.get("/notices").text


def test_somebody_else_s_notice_is_not_there(browse, app, cast, session):
    loop.submitted(cast)
    jobs.run_waiting()
    [notice] = notices(session, cast.ben)
    assert browse("eva").post(f"/notices/{notice.id}").status_code == 404
    assert notices(session, cast.ben)[0].read_at is None


def test_the_same_event_told_again_is_told_once(app, cast, session):
    attempt_id = loop.submitted(cast)
    jobs.run_waiting()
    with transaction() as own:
        jobs.enqueue(own, "feedback.tell_coaches", attempt_id=attempt_id)
    jobs.run_waiting()
    assert len(notices(session, cast.ben)) == 1
    assert len(sent(app)) == 1


def test_a_mail_says_that_there_is_something_and_never_what(app, cast):
    with app.app_context(), by_smtp(app) as server:
        attempt_id = loop.revealed(cast, evidence="CANARY-SAID", own="CANARY-OWN", seen="CANARY-SEEN")
        jobs.run_waiting()
    by_person = {mail["To"]: mail for mail in server.taken}
    assert set(by_person) == {"ana@tessel.example"}, "the coach's turn was over before she could be told"
    mail = by_person["ana@tessel.example"]
    assert mail["Subject"] == "Your coach has answered"
    text = mail.get_content()
    assert f"http://127.0.0.1:8000/feedback/{attempt_id}/reveal" in text
    for word in ("CANARY", "Ben", "Wants", "level", "Ask who decides"):
        assert word not in text + mail["Subject"]


def test_whoever_lost_the_learner_before_the_mail_went_out_gets_none(app, cast, session):
    attempt_id = loop.submitted(cast)
    with transaction() as own:
        [tell] = own.scalars(select(Outbox.id).where(Outbox.name == "feedback.tell_coaches"))
    assert jobs.run(tell), "she has been told, her mail is queued"
    loop.uncoached(cast, "ana", "ben")
    assert sent(app) == []
    assert notices(session, cast.ben)[0].about == attempt_id


def test_what_concerns_her_no_longer_leaves_her_list(browse, app, cast):
    with app.app_context():
        loop.submitted(cast)
        jobs.run_waiting()
        loop.uncoached(cast, "ana", "ben")
    assert "A learner has sent" not in browse("ben").get("/notices").text


def test_one_mail_a_day_holds_everything_that_is_still_open(browse, app, cast):
    ben = browse("ben")
    chooses(ben, "daily")
    with app.app_context():
        loop.submitted(cast)
        gone = loop.submitted(cast, scenario_id="rp19")
        with transaction() as own:
            practice.withdraw(own, loop.actor(own, cast.ana), gone)
    assert sent(app) == [], "not before its hour"
    with clock.shifted(timedelta(days=1)):
        [mail] = sent(app)
        assert mail["Subject"] == "Your day in coachkit"
        assert mail.get_content().count("A learner has sent an attempt.") == 1
    with clock.shifted(timedelta(days=2)):
        assert len(sent(app)) == 1, "a day without anything brings no mail"
        with app.app_context():
            loop.submitted(cast, scenario_id="rp19")
            jobs.run_waiting()
    with clock.shifted(timedelta(days=3)):
        assert len(sent(app)) == 2


def test_a_day_s_mail_that_was_called_off_in_between_is_not_sent(browse, app, cast):
    ben = browse("ben")
    chooses(ben, "daily")
    with app.app_context():
        loop.submitted(cast)
        jobs.run_waiting()
    chooses(ben, "none")
    with clock.shifted(timedelta(days=1)):
        assert sent(app) == []
    assert "1 of 1 new." in ben.get("/notices").text


def test_a_mail_program_ends_the_mails_with_one_click_and_without_a_session(browse, app, cast):
    with app.app_context(), by_smtp(app) as server:
        loop.submitted(cast)
        jobs.run_waiting()
        [mail] = server.taken
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        link = re.fullmatch(r"<http://127\.0\.0\.1:8000(/notices/stop/\S+)>", mail["List-Unsubscribe"])[1]
        assert browse(None).client.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
        loop.submitted(cast, scenario_id="rp19")
        jobs.run_waiting()
        assert len(server.taken) == 1
    assert "2 of 2 new." in browse("ben").get("/notices").text


def test_following_the_link_asks_first_and_changes_nothing(browse, app, cast, session):
    loop.submitted(cast)
    [mail] = sent(app)
    link = re.search(r"(/notices/stop/\S+)", mail.get_content())[1]
    assert "End the mails?" in browse(None).get(link).text
    assert session.scalars(select(NoticeChoice)).all() == []
    assert browse(None).post(link).status_code == 200
    assert [choice.mails for choice in session.scalars(select(NoticeChoice))] == ["none"]


@pytest.mark.one_database
@pytest.mark.parametrize("change", [str.upper, lambda link: link[:-1] + ("a" if link[-1] != "a" else "b")])
def test_a_link_that_nobody_gave_out_stops_nothing(browse, app, cast, session, change):
    loop.submitted(cast)
    [mail] = sent(app)
    token = re.search(r"/notices/stop/(\S+)", mail.get_content())[1]
    assert browse(None).post(f"/notices/stop/{change(token)}").status_code == 404
    assert session.scalars(select(NoticeChoice)).all() == []


def test_a_mail_server_that_is_away_for_hours_loses_no_mail(app, cast, session):
    with by_smtp(app) as server:
        server.away = True
        loop.submitted(cast)
        for minutes in (0, 2, 5, 10, 30, 60, 120):
            with clock.shifted(timedelta(minutes=minutes)):
                jobs.run_waiting()
        assert server.taken == []
        server.away = False
        with clock.shifted(timedelta(hours=8)):
            jobs.run_waiting()
        assert len(server.taken) == 1
        assert notices(session, cast.ben)[0].mailed_at is not None


def test_a_worker_that_dies_after_the_server_took_the_mail_sends_the_same_one(app, cast, session):
    """Nobody can take a mail back; whoever receives it twice sees by its number that it is the same."""

    class GoneError(BaseException):
        pass

    def die():
        raise GoneError

    with by_smtp(app) as server:
        mailer = app.extensions["coachkit_tools"].mailer
        loop.submitted(cast)

        class Dies:
            def send(self, message):
                mailer.send(message)
                die()

        app.extensions["coachkit_tools"] = replace(app.extensions["coachkit_tools"], mailer=Dies())
        with pytest.raises(GoneError):
            jobs.run_waiting()
        app.extensions["coachkit_tools"] = replace(app.extensions["coachkit_tools"], mailer=mailer)
        with clock.shifted(jobs.LEASE + timedelta(seconds=1)):
            jobs.run_waiting()
            jobs.run_waiting()
        assert len({mail["Message-ID"] for mail in server.taken}) == 1
        assert len(server.taken) == 2
        assert notices(session, cast.ben)[0].mailed_at is not None


def test_a_mail_job_delivered_three_times_sends_one_mail(app, cast, session):
    with by_smtp(app) as server:
        loop.submitted(cast)
        jobs.run_waiting()
        with transaction() as own:
            [mail_job] = own.scalars(select(Outbox.id).where(Outbox.name == "notices.mail"))
            own.execute(update(Outbox).where(Outbox.id == mail_job).values(done_at=None, lease_until=None))
        for _ in range(3):
            jobs.run(mail_job)
        assert len(server.taken) == 1


def test_the_export_says_what_one_was_told_and_being_erased_takes_it_along(browse, app, cast, session):
    loop.submitted(cast)
    jobs.run_waiting()
    told = browse("ben").get("/account/export").json["notices"]
    assert told["mails"] == "each"
    assert [each["what"] for each in told["told"]] == ["A learner has sent an attempt."]
    with transaction() as own:
        erasure.erase(own, loop.actor(own, cast.ada), cast.ben)
    assert session.scalars(select(Notice)).all() == []
