"""No official rating without a valid licence, on whatever way somebody comes to it."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from coachkit.domain.assessment.licence import Standing
from coachkit.domain.assessment.scale import Level
from coachkit.domain.assessment.sheet import Line
from coachkit.features.feedback import service as feedback
from coachkit.features.feedback.contest import service as contest
from coachkit.features.feedback.contest.models import Contest
from coachkit.features.feedback.contest.queries import observed_by_others
from coachkit.features.practice import queries, service
from coachkit.features.practice.licences import Licence
from coachkit.features.practice.models import Attempt, RatingSheet
from coachkit.platform import clock, jobs
from coachkit.platform.db import transaction
from coachkit.platform.errors import LicenceNeededError
from coachkit.web.library import library_of
from tests.factories import loop
from tests.factories.cast import licensed, unlicensed
from tests.factories.mails import link_in, sent
from tests.factories.training import without_sets_for

PROJECT = Path(__file__).parents[2]


def never(session, ben):
    unlicensed(session, ben)


def lapsed(session, ben):
    unlicensed(session, ben)
    licensed(session, ben, expires_on=clock.today() - timedelta(days=1))


def another_rubric(session, ben):
    for row in session.scalars(select(Licence).where(Licence.coach_id == ben)):
        row.rubric = row.rubric.replace("@1", "@2")


def all_but_one(session, ben):
    unlicensed(session, ben)
    licensed(session, ben, "interviewing", "comm", "trust", "credibility", "persuasion", "presenting")


STATES = [never, lapsed, another_rubric, all_but_one]


@pytest.fixture(params=STATES, ids=lambda state: state.__name__)
def waits(request, app, cast):
    """An official attempt of Ana's waits for Ben, who may not rate it (its skills are analysis and interviewing)."""
    with app.app_context():
        attempt_id = loop.submitted(cast, evidence="CANARY-SAID", own="CANARY-OWN")
        with transaction() as session:
            request.param(session, cast.ben)
    return attempt_id


def rated(scenario):
    return {c: Line(Level(3), "She asked and waited.") for c in scenario.criteria}


def test_the_queue_and_the_home_page_do_not_show_it(browse, cast, waits):
    for path in ("/feedback/queue", "/"):
        page = browse("ben").get(path).text
        assert f"/feedback/{waits}" not in page
        assert "Ana Baptiste" not in page or path == "/"
        assert "CANARY" not in page
    assert "Yours: " not in browse("ben").get("/feedback/learners").text


def test_its_pages_say_what_to_do_and_show_nothing_of_it(browse, app, cast, waits):
    ben = browse("ben")
    with app.app_context():
        form = loop.coach_form(loop.scenario())
    answers = [
        ben.get(f"/feedback/{waits}"),
        ben.get(f"/feedback/{waits}/reveal"),
        ben.post(f"/feedback/{waits}/draft", **form),
        ben.post(f"/feedback/{waits}", **form),
        ben.post(f"/feedback/{waits}", **form, next="1"),
        ben.post(f"/feedback/{waits}", **form, later="1"),
    ]
    for answer in answers:
        assert answer.status_code == 403
        assert "Your licence comes first" in answer.text
        assert "CANARY" not in answer.text
        assert "Ana" not in answer.text
    assert "She asked and waited." in answers[2].text, "what was typed is given back"


def test_no_service_takes_a_rating_of_it(app, cast, waits):
    with app.app_context(), transaction() as session:
        ben, books = loop.actor(session, cast.ben), loop.library()
        attempt, lines = session.get_one(Attempt, waits), rated(loop.scenario())
        with pytest.raises(LicenceNeededError):
            feedback.save_draft(session, ben, books, waits, lines, loop.NOTE, version=0)
        with pytest.raises(LicenceNeededError):
            feedback.release(session, ben, books, waits, lines, loop.NOTE, version=0)
        for kind in ("coach", "second", "agreed"):
            for lock in (False, True):
                with pytest.raises(LicenceNeededError):
                    service.save_sheet(session, attempt, cast.ben, kind, lines, version=0, lock=lock)
        kinds = session.scalars(select(RatingSheet.kind).where(RatingSheet.attempt_id == waits)).all()
        assert kinds == ["self"]


def test_a_second_coach_whose_licence_has_ended_meanwhile_is_stopped_too(browse, app, cast):
    with app.app_context():
        attempt_id = loop.submitted(cast, evidence="CANARY-SAID")
        loop.asked_second(cast, attempt_id, "mia")
        with transaction() as session:
            lapsed(session, cast.mia)
        form = loop.second_form(loop.scenario())
    mia = browse("mia")
    assert f"/feedback/{attempt_id}" not in mia.get("/feedback/queue").text
    for answer in (
        mia.get(f"/feedback/{attempt_id}/second"),
        mia.post(f"/feedback/{attempt_id}/second", **form),
        mia.post(f"/feedback/{attempt_id}/second/draft", **form),
    ):
        assert answer.status_code == 403
        assert "Your licence comes first" in answer.text
        assert "CANARY" not in answer.text


def test_nor_is_an_official_attempt_watched_without_one(browse, app, cast):
    with app.app_context():
        attempt_id = loop.started(cast, evidence="CANARY-SAID")
        practice_id = loop.started(cast, kind="practice", coach="ben")
        for each in (attempt_id, practice_id):
            loop.watched(cast, each)
        with transaction() as session:
            lapsed(session, cast.ben)
    ben = browse("ben")
    assert ben.get(f"/feedback/{practice_id}/observe").status_code == 200
    answer = ben.get(f"/feedback/{attempt_id}/observe")
    assert answer.status_code == 403
    assert "Your licence comes first" in answer.text
    assert f"/feedback/{attempt_id}/observe" not in ben.get("/feedback/queue").text


def test_nor_does_anybody_look_again_at_a_contested_rating_without_one(browse, app, cast):
    with app.app_context():
        attempt_id = loop.revealed(cast)
        with transaction() as session:
            item = loop.scenario().criteria[0]
            ana = loop.actor(session, cast.ana)
            row = contest.contest_item(
                session, ana, loop.library(), attempt_id, item, text="I asked.", evidence="In minute two."
            )
            contest_id, reader = row.id, row.reviewer_id
            lapsed(session, reader)
    who = next(name for name, known in cast.ids.items() if known == reader)
    for answer in (
        browse(who).get(f"/feedback/contests/{contest_id}"),
        browse(who).post(f"/feedback/contests/{contest_id}", level="2", reasons="In minute two he did."),
    ):
        assert answer.status_code == 403
        assert "Your licence comes first" in answer.text


SEEN = {"level": "2", "wording": "She asked once, and waited.", "reasons": "In minute two he did."}


def test_the_service_behind_the_page_asks_for_it_too(app, cast):
    with app.app_context():
        attempt_id = loop.revealed(cast)
        contest_id = loop.contested(cast, attempt_id, loop.scenario().criteria[0])
        with transaction() as session:
            row = session.get_one(Contest, contest_id)
            reader = loop.actor(session, row.reviewer_id)
            lapsed(session, reader.id)
            verdict = contest.Verdict(Level(2), "", SEEN["wording"], SEEN["reasons"])
            with pytest.raises(LicenceNeededError):
                contest.decide(session, reader, row, verdict, 5)


@pytest.mark.parametrize("state", [lapsed, another_rubric], ids=lambda state: state.__name__)
def test_nor_does_anybody_judge_a_sentence_of_a_report_without_the_licence_for_its_skill(browse, app, cast, state):
    said = {"sentence": "He rarely asks.", "skill_id": "interviewing", "text": "I do.", "evidence": "In minute two."}
    with app.app_context():
        loop.revealed(cast)
    assert browse("ana").post("/feedback/differ", **said).status_code == 303
    with app.app_context(), transaction() as session:
        row = session.scalars(select(Contest)).one()
        who = next(name for name, known in cast.ids.items() if known == row.reviewer_id)
        state(session, row.reviewer_id)
    answer = {"outcome": "removed", "reasons": "He asks three times."}
    for refused in (browse(who).get("/feedback/contests/1"), browse(who).post("/feedback/contests/1", **answer)):
        assert refused.status_code == 403
        assert "Your licence comes first" in refused.text
    with app.app_context(), transaction() as session:
        licensed(session, cast.ids[who], "interviewing")
    assert browse(who).post("/feedback/contests/1", **answer).status_code == 303, "the licence for this skill is enough"


def test_somebody_from_outside_is_asked_only_where_no_licensed_coach_is_left(browse, app, cast):
    with app.app_context():
        loop.contested(cast, loop.revealed(cast), loop.scenario().criteria[0])
    form = {"outsider": "Kim Frei", "email": "kim@elsewhere.example"}
    lea = browse("lea")

    def ask(way: str, **more: str) -> int:
        return lea.post(f"/feedback/contests/1/{way}", **more).status_code

    assert ask("outsider", **form) == ask("another") == 409, "she is in time"
    with app.app_context(), transaction() as session:
        first = session.scalars(select(Contest)).one().reviewer_id
        lapsed(session, first)
    assert "Ask another licensed coach" in lea.get("/feedback/contests").text
    assert ask("outsider", **form) == 409, "there is another one"
    assert ask("another") == 303
    with app.app_context(), transaction() as session:
        second = session.scalars(select(Contest)).one().reviewer_id
        assert second not in {None, first, cast.ben}
        lapsed(session, second)
    assert ask("another") == 409
    assert ask("outsider", **form) == 303
    assert ask("outsider", **form) == 303, "the link can be sent again"


@pytest.mark.parametrize(("level", "outcome"), [("3", "kept"), ("2", "removed"), ("not-observed", "removed")])
def test_no_level_of_somebody_from_outside_comes_to_stand(browse, app, cast, level, outcome):
    with app.app_context():
        item = loop.scenario().criteria[0]
        loop.contested(cast, loop.revealed(cast), item)
        with transaction() as session:
            for coach in (cast.eva, cast.mia):
                lapsed(session, coach)
    assert browse("lea").post("/feedback/contests/1/outsider", outsider="Kim", email="k@e.example").status_code == 303
    link = next(link_in(mail) for mail in sent(app) if mail["To"] == "k@e.example")
    page = browse(None).get(link).text
    assert "You need no licence to look" in page
    assert browse(None).post(link, **{**SEEN, "level": level}).status_code == 200
    with app.app_context(), transaction() as session:
        assert session.scalars(select(Contest)).one().outcome == outcome
        rows = observed_by_others(session, library_of, [cast.ana])[cast.ana]
        stands = {row.criterion_id: row.coach.value for row in rows}
    assert stands.get(item) == (3 if outcome == "kept" else None)
    assert set(stands.values()) == {3}, "every level that others see was given under a licence"
    assert "holds no licence to rate" in browse("ana").get("/feedback/1/reveal").text


def test_nor_does_an_agreed_sheet_pass_without_one(browse, app, cast):
    with app.app_context():
        attempt_id = loop.submitted(cast)
        loop.asked_second(cast, attempt_id, "mia")
        near, far = loop.coach_form(loop.scenario(), level="3"), loop.second_form(loop.scenario(), level="1")
    assert browse("ben").post(f"/feedback/{attempt_id}", **near).status_code == 303
    assert browse("mia").post(f"/feedback/{attempt_id}/second", **far).status_code == 303
    with app.app_context():
        jobs.run_waiting()
        with transaction() as session:
            lapsed(session, cast.ben)
    answer = browse("ben").post(f"/feedback/{attempt_id}/agreed", **loop_form(app))
    assert answer.status_code == 403
    assert "Your licence comes first" in answer.text
    assert browse("mia").post(f"/feedback/{attempt_id}/agreed", **loop_form(app)).status_code == 303
    assert browse("ben").post(f"/feedback/{attempt_id}/agreed/answer", version="1").status_code == 403
    with app.app_context(), transaction() as session:
        licensed(session, cast.ben)
    assert browse("ben").post(f"/feedback/{attempt_id}/agreed/answer", version="1").status_code == 303
    with app.app_context(), transaction() as session:
        sheets = session.scalars(select(RatingSheet).where(RatingSheet.kind == "agreed")).all()
        assert [(sheet.licensed, sheet.locked_at is not None) for sheet in sheets] == [(True, True)]


def loop_form(app):
    with app.app_context():
        return loop.second_form(loop.scenario(), level="2")


def test_a_stranger_learns_nothing_from_the_licence_page(browse, cast, waits):
    for who in ("eva", "mia", "dan", "lea", "ada"):
        assert browse(who).get(f"/feedback/{waits}").status_code == 404


def test_a_mail_says_that_a_licence_is_missing_and_no_more(app, cast, waits):
    mails = [mail for mail in sent(app) if "attempt waits" in mail["Subject"]]
    assert [(mail["To"], mail["Subject"]) for mail in mails] == [
        ("ben@tessel.example", "An attempt waits for a licence")
    ]
    assert "CANARY" not in mails[0].get_content()
    assert "Ana" not in mails[0].get_content()


def test_a_licensed_colleague_is_called_instead(app, cast, waits):
    with app.app_context():
        loop.coached(cast, "ana", "mia")
    mails = [mail for mail in sent(app) if "attempt waits" in mail["Subject"]]
    assert [(mail["To"], mail["Subject"]) for mail in mails] == [("mia@tessel.example", "An attempt waits for you")]


def test_practice_needs_no_licence(browse, app, cast):
    with app.app_context():
        attempt_id = loop.submitted(cast, kind="practice", coach="ben")
        with transaction() as session:
            unlicensed(session, cast.ben)
        form = loop.coach_form(loop.scenario())
    ben = browse("ben")
    assert f"/feedback/{attempt_id}" in ben.get("/feedback/queue").text
    assert ben.get(f"/feedback/{attempt_id}").status_code == 200
    assert ben.post(f"/feedback/{attempt_id}", **form).status_code == 303


def test_what_both_have_locked_stays_open_to_her_for_the_talk(browse, app, cast):
    with app.app_context():
        attempt_id = loop.revealed(cast)
        with transaction() as session:
            unlicensed(session, cast.ben)
    ben = browse("ben")
    assert ben.get(f"/feedback/{attempt_id}/reveal").status_code == 200
    assert browse("eva").get(f"/feedback/{attempt_id}/reveal").status_code == 404
    assert ben.get(f"/feedback/{attempt_id}").status_code == 403


def test_a_licence_holds_to_the_end_of_its_last_day_and_not_before_it_was_given(app, cast, session):
    day = clock.today()
    row = Licence(coach_id=cast.ben, skill_id="trust", rubric="", granted_at=clock.now(), expires_on=day)
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    assert row.valid(midnight + timedelta(hours=23, minutes=59, seconds=59)) or clock.today() != day
    assert not row.valid(midnight + timedelta(days=1))
    assert not row.valid(row.granted_at - timedelta(seconds=1))


def test_a_draft_that_was_begun_in_time_cannot_be_locked_after_the_licence_has_ended(app, cast):
    with app.app_context():
        attempt_id = loop.submitted(cast)
        with transaction() as session:
            unlicensed(session, cast.ben)
            licensed(session, cast.ben, expires_on=clock.today())
            ben, books = loop.actor(session, cast.ben), loop.library()
            lines = rated(loop.scenario())
            version = feedback.save_draft(session, ben, books, attempt_id, lines, loop.NOTE, version=0)
        with transaction() as session, clock.shifted(timedelta(days=1)), pytest.raises(LicenceNeededError):
            feedback.release(session, ben, books, attempt_id, lines, loop.NOTE, version=version)


def test_every_rating_says_whether_it_was_given_under_a_licence(app, cast):
    with app.app_context():
        loop.revealed(cast, scenario_id="rp02", days_ago=2)
        attempt_id = loop.revealed(cast, scenario_id="rp01")
        with transaction() as session:
            unlicensed(session, cast.ben)
            rows = queries.observed(session, without_sets_for("strategic"), [cast.ana])[cast.ana]
        said = {row.criterion_id.split(".")[0]: row.licence for row in rows}
        assert said.pop("strategic") == Standing.NO_SET
        assert set(said.values()) == {Standing.HELD}, "also after it has ended"
        with transaction() as session:
            for sheet in session.scalars(select(RatingSheet).where(RatingSheet.attempt_id == attempt_id)):
                sheet.licensed = None
            rows = queries.observed(session, without_sets_for("strategic"), [cast.ana])[cast.ana]
        old = {row.licence for row in rows if row.attempt_id == attempt_id}
        assert old <= {Standing.BEFORE, Standing.NO_SET}
        assert Standing.BEFORE in old


@pytest.mark.one_database
def test_no_code_writes_a_sheet_of_ratings_past_the_gate():
    """Whoever adds a way to rate uses `save_sheet`, or changes this test and asks for the licence himself."""
    found = []
    for path in sorted((PROJECT / "coachkit").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign) and "sheet.locked_at" in ast.unparse(node.targets[0]):
                found.append((path.relative_to(PROJECT).as_posix(), "locks"))
            called = isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", ""))
            if called in {"RatingSheet", "Rating"} and any(k.arg in {"rater_id", "sheet_id"} for k in node.keywords):
                found.append((path.relative_to(PROJECT).as_posix(), called))
    assert sorted(found) == [
        ("coachkit/features/feedback/second.py", "locks"),
        ("coachkit/features/practice/service.py", "Rating"),
        ("coachkit/features/practice/service.py", "RatingSheet"),
        ("coachkit/features/practice/service.py", "locks"),
    ]
