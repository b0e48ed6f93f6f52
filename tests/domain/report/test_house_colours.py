"""A house's colour is used where everybody can read it, and refused in words where not."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from coachkit.domain.report.colours import BAND, PANEL, TEXT, ColourRefusedError, contrast, shades

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}")


def test_contrast_is_that_of_the_guidelines():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)
    assert contrast("#123456", "#123456") == pytest.approx(1)


@given(colours)
def test_every_shade_of_a_colour_that_is_taken_can_be_read_where_it_stands(colour):
    assume(contrast(colour, PANEL) >= TEXT)
    found = shades(colour)
    assert contrast(found.text, "#FFFFFF") >= TEXT
    assert contrast("#FFFFFF", found.band) >= BAND
    assert contrast(found.quiet_on_band, found.band) >= TEXT
    assert contrast(found.on_band, found.band) >= contrast(found.quiet_on_band, found.band)


@given(colours)
def test_a_colour_that_is_hard_to_read_is_refused_with_the_contrast_it_reaches(colour):
    assume(contrast(colour, PANEL) < TEXT)
    with pytest.raises(ColourRefusedError, match="contrast of"):
        shades(colour)


@pytest.mark.parametrize("words", ["teal", "#12345", "#12345G", "url(x)", "#0B6E6E;}"])
def test_what_is_no_colour_is_refused(words):
    with pytest.raises(ColourRefusedError):
        shades(words)
