"""The smaller printed documents, each frozen at the moment of printing: kit, session sheet, certificate.

None of them holds more than its pages show. The certificate counts and dates; it has no place for a level.
"""

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, Self
from urllib.parse import urlsplit

from coachkit.domain.report import codec
from coachkit.domain.report.progress import Observation, Plan, ReportIncoherentError


class Sheet:
    """What all of them can do."""

    __slots__ = ()
    SCHEMA = ""

    def to_json(self) -> str:
        """The same text for the same sheet, complete, with its schema named."""
        return codec.to_json(self, self.SCHEMA)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The sheet that `to_json` wrote."""
        return codec.from_json(cls, text, cls.SCHEMA)


@dataclass(frozen=True, slots=True)
class Anchor:
    """What one level looks like for one criterion."""

    level: int
    words: str


@dataclass(frozen=True, slots=True)
class Looked:
    """One criterion that will be looked at; `limit` is the most that the scenario can show."""

    name: str
    limit: int
    anchors: tuple[Anchor, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What the partner tells, and only once the other has done this."""

    fact: str
    unlock: str


@dataclass(frozen=True, slots=True)
class Turn:
    """What the partner does when something happens."""

    when: str
    then: str


BULLET, BETWEEN_CELLS = "• ", "\t"
"""How a block of a brief says that it is an item of a list, or a row of a table."""

Passage = tuple[Literal["text", "list", "table"], tuple[str, ...]]


def passages(brief: tuple[str, ...]) -> tuple[Passage, ...]:
    """A brief as it is set: paragraphs, and the lists and tables that neighbouring blocks make together."""

    def kind(block: str) -> Literal["text", "list", "table"]:
        return "list" if block.startswith(BULLET) else "table" if BETWEEN_CELLS in block else "text"

    return tuple((of, tuple(block.removeprefix(BULLET) for block in blocks)) for of, blocks in groupby(brief, kind))


@dataclass(frozen=True, slots=True)
class LearnerCard:
    """What the learner reads; `brief` has one string for each block, see `passages`."""

    meets: str
    brief: tuple[str, ...]
    looked_at: tuple[str, ...]

    @property
    def passages(self) -> tuple[Passage, ...]:
        return passages(self.brief)


@dataclass(frozen=True, slots=True)
class PartnerCard:
    """What only the partner knows."""

    plays: str
    brief: tuple[str, ...]
    wants: tuple[str, ...]
    fears: tuple[str, ...]
    facts: tuple[Told, ...]
    turns: tuple[Turn, ...]

    @property
    def passages(self) -> tuple[Passage, ...]:
        return passages(self.brief)


@dataclass(frozen=True, slots=True)
class ObserverSheet:
    """What a coach writes on while she watches."""

    moment: str
    criteria: tuple[Looked, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RolePlayKit(Sheet):
    """One scenario on paper. Partner's card and observer's sheet are there for coaches only, and only together."""

    SCHEMA = "coachkit/role-play-kit/1"

    report_id: str
    issued_at: dt.datetime
    organisation: str
    scenario: str
    title: str
    status: str
    difficulty: int
    prepare: int
    play: int
    debrief: int
    learner: LearnerCard
    partner: PartnerCard | None
    observer: ObserverSheet | None

    def __post_init__(self) -> None:
        if (self.partner is None) != (self.observer is None):
            raise ReportIncoherentError("Partner's card and observer's sheet come together.")

    @property
    def heading(self) -> str:
        return self.title


@dataclass(frozen=True, slots=True)
class LatestView:
    """One criterion of the latest official attempt, seen from both sides."""

    criterion: str
    seen: Observation


@dataclass(frozen=True, slots=True)
class SessionSheet(Sheet):
    """What a coach takes to a talk with one learner: where they left off, and room to write."""

    SCHEMA = "coachkit/session-sheet/1"

    report_id: str
    issued_at: dt.datetime
    organisation: str
    learner: str
    unit: str
    coach: str
    latest: tuple[LatestView, ...]
    advice: str
    advised_on: dt.date | None
    plans: tuple[Plan, ...]
    focus: tuple[str, ...]

    @property
    def heading(self) -> str:
        return self.learner


@dataclass(frozen=True, slots=True)
class ModuleDone:
    """A module that was worked through, or skipped as known after its quiz."""

    title: str
    done_on: dt.date
    known: bool


@dataclass(frozen=True, slots=True)
class Certificate(Sheet):
    """That somebody took part: modules, official attempts, dates. It says nothing about how well."""

    SCHEMA = "coachkit/certificate/1"

    report_id: str
    verification_code: str
    verify_url: str
    issued_at: dt.datetime
    name: str
    role_title: str
    unit: str
    organisation: str
    since: dt.date
    modules: tuple[ModuleDone, ...]
    modules_in_programme: int
    attempts: int
    scenarios: int
    first_attempt: dt.date | None
    latest_attempt: dt.date | None

    def __post_init__(self) -> None:
        if len(self.modules) > self.modules_in_programme:
            raise ReportIncoherentError("More modules done than there are.")
        if (self.attempts > 0) != (self.first_attempt is not None):
            raise ReportIncoherentError("Attempts have dates.")
        if not urlsplit(self.verify_url).netloc:
            raise ReportIncoherentError("The address for checking is a web address.")

    @property
    def heading(self) -> str:
        return self.name
