"""Where a key is configured, every file is signed, and nothing is issued unsigned."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from coachkit.features.operations.health import findings
from coachkit.features.reports.models import Report
from coachkit.features.reports.style import house_style
from coachkit.platform import clock, jobs, pdf
from coachkit.platform.pdf.signature import CANNOT_SIGN
from tests.factories.signing import ISSUER, PASSPHRASE, key_file

pytestmark = pytest.mark.skipif(not pdf.status().ready, reason="needs Pango")


@pytest.fixture
def key(tmp_path):
    return key_file(tmp_path, begins=clock.now() - timedelta(days=1))


@pytest.fixture
def signing(app, settings, key, monkeypatch):
    """The house with that key."""
    house = replace(settings, signing_file=key, signing_passphrase=PASSPHRASE)
    tools = app.extensions["coachkit_tools"]
    signer = pdf.make_signer(key, PASSPHRASE)
    monkeypatch.setitem(app.extensions, "coachkit_tools", replace(tools, settings=house, signer=signer))
    assert house_style(house).signed
    assert signer is not None
    return house


def issued(browse, session) -> Report:
    browse("ana").post("/report", comment="")
    jobs.run_waiting()
    session.rollback()
    return session.scalars(select(Report)).one()


def test_the_kept_file_is_the_signed_one_and_the_check_page_names_the_signature(signing, browse, session):
    report = issued(browse, session)
    assert report.problem == ""
    assert b"/ByteRange" in report.pdf
    assert report.sha256 == hashlib.sha256(report.pdf).hexdigest()
    page = unescape(browse(None).get(f"/v/{report.number}/{report.code}").text)
    assert f"digital signature by {ISSUER} (certificate " in page
    assert report.sha256 in page


def test_without_its_key_the_house_issues_nothing_and_says_so(signing, key, browse, session):
    key.unlink()
    report = issued(browse, session)
    assert (report.problem, report.pdf) == (CANNOT_SIGN, None)
    assert CANNOT_SIGN in unescape(browse("ana").get(f"/report/{report.id}").text)


def found(house):
    return next(each for each in findings(house) if each.name == "Signatures")


def test_the_health_page_says_who_signs_and_until_when(signing, session):
    assert found(signing).fine
    assert ISSUER in found(signing).sentence


def test_the_health_page_warns_before_a_certificate_ends_and_of_a_key_that_is_none(signing, session, tmp_path):
    soon = key_file(tmp_path, begins=clock.now() - timedelta(days=1), days=20)
    assert not found(replace(signing, signing_file=soon)).fine
    soon.write_bytes(b"nothing")
    wrong = found(replace(signing, signing_file=soon))
    assert not wrong.fine
    assert "cannot be read" in wrong.sentence
