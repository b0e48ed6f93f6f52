"""How the house wants its documents to look, as far as the standards and everybody's eyes allow it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup, escape

from coachkit.domain.report.colours import ColourRefusedError, shades
from coachkit.domain.report.layout import ROOM, ROOM_ON_LETTER
from coachkit.features.reports.logo import Logo, LogoRefusedError, read_logo
from coachkit.platform.settings import Settings, SettingsError

PAPERS = {"a4": "A4", "letter": "letter"}
LONGEST_FOOTER = 60
LOGO_ADDRESS = "house:logo"


@dataclass(frozen=True, slots=True)
class HouseStyle:
    """What the settings say about every printed document."""

    signed: bool = False
    """Whether files are signed, and need a field for it."""
    paper: str = "A4"
    css: str = ""
    """Rules over those of the style sheet."""
    logo: Logo | None = None
    footer: str = ""
    fonts: Path | None = None
    """A folder with further Noto fonts, for scripts that ours lack."""

    @property
    def room(self) -> float:
        """Millimetres of text after the first page."""
        return ROOM if self.paper == "A4" else ROOM_ON_LETTER

    @property
    def head(self) -> Markup:
        """For the head of the document: rules over those of the style sheet, made here and of nobody's words."""
        return Markup(f"<style>{self.css}</style>") if self.css else Markup()  # noqa: S704

    @property
    def pictures(self) -> dict[str, str]:
        """What the markup may refer to: an address of ours, and the picture in base64."""
        return {LOGO_ADDRESS: self.logo.png} if self.logo and self.logo.png else {}

    def logo_markup(self, organisation: str) -> Markup:
        """The logo with its words, or nothing."""
        if self.logo is None:
            return Markup()
        words = escape(f"Logo of {organisation}")
        if self.logo.svg:
            drawing = self.logo.svg.replace("{title}", f"<title>{words}</title>", 1)
        else:
            size = f"width:{self.logo.width_mm}mm;height:{self.logo.height_mm}mm"
            drawing = f'<img src="{LOGO_ADDRESS}" alt="{words}" style="{size}"/>'
        return Markup(f'<div class="logo">{drawing}</div>')  # noqa: S704 - written anew from what is allowed


PLAIN = HouseStyle()


@lru_cache(maxsize=4)
def house_style(settings: Settings) -> HouseStyle:
    """The style that the settings ask for; `SettingsError` says in words what cannot be."""
    paper = PAPERS.get(settings.report_paper.strip().lower())
    if paper is None:
        raise SettingsError(f"The setting «report_paper» is A4 or Letter, not «{settings.report_paper}».")
    footer = " ".join(settings.report_footer.split())
    if len(footer) > LONGEST_FOOTER:
        raise SettingsError(f"The setting «report_footer» may have {LONGEST_FOOTER} characters; it has {len(footer)}.")
    try:
        logo = read_logo(settings.report_logo) if settings.report_logo else None
    except LogoRefusedError as error:
        raise SettingsError(f"The setting «report_logo»: {error}") from error
    css = _colours(settings.report_colour.strip()) + ("@page{size:letter}" if paper == "letter" else "")
    return HouseStyle(settings.signing_file is not None, paper, css, logo, footer, settings.report_fonts)


def _colours(colour: str) -> str:
    if not colour:
        return ""
    try:
        found = shades(colour)
    except ColourRefusedError as error:
        raise SettingsError(f"The setting «report_colour»: {error}") from error
    return (
        f".band{{background:{found.band}}}.band .kick,.facts th{{color:{found.quiet_on_band}}}"
        f".band .role{{color:{found.on_band}}}"
        f".figures tr.v td,ul.pts li::marker,table.t thead th,.sheet h3,.kind,a{{color:{found.text}}}"
        f".figures thead th,table.t thead th,.note,a{{border-color:{found.text}}}"
    )
