"""A house's colour, and the shades of it that stay readable. Contrast as in WCAG 2: 4.5 for text, 7 on the band."""

import re
from collections.abc import Callable
from dataclasses import dataclass

TEXT = 4.5
BAND = 7.0
PANEL = "#F1F5F5"
"""The darkest ground on which the colour is used for text."""
_STEPS = 50

Rgb = tuple[float, float, float]


class ColourRefusedError(ValueError):
    """The colour cannot be used; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Shades:
    """One colour for text on paper, one for the ground of the first page's band, and two for text on that."""

    text: str
    band: str
    on_band: str
    quiet_on_band: str


def shades(colour: str) -> Shades:
    """What becomes of a house's colour, or why it cannot be used."""
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", colour):
        raise ColourRefusedError(f"«{colour}» is no colour; write it like #0B6E6E.")
    reached = contrast(colour, PANEL)
    if reached < TEXT:
        raise ColourRefusedError(
            f"{colour} would be hard to read: on the reports' panels it reaches a contrast of {reached:.1f}, and text "
            f"needs {TEXT}. A darker shade of it will do."
        )
    band = _until(colour, "#000000", lambda shade: contrast(shade, "#FFFFFF") >= BAND)
    quiet = _until(colour, "#FFFFFF", lambda shade: contrast(shade, band) >= TEXT)
    strong = _until(quiet, "#FFFFFF", lambda shade: contrast(shade, band) >= BAND * 0.9)
    return Shades(colour.upper(), band, strong, quiet)


def contrast(one: str, other: str) -> float:
    """From 1, the same, to 21, black on white."""
    lighter, darker = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _until(colour: str, towards: str, enough: Callable[[str], bool]) -> str:
    mixed = (_mix(_rgb(colour), _rgb(towards), step / _STEPS) for step in range(_STEPS + 1))
    return next((shade for shade in mixed if enough(shade)), towards)


def _mix(one: Rgb, other: Rgb, share: float) -> str:
    return "#" + "".join(f"{round(255 * (a + (b - a) * share)):02X}" for a, b in zip(one, other, strict=True))


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _luminance(colour: Rgb) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]  # noqa: PLR2004
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
