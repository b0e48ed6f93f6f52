"""Real situations, with date, act, effect and a witness's initials."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from coachkit.domain.report.progress import ProgressReport
from coachkit.features.feedback import service as feedback
from coachkit.features.feedback.field_log import service
from coachkit.features.feedback.field_log.models import FieldEntry
from coachkit.features.reports import service as reports
from coachkit.features.reports.models import Report
from coachkit.platform import clock
from coachkit.platform.db import transaction
from coachkit.web.library import library_of
from tests.factories import decisions, loop

ENTRY = {
    "situation": "The plant wanted a second scanner by Friday.",
    "act": "I asked what the scanner should change.",
    "effect": "They showed me the queue at gate four.",
    "witness": "M.K.",
}


def write(browser, **changed):
    return browser.post("/field-log", on=clock.today().isoformat(), **ENTRY | changed)


def planned(cast, kind: str = "official", coach: str | None = None) -> int:
    """A plan of Ana's, made after an attempt of this kind."""
    attempt_id = loop.revealed(cast, kind=kind, coach=coach)
    with transaction() as session:
        ana = loop.actor(session, cast.ana)
        due = clock.today() + timedelta(days=5)
        plan = feedback.make_plan(
            session, ana, attempt_id, cue="a tool is named", act="ask for the change", due_on=due, witness="Rosa"
        )
        return plan.id


def test_it_is_kept_with_its_plan_and_read_by_the_coach(browse, app, cast):
    with app.app_context():
        plan_id = planned(cast)
    ana = browse("ana")
    assert write(ana, plan_id=str(plan_id)).status_code == 303
    for page in (ana.get("/field-log").text, browse("ben").get(f"/feedback/learners/{cast.ana}").text):
        assert all(text in page for text in ENTRY.values())
        assert "If a tool is named, then I will ask for the change" in page
    assert ENTRY["act"] in ana.get("/account/export").text


def test_what_carries_out_a_plan_from_practice_is_for_whom_it_was_practised(browse, app, cast):
    with app.app_context():
        plan_id = planned(cast, "practice", "ben")
        loop.coached(cast, "ana", "mia")
    write(browse("ana"), plan_id=str(plan_id))
    assert ENTRY["act"] in browse("ben").get(f"/feedback/learners/{cast.ana}").text
    assert ENTRY["act"] not in browse("mia").get(f"/feedback/learners/{cast.ana}").text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"witness": "Marta Kell"}, "Initials only"),
        ({"witness": "12"}, "Initials only"),
        ({"on": "2999-01-01"}, "This day is still to come."),
        ({"effect": ""}, "Say what happened"),
    ],
    ids=str,
)
@pytest.mark.one_database
def test_what_cannot_be_kept_comes_back_with_a_reason(browse, session, changed, sentence):
    answer = browse("ana").post("/field-log", **{"on": clock.today().isoformat()} | ENTRY | changed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert ENTRY["act"] in answer.text
    assert session.scalars(select(FieldEntry)).all() == []


@pytest.mark.one_database
def test_nobody_writes_for_another_s_plan_or_takes_out_another_s_entry(browse, app, cast, session):
    with app.app_context():
        plan_id = planned(cast)
        with transaction() as own:
            ana = loop.actor(own, cast.ana)
            entry_id = service.write(own, ana, on=clock.today(), plan_id=None, **ENTRY).id
    dan = browse("dan")
    assert write(dan, plan_id=str(plan_id)).status_code == 404
    assert dan.post(f"/field-log/{entry_id}/strike").status_code == 404
    assert browse("ben").post(f"/field-log/{entry_id}/strike").status_code == 404
    assert browse("ana").post(f"/field-log/{entry_id}/strike").status_code == 303
    assert session.scalars(select(FieldEntry)).all() == []


@pytest.mark.one_database
def test_a_repeated_submit_writes_one(browse, session):
    ana = browse("ana")
    for _ in range(2):
        assert write(ana, key="k" * 22).status_code == 303
    assert len(session.scalars(select(FieldEntry)).all()) == 1


def reported(browse, app, cast, session, **sent) -> ProgressReport:
    """Ana issues her report; it is the newest."""
    assert browse("ana").post("/report", **sent).status_code == 303
    session.rollback()
    return ProgressReport.from_json(session.scalars(select(Report.document).order_by(Report.id.desc())).first())


@pytest.mark.one_database
def test_the_learner_puts_it_into_her_own_report_or_not(browse, app, cast, session):
    with app.app_context():
        own, practice = planned(cast), planned(cast, "practice", "ben")
    ana = browse("ana")
    assert "Put my field log into it" not in ana.get("/report").text, "as long as there is none"
    write(ana, plan_id=str(own))
    write(ana, plan_id=str(practice), act="From practice.")
    assert reported(browse, app, cast, session).field_log == ()
    [entry] = reported(browse, app, cast, session, field_log="y").field_log
    assert (entry.situation, entry.act, entry.effect, entry.witness) == tuple(ENTRY.values())
    page = ana.get("/report/2").text
    assert "From the field log" in page
    assert "M.K." in page
    assert "From practice." not in page


@pytest.mark.one_database
def test_no_released_edition_and_no_batch_holds_it(browse, app, cast, session):
    with app.app_context():
        loop.revealed(cast, days_ago=3)
        purpose_id = decisions.opened(cast)
        write(browse("ana"))
        with app.test_request_context(), transaction() as own:
            settings, cleo = app.config["COACHKIT"], loop.actor(own, cast.cleo)
            reports.issue_released(own, cleo, loop.library(), library_of, settings, purpose_id, cast.ana)
            reports.issue_for(own, cast.ana, loop.library(), library_of, settings)
    for document in session.scalars(select(Report.document)):
        assert ProgressReport.from_json(document).field_log == ()
