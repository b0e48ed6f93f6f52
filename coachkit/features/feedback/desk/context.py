"""What lies beside an attempt while a coach rates it: earlier tries, earlier feedback, her own private note.

Levels of earlier attempts are left out: a figure before one's eyes draws the next one towards itself. They stand in
the learner's record, and after the reveal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.features.accounts.queries import coach_ids_of
from coachkit.features.feedback.claims import held
from coachkit.features.feedback.desk.private_notes import note_about
from coachkit.features.feedback.queries import ReleasedNote, notes_of
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.queries import LibraryOf, Observed, observed, title_of
from coachkit.features.practice.service import OFFICIAL
from coachkit.platform import clock

NOTES = 3


@dataclass(frozen=True, slots=True)
class EarlierTry:
    """The same scenario, or its parallel form, played before."""

    attempt_id: int
    title: str
    played_on: date | None
    evidence: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One criterion in the last attempt in which it was observed. Both lines of then; of now only her own."""

    criterion: str
    criterion_id: str
    then: Observed
    where: str
    """Whether the two can be compared."""


@dataclass(frozen=True, slots=True)
class Context:
    until: datetime | None
    """Until when she has the attempt, if she has it."""
    hers: bool
    """The learner is hers; a single attempt that was handed to her brings nothing else along."""
    compared: tuple[Compared, ...]
    tries: tuple[EarlierTry, ...]
    notes: tuple[ReleasedNote, ...]
    private: str
    private_version: int


def context_of(session: Session, library_of: LibraryOf, attempt: Attempt, coach_id: int, now: datetime) -> Context:
    """For the coach who rates this attempt."""
    claim = held(session, [attempt.id], now).get(attempt.id)
    until = claim.until if claim and claim.coach_id == coach_id else None
    if coach_id not in coach_ids_of(session, attempt.learner_id):
        return Context(until, hers=False, compared=(), tries=(), notes=(), private="", private_version=0)
    rows = session.scalars(
        select(Attempt)
        .where(Attempt.learner_id == attempt.learner_id, Attempt.scenario_id == attempt.scenario_id)
        .where(Attempt.kind == OFFICIAL, Attempt.revealed_at.is_not(None), Attempt.withdrawn_at.is_(None))
        .where(Attempt.id != attempt.id)
        .order_by(Attempt.submitted_at.desc(), Attempt.id.desc())
    )
    tries = tuple(
        EarlierTry(
            row.id,
            title_of(row, library_of(row.library_version).scenario(row.scenario_id)),
            row.played_on,
            row.evidence,
        )
        for row in rows
    )
    private, version = note_about(session, coach_id, attempt.learner_id)
    notes = notes_of(session, library_of, attempt.learner_id)[:NOTES]
    compared = compared_with(session, library_of, attempt, coach_id)
    return Context(
        until, hers=True, compared=compared, tries=tries, notes=notes, private=private, private_version=version
    )


def compared_with(session: Session, library_of: LibraryOf, attempt: Attempt, viewer_id: int) -> tuple[Compared, ...]:
    """What was seen last of each criterion; in practice also what a coach was invited to, never another's practice."""
    library = library_of(attempt.library_version)
    scenario = library.scenario(attempt.scenario_id)
    played = attempt.played_on or clock.today()
    before: dict[str, Observed] = {}
    rows = observed(session, library_of, [attempt.learner_id], official_only=attempt.official)[attempt.learner_id]
    for row in rows:  # oldest first
        readable = row.official or viewer_id in {row.coach_id, attempt.learner_id}
        if readable and row.coach.value is not None and (row.played_on, row.attempt_id) < (played, attempt.id):
            before[row.criterion_id] = row

    def where(row: Observed) -> str:
        if row.scenario_id != attempt.scenario_id:
            return "another scenario"
        return "at the same difficulty" if row.difficulty == scenario.difficulty else "at another difficulty"

    return tuple(
        Compared(library.criterion(c).name, c, before[c], where(before[c])) for c in scenario.criteria if c in before
    )
