"""Whoever has a paper and its code learns whether it stands; nobody else learns anything."""

from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from coachkit.features.accounts.signin import TRIES_PER_NETWORK, WINDOW
from coachkit.features.reports.models import Report
from coachkit.platform import clock
from coachkit.platform.audit import AuditEvent
from coachkit.platform.db import transaction
from tests.factories import decisions, loop


@pytest.fixture
def nobody(browse):
    return browse(None)


def issue(browser, session) -> Report:
    browser.post("/report", comment="")
    session.rollback()
    return session.scalars(select(Report).order_by(Report.id.desc())).first()


def made(report_id: int) -> None:
    """As if its PDF were there."""
    with transaction() as mine:
        report = mine.get_one(Report, report_id)
        report.pdf, report.sha256, report.pages, report.made_at = b"%PDF-1.7", "0a" * 32, 2, clock.now()


def heading(browser, report) -> str:
    text = browser.get(f"/v/{report.number}/{report.code}").text
    return text.split("<h1>")[1].split("</h1>")[0]


def test_a_report_is_valid_until_a_later_one_is_made(browse, nobody, session):
    ana = browse("ana")
    first = issue(ana, session)
    made(first.id)
    second = issue(ana, session)
    assert heading(nobody, first) == "Valid", "the second has no file yet"
    made(second.id)
    assert heading(nobody, first) == "Replaced by a later one"
    assert heading(nobody, second) == "Valid"


def test_what_its_owner_withdrew_says_so_and_its_issue_stays_on_the_chain(browse, nobody, session):
    ana = browse("ana")
    first = issue(ana, session)
    made(first.id)
    second = issue(ana, session)
    made(second.id)
    assert ana.post(f"/report/{second.id}/withdraw").status_code == 303
    assert heading(nobody, second) == "Withdrawn"
    assert heading(nobody, first) == "Valid", "what replaced it does not stand"
    assert "You withdrew it" in ana.get(f"/report/{second.id}").text
    ana.post(f"/report/{second.id}/withdraw")
    actions = session.scalars(select(AuditEvent.action).where(AuditEvent.object == f"report:{second.id}")).all()
    assert actions == ["report:issue", "report:withdraw"], "and is withdrawn once"


@pytest.mark.parametrize("who", ["ben", "cleo", "ada", "dan"])
def test_nobody_else_can_withdraw_it(browse, nobody, session, who):
    report = issue(browse("ana"), session)
    assert browse(who).post(f"/report/{report.id}/withdraw").status_code == 404
    assert heading(nobody, report) == "Valid"


def test_without_the_code_no_name_and_not_even_whether_it_exists(browse, nobody, session):
    report = issue(browse("ana"), session)
    wrong = nobody.get(f"/v/{report.number}/{'A' * 13}")
    missing = nobody.get(f"/v/CK-99-99999/{'A' * 13}")
    assert wrong.status_code == missing.status_code == 404
    assert "Ana" not in wrong.text
    for number in (report.number, "CK-99-99999"):
        assert nobody.get(f"/v/{number}").location == f"/v?number={number}"
        page = nobody.get(f"/v?number={number}").text
        assert "Please give the code" in page
        assert "Ana" not in page


def test_a_code_is_read_however_it_was_typed(browse, nobody, session):
    report = issue(browse("ana"), session)
    typed = f"{report.code[:4]} - {report.code[4:]}".lower()
    answer = nobody.get("/v", query_string={"number": report.number.lower(), "code": typed})
    assert answer.status_code == 303
    assert "Ana Baptiste" in nobody.get(answer.location).text


def test_guessing_codes_is_slowed_down_by_network_and_right_codes_wait_with_it(browse, nobody, session):
    report = issue(browse("ana"), session)
    for _ in range(TRIES_PER_NETWORK):
        assert nobody.get("/v/CK-26-00001/NOSUCHCODE").status_code == 404
    answer = nobody.get("/v/CK-26-00001/NOSUCHCODE")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert nobody.get(f"/v/{report.number}/{report.code}").status_code == 429
    with clock.shifted(WINDOW + timedelta(seconds=1)):
        assert nobody.get(f"/v/{report.number}/{report.code}").status_code == 200


def test_the_page_has_the_fingerprint_for_the_command_line_and_for_the_browser(browse, nobody, session):
    report = issue(browse("ana"), session)
    assert "data-sha256" not in nobody.get(f"/v/{report.number}/{report.code}").text, "no file, nothing to compare"
    made(report.id)
    page = unescape(nobody.get(f"/v/{report.number}/{report.code}").text)
    assert "sha256sum FILE" in page
    assert page.count("0a" * 32) == 2
    assert "carries no digital signature" in page


def test_a_released_edition_falls_with_the_release(app, cast, browse, nobody, session):
    with app.app_context():
        loop.revealed(cast, days_ago=3)
        decisions.ready()
        decisions.basis(cast)
        purpose_id = decisions.purpose(cast)
        decisions.released(cast, purpose_id)
    cleo = browse("cleo")
    assert cleo.post(f"/decisions/{purpose_id}/people/{cast.ana}/report").location == "/prints/1"
    report = session.get_one(Report, 1)
    assert heading(nobody, report) == "Valid"
    assert "Ana Baptiste" in cleo.get("/prints/1").text
    browse("ana").post(f"/purposes/{purpose_id}/withdraw")
    assert heading(nobody, report) == "Withdrawn"
    assert cleo.get("/prints/1").status_code == 404
    assert cleo.get("/prints/1/pdf").status_code == 404
