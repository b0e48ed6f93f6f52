"""Without Pango the site runs, says what to install, and its pages print."""

import sys
from dataclasses import replace
from html import unescape

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from coachkit.cli import main
from coachkit.features.reports.models import Report
from coachkit.platform import jobs
from coachkit.platform.pdf import pool, status

INSTALL = "apt-get install --no-install-recommends libpango-1.0-0"


class NoPango:
    """As on a machine without the libraries: loading the engine ends with the error of the loader."""

    def find_spec(self, name, *_):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")


@pytest.fixture(autouse=True)
def missing(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [NoPango(), *sys.meta_path])
    monkeypatch.setattr(pool, "_START", "import sys; sys.modules['weasyprint'] = None; " + pool._START)


def test_it_is_noticed_with_the_words_of_the_loader_and_the_command_to_run():
    assert not status().ready
    assert "libpango-1.0-0" in status().sentence
    assert INSTALL in status().sentence


@pytest.mark.parametrize("path", ["/report", "/certificate", "/practice/scenarios/rp04/kit"])
def test_the_pages_are_there_say_what_to_install_and_print(browse, path):
    page = browse("ana").get(path)
    assert page.status_code == 200
    assert INSTALL in unescape(page.text)
    assert "prints well" in page.text
    assert "doc-page" in page.text


def test_an_issued_report_says_that_its_file_could_not_be_made_and_is_there_to_read(app, browse, session):
    ana = browse("ana")
    address = ana.post("/report", comment="").location
    app.extensions["coachkit_tools"] = replace(app.extensions["coachkit_tools"], renderer=pool.PdfRenderer())
    with app.app_context():
        jobs.run_waiting()
    session.rollback()
    assert session.scalars(select(Report.problem)).one() == pool.CANNOT_START
    page = unescape(ana.get(address).text)
    assert pool.CANNOT_START in page
    assert "Try again" in page
    assert "doc-page" in page


@pytest.mark.one_database
def test_the_doctor_says_what_to_install(settings):
    environment = {
        "COACHKIT_INSTANCE": str(settings.instance),
        "COACHKIT_CONTENT": str(settings.content),
        "COACHKIT_DATABASE_URL": settings.database_url,
    }
    answer = CliRunner().invoke(main, ["doctor"], env=environment)
    assert answer.exit_code == 1
    assert "LOOK  PDF reports: PDF reports are off: cannot load library 'libpango-1.0-0'. On Debian" in answer.output
    assert INSTALL in answer.output
