"""A house's logo for its documents: an SVG drawing that is written anew from what is allowed in it, or a PNG picture.

The file is the operator's, but it came from somewhere. Nothing in it may refer to anything outside it, run, or take
the printer's memory; what would be drawn otherwise than meant is refused by name instead of being left out.
"""

from __future__ import annotations

import base64
import io
import re
import struct
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

LARGEST_FILE = 200_000
MOST_ELEMENTS = 500
MOST_PIXELS = 4_000_000
TALLEST_MM, WIDEST_MM = 12.0, 60.0
SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = frozenset(
    {"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
    | {"defs", "linearGradient", "radialGradient", "stop", "clipPath"}
)
LEFT_OUT = frozenset({"title", "desc", "metadata"})
"""Harmless, and replaced by words of ours."""
ATTRIBUTES = frozenset(
    {"id", "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "width", "height", "points"}
    | {"transform", "viewBox", "fill", "fill-rule", "fill-opacity", "opacity", "clip-path", "clip-rule"}
    | {"stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-dasharray"}
    | {"stroke-opacity", "offset", "stop-color", "stop-opacity", "clipPathUnits", "gradientUnits", "gradientTransform"}
    | {"spreadMethod"}
)
IGNORED = frozenset({"version", "baseProfile", "preserveAspectRatio", "role", "enable-background"})
_VALUE = re.compile(r"[\w\s.,#%()+-]*", re.ASCII)
_ADDRESS = re.compile(r"url\(\s*(?!#[\w.-]+\s*\))", re.IGNORECASE)


class LogoRefusedError(ValueError):
    """The file cannot be used as a logo; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Logo:
    """Either markup or a picture, with the size in which it is printed."""

    svg: str
    png: str
    """Base64."""
    width_mm: float
    height_mm: float


def read_logo(path: Path) -> Logo:
    """The logo in a file, or why it cannot be one."""
    try:
        data = path.read_bytes()[: LARGEST_FILE + 1]
    except OSError as error:
        raise LogoRefusedError(f"{path.name} cannot be read.") from error
    if len(data) > LARGEST_FILE:
        raise LogoRefusedError(f"{path.name} is larger than {LARGEST_FILE // 1000} kB.")
    if data.startswith(b"\x89PNG"):
        return _png(data)
    return _svg(data)


def _png(data: bytes) -> Logo:
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - only a house with a PNG pays for it

    width, height = struct.unpack_from(">II", data.ljust(24, b"\0"), 16)
    if width * height > MOST_PIXELS:  # known before anything is unpacked
        raise LogoRefusedError(f"A picture of {width} by {height} points is larger than four million points.")
    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as picture:
            plain = picture.convert("RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise LogoRefusedError("The PNG file is damaged.") from error
    out = io.BytesIO()
    plain.save(out, "PNG")  # written anew: without what a camera or program had left in it
    return Logo("", base64.b64encode(out.getvalue()).decode("ascii"), *_size(width, height))


def _size(width: float, height: float) -> tuple[float, float]:
    scale = min(TALLEST_MM / height, WIDEST_MM / width)
    return round(width * scale, 2), round(height * scale, 2)


def _svg(data: bytes) -> Logo:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise LogoRefusedError("The SVG file declares a document type. Save it as plain SVG without one.")
    try:
        root = ET.fromstring(data.decode("utf-8"))  # noqa: S314 - nothing is declared in it, see above
    except (ET.ParseError, UnicodeDecodeError, ValueError) as error:
        raise LogoRefusedError("A logo is an SVG or PNG file; this one is neither, or is damaged.") from error
    if root.tag != SVG + "svg":
        raise LogoRefusedError("A logo is an SVG or PNG file; this one is neither.")
    box = [float(part) for part in re.findall(r"-?\d+(?:\.\d+)?", root.get("viewBox", ""))]
    if len(box) != 4 or not (box[2] > 0 and box[3] > 0):  # noqa: PLR2004
        raise LogoRefusedError("The SVG file needs a viewBox, so that its size is known.")
    if sum(1 for _ in root.iter()) > MOST_ELEMENTS:
        raise LogoRefusedError(f"The SVG file has more than {MOST_ELEMENTS} elements.")
    inside = "".join(_written(child) for child in root)
    view = " ".join(f"{part:g}" for part in box)
    presentation = "".join(_attributes(root, without=frozenset({"viewBox", "width", "height", "x", "y", "id"})))
    width, height = _size(box[2], box[3])
    # The place of the title is kept for the words, which differ from page to page.
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" width="{width}mm" height="{height}mm"'
    return Logo(f"{head}{presentation}>{{title}}{inside}</svg>", "", width, height)


def _written(element: ET.Element) -> str:
    if not element.tag.startswith(SVG):
        return ""  # a drawing program's own notes
    name = element.tag.removeprefix(SVG)
    if name in LEFT_OUT:
        return ""
    if name not in ELEMENTS:
        more = " Turn its letters into paths." if name == "text" else ""
        raise LogoRefusedError(f"The SVG file holds <{escape(name)}>, which cannot be printed.{more}")
    return f"<{name}{''.join(_attributes(element))}>{''.join(_written(child) for child in element)}</{name}>"


def _attributes(element: ET.Element, without: frozenset[str] = frozenset()) -> list[str]:
    found = []
    for name, value in sorted(element.attrib.items()):
        if name.startswith("{") and "xlink" not in name:
            continue  # a drawing program's own
        if name in without or name in IGNORED:
            continue
        if name not in ATTRIBUTES:
            more = " Save it as plain SVG with attributes." if name in {"style", "class"} else ""
            raise LogoRefusedError(f"The SVG file uses «{escape(name.rpartition('}')[2])}», which is not read.{more}")
        if not _VALUE.fullmatch(value) or _ADDRESS.search(value):
            raise LogoRefusedError(f"The SVG file has a value for «{name}» that is not read.")
        found.append(f" {name}={quoteattr(value)}")
    return found
