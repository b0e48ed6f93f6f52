"""Kit, session sheet and certificate meet both standards, and hold in PDF and attachment what the object holds."""

import re
from dataclasses import replace
from functools import cache
from html import unescape

import page
import pytest

from coachkit.domain.report import charts, wording
from coachkit.domain.report.codec import to_plain
from coachkit.features.reports.document import ALMOST_EMPTY, paragraphs, printed_sheet, sheet_job
from coachkit.features.reports.kinds import KINDS, kind_of
from coachkit.features.reports.style import HouseStyle
from coachkit.platform.pdf import RenderError
from coachkit.platform.pdf import engine as engine_module
from tests.factories.pdf_text import embedded_files, font_names, pdf_text
from tests.factories.sheets import ALL, certificate, dossier, kit
from tests.platform.pdf.conftest import in_process

PROFILES = [page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A]


def job_of(templates, sheet):
    kind = KINDS[kind_of(sheet)]
    return sheet_job(templates, kind.body, kind.title, sheet)


@pytest.fixture(scope="module")
def printed(renderer, templates):
    @cache
    def print_once(name):
        kind = KINDS[kind_of(ALL[name])]
        return printed_sheet(renderer, templates, kind.body, kind.title, ALL[name])

    return print_once


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("profile", PROFILES, ids=["PDF/UA-1", "PDF/A-3a"])
def test_a_sheet_is_accessible_and_archivable_in_one_file(printed, name, profile):
    found = page.validate_pdf_bytes(printed(name).pdf, profile=profile)
    assert [f"{failure.rule_id}: {failure.message}" for failure in found.failures] == []


@in_process
@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("profile", PROFILES, ids=["PDF/UA-1", "PDF/A-3a"])
def test_the_gate_would_notice_a_fault_in_every_kind(engine, templates, monkeypatch, name, profile):
    """PDF/UA wants headings that begin at the top, PDF/A-3 wants metadata that anybody can read."""
    job = job_of(templates, ALL[name])
    if profile is page.ValidationProfile.PDF_UA_1:
        job = replace(job, html=job.html.replace("<h1", "<h4").replace("</h1>", "</h4>"))
    else:
        monkeypatch.setattr(engine_module, "_settle_stream", lambda _stream: None)
    assert page.validate_pdf_bytes(engine.render(job).pdf, profile=profile).failures


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


def words_of(sheet) -> list[str]:
    """Every text of the object that has more than one word, but what stands at the limit of a scenario and above."""
    whole = to_plain(sheet)
    for observer in [whole.get("observer") or {}]:
        for looked in observer.get("criteria", ()):
            looked["anchors"] = [anchor for anchor in looked["anchors"] if anchor["level"] <= looked["limit"]]
    found = []

    def look(plain):
        for value in plain.values() if isinstance(plain, dict) else plain:
            if isinstance(value, dict | list):
                look(value)
            elif isinstance(value, str) and " " in value:
                found.append(value)

    look(whole)
    return found


@pytest.mark.parametrize("name", ALL)
def test_everything_in_the_object_stands_on_paper(printed, name):
    text = squeezed(pdf_text(printed(name).pdf))
    assert [words for words in words_of(ALL[name]) if squeezed(words) not in text] == []


@pytest.mark.parametrize("name", ALL)
def test_everything_in_the_object_stands_on_the_screen_and_nothing_else_on_paper(templates, name):
    sheet = ALL[name]
    body = KINDS[kind_of(sheet)].body

    def shown(*, on_paper: bool) -> str:
        page = templates.get_template(body).render(
            sheet=sheet, words=wording, charts=charts, paragraphs=paragraphs, on_paper=on_paper
        )
        return squeezed(unescape(re.sub(r"<[^>]+>", " ", page)))

    screen = sheet.heading.replace(" ", "") + squeezed(sheet.organisation) + shown(on_paper=False)
    assert [words for words in words_of(sheet) if squeezed(words) not in screen] == []
    numbers = re.findall(r"[0-9]+", shown(on_paper=False))
    assert set(numbers) <= set(re.findall(r"[0-9]+", shown(on_paper=True))), "paper has every number of the screen"


def test_lines_stand_closer_where_that_saves_an_almost_empty_page(renderer, templates):
    sheet, letter = dossier(times=5), HouseStyle(paper="letter", css="@page{size:letter}")
    kind = KINDS[kind_of(sheet)]
    parts = (templates, kind.body, kind.title, sheet, letter)
    loose = renderer.render(sheet_job(*parts))
    assert loose.last_page <= ALMOST_EMPTY, "as this test needs it"
    assert printed_sheet(renderer, *parts).pages < loose.pages


def test_a_learners_kit_holds_nothing_of_the_partners_card(printed):
    text = squeezed(pdf_text(printed("learner's kit").pdf))
    assert squeezed("Partner’s card") not in text
    assert squeezed("Eleven cases") not in text
    assert squeezed("Eleven cases") in squeezed(pdf_text(printed("kit").pdf))


def test_partner_and_observer_have_pages_of_their_own_to_hand_out(printed):
    assert printed("learner's kit").pages == 1
    assert printed("kit").pages >= 3
    assert kit().partner is not None
