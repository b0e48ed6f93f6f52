"""Anything may be contested. Somebody who has not rated it looks again, and nobody else sees it meanwhile."""

from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from coachkit.features.accounts.models import RoleGrant
from coachkit.features.calibration import inputs, measures
from coachkit.features.feedback.contest.models import Contest
from coachkit.features.practice.models import Rating, RatingSheet
from coachkit.features.reports import service as reports
from coachkit.features.reports.models import Report
from coachkit.platform import clock, jobs
from coachkit.platform.audit import AuditEvent
from coachkit.platform.db import db, transaction
from coachkit.platform.policy import Role
from coachkit.web.library import library_of
from tests.factories import calibration, decisions, loop
from tests.factories.cast import unlicensed
from tests.factories.mails import link_in, sent
from tests.factories.routes import PLAUSIBLE, paths

NEEDS = "interviewing.needs"
SAID = {"text": "I asked twice.", "evidence": "“What should be different?”, minute three."}
SEEN = {"level": "2", "wording": "One question, after the date.", "reasons": "The second question is missing."}


@pytest.fixture
def attempt_id(app, cast):
    """Ana's official attempt; Ben gave 3 throughout."""
    with app.app_context():
        return loop.revealed(cast, own="MY-OWN", seen="HER-VIEW")


def differ(browse, attempt_id, item=NEEDS, who="ana", **more):
    return browse(who).post(f"/feedback/{attempt_id}/differ/{item}", **(SAID | more))


def contest(session) -> Contest:
    session.rollback()
    return session.scalars(select(Contest)).one()


def reviewer(session, cast) -> str:
    return next(name for name in ("eva", "mia") if cast.ids[name] == contest(session).reviewer_id)


def test_a_licensed_coach_who_has_not_rated_it_is_asked_and_told_only_that_there_is_something(
    browse, app, cast, attempt_id, session
):
    assert differ(browse, attempt_id).location == f"/feedback/{attempt_id}/reveal"
    who = reviewer(session, cast)
    mails = [mail for mail in sent(app) if mail["To"] == f"{who}@tessel.example"]
    assert [mail["Subject"] for mail in mails] == ["A second look is asked for"]
    assert "Ana" not in mails[0].get_content()
    assert "/feedback/contests/1" in browse(who).get("/feedback/queue").text
    page = browse("ana").get(f"/feedback/{attempt_id}/reveal").text
    assert "You see this differently" in page
    assert "I asked twice." in browse("ben").get(f"/feedback/{attempt_id}/reveal").text


@pytest.mark.parametrize("item", [NEEDS, "change"])
def test_whoever_looks_again_sees_what_was_said_and_nobody_s_rating(browse, cast, attempt_id, session, item):
    differ(browse, attempt_id, item, text="BECAUSE-I-THINK-SO")
    page = unescape(browse(reviewer(session, cast)).get("/feedback/contests/1").text)
    assert loop.SAID in page
    assert SAID["evidence"] in page
    for hidden in ("MY-OWN", "HER-VIEW", "BECAUSE-I-THINK-SO", "Ben Tanaka", "You asked what should change."):
        assert hidden not in page
    assert ("You gave a date." in page) is (item == "change"), "the words that are contested are the matter"
    assert "to look at something you contest" in browse("ana").get("/account/looks").text


@pytest.mark.parametrize(("level", "outcome"), [("3", "kept"), ("2", "changed"), ("not-observed", "removed")])
def test_a_rating_is_looked_at_blind_and_the_look_decides(browse, cast, attempt_id, session, level, outcome):
    differ(browse, attempt_id)
    who = reviewer(session, cast)
    assert browse(who).post("/feedback/contests/1", **(SEEN | {"level": level})).status_code == 303
    assert contest(session).outcome == outcome
    for reader in ("ana", "ben"):
        page = unescape(browse(reader).get(f"/feedback/{attempt_id}/reveal").text)
        assert f": {outcome}." in page
        assert SEEN["reasons"] in page
        assert f"HER-VIEW, {NEEDS}." in page, "the original stays readable"
    levels = select(Rating.level).join(RatingSheet).where(RatingSheet.kind == "coach")
    assert set(session.scalars(levels)) == {3}, "and is not touched"
    assert browse(who).post("/feedback/contests/1", **SEEN).status_code == 404, "decided once"


@pytest.mark.parametrize("outcome", ["kept", "changed", "removed"])
def test_half_of_a_note_is_kept_changed_or_removed_with_reasons(browse, cast, attempt_id, session, outcome):
    differ(browse, attempt_id, "change")
    look = browse(reviewer(session, cast))
    form = {"outcome": outcome, "wording": "You named a day first.", "reasons": "Minute four."}
    assert look.post("/feedback/contests/1", **(form | {"reasons": ""})).status_code == 422
    assert look.post("/feedback/contests/1", **form).status_code == 303
    page = browse("ana").get(f"/feedback/{attempt_id}/reveal").text
    assert f": {outcome}." in page
    assert "You gave a date." in page
    assert "Minute four." in page


@pytest.mark.one_database
def test_what_is_missing_in_an_answer_is_said_and_nothing_is_decided(browse, cast, attempt_id, session):
    differ(browse, attempt_id)
    look = browse(reviewer(session, cast))
    for field, value, said in (
        ("level", "", "Choose a level"),
        ("level", "5", "at most"),
        ("wording", "", "Still missing"),
        ("reasons", " ", "Give the reasons"),
    ):
        answer = look.post("/feedback/contests/1", **(SEEN | {field: value}))
        assert answer.status_code == 422
        assert said in unescape(answer.text)
    assert contest(session).decided_at is None


@pytest.fixture
def released(app, cast):
    """Cleo may look at Ana, whose ratings by Ben carry a mark; one of them is contested."""
    with app.app_context():
        attempt_id = loop.revealed(cast, days_ago=2, seen="CANARY-SEEN")
        decisions.ready()
        decisions.basis(cast)
        purpose_id = decisions.purpose(cast)
        decisions.released(cast, purpose_id)
        decisions.decided(cast, purpose_id)
    with app.test_request_context(), transaction() as session:
        settings, cleo = app.config["COACHKIT"], loop.actor(session, cast.cleo)
        reports.issue_released(session, cleo, loop.library(), library_of, settings, purpose_id, cast.ana)
    return attempt_id


MARK = f"CANARY-SEEN, {NEEDS}"
OTHER = "CANARY-SEEN, "


def everything(browser, app, cast, monkeypatch) -> str:
    for name, values in {"person_id": (cast.ana,), "learner_id": (cast.ana,), "attempt_id": (1,)}.items():
        monkeypatch.setitem(PLAUSIBLE, name, values)
    return "".join(browser.get(path).get_data(as_text=True) for path in (*paths(app), "/search?q=CANARY"))


@pytest.mark.one_database
def test_what_is_contested_reaches_no_page_of_the_cio_and_comes_back_when_it_is_kept(
    browse, app, cast, released, session, monkeypatch
):
    cleo = browse("cleo")
    papers = ("/prints/1", f"/decisions/1/people/{cast.ana}/decision/1/dossier.json")
    assert MARK in everything(cleo, app, cast, monkeypatch), "the net catches it before"
    assert all(MARK in cleo.get(path).text for path in papers)
    differ(browse, released)
    assert {cleo.get(path).status_code for path in papers} == {404}, "papers frozen before are not handed out"
    shown = everything(cleo, app, cast, monkeypatch)
    assert MARK not in shown
    assert OTHER in shown, "only the one thing is withheld"
    who = reviewer(session, cast)
    browse(who).post("/feedback/contests/1", **(SEEN | {"level": "3"}))
    assert MARK in everything(cleo, app, cast, monkeypatch)


@pytest.mark.one_database
def test_a_decision_s_frozen_record_shows_it_no_more_and_still_fits_its_fingerprint(browse, cast, released):
    path = f"/decisions/1/people/{cast.ana}/decision/1"
    cleo = browse("cleo")
    assert MARK in cleo.get(path).text
    differ(browse, released)
    page = cleo.get(path).text
    assert MARK not in page
    assert "contested by the person" in unescape(page)
    assert cleo.get(path).status_code == 200


@pytest.mark.one_database
def test_what_was_changed_is_shown_as_it_stands_now(browse, app, cast, released, session, monkeypatch):
    differ(browse, released)
    browse(reviewer(session, cast)).post("/feedback/contests/1", **SEEN)
    shown = everything(browse("cleo"), app, cast, monkeypatch)
    assert MARK not in shown
    assert SEEN["wording"] in unescape(shown)


@pytest.mark.one_database
def test_no_printed_report_holds_what_is_contested(browse, app, cast, released, session):
    with app.test_request_context():
        settings = app.config["COACHKIT"]
        with transaction() as own:
            differ(browse, released)
            differ(browse, released, "change")
            ana = loop.actor(own, cast.ana)
            report = reports.issue(own, ana, loop.library(), library_of, settings)
            document = report.document
    assert MARK not in document
    assert OTHER in document
    assert "You gave a date." not in document
    assert "You asked what should change." in document, "the other half of the note stands"
    assert "I asked twice." not in document, "nor is told that something is open"
    assert session.get(Report, report.id) is not None


@pytest.mark.one_database
def test_the_learner_s_report_tells_what_became_of_it(browse, app, cast, released, session):
    differ(browse, released)
    browse(reviewer(session, cast)).post("/feedback/contests/1", **SEEN)
    with app.test_request_context(), transaction() as own:
        report = reports.issue(own, loop.actor(own, cast.ana), loop.library(), library_of, app.config["COACHKIT"])
        document = report.document
    for words in (SAID["text"], SEEN["reasons"], '"changed"'):
        assert words in document


@pytest.mark.one_database
@pytest.mark.parametrize(("level", "counts"), [(None, False), ("3", True), ("2", False), ("not-observed", False)])
def test_only_what_stood_enters_the_calibration(browse, app, cast, attempt_id, session, level, counts):
    differ(browse, attempt_id)
    if level:
        browse(reviewer(session, cast)).post("/feedback/contests/1", **(SEEN | {"level": level}))
    with app.test_request_context():
        rows = inputs.gather(db.session(), loop.library(), library_of).rows
    assert (NEEDS in {row["criterion"] for row in rows}) is counts
    assert len(rows) == len(loop.scenario().criteria) - (not counts)
    asked = session.scalars(select(jobs.Outbox).where(jobs.Outbox.name == "calibration.run")).all()
    assert asked, "figures are made anew"


@pytest.mark.one_database
@pytest.mark.calibrated
def test_no_figure_that_still_rests_on_it_is_shown_until_it_is_made_anew(app, cast):
    with app.app_context():
        attempt_id = loop.revealed(cast)
        calibration.run()
        assert cast.ana in measures.standings(db.session(), [cast.ana])
        loop.contested(cast, attempt_id, NEEDS)
        assert measures.standings(db.session(), [cast.ana]) == {}
        db.session.remove()
        calibration.run()
        assert cast.ana in measures.standings(db.session(), [cast.ana])


@pytest.mark.one_database
def test_about_a_sentence_of_a_report_the_whole_skill_is_withheld_meanwhile(
    browse, app, cast, released, session, monkeypatch
):
    form = SAID | {"sentence": "CANARY-SENTENCE", "skill_id": "interviewing"}
    assert browse("ana").post("/feedback/differ", **form).status_code == 303
    assert MARK not in everything(browse("cleo"), app, cast, monkeypatch)
    who = reviewer(session, cast)
    page = unescape(browse(who).get("/feedback/contests/1").text)
    assert "CANARY-SENTENCE" in page
    assert loop.SAID in page
    assert "CANARY-SEEN" not in page
    answer = {"outcome": "removed", "reasons": "Nothing said supports it."}
    assert browse(who).post("/feedback/contests/1", **answer).status_code == 303
    assert "Nothing said supports it." in browse("ana").get("/feedback/differ").text


def test_where_there_is_no_second_coach_a_lead_coach_asks_somebody_from_outside(browse, app, cast, attempt_id, session):
    with app.app_context(), transaction() as own:
        for coach in (cast.eva, cast.mia):
            unlicensed(own, coach)
    differ(browse, attempt_id)
    assert contest(session).reviewer_id is None
    assert "Somebody from outside is needed" in [m["Subject"] for m in sent(app) if m["To"] == "lea@tessel.example"]
    lea = browse("lea")
    page = lea.get("/feedback/contests").text
    assert "Nobody can look at it yet" in page
    assert "Ana" not in page
    form = {"outsider": "Kim Frei", "email": "kim@elsewhere.example"}
    assert lea.post("/feedback/contests/1/outsider", **(form | {"email": "nonsense"})).status_code == 422
    assert lea.post("/feedback/contests/1/outsider", **form).status_code == 303
    session.rollback()
    link = link_in(next(mail for mail in sent(app) if mail["To"] == "kim@elsewhere.example"))
    stranger = browse(None)
    page = unescape(stranger.get(link).text)
    assert loop.SAID in page
    for hidden in ("HER-VIEW", "MY-OWN", "Ben Tanaka", "Ana Baptiste"):
        assert hidden not in page
    assert stranger.post(link, **SEEN).status_code == 200
    assert contest(session).outcome == "removed", "no level of hers comes to stand"
    assert (contest(session).outsider_email, contest(session).token_hash) == ("", None)
    page = unescape(browse("ana").get(f"/feedback/{attempt_id}/reveal").text)
    assert "holds no licence to rate" in page
    assert "does not stand as a rating" in page
    assert stranger.get(link).status_code == 404, "the link has ended"
    assert stranger.post(link, **SEEN).status_code == 404
    assert browse(None).get("/look-again/guessed").status_code == 404


@pytest.mark.one_database
def test_a_lead_coach_asks_nobody_from_outside_about_what_she_contests_herself(browse, app, cast, attempt_id, session):
    with app.app_context(), transaction() as own:
        for coach in (cast.eva, cast.mia):
            unlicensed(own, coach)
        own.add(RoleGrant(person_id=cast.ana, role=Role.LEAD_COACH))
    differ(browse, attempt_id)
    ana, form = browse("ana"), {"outsider": "Kim Frei", "email": "kim@elsewhere.example"}
    page = ana.get("/feedback/contests").text
    assert "another lead coach asks somebody" in page
    assert "/feedback/contests/1/outsider" not in page
    assert ana.post("/feedback/contests/1/outsider", **form).status_code == 409
    assert contest(session).outsider == ""
    assert browse("lea").post("/feedback/contests/1/outsider", **form).status_code == 303


@pytest.mark.one_database
def test_who_is_asked_from_outside_when_it_is_late_has_the_whole_time(browse, app, cast, attempt_id, session):
    with app.app_context(), transaction() as own:
        for coach in (cast.eva, cast.mia):
            unlicensed(own, coach)
    differ(browse, attempt_id)
    form = {"outsider": "Kim Frei", "email": "kim@elsewhere.example"}
    with clock.shifted(timedelta(days=20)):
        jobs.run_waiting()
        assert browse("lea").post("/feedback/contests/1/outsider", **form).status_code == 303
        assert contest(session).due_at == pytest.approx(clock.now() + timedelta(days=14), abs=timedelta(minutes=1))
        assert "was due" not in browse("lea").get("/feedback/contests").text
    late = "A second look is late"
    with clock.shifted(timedelta(days=35)):
        jobs.run_waiting()
    assert [m["Subject"] for m in sent(app) if m["To"] == "lea@tessel.example"].count(late) == 2, "each time over"


def test_it_can_be_taken_back_and_is_shown_again(browse, app, cast, released, session, monkeypatch):
    differ(browse, released)
    assert browse("dan").post("/feedback/contests/1/withdraw").status_code == 404
    assert browse("ana").post("/feedback/contests/1/withdraw").status_code == 303
    assert MARK in everything(browse("cleo"), app, cast, monkeypatch)
    assert browse("eva").get("/feedback/contests/1").status_code == 404


def test_a_double_click_contests_once_and_once_only(browse, attempt_id, session):
    ana = browse("ana")
    for _ in range(2):
        assert ana.post(f"/feedback/{attempt_id}/differ/{NEEDS}", key="k" * 22, **SAID).status_code == 303
    assert ana.post(f"/feedback/{attempt_id}/differ/{NEEDS}", **SAID).status_code == 409
    assert contest(session).item == NEEDS
    assert session.scalars(select(AuditEvent.action).where(AuditEvent.action == "contest:open")).all() == [
        "contest:open"
    ]


@pytest.mark.one_database
def test_practice_what_is_old_and_what_is_not_there_cannot_be_contested(browse, app, cast, session):
    with app.app_context():
        practice = loop.revealed(cast, kind="practice", coach="ben")
        old = loop.revealed(cast, days_ago=15)
        waits = loop.submitted(cast, scenario_id="rp19")
    assert differ(browse, practice).status_code == 409
    assert differ(browse, old).status_code == 409
    assert differ(browse, waits).status_code == 404
    assert differ(browse, old, "comm.tone").status_code == 404
    assert session.scalars(select(Contest)).all() == []


@pytest.mark.one_database
@pytest.mark.parametrize("who", ["dan", "ben", "eva", "mia", "lea", "cleo", "ada", "otto"])
def test_nobody_contests_for_somebody_else(browse, attempt_id, session, who):
    assert differ(browse, attempt_id, who=who).status_code == 404
    assert browse(who).get(f"/feedback/{attempt_id}/differ/{NEEDS}").status_code == 404
    assert session.scalars(select(Contest)).all() == []


def test_after_fourteen_days_the_lead_coaches_hear_of_it_and_it_stays_withheld(browse, app, cast, attempt_id, session):
    differ(browse, attempt_id)
    session.rollback()
    with clock.shifted(timedelta(days=14, minutes=1)):
        jobs.run_waiting()
    assert "A second look is late" in [mail["Subject"] for mail in sent(app) if mail["To"] == "lea@tessel.example"]
    assert contest(session).decided_at is None


@pytest.mark.one_database
def test_a_learner_takes_his_contests_away_with_his_data(browse, attempt_id):
    differ(browse, attempt_id)
    assert "I asked twice." in browse("ana").get("/account/export").get_data(as_text=True)
