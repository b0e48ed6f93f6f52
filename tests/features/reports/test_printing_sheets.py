"""Kits for a table, a sheet for the next talk, and a certificate: who may print what, and who is told."""

from html import unescape

import pytest
from sqlalchemy import func, select

from coachkit.domain.report.sheets import Certificate, RolePlayKit, SessionSheet
from coachkit.features.reports import privacy
from coachkit.features.reports.models import Report
from coachkit.platform.access_record import AccessRecord
from coachkit.platform.audit import AuditEvent
from coachkit.platform.idempotency import new_key
from coachkit.platform.jobs import Outbox
from tests.factories import loop

KIT = "/practice/scenarios/rp04/kit"


def kept(session, kind):
    return session.scalars(select(Report).where(Report.kind == kind).order_by(Report.id)).all()


def verbs(session) -> list[str]:
    return list(session.scalars(select(AuditEvent.action)))


def test_a_learner_prints_his_card_and_a_coach_the_whole_kit(browse, cast, session):
    secret = loop.scenario().facts[0].fact
    assert secret not in unescape(browse("ana").get(KIT).text)
    assert secret in unescape(browse("ben").get(KIT).text)
    assert browse("ana").post(KIT).status_code == 303
    assert browse("ben").post(KIT).status_code == 303
    learners, coachs = (RolePlayKit.from_json(row.document) for row in kept(session, "kit"))
    assert (learners.partner, learners.observer) == (None, None)
    assert coachs.partner is not None
    assert "kit:print" in verbs(session)


def test_a_brief_keeps_its_lists_and_tables_on_paper(browse, cast):
    page = unescape(browse("ana").get("/practice/scenarios/rp14/kit").text)
    assert '<th scope="col">Days to close</th>' in page
    assert '<td data-label="Days to close">9</td>' in page
    page = unescape(browse("ana").get(KIT).text)
    assert "<li>Each inspector has a tablet, three years old" in page


def test_a_kit_sent_twice_is_kept_once_and_its_pdf_asked_for_once(browse, cast, session):
    ben, key = browse("ben"), new_key()
    assert [ben.post(KIT, key=key).location for _ in range(2)] == ["/prints/1"] * 2
    assert len(kept(session, "kit")) == 1
    assert session.scalar(select(func.count()).select_from(Outbox).where(Outbox.name == "reports.render")) == 1


def test_a_kit_of_a_scenario_that_does_not_exist_is_missing(browse, cast):
    assert browse("ben").get("/practice/scenarios/nothing/kit").status_code == 404
    assert browse("ben").post("/practice/scenarios/nothing/kit").status_code == 404


@pytest.fixture
def sheet_of_ana(app, cast, browse):
    with app.app_context():
        loop.revealed(cast, days_ago=3)
    assert browse("ben").post(f"/feedback/learners/{cast.ana}/sheet").status_code == 303
    return "/prints/1"


def test_a_coach_prints_where_she_and_her_learner_left_off(browse, cast, session, sheet_of_ana):
    sheet = SessionSheet.from_json(kept(session, "session")[0].document)
    assert (sheet.learner, sheet.coach) == ("Ana Baptiste", "Ben Tanaka")
    assert [view.criterion for view in sheet.latest]
    assert sheet.advice == loop.NOTE["change"].next_try
    assert "Ask who decides." in unescape(browse("ben").get(sheet_of_ana).text)


def test_each_look_at_a_session_sheet_is_shown_to_the_learner(browse, cast, session, sheet_of_ana):
    ben = browse("ben")
    ben.get(f"/feedback/learners/{cast.ana}/sheet")
    ben.get(sheet_of_ana)
    looks = session.scalars(select(AccessRecord).where(AccessRecord.person_id == cast.ana)).all()
    assert [look.what for look in looks] == ["opened a sheet for your next talk"] * 2


def test_another_coach_and_the_learners_former_coach_cannot_open_it(browse, app, cast, sheet_of_ana):
    assert browse("eva").get(f"/feedback/learners/{cast.ana}/sheet").status_code == 404
    assert browse("eva").get(sheet_of_ana).status_code == 404
    ben = browse("ben")
    with app.app_context():
        loop.uncoached(cast, "ana", "ben")
    assert ben.get(sheet_of_ana).status_code == 404
    assert ben.get(f"{sheet_of_ana}/pdf").status_code == 404


def test_a_session_sheet_is_the_learners_to_take_away_and_goes_with_him(cast, session, sheet_of_ana):
    assert [entry["learner"] for entry in privacy.export_person(session, cast.ana)["reports"]] == ["Ana Baptiste"]
    assert privacy.export_person(session, cast.ben)["reports"] == []
    privacy.erase_person(session, cast.ana)
    assert kept(session, "session") == []


def test_a_certificate_counts_official_attempts_and_nothing_else(browse, cast, session, app):
    with app.app_context():
        loop.revealed(cast, days_ago=3)
        loop.submitted(cast, kind="practice")
    page = unescape(browse("ana").get("/certificate").text)
    assert "It holds no level" in page
    assert browse("ana").post("/certificate").location == "/prints/1"
    certificate = Certificate.from_json(kept(session, "certificate")[0].document)
    assert (certificate.attempts, certificate.scenarios, certificate.modules) == (1, 1, ())
    assert "certificate:issue" in verbs(session)


def test_a_certificate_can_be_checked_and_a_kit_cannot(browse, cast, session):
    ana = browse("ana")
    ana.post("/certificate")
    ana.post(KIT)
    certificate, kit = kept(session, "certificate")[0], kept(session, "kit")[0]
    nobody = browse(None)
    assert "Ana Baptiste" in nobody.get(f"/v/{certificate.number}/{certificate.code}").text
    assert nobody.get(f"/v/{kit.number}/{kit.code}").status_code == 404


def test_a_certificate_does_not_replace_a_report(browse, cast, session):
    ana = browse("ana")
    ana.post("/report", comment="")
    ana.post("/certificate")
    report = kept(session, "progress")[0]
    assert "replaced" not in browse(None).get(f"/v/{report.number}/{report.code}").text


def test_nobody_opens_somebody_elses_print(browse, cast):
    browse("ana").post("/certificate")
    for path in ("/prints/1", "/prints/1/pdf", "/prints/1/state", "/report/1"):
        assert browse("dan").get(path).status_code == 404
    assert browse("dan").post("/prints/1/again").status_code == 404
