"""Names and words in any script: as they are where the fonts are there, as a stated replacement where not."""

import re
from dataclasses import replace
from pathlib import Path

import page
import pytest

from coachkit.features.reports.document import report_html, report_job
from coachkit.features.reports.style import HouseStyle
from coachkit.platform.pdf import PdfRenderer, glyphs
from tests.factories.pdf_text import embedded_files, font_names, pdf_text
from tests.factories.reports import report

FONTS = Path(__file__).parents[2] / "fonts"
OURS = {
    "Greek": "Νίκος Παπαδόπουλος",
    "Cyrillic": "Анна Ковалёва",
    "Polish": "Łukasz Wiśniewski, źdźbło",
    "Turkish": "Ayşe Yıldırım",
}
FURTHER = {
    "Vietnamese": "Nguyễn Thị Hồng",
    "Arabic": "محمد علي",
    "Chinese": "王小明",
    "Japanese": "小林さくら",
    "emoji": "👍😀🎉👏",
}


def said_by(words: str):
    """A report in which somebody is called so, and says so."""
    plain = report("short", 1)
    return replace(plain, person=replace(plain.person, name=words), learner_comment=words)


def signs(text: str) -> list[str]:
    return sorted(set(re.sub(r"\s", "", text)))


@pytest.fixture(scope="module")
def with_fonts(pango):
    with PdfRenderer(own_fonts=FONTS) as running:
        yield running


@pytest.fixture
def bare(monkeypatch):
    """A system on which no Noto font is installed."""
    monkeypatch.setattr(glyphs, "NOTO_FOLDERS", ())
    glyphs.installed_coverage.cache_clear()
    yield
    glyphs.installed_coverage.cache_clear()


@pytest.mark.parametrize("script", [*OURS, *FURTHER])
def test_with_the_fonts_every_script_is_printed_as_it_is(with_fonts, templates, script):
    words = (OURS | FURTHER)[script]
    made = with_fonts.render(report_job(templates, said_by(words), style=HouseStyle(fonts=FONTS)))
    text = pdf_text(made.pdf)
    text = text.replace("\u200b", "")  # parts of letters
    assert signs(words) == [sign for sign in signs(words) if sign in text]
    assert "not in this font" not in text
    assert "\ufffd" not in text
    assert page.validate_pdf_bytes(made.pdf, profile=page.ValidationProfile.PDF_UA_1).failures == []
    assert page.validate_pdf_bytes(made.pdf, profile=page.ValidationProfile.PDF_A_3A).failures == []
    further = {name for name in font_names(made.pdf) if not name.startswith("Source")}
    assert bool(further) == (script in FURTHER)
    assert all(name.startswith("Noto") for name in further)


@pytest.mark.parametrize("script", OURS)
def test_what_our_own_fonts_have_needs_no_others(bare, templates, script):
    html = report_html(templates, said_by(OURS[script]))
    assert html.count(OURS[script]) >= 2
    assert "not in this font" not in html


@pytest.mark.parametrize("script", FURTHER)
def test_without_the_fonts_a_replacement_says_what_is_missing_and_the_data_have_it(bare, renderer, templates, script):
    shown = said_by(FURTHER[script])
    made = renderer.render(report_job(templates, shown))
    text = " ".join(pdf_text(made.pdf).split())
    assert re.search(r"\[(character|\d+ characters) not in this font\]", text)
    assert "could not be drawn with the fonts of this report" in text
    assert "\ufffd" not in text
    assert FURTHER[script] in embedded_files(made.pdf)["report.json"].decode()
    assert page.validate_pdf_bytes(made.pdf, profile=page.ValidationProfile.PDF_UA_1).failures == []


def test_signs_that_choose_a_look_and_join_others_leave_no_trace(bare):
    coverage = glyphs.installed_coverage(FONTS)
    assert coverage.drawable("👍\ufe0f") == "👍"
    assert coverage.drawable("👏\u200d😀") == "👏😀"
