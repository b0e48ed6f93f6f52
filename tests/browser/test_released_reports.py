"""A viewer prints what was released to a purpose, and takes it away in one file."""

from __future__ import annotations

import zipfile

import pytest

from coachkit.app import create_app
from coachkit.platform import pdf
from coachkit.platform.db import db
from tests.factories import decisions, loop

pytestmark = [
    pytest.mark.one_database,
    pytest.mark.skipif(not pdf.status().ready, reason="needs Pango"),
]


@pytest.fixture
def purpose_id(settings, cast) -> int:
    app = create_app(settings)
    with app.app_context():
        loop.revealed(cast, days_ago=3)
        found = decisions.opened(cast)
        db.session.remove()
        db.engine.dispose()
    return found


@pytest.mark.parametrize(("look", "width"), [("light", 1280), ("dark", 375)])
def test_released_reports_are_made_and_downloaded(somebody, do_jobs, purpose_id, look, width):
    cleo = somebody("cleo", look=look, width=width)
    cleo.sign_in()
    cleo.open(f"/decisions/{purpose_id}")
    cleo.follow("Released reports on paper")
    cleo.press("Make their reports")
    cleo.sees("0 of 1")
    do_jobs()
    cleo.open(cleo.page.url.removeprefix(cleo.site))
    cleo.sees("1 of 1")
    with cleo.page.expect_download() as started:
        cleo.page.get_by_role("link", name="Download what is made, as a zip").click()
    with zipfile.ZipFile(started.value.path()) as whole:
        (name,) = whole.namelist()
        assert whole.read(name).startswith(b"%PDF")
    cleo.open(f"/decisions/{purpose_id}/reports")
    cleo.sees("1 of 1")


def test_a_report_is_withdrawn_by_its_owner(somebody, do_jobs, purpose_id):
    ana = somebody("ana", width=375)
    ana.sign_in()
    ana.open("/report")
    ana.press("Issue my report as PDF")
    do_jobs()
    ana.open(ana.page.url.removeprefix(ana.site))
    ana.sees("The PDF is ready")
    ana.page.get_by_text("Withdraw it").click()
    ana.page.get_by_role("button", name="Withdraw CK-").click()
    ana.check()
    ana.sees("You withdrew it")
    ana.follow("its check page")
    ana.sees("Withdrawn")
