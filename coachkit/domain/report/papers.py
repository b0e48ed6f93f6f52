"""Documents of facts and tables, whose content another room has frozen: a decision's dossier, a programme's figures.

Every figure is a string here, written once by whoever counted it, so page, PDF and attached file cannot differ.
"""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlsplit

from coachkit.domain.report.progress import ReportIncoherentError
from coachkit.domain.report.sheets import Sheet

MOST_COLUMNS = 7
LEAST_WEIGHT, MOST_WEIGHT = 10, 45
STEP = 4
"""The style sheet knows a width for every fourth per cent."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what stands beside it; the text may hold paragraphs."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; its first cell names it."""

    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One part: facts, and a table where there is one."""

    title: str
    facts: tuple[Fact, ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str

    def __post_init__(self) -> None:
        if any(len(row.cells) != len(self.columns) for row in self.rows):
            raise ReportIncoherentError(f"A row of «{self.title}» has another number of cells than its head.")
        if len(self.columns) > MOST_COLUMNS:
            raise ReportIncoherentError(f"«{self.title}» has more columns than a page has room for.")

    @property
    def shares(self) -> tuple[int, ...]:
        """How much of the page's width each column gets, in per cent: more where more is written, within bounds."""
        texts = zip(self.columns, *(row.cells for row in self.rows), strict=True)
        weights = [min(MOST_WEIGHT, max(LEAST_WEIGHT, *map(len, column))) for column in texts]
        return tuple(STEP * round(100 / STEP * weight / sum(weights)) for weight in weights)


@dataclass(frozen=True, slots=True)
class Paper(Sheet):
    """The whole, with what it must not be taken for."""

    report_id: str
    verification_code: str
    verify_url: str
    issued_at: dt.datetime
    organisation: str
    title: str
    for_whom: str
    """Who may see it."""
    warning: str
    limits: tuple[str, ...]
    sections: tuple[Section, ...]
    seal: str
    """A fingerprint of what it was drawn from, where there is one."""

    def __post_init__(self) -> None:
        if not urlsplit(self.verify_url).netloc:
            raise ReportIncoherentError("The address for checking is a web address.")

    @property
    def heading(self) -> str:
        return self.title


@dataclass(frozen=True, slots=True)
class DecisionDossier(Paper):
    """One decision record with all that was seen, said and done about it."""

    SCHEMA = "coachkit/decision-dossier/1"


@dataclass(frozen=True, slots=True)
class ProgrammeReport(Paper):
    """The programme as a whole: counts of groups large enough that nobody stands out."""

    SCHEMA = "coachkit/programme-report/1"
