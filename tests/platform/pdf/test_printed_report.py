"""The printed report meets both standards, says what the object says, and has the same bytes every time."""

import re
from dataclasses import replace
from functools import cache
from io import BytesIO
from xml.etree import ElementTree as ET

import page
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachkit.domain.report import wording
from coachkit.domain.report.progress import ProgressReport
from coachkit.features.reports.document import ALMOST_EMPTY, report_html, report_job
from coachkit.features.reports.document import printed as printed_report
from coachkit.platform.pdf import PdfRenderer, RenderError
from coachkit.platform.pdf.glyphs import Coverage, installed_coverage
from tests.factories.pdf_text import embedded_files, font_names, pdf_text
from tests.factories.reports import measured, report
from tests.platform.pdf.conftest import in_process

SEEDED = [
    ("short", 0),
    ("short", 9),
    ("short", 13),
    ("typical", 1),
    ("typical", 8),
    ("typical", 10),
    ("longest", 0),
    ("longest", 7),
]
PAGES = {"short": (2, 3), "typical": (4, 6), "longest": (5, 6), "crowded": (6, 6)}
PROFILES = [page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A]


@pytest.fixture(scope="module")
def printed(renderer, templates):
    """Each report is printed once for all the questions about it."""

    @cache
    def print_once(size, seed):
        return printed_report(renderer, templates, report(size, seed))

    return print_once


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def failures(pdf: bytes, profile: page.ValidationProfile) -> list[str]:
    found = page.validate_pdf_bytes(pdf, profile=profile)
    return [f"{failure.rule_id}: {failure.message}" for failure in found.failures]


@pytest.mark.parametrize(("size", "seed"), SEEDED)
@pytest.mark.parametrize("profile", PROFILES, ids=["PDF/UA-1", "PDF/A-3a"])
def test_a_report_is_accessible_and_archivable_in_one_file(printed, size, seed, profile):
    assert failures(printed(size, seed).pdf, profile) == []


@pytest.fixture
def wordless(templates):
    """A report whose QR code has no words for those who cannot see it."""
    job = report_job(templates, report("short"))
    silent = re.sub(r"<title>QR code[^<]*</title>", "", job.html)
    assert silent != job.html
    return replace(job, html=silent)


def test_a_picture_without_words_does_not_leave_the_worker(renderer, wordless):
    with pytest.raises(RenderError) as refused:
        renderer.render(wordless)
    assert refused.value.detail == "a picture without words"


@in_process
def test_the_gate_itself_would_notice_a_picture_without_words(engine, wordless, monkeypatch):
    monkeypatch.setattr("coachkit.platform.pdf.shape.check", lambda root: None)
    pdf = engine.render(wordless).pdf
    assert failures(pdf, page.ValidationProfile.PDF_UA_1) != []


@in_process
def test_the_gate_itself_would_notice_metadata_that_nobody_can_read(engine, templates, monkeypatch):
    monkeypatch.setattr("coachkit.platform.pdf.engine._settle_stream", lambda stream: None)
    pdf = engine.render(report_job(templates, report("short"))).pdf
    assert failures(pdf, page.ValidationProfile.PDF_A_3A) != []


@pytest.mark.parametrize(("size", "seed"), [*SEEDED, ("crowded", 2)])
def test_the_number_of_pages_fits_the_amount_that_was_seen(printed, size, seed):
    fewest, most = PAGES[size]
    assert fewest <= printed(size, seed).pages <= most


def test_the_same_report_has_the_same_bytes_in_another_worker(printed, templates):
    with PdfRenderer() as other:
        again = printed_report(other, templates, report("typical", 1))
    assert again == printed("typical", 1)


@pytest.mark.parametrize(("size", "seed"), [("short", 5), ("longest", 21)])
def test_a_file_whose_streams_would_end_in_a_line_end_is_written_another_way(printed, size, seed):
    # Both seeds did, in a stream that is written after everything else.
    made = printed(size, seed)
    assert re.search(rb"[\r\n]\nendstream", made.pdf) is None
    assert failures(made.pdf, page.ValidationProfile.PDF_A_3A) == []


def test_two_reports_differ_in_their_bytes(printed):
    assert printed("short", 0).sha256 != printed("short", 9).sha256


@pytest.mark.parametrize(("size", "seed"), SEEDED)
def test_the_attached_file_is_the_report_itself(printed, size, seed):
    attached = embedded_files(printed(size, seed).pdf)
    assert list(attached) == ["report.json"]
    assert ProgressReport.from_json(attached["report.json"].decode()) == report(size, seed)


@pytest.mark.parametrize(("size", "seed"), SEEDED)
def test_the_printed_numbers_are_those_of_the_object(printed, size, seed):
    shown = report(size, seed)
    text = squeezed(pdf_text(printed(size, seed).pdf))
    for source in shown.sources:
        assert squeezed(f"{source.figure}: {source.value}.") in text
    counts = shown.counts
    figures = (counts.official_attempts, counts.practised_scenarios, counts.ratings, counts.retries)
    assert "".join(map(str, figures)) in text
    for skill in shown.skills:
        for line in skill.criteria:
            assert squeezed(wording.seen_words(line.observations)) in text
            assert squeezed(wording.so_far_words(line.observations)) in text
            last = line.observations[-1]
            words = wording.level_words(last.level, not_observed=last.not_observed, capped=last.capped)
            assert squeezed(f"{words}. {last.evidence}") in text
    for pair in shown.pairs:
        assert squeezed(wording.level_words(pair.retry.level) + ", " + wording.day(pair.retry.on)[:2]) in text
    assert shown.verification_code in text
    assert squeezed(wording.WARNING) in text


def test_no_average_across_criteria_is_printed(printed):
    text = pdf_text(printed("longest", 0).pdf)
    assert re.search(r"\b[1-5]\.\d\b", text) is None
    assert "overall" not in text.lower()


def test_only_our_own_fonts_are_in_the_file(printed):
    for size, seed in SEEDED:
        for name in font_names(printed(size, seed).pdf):
            assert name.startswith(("Source-Sans-3", "Source-Serif-Display"))


def test_no_character_is_drawn_as_an_empty_box(printed):
    for size, seed in SEEDED:
        assert "\ufffd" not in pdf_text(printed(size, seed).pdf)


def test_a_name_beyond_our_fonts_is_marked_counted_and_kept_in_the_attachment(templates):
    latin_only = Coverage(frozenset(range(32, 0x250)) | frozenset(map(ord, "’“”–·…«»•")))
    html = report_html(templates, report("short", 13), latin_only)
    assert "小" not in html
    assert "[2 characters not in this font] [3 characters not in this font]" in html
    assert "characters could not be drawn" in " ".join(html.split()).lower().replace("ten ", "")


def test_reports_with_fair_averages_print_intervals_before_points(renderer, templates):
    made = renderer.render(report_job(templates, measured(report("short"))))
    text = squeezed(pdf_text(made.pdf))
    assert squeezed("2.6 to 3.6 (middle 3.1)") in text
    assert squeezed("Cannot tell") in text
    assert failures(made.pdf, page.ValidationProfile.PDF_UA_1) == []


def test_the_link_is_read_as_words(printed):
    with pikepdf.open(BytesIO(printed("short", 0).pdf)) as document:
        spoken = {str(note.Contents) for leaf in document.pages for note in leaf.get("/Annots", []) if "/A" in note}
    assert spoken == {"Check report CK-2026-00000 on the web"}


@settings(max_examples=60, deadline=None)
@given(words=st.text(max_size=300))
def test_whatever_a_learner_writes_the_markup_stays_well_formed_and_drawable(templates, words):
    shown = replace(report("short"), learner_comment=words)
    html = report_html(templates, shown)
    root = ET.fromstring(html)
    assert "<!" not in html
    assert installed_coverage().count_missing(html) == 0
    written = "".join("".join(part.itertext()) for part in root.iter("div") if part.get("class") == "prose")
    assert ("<script" in written) == ("<script" in words)


def test_markup_in_a_comment_is_printed_as_it_was_typed(renderer, templates):
    typed = "<b>bold</b> & {{ 7*7 }} <img src=x> ]]>"
    made = renderer.render(report_job(templates, replace(report("short"), learner_comment=typed)))
    assert squeezed(typed) in squeezed(pdf_text(made.pdf))


def test_the_last_page_is_not_almost_empty_where_printing_tighter_helps(printed):
    assert all(printed(size, seed).last_page > ALMOST_EMPTY for size, seed in SEEDED)


def test_no_table_and_no_heading_is_left_alone_at_the_end_of_a_page(printed):
    lonely = re.compile(r"(First to latest attempt|First try Re-try)[^.]{0,140}Progress report Report CK-")
    for size, seed in SEEDED:
        assert lonely.search(" ".join(pdf_text(printed(size, seed).pdf).split())) is None
