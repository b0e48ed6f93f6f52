"""A second coach rates blind; nothing is shown before all have locked; and where two differ, a third sheet says so."""

from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from coachkit.app import create_app
from coachkit.features.calibration import inputs
from coachkit.features.feedback.models import Agreement, FeedbackNote
from coachkit.features.practice.models import Attempt, Rating, RatingSheet, SecondLook
from coachkit.features.practice.queries import observed
from coachkit.platform import clock, jobs
from coachkit.platform.audit import AuditEvent
from coachkit.platform.db import db, transaction
from coachkit.web.library import library_of
from tests.factories import loop
from tests.factories.browsing import Browser
from tests.factories.cast import unlicensed
from tests.factories.mails import sent
from tests.factories.routes import PLAUSIBLE, paths

JSON = {"Accept": "application/json"}


@pytest.fixture
def attempt_id(app, cast):
    """Ana's attempt, for which Mia was asked as the second coach."""
    with app.app_context():
        found = loop.submitted(cast, own="CANARY-OF-ANA")
        loop.asked_second(cast, found, "mia")
        return found


def first(attempt_id, browse, **more):
    form = loop.coach_form(loop.scenario(), line="CANARY-OF-BEN") | more
    return browse("ben").post(f"/feedback/{attempt_id}", **form)


def second(attempt_id, browse, **more):
    form = loop.second_form(loop.scenario(), line="CANARY-OF-MIA") | more
    return browse("mia").post(f"/feedback/{attempt_id}/second", **form)


def sheet(session, kind) -> RatingSheet | None:
    session.rollback()
    return session.scalars(select(RatingSheet).where(RatingSheet.kind == kind)).one_or_none()


@pytest.mark.parametrize("order", ["first then second", "second then first"])
def test_only_when_all_three_have_locked_everybody_sees_everything(browse, session, attempt_id, app, order):
    steps = (first, second) if order.startswith("first") else (second, first)
    assert steps[0](attempt_id, browse).location == "/feedback/queue"
    assert session.get(Attempt, attempt_id).revealed_at is None
    for who in ("ana", "ben", "mia"):
        assert browse(who).get(f"/feedback/{attempt_id}/reveal").status_code == 404
    session.rollback()
    assert "ana@tessel.example" not in {mail["To"] for mail in sent(app)}
    assert steps[1](attempt_id, browse).location == f"/feedback/{attempt_id}/reveal"
    for who in ("ana", "ben", "mia"):
        page = browse(who).get(f"/feedback/{attempt_id}/reveal").text
        for words in ("CANARY-OF-ANA", "CANARY-OF-BEN", "CANARY-OF-MIA"):
            assert words in page, (who, words)
    session.rollback()
    assert [mail["To"] for mail in sent(app)].count("ana@tessel.example") == 1
    assert session.scalars(select(AuditEvent.action).where(AuditEvent.action == "attempt:reveal")).all() == [
        "attempt:reveal"
    ]


@pytest.mark.one_database
@pytest.mark.parametrize("reader", ["ana", "ben", "mia", "lea", "cleo", "ada", "otto", "eva", "dan"])
def test_before_all_have_locked_nobody_finds_a_word_of_the_others_anywhere(
    browse, app, cast, attempt_id, session, reader, monkeypatch
):
    """Two sides have locked and the third has a draft; every page, file and export there is, and every mail."""
    first(attempt_id, browse, **{"keep-behaviour": "CANARY-OF-BEN, in the note"})
    draft = loop.second_form(loop.scenario(), line="CANARY-OF-MIA")
    browse("mia").post(f"/feedback/{attempt_id}/second/draft", **draft)
    monkeypatch.setitem(PLAUSIBLE, "attempt_id", (attempt_id,))
    monkeypatch.setitem(PLAUSIBLE, "learner_id", (cast.ana,))
    monkeypatch.setitem(PLAUSIBLE, "person_id", (cast.ana, cast.ben, cast.mia))
    somebody = browse(reader)
    session.rollback()
    words = "".join(mail.get_content() + mail["Subject"] for mail in sent(app))
    for path in (*paths(app), "/search?q=CANARY-OF"):
        for headers in ({}, JSON):
            words += somebody.get(path, headers=headers).get_data(as_text=True)
    own = {"ana": "CANARY-OF-ANA", "ben": "CANARY-OF-BEN", "mia": "CANARY-OF-MIA"}
    for whose, canary in own.items():
        assert (canary in words) is (whose == reader), canary


def test_the_second_coach_reads_what_was_said_and_no_note_answer_or_plan(browse, attempt_id, session):
    mia = browse("mia")
    page = unescape(mia.get(f"/feedback/{attempt_id}/second").text)
    assert loop.SAID in page
    assert "Was it fixed?" not in page
    first(attempt_id, browse)
    second(attempt_id, browse)
    ana = browse("ana")
    plan = {"cue": "CANARY-CUE", "act": "ask", "due_on": (clock.today() + timedelta(days=3)).isoformat()}
    assert ana.post(f"/feedback/{attempt_id}/plan", **plan).status_code == 303
    shown = mia.get(f"/feedback/{attempt_id}/reveal").text
    assert "You gave a date." in ana.get(f"/feedback/{attempt_id}/reveal").text
    for hidden in ("You gave a date.", "CANARY-CUE"):
        assert hidden not in shown


def test_she_is_no_first_coach_of_this_attempt_even_if_she_coaches_the_learner(browse, app, cast, attempt_id, session):
    with app.app_context():
        loop.coached(cast, "ana", "mia")
    mia = browse("mia")
    assert mia.get(f"/feedback/{attempt_id}").status_code == 404
    assert mia.post(f"/feedback/{attempt_id}", **loop.coach_form(loop.scenario())).status_code == 404
    assert f'href="/feedback/{attempt_id}/second"' in mia.get("/feedback/queue").text
    assert f'href="/feedback/{attempt_id}"' not in mia.get("/feedback/queue").text


def test_her_draft_is_kept_and_a_stale_one_meets_both_texts(browse, attempt_id, session):
    mia = browse("mia")
    path = f"/feedback/{attempt_id}/second/draft"
    data = {"csrf_token": mia.token(), "version": "0", "evidence-interviewing.needs": "from the newer tab"}
    assert mia.client.post(path, data=data, headers=JSON).json == {"version": 1}
    assert "from the newer tab" in mia.get(f"/feedback/{attempt_id}/second").text
    stale = mia.client.post(path, data=data | {"evidence-interviewing.needs": "from the older tab"}, headers=JSON)
    assert stale.status_code == 409
    assert "from the older tab" in stale.text


def test_a_double_click_locks_once(browse, attempt_id, session):
    mia, form = browse("mia"), loop.second_form(loop.scenario())
    answers = [mia.post(f"/feedback/{attempt_id}/second", key="k" * 22, **form) for _ in range(3)]
    assert {(a.status_code, a.location) for a in answers} == {(303, "/feedback/queue")}
    assert len(session.scalars(select(AuditEvent).where(AuditEvent.action == "attempt:rate-second")).all()) == 1


@pytest.mark.one_database
def test_what_is_missing_is_said_and_levels_above_the_scenario_s_limit_are_refused(browse, attempt_id, session):
    for field, value, said in (
        ("level-interviewing.needs", "", "Choose a level"),
        ("level-interviewing.needs", "5", "at most"),
        ("evidence-interviewing.needs", "", "Still missing"),
    ):
        answer = second(attempt_id, browse, **{field: value})
        assert answer.status_code == 422
        assert said in unescape(answer.text)
    assert sheet(session, "second") is None


@pytest.mark.one_database
@pytest.mark.parametrize("who", ["ana", "dan", "ben", "eva", "lea", "cleo", "ada", "otto"])
def test_nobody_else_gives_the_second_view(browse, attempt_id, session, who):
    somebody = browse(who)
    assert somebody.get(f"/feedback/{attempt_id}/second").status_code == 404
    for path in ("second", "second/draft"):
        answer = somebody.post(f"/feedback/{attempt_id}/{path}", **loop.second_form(loop.scenario()))
        assert answer.status_code == 404
    assert sheet(session, "second") is None


def test_the_learner_waits_for_her_so_long_and_no_longer(browse, app, attempt_id, session):
    first(attempt_id, browse)
    browse("mia").post(f"/feedback/{attempt_id}/second/draft", **loop.second_form(loop.scenario(), line="TOO-LATE"))
    assert "Mia Haddad rates it as well" in browse("ana").get(f"/practice/{attempt_id}").text
    session.rollback()
    with clock.shifted(timedelta(days=8)):
        jobs.run_waiting()
    session.rollback()
    assert session.get(Attempt, attempt_id).revealed_at is not None
    assert session.get(SecondLook, attempt_id).lapsed_at is not None
    assert session.scalars(select(FeedbackNote)).one().released_at is not None
    for who in ("ana", "ben"):
        page = browse(who).get(f"/feedback/{attempt_id}/reveal").text
        assert "CANARY-OF-BEN" in page
        assert "TOO-LATE" not in page
    answer = second(attempt_id, browse)
    assert answer.status_code == 404, "what was shown cannot be rated blind"
    assert "TOO-LATE" not in browse("ana").get("/account/export").get_data(as_text=True)


def test_without_the_first_coach_the_end_of_her_time_shows_nothing(browse, app, attempt_id, session):
    session.rollback()
    with clock.shifted(timedelta(days=8)):
        jobs.run_waiting()
    session.rollback()
    assert session.get(Attempt, attempt_id).revealed_at is None
    assert first(attempt_id, browse).location == f"/feedback/{attempt_id}/reveal"


def test_the_lead_coach_asks_and_sees_no_level_and_no_word(browse, app, cast, session):
    with app.app_context():
        attempt_id = loop.submitted(cast, own="CANARY-OF-ANA")
        loop.submitted(cast, kind="practice", scenario_id="rp19")
    lea = browse("lea")
    page = lea.get("/feedback/second-looks").text
    assert "Ana Baptiste" not in page
    assert "first view by Ben Tanaka" in page
    assert page.count("<select") == 1, "practice is not in the list"
    assert "CANARY-OF-ANA" not in page
    assert f'value="{cast.ben}"' not in page, "the only coach who can rate first cannot look second"
    path, sent_ = f"/feedback/second-looks/{attempt_id}", {"coach_id": str(cast.eva)}
    assert lea.post(path, **sent_).status_code == 303
    assert session.get(SecondLook, attempt_id).coach_id == cast.eva
    assert "Eva Lindholm looks a second time" in lea.get("/feedback/second-looks").text
    assert lea.post(path, **sent_).status_code == 409
    session.rollback()
    assert "A second view is asked for" in [mail["Subject"] for mail in sent(app) if mail["To"] == "eva@tessel.example"]


def test_nobody_is_asked_who_could_not_be_blind(browse, app, cast, session):
    with app.app_context():
        shown, waits = loop.revealed(cast), loop.submitted(cast, scenario_id="rp19")
    lea = browse("lea")
    assert lea.post(f"/feedback/second-looks/{shown}", coach_id=str(cast.eva)).status_code == 409
    for coach in (cast.ben, cast.ana, cast.cleo):
        assert lea.post(f"/feedback/second-looks/{waits}", coach_id=str(coach)).status_code == 422
    assert session.scalars(select(SecondLook)).all() == []


def test_who_holds_no_licence_is_not_asked_and_loses_the_look_with_it(browse, app, cast, attempt_id, session):
    with app.app_context():
        other = loop.submitted(cast, scenario_id="rp19")
        with transaction() as db_session:
            unlicensed(db_session, cast.mia)
    answer = browse("lea").post(f"/feedback/second-looks/{other}", coach_id=str(cast.mia))
    assert answer.status_code == 422
    assert second(attempt_id, browse).status_code == 403, "the page says that a licence is needed"
    assert sheet(session, "second") is None


def test_a_share_of_official_attempts_is_drawn_when_they_are_sent(settings, cast):
    """With every attempt drawn: official work has a second coach from the start, practice never."""
    app = create_app(replace(settings, second_percent=100))
    with app.app_context():
        official, practice = loop.started(cast), loop.started(cast, kind="practice", coach="ben")
        form = loop.self_form(loop.scenario())
    ana = Browser(app, "ana")
    for attempt_id in (official, practice):
        assert ana.post(f"/practice/{attempt_id}/rate", **form).status_code == 303
    with app.app_context():
        looks = db.session.scalars(select(SecondLook)).all()
        assert [(look.attempt_id, look.drawn, look.asked_by) for look in looks] == [(official, True, None)]
        assert looks[0].coach_id in {cast.eva, cast.mia}, "somebody who does not coach her"
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def differing(app, cast):
    """Ben gave 1 throughout, Mia 3."""
    with app.app_context():
        return loop.looked_twice(cast, levels=(1, 3), seen=("BEN-SAW", "MIA-SAW"))


def agreed_form(level: str = "2", line: str = "Both see it now.") -> dict[str, str]:
    return loop.second_form(loop.scenario(), level=level, line=line)


def test_two_levels_apart_ask_both_coaches_for_an_agreed_sheet(browse, app, differing, session):
    mails = [mail for mail in sent(app) if mail["Subject"] == "Two views that differ"]
    assert sorted(mail["To"] for mail in mails) == ["ben@tessel.example", "mia@tessel.example"]
    for who in ("ben", "mia"):
        page = browse(who).get(f"/feedback/{differing}/agreed").text
        assert "BEN-SAW" in page
        assert "MIA-SAW" in page
    assert browse("ana").get(f"/feedback/{differing}/agreed").status_code == 404
    assert "They talk about" in browse("ana").get(f"/feedback/{differing}/reveal").text


def test_one_level_apart_asks_for_nothing(app, cast, session):
    with app.app_context():
        loop.looked_twice(cast, levels=(2, 3))
    assert session.scalars(select(Agreement)).all() == []


def test_one_writes_the_other_agrees_and_all_three_sheets_stay(browse, differing, session, app, cast):
    ben, mia, ana = browse("ben"), browse("mia"), browse("ana")
    assert ben.post(f"/feedback/{differing}/agreed", **agreed_form()).status_code == 303
    assert ben.post(f"/feedback/{differing}/agreed/answer", act="agree", version="1").status_code == 409, "not alone"
    assert "Both see it now." not in ana.get(f"/feedback/{differing}/reveal").text
    assert mia.post(f"/feedback/{differing}/agreed/answer", act="agree", version="1").status_code == 303
    page = ana.get(f"/feedback/{differing}/reveal").text
    for words in ("BEN-SAW", "MIA-SAW", "Both see it now.", "Agreed between both coaches"):
        assert words in page
    levels = session.execute(select(RatingSheet.kind, Rating.level).join(Rating).distinct().order_by(RatingSheet.kind))
    assert set(levels.all()) == {("self", 2), ("coach", 1), ("second", 3), ("agreed", 2)}
    closed = ben.post(f"/feedback/{differing}/agreed", **(agreed_form() | {"version": "1"}))
    assert closed.status_code == 409


def test_the_other_may_dissent_and_has_to_say_how(browse, differing, session):
    ben, mia = browse("ben"), browse("mia")
    mia.post(f"/feedback/{differing}/agreed", **agreed_form())
    assert ben.post(f"/feedback/{differing}/agreed/answer", act="dissent", version="1").status_code == 422
    sent_ = {"act": "dissent", "version": "1", "dissent": "I heard no question."}
    assert ben.post(f"/feedback/{differing}/agreed/answer", **sent_).status_code == 303
    page = browse("ana").get(f"/feedback/{differing}/reveal").text
    assert "closed it with a dissent" in page
    assert "I heard no question." in page


def test_of_two_wordings_at_once_one_meets_the_other(browse, differing, session):
    ben, mia = browse("ben"), browse("mia")
    assert ben.post(f"/feedback/{differing}/agreed", **agreed_form(line="Ben's wording.")).status_code == 303
    late = mia.post(f"/feedback/{differing}/agreed", **agreed_form(line="Mia's wording."))
    assert late.status_code == 409
    assert "Mia&#39;s wording." in late.text
    assert mia.post(f"/feedback/{differing}/agreed/answer", act="agree", version="0").status_code == 409
    assert (
        mia.post(f"/feedback/{differing}/agreed", **(agreed_form(line="Mia's wording.") | {"version": "1"})).status_code
        == 303
    )


def test_both_blind_sheets_enter_the_calibration_and_the_agreed_one_does_not(browse, differing, session, app, cast):
    browse("ben").post(f"/feedback/{differing}/agreed", **agreed_form())
    browse("mia").post(f"/feedback/{differing}/agreed/answer", act="agree", version="1")
    with app.test_request_context():
        rows = inputs.gather(db.session(), loop.library(), library_of).rows
        seen = observed(db.session(), library_of, [cast.ana])[cast.ana]
    assert {row["level"] for row in rows} == {1, 3}
    assert {row.coach.value for row in seen} == {2}, "pages about the learner show what both agreed on"
    assert "agreed" in seen[0].coach_name
