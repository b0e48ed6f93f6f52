"""Which characters the report's fonts can draw, and what stands in for the others.

A character without a glyph would come out as an empty box and break both standards, so none reaches the
engine: text is composed (NFC), invisible controls go, and what remains undrawable is replaced by a note.
Noto fonts, where the system has them, widen the range of scripts.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

FONT_FOLDER = Path(__file__).parents[2] / "static" / "report" / "fonts"
NOTO_FOLDERS = (
    Path("/usr/share/fonts/truetype/noto"),
    Path("/usr/share/fonts/opentype/noto"),
    Path("/usr/share/fonts/noto"),
    Path("/usr/local/share/fonts/noto"),
)
_UPRIGHT = "-Regular"
_FAMILIES = ("NotoSans", "NotoEmoji")
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
_KEPT = {"\n", "\t", "\r"}
_SELECTORS = dict.fromkeys(range(65024, 65040))
"""They choose between two looks of the sign before them; fonts need not know them."""
_SPACES = re.compile(r"[\u2000-\u200a\u202f\u205f\u2028\u2029\u3000]")


def fallback_files(own: Path | None = None) -> tuple[Path, ...]:
    """The upright sans faces of Noto in the house's folder and on this system, in a fixed order; none is the normal
    case.
    """
    folders = NOTO_FOLDERS if own is None else (own, *NOTO_FOLDERS)
    found = {
        path
        for folder in folders
        if folder.is_dir()
        for path in folder.iterdir()
        if path.name.startswith(_FAMILIES) and path.stem.endswith(_UPRIGHT) and path.suffix in {".ttf", ".otf", ".ttc"}
    }
    return tuple(sorted(found))


class Coverage:
    """A set of drawable characters, ready to be applied to text."""

    def __init__(self, points: frozenset[int]) -> None:
        self.points = points
        self._missing = re.compile(f"[^{_ranges(points)}\\n\\t\\r]+")

    def count_missing(self, text: str) -> int:
        """How many visible characters of the text cannot be drawn."""
        return sum(len(found.group()) for found in self._missing.finditer(cleaned(text)))

    def drawable(self, text: str) -> str:
        """The text with a note in square brackets for every run that cannot be drawn."""
        return self._missing.sub(_note, cleaned(text))


def _note(found: re.Match[str]) -> str:
    count = len(found.group())
    return "[character not in this font]" if count == 1 else f"[{count} characters not in this font]"


def cleaned(text: str) -> str:
    """Composed text without invisible controls; odd spaces become plain ones."""
    if text.isascii() and text.isprintable():
        return text
    composed = _SPACES.sub(" ", unicodedata.normalize("NFC", text)).translate(_SELECTORS)
    odd = {sign for sign in set(composed) if sign not in _KEPT and unicodedata.category(sign) in {"Cc", "Cf", "Cs"}}
    return composed.translate({ord(sign): None for sign in odd}) if odd else composed


def _ranges(points: frozenset[int]) -> str:
    """The points as the inside of a character class."""
    parts = []
    ordered = sorted(point for point in points if unicodedata.category(chr(point)) not in _INVISIBLE)
    start = previous = ordered[0]
    for point in [*ordered[1:], -1]:
        if point != previous + 1:
            parts.append(f"{re.escape(chr(start))}-{re.escape(chr(previous))}")
            start = point
        previous = point
    return "".join(parts)


def _points(path: Path) -> frozenset[int]:
    # Only who makes PDFs pays for this import.
    from fontTools.ttLib import TTCollection, TTFont  # type: ignore[import-untyped]  # noqa: PLC0415

    if path.suffix == ".ttc":
        with TTCollection(path, lazy=True) as collection:
            return frozenset(collection.fonts[0].getBestCmap() or {})
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap() or {})


@cache
def installed_coverage(own: Path | None = None) -> Coverage:
    """What all four of our faces can draw, because any text may stand in any of them, plus Noto."""
    ours = [_points(path) for path in sorted(FONT_FOLDER.glob("*.ttf"))]
    points = frozenset.intersection(*ours)
    for path in fallback_files(own):
        points |= _points(path)
    return Coverage(points)


def fonts_conf(cache_folder: Path, fallbacks: Iterable[Path]) -> str:
    """A fontconfig file that knows our faces and the Noto fallbacks and nothing else of the system."""
    names = "".join(f"<glob>{path}</glob>" for path in fallbacks)
    folders = "".join(f"<dir>{folder}</dir>" for folder in sorted({path.parent for path in fallbacks}))
    chosen = (
        f"<selectfont><acceptfont>{names}<glob>{FONT_FOLDER}/*</glob></acceptfont>"
        f"<rejectfont><glob>/usr/*</glob></rejectfont></selectfont>"
    )
    return (
        f'<?xml version="1.0"?><fontconfig><dir>{FONT_FOLDER}</dir>{folders}{chosen}'
        f"<cachedir>{cache_folder}</cachedir></fontconfig>"
    )
