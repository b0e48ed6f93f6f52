"""Where a key is configured, every file is signed, and nothing is issued unsigned."""

import hashlib
import json
import re
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
from tests.factories import decisions, loop
from tests.factories.pdf_text import embedded_files, pdf_text
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


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def texts_of(part: dict) -> list[str]:
    """Everything that a reader of this part of a dossier is told."""
    facts = [text for pair in part["facts"] for text in pair]
    cells = [cell for row in part["rows"] for cell in row]
    return [part["title"], part["note"], *part["columns"], *facts, *cells, part.get("fingerprint", "")]


def test_a_dossier_is_signed_too_and_its_page_file_and_paper_are_one_object(app, signing, cast, browse, session):
    with app.app_context():
        loop.revealed(cast, days_ago=3)
        purpose_id = decisions.opened(cast)
        decisions.decided(cast, purpose_id)
    cleo, base = browse("cleo"), f"/decisions/{purpose_id}/people/{cast.ana}/decision/1/dossier"
    file = json.loads(cleo.get(f"{base}.json").data)
    screen = squeezed(unescape(re.sub(r"<[^>]+>", " ", cleo.get(base).text)))
    printed = cleo.post(f"{base}/print").location
    jobs.run_waiting()
    paper = cleo.get(f"{printed}/pdf").data
    sheet, attached = squeezed(pdf_text(paper)), json.loads(embedded_files(paper)["report.json"])

    for part, section in zip(file["parts"], attached["sections"], strict=True):
        assert [row["cells"] for row in section["rows"]] == part["rows"]
        for text in texts_of(part):
            assert squeezed(text) in screen, text
            assert squeezed(text) in sheet, text
    told = squeezed("".join(text for part in file["parts"] for text in texts_of(part)))
    shown = screen[screen.index(squeezed(file["parts"][0]["title"])) : screen.index("Lastfingerprint")]
    assert {number for number in re.findall(r"\d+", shown) if number not in told} == set()

    assert b"/ByteRange" in paper
    report = session.scalars(select(Report)).one()
    page = unescape(browse(None).get(f"/v/{report.number}/{report.code}").text)
    assert f"digital signature by {ISSUER} (certificate " in page


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
