"""The strict Jinja environment for mails and reports, and the rules that `web/templating.py` shares."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape


def long_date(value: date | datetime | None) -> str:
    """«20 November 2026»; an em dash for no date."""
    return f"{value.day} {value:%B %Y}" if value else "—"


def short_date(value: date | datetime | None) -> str:
    """«20 Nov»."""
    return f"{value.day} {value:%b}" if value else "—"


def moment(value: datetime | None) -> str:
    """«20 November 2026, 16:42 UTC»."""
    return f"{long_date(value)}, {value:%H:%M} UTC" if value else "—"


def paragraphs(text: str) -> Markup:
    """A person's plain text: escaped, paragraphs and line breaks kept, nothing else."""
    blocks = [block.strip() for block in text.replace("\r\n", "\n").split("\n\n") if block.strip()]
    lines = (Markup("<br>").join(escape(line) for line in block.split("\n")) for block in blocks)
    return Markup("").join(Markup("<p>{}</p>").format(line) for line in lines)


def counted(number: int, one: str, many: str = "") -> str:
    """«1 attempt», «3 attempts»."""
    return f"{number} {one if number == 1 else many or one + 's'}"


FILTERS = {
    "long_date": long_date,
    "short_date": short_date,
    "moment": moment,
    "paragraphs": paragraphs,
    "counted": counted,
}


def make_environment(folder: Path) -> Environment:
    """An environment that needs no request."""
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(disabled_extensions=("txt",), default=True),  # mails are plain text
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    return environment
