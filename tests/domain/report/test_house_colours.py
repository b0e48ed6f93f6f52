"""A house's colour is used where everybody can read it, and refused in words where not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachkit.domain.report.colours import BAND, PANEL, TEXT, ColourRefusedError, contrast, shades

Channels = tuple[int, int, int]


def named(channels: Channels) -> str:
    return "#{:02X}{:02X}{:02X}".format(*channels)


def readable(channels: Channels) -> str:
    """The colour itself, or a darker one that can be read."""
    while contrast(named(channels), PANEL) < TEXT:
        channels = tuple(channel * 3 // 4 for channel in channels)
    return named(channels)


def unreadable(channels: Channels) -> str:
    """The colour itself, or a paler one that cannot."""
    while contrast(named(channels), PANEL) >= TEXT:
        channels = tuple((channel + 256) // 2 for channel in channels)
    return named(channels)


channels = st.tuples(*[st.integers(0, 255)] * 3)


def test_contrast_is_that_of_the_guidelines():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)
    assert contrast("#123456", "#123456") == pytest.approx(1)


@given(channels.map(readable))
def test_every_shade_of_a_colour_that_is_taken_can_be_read_where_it_stands(colour):
    found = shades(colour)
    assert contrast(found.text, "#FFFFFF") >= TEXT
    assert contrast("#FFFFFF", found.band) >= BAND
    assert contrast(found.quiet_on_band, found.band) >= TEXT
    assert contrast(found.on_band, found.band) >= contrast(found.quiet_on_band, found.band)


@given(channels.map(unreadable))
def test_a_colour_that_is_hard_to_read_is_refused_with_the_contrast_it_reaches(colour):
    with pytest.raises(ColourRefusedError, match="contrast of"):
        shades(colour)


@pytest.mark.parametrize("words", ["teal", "#12345", "#12345G", "url(x)", "#0B6E6E;}"])
def test_what_is_no_colour_is_refused(words):
    with pytest.raises(ColourRefusedError):
        shades(words)
