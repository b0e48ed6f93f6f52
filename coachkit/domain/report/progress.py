"""The learner's progress report, frozen at the moment of issue.

One object feeds the page, the PDF and the attached `report.json`, so that the three can never disagree.
It holds ratings as people gave them: no mean across criteria and no overall figure has a place here.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from coachkit.domain.report import codec
from coachkit.domain.report.wording import BLOCK_LABELS, LEVEL_NAMES, RUBRIC_STATUS

SCHEMA = "coachkit/progress-report/1"

RubricStatus = Literal["draft", "retranslated", "field_tested"]
NoteKind = Literal["keep", "change"]
ContestResult = Literal["open", "kept", "changed", "removed"]


class ReportIncoherentError(ValueError):
    """A report whose parts contradict each other is refused before anybody can read it."""


def _refuse(condition: bool, sentence: str) -> None:
    if condition:
        raise ReportIncoherentError(sentence)


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the report is about, in the words of the house."""

    name: str
    role_title: str
    unit: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Counts:
    """What there is to look at. Counts only: they say how much was seen, not how well it went."""

    official_attempts: int
    practised_scenarios: int
    ratings: int
    coaches: int
    retries: int


@dataclass(frozen=True, slots=True)
class Plan:
    """One if-then plan."""

    cue: str
    act: str
    by: dt.date
    witness: str


@dataclass(frozen=True, slots=True)
class FocusAndPlan:
    """What the learner works on now, and the plans that were made for it."""

    criteria: tuple[str, ...]
    plans: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Observation:
    """One criterion in one official attempt, seen by the coach and by the learner himself.

    `capped` says that the scenario could not show more than `level`, so that the level is a lower bound.
    """

    on: dt.date
    scenario: str
    difficulty: int
    level: int | None
    not_observed: bool
    capped: bool
    self_level: int | None
    self_not_observed: bool
    evidence: str
    self_evidence: str

    def __post_init__(self) -> None:
        _refuse(self.difficulty not in range(1, 6), "A difficulty lies between 1 and 5.")
        for level, unseen in ((self.level, self.not_observed), (self.self_level, self.self_not_observed)):
            _refuse(level is not None and level not in LEVEL_NAMES, "A level lies between 1 and 5.")
            _refuse(level is not None and unseen, "What was not observed has no level.")
        _refuse(self.capped and self.level is None, "Only a level can be at the scenario's limit.")


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """Everything that was seen of one criterion, oldest first."""

    key: str
    name: str
    rubric_status: RubricStatus
    observations: tuple[Observation, ...]

    def __post_init__(self) -> None:
        _refuse(self.rubric_status not in RUBRIC_STATUS, "Unknown state of the rubric.")
        days = [seen.on for seen in self.observations]
        _refuse(days != sorted(days), "Observations stand in the order of their dates.")


@dataclass(frozen=True, slots=True)
class SkillPage:
    """One skill: what went well in words, what is being worked on, and the lines of its criteria."""

    key: str
    name: str
    strengths: tuple[str, ...]
    working_on: str
    criteria: tuple[CriterionLine, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """First try and re-try of the same criterion at the same difficulty."""

    skill: str
    criterion: str
    first: Observation
    retry: Observation

    def __post_init__(self) -> None:
        _refuse(self.first.difficulty != self.retry.difficulty, "A pair compares like with like.")
        _refuse(self.retry.on < self.first.on, "A re-try follows its first try.")
        _refuse(self.first.level is None or self.retry.level is None, "A pair needs two ratings.")


@dataclass(frozen=True, slots=True)
class CoachNote:
    """One feedback note: situation, behaviour, effect, a question, and what to try next."""

    on: dt.date
    coach: str
    kind: NoteKind
    situation: str
    behaviour: str
    effect: str
    question: str
    next_try: str


@dataclass(frozen=True, slots=True)
class FieldEntry:
    """One witnessed act at work, without the names of clients."""

    on: dt.date
    situation: str
    act: str
    effect: str
    witness: str


@dataclass(frozen=True, slots=True)
class Contest:
    """An objection of the learner and what became of it."""

    raised_on: dt.date
    item: str
    words: str
    result: ContestResult
    reason: str
    decided_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """When a coach last compared his ratings with the reference ratings."""

    coach: str
    calibrated_on: dt.date | None
    valid_until: dt.date | None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure in the report comes from and how it was counted."""

    figure: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class BlockLabel:
    """What kind of evidence a block is; one kind never stands for another."""

    block: str
    label: str


@dataclass(frozen=True, slots=True)
class FairAverage:
    """A skill on the 1 to 5 scale, adjusted for who rated and how hard the scenarios were.

    Without a value the model cannot tell; `evidence` then says why.
    """

    skill: str
    value: float | None
    low: float | None
    high: float | None
    role_line: int | None
    evidence: str

    def __post_init__(self) -> None:
        if self.value is None:
            _refuse(self.low is not None or self.high is not None, "No interval without a figure.")
            return
        _refuse(self.low is None or self.high is None, "No figure without its interval.")
        if self.low is not None and self.high is not None:
            _refuse(not self.low <= self.value <= self.high, "A figure lies inside its interval.")


@dataclass(frozen=True, slots=True)
class Measures:
    """The block of model-based figures; a house may leave it out altogether."""

    interval: str
    lines: tuple[FairAverage, ...]
    note: str


def default_labels() -> tuple[BlockLabel, ...]:
    """The kind of evidence of each block, as long as nobody states another."""
    return tuple(BlockLabel(block, label) for block, label in BLOCK_LABELS.items())


@dataclass(frozen=True, slots=True)
class ProgressReport:
    """Everything that a progress report says about one person."""

    report_id: str
    verification_code: str
    verify_url: str
    issued_at: dt.datetime
    person: Person
    programme_since: dt.date
    weeks: int
    hours: int
    counts: Counts
    headline: str
    focus: FocusAndPlan
    skills: tuple[SkillPage, ...]
    pairs: tuple[Pair, ...]
    notes: tuple[CoachNote, ...]
    field_log: tuple[FieldEntry, ...]
    learner_comment: str
    contests: tuple[Contest, ...]
    cannot_tell: tuple[str, ...]
    calibration: tuple[Calibration, ...]
    audience: tuple[str, ...]
    sources: tuple[Source, ...]
    block_labels: tuple[BlockLabel, ...]
    rubric_note: str
    measures: Measures | None = None

    def __post_init__(self) -> None:
        _refuse(self.issued_at.tzinfo is None, "The time of issue needs its zone.")
        _refuse(not (self.report_id and self.verification_code), "A report has an id and a code.")
        address = urlsplit(self.verify_url)
        web = address.scheme in {"http", "https"} and bool(address.netloc)
        _refuse(not web, "The address for checking a report is a web address.")
        rated = sum(seen.level is not None for seen in self.observations())
        _refuse(rated != self.counts.ratings, "The number of ratings differs from the ratings shown.")
        _refuse(len(self.pairs) != self.counts.retries, "The number of re-tries differs from the pairs.")

    @property
    def heading(self) -> str:
        """Whom it is about."""
        return self.person.name

    def observations(self) -> Iterator[Observation]:
        """Every observation of every skill."""
        for skill in self.skills:
            for line in skill.criteria:
                yield from line.observations

    def label_of(self, block: str) -> str:
        """The kind of evidence of one block."""
        for entry in self.block_labels:
            if entry.block == block:
                return entry.label
        return BLOCK_LABELS[block]

    def to_json(self) -> str:
        """The same text for the same report, complete, with its schema named."""
        return codec.to_json(self, SCHEMA)

    @classmethod
    def from_json(cls, text: str) -> "ProgressReport":
        """The report that `to_json` wrote; anything missing, unknown or of another type is refused."""
        return codec.from_json(cls, text, SCHEMA)
