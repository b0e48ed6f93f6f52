"""Drawings are numbers and one escaped sentence; a line appears only where there are three ratings alike."""

from xml.etree import ElementTree as ET

import pytest
import segno

from coachkit.domain.report import charts
from coachkit.domain.report.charts import Mark

HOSTILE = '"><script>alert(1)</script>&'


def marks(levels, difficulty=3):
    return [Mark(place / 10, level, None, False, difficulty) for place, level in enumerate(levels)]


def joined(drawing):
    return 'stroke-width="1.1"' in drawing


@pytest.mark.parametrize(
    "drawing",
    [
        charts.timeline(marks([1, 2, 3]), 230, HOSTILE),
        charts.pair_strip(1, 5, HOSTILE),
        charts.scale_strip(650, HOSTILE),
        charts.interval_strip(3, 2.5, 3.5, 4, HOSTILE),
        charts.qr("https://example.org/v/1", HOSTILE),
    ],
)
def test_a_drawing_is_well_formed_named_and_holds_no_text_but_its_sentence(drawing):
    root = ET.fromstring(drawing)
    title, *paths = list(root)
    assert title.tag.endswith("}title")
    assert title.text == HOSTILE
    assert all(path.tag.endswith("}path") and path.text is None for path in paths)


def test_ratings_are_joined_from_three_of_one_difficulty_on():
    assert not joined(charts.timeline(marks([2, 3]), 230, "x"))
    assert joined(charts.timeline(marks([2, 3, 3]), 230, "x"))
    mixed = [*marks([2, 3], 1), *marks([2, 3], 2)]
    assert not joined(charts.timeline(mixed, 230, "x"))


def test_what_was_not_observed_is_a_cross_and_has_no_dot():
    unseen = charts.timeline([Mark(0.5, None, None, True, 2)], 230, "x")
    assert charts.NOW not in unseen
    assert "l5 5m-5 0l5 -5" in unseen


def test_a_higher_level_lies_higher():
    heights = [charts.level_height(level) for level in charts.LEVELS]
    assert heights == sorted(heights, reverse=True)


def test_marks_beyond_the_edges_stay_inside_the_drawing():
    drawing = charts.timeline([Mark(7.0, 3, 3, False, 1), Mark(-7.0, 3, 3, False, 1)], 230, "x")
    assert "M222 " in drawing
    assert "M8 " in drawing


def test_the_code_has_the_modules_of_the_address_and_its_quiet_zone():
    address = "https://coachkit.example.org/v/CK-2026-00001/7F3K-Q9TM-2XWA"
    dark = sum(map(sum, segno.make(address, error="m", micro=False).matrix))
    root = ET.fromstring(charts.qr(address, "x"))
    path = root[-1].attrib["d"]
    runs = [run.split("h") for run in path.split("M")[1:]]
    assert sum(int(length) for _, length in runs) == dark
    assert min(int(start.split()[0]) for start, _ in runs) == 4
