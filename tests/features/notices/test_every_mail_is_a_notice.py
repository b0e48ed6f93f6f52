"""What happens stands in one's list, whatever room it comes from; some mails nobody can switch off, and they say so."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from coachkit.domain.decision.safeguards import Duty
from coachkit.features import notices as room
from coachkit.features.decisions import answering
from coachkit.features.decisions.duties import Named
from coachkit.features.feedback.conversation import service as talks
from coachkit.features.notices import service
from coachkit.features.notices.kinds import KINDS
from coachkit.features.notices.models import Notice
from coachkit.platform import clock, jobs
from coachkit.platform.db import transaction
from tests.factories import decisions as make
from tests.factories import loop
from tests.factories.mails import link_in, sent

pytestmark = pytest.mark.usefixtures("session")


def choose(cast, mails: str, *people: str) -> None:
    with transaction() as own:
        for name in people:
            service.choose(own, loop.actor(own, cast.ids[name]), mails)


def told(browser) -> str:
    return browser.get("/notices").text


def mails_to(app, who: str) -> list:
    return [mail for mail in sent(app) if mail["To"] == f"{who}@tessel.example"]


@pytest.fixture
def decided(cast):
    """A decision about Ana; Otto would read an appeal."""
    choose(cast, "none", "ana", "cleo", "otto")
    named = {Duty.APPEAL_READER: Named(cast.otto, reports_to_nobody_here=True)}
    return make.decided(cast, make.opened(cast), make.DEVELOP, named=named)


def appealed(cast, record_id: int) -> None:
    with transaction() as own:
        answering.appeal(own, loop.actor(own, cast.ana), record_id, words="I was away in June.")


def test_a_decision_is_mailed_to_whom_it_concerns_whatever_he_chose_and_the_mail_says_so(browse, app, cast, decided):
    [mail] = mails_to(app, "ana")
    assert mail["Subject"] == "Something to read in coachkit"
    assert link_in(mail) == f"/purposes/decisions/{decided}"
    assert "whatever you chose about mails" in mail.get_content()
    assert mail["List-Unsubscribe"] is None, "a way out that leads nowhere would be a lie"
    assert "There is something to read for you" in told(browse("ana"))


def test_a_named_reader_is_told_at_once_and_anew_when_there_is_an_appeal(browse, app, cast, decided, session):
    assert len(mails_to(app, "otto")) == 1
    browse("otto").post("/notices/read")
    assert "Nothing new." in told(browse("otto"))
    appealed(cast, decided)
    assert len(mails_to(app, "otto")) == 2
    assert "1 of 1 new." in told(browse("otto"))


def test_news_on_a_record_reaches_the_cio_once_for_each_and_an_appeal_always_by_mail(browse, app, cast, decided):
    with transaction() as own:
        answering.answer(own, loop.actor(own, cast.ana), decided, words="I was heard once.", unwanted=False)
    assert mails_to(app, "cleo") == [], "she wants no mails, and an answer asks nothing of her"
    appealed(cast, decided)
    assert [mail["Subject"] for mail in mails_to(app, "cleo")] == ["News on a record in coachkit"]
    assert told(browse("cleo")).count("There is something new on a record") == 2
    assert "something new on a record" not in told(browse("ana")), "her own words are no news to her"


def test_what_always_comes_is_not_repeated_in_the_daily_mail(app, cast):
    choose(cast, "daily", "ana")
    make.decided(cast, make.opened(cast), make.DEVELOP)
    assert len(mails_to(app, "ana")) == 1
    with clock.shifted(timedelta(days=1)):
        assert len(mails_to(app, "ana")) == 1


def test_a_talk_that_is_asked_for_waits_for_the_daily_mail_of_whoever_chose_one(browse, app, cast):
    choose(cast, "daily", "ben")
    with transaction() as own:
        talk = talks.begin(own, loop.actor(own, cast.ana), cast.ben).id
    assert mails_to(app, "ben") == []
    page = told(browse("ben"))
    assert "asks you for a talk" in page
    assert "Ana" not in page
    with clock.shifted(timedelta(days=1)):
        [mail] = mails_to(app, "ben")
    assert f"/conversations/{talk}" in mail.get_content()
    assert mail["List-Unsubscribe"] is not None


def test_the_outcome_of_a_contest_stands_in_the_list_of_whoever_contested(browse, app, cast):
    attempt_id = loop.revealed(cast)
    item = loop.scenario().criteria[0]
    choose(cast, "none", "ana")
    ana = browse("ana")
    ana.post(f"/feedback/{attempt_id}/differ/{item}", text="I asked twice.", evidence="What should change?")
    jobs.run_waiting()
    looked = {"level": "2", "wording": "She asked once, and waited.", "reasons": "The minutes show it."}
    someone = next(name for name in ("eva", "mia") if "asked to look at what was said" in told(browse(name)))
    assert browse(someone).post("/feedback/contests/1", **looked).status_code == 303
    jobs.run_waiting()
    assert "Somebody else has looked at what you see differently." in told(ana)
    assert "Your view was looked at" not in [mail["Subject"] for mail in mails_to(app, "ana")]
    jobs.run_waiting()
    assert "asked to look at what was said" not in told(browse(someone)), "it is decided"


def test_a_partner_s_answer_is_told_and_told_anew_when_it_changes(browse, app, cast):
    attempt_id = loop.started(cast)
    ana, rosa = browse("ana"), browse(None)
    on = (clock.today() + timedelta(days=2)).isoformat()
    asked = {"name": "Rosa", "email": "rosa@plant.example", "on_1": on, "at_1": "14:30"}
    assert ana.post(f"/practice/{attempt_id}/partner", **asked).status_code == 303
    link = link_in(sent(app)[-1])
    rosa.post(f"{link}/answer", time="1")
    jobs.run_waiting()
    assert "Whoever you asked to play the other side has answered." in told(ana)
    ana.post("/notices/read")
    rosa.post(f"{link}/answer", no="1")
    jobs.run_waiting()
    assert "1 of 1 new." in told(ana)


def test_a_sponsor_with_an_account_is_told_until_it_is_taken_back(browse, app, cast):
    ana, cleo = browse("ana"), browse("cleo")
    ana.post("/sponsor", name="Cleo", email="cleo@tessel.example")
    ana.post("/sponsor/share", hours="Two hours a week.", dates="", send="1")
    jobs.run_waiting()
    assert "A learner shares with you" in told(cleo)
    ana.post("/sponsor/end")
    assert "A learner shares with you" not in told(cleo)


@pytest.mark.one_database
def test_these_mails_nobody_can_switch_off():
    """Another one is a decision (docs/decisions/0023), and changes this list and the words on the page."""
    assert {name for name, kind in KINDS.items() if kind.always} == {
        "decision-recorded",
        "duty-given",
        "record-appeal",
        "my-record-note",
        "my-record-ruling",
        "my-record-signature",
    }


@pytest.mark.one_database
def test_no_kind_s_words_hold_a_name_or_a_text():
    for kind in KINDS.values():
        assert "{" not in kind.subject + kind.sentence
        assert kind.path.replace("{about}", "").find("{") == -1
        assert len(kind.name) <= Notice.kind.type.length


@pytest.mark.one_database
def test_only_these_jobs_send_mail_past_the_notices():
    """Links for people without an account, and what concerns an account itself: decision 23 says why."""
    features = Path(room.__file__).parents[1]
    direct = {
        path.relative_to(features).as_posix()
        for path in features.rglob("*.py")
        if path.parts[-2:] != ("notices", "jobs.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "coachkit.platform.mail"
    }
    assert direct == {
        "accounts/jobs.py",
        "decisions/jobs.py",
        "feedback/contest/jobs.py",
        "feedback/sponsor/jobs.py",
        "practice/partner/jobs.py",
    }


def test_one_event_told_by_a_job_that_came_twice_is_one_notice(app, cast, decided, session):
    jobs.run_waiting()
    for name, args in (("decisions.tell_person", {}), ("decisions.tell_change", {"kind": "ruling"})):
        for _ in range(2):
            with transaction() as own:
                jobs.enqueue(own, name, record_id=decided, **args)
    jobs.run_waiting()
    session.rollback()
    kinds = sorted(session.scalars(select(Notice.kind).where(Notice.person_id == cast.ana)))
    assert kinds == ["decision-recorded", "my-record-ruling"]
