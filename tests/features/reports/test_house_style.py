"""The house's logo, colour, paper and footer: taken where they print well, refused in words where not."""

import base64
import io
import struct
import zlib
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from coachkit.app import create_app
from coachkit.features.reports.logo import LARGEST_FILE, LogoRefusedError, read_logo
from coachkit.features.reports.style import PLAIN, house_style
from coachkit.platform.settings import SettingsError, read_settings

GOOD = """<?xml version="1.0"?><!-- drawn by hand --><svg xmlns="http://www.w3.org/2000/svg"
 xmlns:ink="http://example.org/ink" viewBox="0 0 100 40" ink:page="1"><title>Old words</title><metadata>x</metadata>
 <ink:view/><defs><linearGradient id="a"><stop offset="0" stop-color="#0B6E6E"/></linearGradient></defs>
 <g fill="url(#a)"><path d="M0 0h100v40H0Z"/></g></svg>"""


def svg(inside: str) -> str:
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<svg {names} viewBox="0 0 9 9">{inside}</svg>'


def written(folder, content, name="logo.svg"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def png(width: int, height: int, mode: str = "RGBA") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height), "teal").save(out, "PNG")
    return out.getvalue()


def claimed(width: int, height: int) -> bytes:
    """A small file that says it is a huge picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_a_drawing_is_written_anew_with_words_and_without_a_programs_notes(tmp_path):
    logo = read_logo(written(tmp_path, GOOD))
    markup = ET.fromstring(logo.svg.replace("{title}", "<title>Logo of Tessel</title>"))
    assert {element.tag.rpartition("}")[2] for element in markup.iter()} == {
        "svg", "title", "defs", "linearGradient", "stop", "g", "path",
    }  # fmt: skip
    assert "Old words" not in logo.svg
    assert (logo.width_mm, logo.height_mm) == (30.0, 12.0)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (svg("<script>alert(1)</script>"), "<script>"),
        (svg("<foreignObject/>"), "<foreignObject>"),
        (svg('<image href="http://127.0.0.1/x.png"/>'), "<image>"),
        (svg('<use href="#a"/>'), "<use>"),
        (svg("<style>@import url(http://127.0.0.1)</style>"), "<style>"),
        (svg("<text>Tessel</text>"), "Turn its letters into paths"),
        (svg('<path d="M0 0" onload="alert(1)"/>'), "onload"),
        (svg('<path d="M0 0" style="fill:red"/>'), "plain SVG with attributes"),
        (svg('<path d="M0 0" xlink:href="file:///etc/passwd"/>'), "href"),
        (svg('<path d="M0 0" fill="url(http://127.0.0.1/x#a)"/>'), "value for «fill»"),
        (svg('<path d="M0 0" fill="url(#a) url(file:///x)"/>'), "value for «fill»"),
        (svg("<g/>" * 600), "more than 500 elements"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]>' + svg("<g/>"), "document type"),
        ('<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>', "viewBox"),
        ("<svg><g/></svg>", "neither"),
        ("GIF89a", "neither"),
        (b"\xff\xfe\x00", "neither"),
        (b"x" * (LARGEST_FILE + 1), "larger than 200 kB"),
        (b"\x89PNG\r\n\x1a\nrest", "damaged"),
        (claimed(30_000, 30_000), "larger than four million points"),
    ],
)
def test_what_could_reach_out_or_would_print_otherwise_than_meant_is_refused_by_name(tmp_path, content, reason):
    with pytest.raises(LogoRefusedError, match=reason.replace("(", r"\(")):
        read_logo(written(tmp_path, content))


def test_a_picture_is_written_anew_in_its_size_for_paper(tmp_path):
    noted = png(200, 100) + b"hidden words"
    logo = read_logo(written(tmp_path, noted, "logo.png"))
    assert b"hidden words" not in base64.b64decode(logo.png)
    assert (logo.width_mm, logo.height_mm) == (24.0, 12.0)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(LogoRefusedError, match=r"gone\.svg"):
        read_logo(tmp_path / "gone.svg")


def settings_with(folder, **more):
    return read_settings({}, instance=folder, secret_key="for tests only", **more)


def test_without_settings_nothing_changes(tmp_path):
    assert house_style(settings_with(tmp_path)) == PLAIN


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"report_paper": "A5"}, "A4 or Letter"),
        ({"report_colour": "#FFEE00"}, "hard to read"),
        ({"report_colour": "yellow"}, "no colour"),
        ({"report_footer": "x" * 61}, "60 characters"),
        ({"report_logo": "nowhere.svg"}, "cannot be read"),
    ],
)
def test_the_application_does_not_start_with_a_look_that_cannot_be_printed_and_says_why(tmp_path, given, reason):
    with pytest.raises(SettingsError, match=reason):
        create_app(settings_with(tmp_path, **given))
