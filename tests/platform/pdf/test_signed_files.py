"""A signed file keeps both standards and its data, begins with the unsigned bytes, and shows every later change."""

import asyncio
import datetime as dt
import io
from functools import cache

import page
import pytest
from pyhanko.pdf_utils.generic import pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from coachkit.features.reports.document import report_job, sheet_job
from coachkit.features.reports.kinds import KINDS, kind_of
from coachkit.features.reports.style import HouseStyle
from coachkit.platform.pdf import RenderError, Signer
from tests.factories.pdf_text import embedded_files
from tests.factories.reports import report
from tests.factories.sheets import ALL
from tests.factories.signing import ISSUER, PASSPHRASE, key_file

NOW = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
SIGNED = HouseStyle(signed=True)
PROFILES = [page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A]
DOCUMENTS = ("progress", *ALL)


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    return Signer(key_file(tmp_path_factory.mktemp("key"), begins=NOW - dt.timedelta(days=1)), PASSPHRASE)


@pytest.fixture(scope="module")
def files(renderer, templates, signer):
    """Every document before and after it is signed."""

    @cache
    def made(name):
        if name == "progress":
            job = report_job(templates, report("typical", 1), style=SIGNED)
        else:
            kind = KINDS[kind_of(ALL[name])]
            job = sheet_job(templates, kind.body, kind.title, ALL[name], SIGNED)
        plain = renderer.render(job).pdf
        return plain, signer.sign(plain, NOW)

    return made


def judged(signer, pdf: bytes):
    """What a careful reader of signatures says: whether all is well, and whether nothing came later."""
    signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]
    trusted = ValidationContext(trust_roots=[signer._signer.signing_cert], allow_fetching=False, moment=NOW)
    status = validate_pdf_signature(signature, trusted)
    return status.bottom_line, status.coverage.name


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("profile", PROFILES, ids=["PDF/UA-1", "PDF/A-3a"])
def test_both_standards_hold_before_and_after_signing(files, name, profile):
    for pdf in files(name):
        found = page.validate_pdf_bytes(pdf, profile=profile)
        assert [f"{failure.rule_id}: {failure.message}" for failure in found.failures] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_signature_is_valid_covers_the_file_and_leaves_its_bytes_and_data_alone(files, signer, name):
    plain, signed = files(name)
    assert judged(signer, signed) == (True, "ENTIRE_FILE")
    assert signed.startswith(plain)
    assert embedded_files(signed) == embedded_files(plain)
    assert list(embedded_files(signed)) == ["report.json"]


def test_a_file_is_signed_where_an_event_loop_is_running(files, signer):
    async def sign() -> bytes:
        return signer.sign(files("progress")[0], NOW)

    assert b"/ByteRange" in asyncio.run(sign())


def test_one_changed_byte_is_noticed(files, signer):
    _plain, signed = files("progress")
    spoilt = bytearray(signed)
    spoilt[2000] ^= 1
    assert judged(signer, bytes(spoilt))[0] is False


def test_a_revision_that_is_appended_is_noticed(files, signer):
    _plain, signed = files("progress")
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    writer.root["/Lang"] = pdf_string("de")
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    assert judged(signer, out.getvalue()) == (False, "ENTIRE_REVISION")


def test_a_key_of_somebody_else_is_not_trusted(files, signer, tmp_path):
    _plain, signed = files("progress")
    other = Signer(key_file(tmp_path, begins=NOW), PASSPHRASE)
    assert judged(other, signed)[0] is False


def test_a_reader_is_told_whose_signature_it_is(signer):
    assert signer.certified.words == f"{ISSUER} (certificate {signer.certified.fingerprint[:16]})"


@pytest.mark.parametrize(
    ("spoil", "detail"),
    [
        (lambda path: path.write_bytes(b"nothing"), "cannot be read"),
        (lambda path: path.unlink(), "cannot be read"),
    ],
)
def test_a_key_file_that_is_none_is_named(tmp_path, spoil, detail):
    path = key_file(tmp_path, begins=NOW)
    spoil(path)
    with pytest.raises(RenderError, match=detail):
        Signer(path, PASSPHRASE).sign(b"%PDF", NOW)


def test_a_wrong_passphrase_is_named(tmp_path):
    with pytest.raises(RenderError, match="passphrase"):
        Signer(key_file(tmp_path, begins=NOW), "another").sign(b"%PDF", NOW)


def test_a_certificate_that_has_ended_signs_nothing(tmp_path):
    ended = Signer(key_file(tmp_path, begins=NOW - dt.timedelta(days=40), days=30), PASSPHRASE)
    with pytest.raises(RenderError, match="ended on"):
        ended.sign(b"%PDF", NOW)
