"""The programme as a whole, on screen and kept for print: for the CIO, in counts of five people or more."""

from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from coachkit.domain.report.papers import ProgrammeReport
from coachkit.features.accounts import service as accounts
from coachkit.features.accounts.models import Coaching, CohortMember
from coachkit.features.reports.models import Report
from coachkit.platform import clock
from coachkit.platform.audit import AuditEvent
from coachkit.platform.db import transaction
from coachkit.platform.policy import Role
from tests.factories import loop


@pytest.fixture
def seven(app, cast):
    """Seven learners, of whom five have an official attempt that both sides have locked, and one only practice."""
    ids = dict(cast.ids)
    with app.app_context():
        with transaction() as session:
            for number in range(5):
                new = accounts.new_person(
                    session, name=f"Zed {number}", email=f"zed{number}@tessel.example", roles=[Role.LEARNER]
                )
                ids[f"zed{number}"] = new.id
                since = clock.now() - timedelta(weeks=2)
                session.add(CohortMember(cohort_id=1, person_id=new.id, since=clock.today()))
                session.add(Coaching(coach_id=cast.ben, learner_id=new.id, since=since, until=None))
        people = type(cast)(ids)
        loop.revealed(people, days_ago=3)
        for number in range(4):
            loop.revealed(people, learner=f"zed{number}", days_ago=2)
        loop.submitted(people, learner="zed4", kind="practice", coach="ben")
    return people


def kept(session) -> ProgrammeReport:
    session.rollback()
    return ProgrammeReport.from_json(session.scalars(select(Report.document)).one())


def facts(report) -> dict[str, str]:
    return {fact.label: fact.text for section in report.sections for fact in section.facts}


def test_the_cio_sees_and_prints_counts_without_names(browse, seven, session):
    cleo = browse("cleo")
    page = unescape(cleo.get("/programme/report").text)
    assert "The programme in figures" in page
    assert cleo.post("/programme/report").location == "/prints/1"
    report = kept(session)
    counts = facts(report)
    assert (counts["Learners"], counts["People with official attempts"]) == ("7", "all but a few")
    assert counts["Official attempts"] == "5"
    assert not any(name in page + report.to_json() for name in ("Ana Baptiste", "Zed", "Ben Tanaka", "Dan Okoro"))
    assert "programme-report:issue" in session.scalars(select(AuditEvent.action)).all()
    assert "The programme in figures" in cleo.get("/prints/1").text


def test_practice_is_in_no_count(browse, seven, session):
    browse("cleo").post("/programme/report")
    assert facts(kept(session))["Different scenarios"] == "1"
    assert facts(kept(session))["Official attempts"] == "5"


def test_of_two_learners_nothing_is_counted(browse, cast):
    page = browse("cleo").get("/programme/report").text
    assert "Nothing is counted, because somebody could be recognised" in page


@pytest.mark.parametrize("who", ["ana", "ben", "ada", "lea", "otto"])
def test_nobody_else_gets_it(browse, cast, who):
    assert browse(who).get("/programme/report").status_code == 403
    assert browse(who).post("/programme/report").status_code == 403


def test_whoever_has_the_paper_can_check_it(browse, seven, session):
    browse("cleo").post("/programme/report")
    report = session.scalars(select(Report)).one()
    assert "The programme in figures" in browse(None).get(f"/v/{report.number}/{report.code}").text
