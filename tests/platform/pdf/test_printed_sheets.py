"""Kit, session sheet and certificate meet both standards, and hold in PDF and attachment what the object holds."""

import re
from dataclasses import replace
from functools import cache

import page
import pytest

from coachkit.features.reports.document import sheet_job
from coachkit.features.reports.kinds import KINDS, kind_of
from coachkit.platform.pdf import RenderError
from tests.factories.pdf_text import embedded_files, font_names, pdf_text
from tests.factories.sheets import ALL, certificate, kit
from tests.platform.pdf.conftest import in_process

PROFILES = [page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A]


def job_of(templates, sheet):
    kind = KINDS[kind_of(sheet)]
    return sheet_job(templates, kind.body, kind.title, sheet)


@pytest.fixture(scope="module")
def printed(renderer, templates):
    return cache(lambda name: renderer.render(job_of(templates, ALL[name])))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("profile", PROFILES, ids=["PDF/UA-1", "PDF/A-3a"])
def test_a_sheet_is_accessible_and_archivable_in_one_file(printed, name, profile):
    found = page.validate_pdf_bytes(printed(name).pdf, profile=profile)
    assert [f"{failure.rule_id}: {failure.message}" for failure in found.failures] == []


@in_process
def test_the_gate_would_notice_a_certificate_whose_code_has_no_words(engine, templates, monkeypatch):
    job = job_of(templates, certificate())
    silent = replace(job, html=re.sub(r"<title>QR code[^<]*</title>", "", job.html))
    assert silent != job
    with pytest.raises(RenderError):
        engine.render(silent)
    monkeypatch.setattr("coachkit.platform.pdf.shape.check", lambda root: None)
    found = page.validate_pdf_bytes(engine.render(silent).pdf, profile=page.ValidationProfile.PDF_UA_1)
    assert found.failures


@pytest.mark.parametrize("name", ALL)
def test_the_attached_file_is_the_sheet_itself(printed, name):
    attached = embedded_files(printed(name).pdf)
    assert type(ALL[name]).from_json(attached["report.json"].decode()) == ALL[name]
    assert all(font.startswith(("Source-Sans-3", "Source-Serif-Display")) for font in font_names(printed(name).pdf))


@pytest.mark.parametrize("name", ALL)
def test_everything_in_the_object_stands_on_paper(printed, name):
    text = squeezed(pdf_text(printed(name).pdf))

    def look(plain):
        for value in plain.values() if isinstance(plain, dict) else plain:
            if isinstance(value, dict | list):
                look(value)
            elif isinstance(value, str) and " " in value:
                assert squeezed(value) in text

    from coachkit.domain.report.codec import to_plain

    whole = to_plain(ALL[name])
    for observer in [whole.get("observer") or {}]:
        for looked in observer.get("criteria", ()):
            looked["anchors"] = [anchor for anchor in looked["anchors"] if anchor["level"] <= looked["limit"]]
    look(whole)


def test_a_learners_kit_holds_nothing_of_the_partners_card(printed):
    text = squeezed(pdf_text(printed("learner's kit").pdf))
    assert squeezed("Partner’s card") not in text
    assert squeezed("Eleven cases") not in text
    assert squeezed("Eleven cases") in squeezed(pdf_text(printed("kit").pdf))


def test_partner_and_observer_have_pages_of_their_own_to_hand_out(printed):
    assert printed("learner's kit").pages == 1
    assert printed("kit").pages >= 3
    assert kit().partner is not None
