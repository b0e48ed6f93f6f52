"""Documents in a house's own look meet both standards and show what was asked for, on both papers."""

import base64
import io
from functools import cache
from io import BytesIO

import page
import pikepdf
import pytest
from PIL import Image

from coachkit.features.reports.document import printed as printed_report
from coachkit.features.reports.document import report_html, sheet_job
from coachkit.features.reports.kinds import KINDS, kind_of
from coachkit.features.reports.style import house_style
from coachkit.platform.pdf import RenderError, RenderJob
from coachkit.platform.settings import read_settings
from tests.factories.pdf_text import pdf_text
from tests.factories.reports import report
from tests.factories.sheets import ALL
from tests.features.reports.test_house_style import GOOD, png, written

PROFILES = [page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A]


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """`house("svg")` or `house("png")`: everything that a house may set, on Letter."""
    folder = tmp_path_factory.mktemp("house")
    files = {"svg": written(folder, GOOD), "png": written(folder, png(300, 90), "logo.png")}

    @cache
    def style(kind):
        more = {"report_logo": files[kind], "report_colour": "#7A1F5C", "report_footer": "Tessel training office"}
        return house_style(
            read_settings({}, instance=folder, secret_key="for tests only", report_paper="Letter", **more)
        )

    return style


@pytest.fixture(scope="module")
def printed(renderer, templates, house):
    return cache(lambda size, kind: printed_report(renderer, templates, report(size, 1), house(kind)))


@pytest.mark.parametrize("kind", ["svg", "png"])
@pytest.mark.parametrize("profile", PROFILES, ids=["PDF/UA-1", "PDF/A-3a"])
def test_a_report_in_the_houses_look_is_accessible_and_archivable(printed, kind, profile):
    found = page.validate_pdf_bytes(printed("typical", kind).pdf, profile=profile)
    assert [f"{failure.rule_id}: {failure.message}" for failure in found.failures] == []


@pytest.mark.parametrize("size", ["short", "typical", "longest"])
def test_on_letter_reports_have_two_to_six_pages_as_well(printed, size):
    made = printed(size, "svg")
    assert 2 <= made.pages <= 6
    with pikepdf.open(BytesIO(made.pdf)) as document:
        assert {tuple(map(float, leaf.MediaBox)) for leaf in document.pages} == {(0.0, 0.0, 612.0, 792.0)}


def test_the_footer_stands_on_every_page(printed):
    made = printed("typical", "svg")
    assert pdf_text(made.pdf).count("Tessel training office") == made.pages


@pytest.mark.parametrize("name", ALL)
def test_each_sheet_carries_the_look_too(renderer, templates, house, name):
    kind = KINDS[kind_of(ALL[name])]
    made = renderer.render(sheet_job(templates, kind.body, kind.title, ALL[name], house("png")))
    assert page.validate_pdf_bytes(made.pdf, profile=page.ValidationProfile.PDF_UA_1).failures == []
    with pikepdf.open(BytesIO(made.pdf)) as document:
        assert len(document.pages[0].get_images()) == 1


def test_the_logo_has_words_for_those_who_cannot_see_it(templates, house):
    html = report_html(templates, report("short"), style=house("svg"))
    assert f"<title>Logo of {report('short').person.organisation}</title>" in html


def test_a_picture_that_was_not_announced_is_refused(renderer):
    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, "PNG")
    html = '<html lang="en"><head><title>T</title></head><body><h1>T</h1><p><img src="{}" alt="x"/></p></body></html>'
    known = {"house:logo": base64.b64encode(out.getvalue()).decode()}
    when = report("short").issued_at
    assert renderer.render(RenderJob(html.format("house:logo"), "report.css", "{}", "CK-1", when, pictures=known))
    for address in ("house:logo", "house:other", f"data:image/png;base64,{known['house:logo']}"):
        with pytest.raises(RenderError):
            renderer.render(RenderJob(html.format(address), "report.css", "{}", "CK-1", when))
