"""A stranger with a paper compares a file in the browser; nothing of it leaves the machine."""

from __future__ import annotations

import hashlib

import pytest

from coachkit.app import create_app
from coachkit.features.reports import service
from coachkit.platform import clock
from coachkit.platform.db import db, transaction
from coachkit.web.library import library_of
from tests.factories import loop

pytestmark = pytest.mark.one_database
FILE = b"%PDF-1.7 the very bytes"


@pytest.fixture
def address(settings, cast) -> str:
    """The check page of a report whose file is known."""
    app = create_app(settings)
    with app.app_context():
        with transaction() as session:
            ana = loop.actor(session, cast.ana)
            report = service.issue(session, ana, loop.library(), library_of, settings)
            report.pdf, report.sha256 = FILE, hashlib.sha256(FILE).hexdigest()
            report.pages, report.made_at = 2, clock.now()
            found = f"/v/{report.number}/{report.code}"
        db.session.remove()
        db.engine.dispose()
    return found


@pytest.mark.parametrize(("look", "width"), [("light", 1280), ("dark", 375)])
def test_a_file_is_compared_in_the_browser_without_being_sent(somebody, address, tmp_path, look, width):
    stranger = somebody("nobody", look=look, width=width)
    stranger.open(address)
    stranger.sees("Valid")
    sent = []
    stranger.page.on("request", lambda request: sent.append(request.url))
    same, other = tmp_path / "mine.pdf", tmp_path / "other.pdf"
    same.write_bytes(FILE)
    other.write_bytes(FILE + b" ")
    field = stranger.page.get_by_label("Choose the PDF")
    field.set_input_files(same)
    stranger.page.get_by_text("mine.pdf is this report, unchanged.").wait_for()
    field.set_input_files(other)
    stranger.page.get_by_text("other.pdf is not this report").wait_for()
    stranger.check()
    assert sent == []


def test_without_scripts_the_page_says_what_to_type(somebody, address):
    stranger = somebody("nobody", js=False)
    stranger.open(address)
    stranger.sees("sha256sum FILE")
    stranger.sees(hashlib.sha256(FILE).hexdigest())
    assert not stranger.page.get_by_label("Choose the PDF").is_visible()


def test_without_a_code_there_is_a_form(somebody, address):
    stranger = somebody("nobody", width=375)
    number, code = address.split("/")[2:]
    stranger.open(f"/v/{number}")
    assert stranger.page.get_by_label("Number").input_value() == number
    stranger.page.get_by_label("Code").fill(code.lower())
    stranger.press("Check")
    stranger.sees("Valid")
