"""The pages of a contest: for the learner who opens it, whoever looks again, and the lead coach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library, RichText
from coachkit.features.accounts.queries import names
from coachkit.features.feedback.contest.hearing import attempts_of, files_for
from coachkit.features.feedback.contest.models import Contest
from coachkit.features.feedback.contest.service import NOTE, RATING, SENTENCE, Ways, ways
from coachkit.features.feedback.queries import note_of
from coachkit.features.feedback.service import CHANGE, KEEP, PartText
from coachkit.features.practice.evidence.queries import FileView, files_of
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.queries import LEFT, CriterionView, LibraryOf, criteria_of, receipt_of, title_of

PARTS = {KEEP: "what to keep", CHANGE: "what to change"}
KINDS = {RATING: "A rating", NOTE: "Half of a feedback note", SENTENCE: "A sentence of a report"}


def item_words(library: Library, item: str) -> str:
    """«Wants and needs», or «what to keep»."""
    if item in PARTS:
        return f"the note: {PARTS[item]}"
    return library.criterion(item).name


@dataclass(frozen=True, slots=True)
class Artefact:
    """What there is to look at: the case and what was said. No level, and no word of a coach's."""

    title: str
    brief: RichText
    evidence: str
    files: tuple[FileView, ...]
    unheard: bool
    """There is a recording, and not everybody in it agreed that whoever looks again may hear it."""


@dataclass(frozen=True, slots=True)
class SecondLookPage:
    """Everything that whoever looks again may see."""

    id: int
    kind: str
    due_at: datetime
    learner_id: int
    artefacts: tuple[Artefact, ...]
    criterion: CriterionView | None
    part: PartText | None
    """The half of a note that is contested; it cannot be looked at without being read."""
    sentence: str
    about: str
    learner_evidence: str
    stakeholder: str

    @property
    def most(self) -> int:
        return self.criterion.limit if self.criterion else 5


def second_look_page(session: Session, library_of: LibraryOf, row: Contest, address: str) -> SecondLookPage:
    """The artefact, and nothing of anybody's view of it. Its files are opened under `address`."""
    attempts = attempts_of(session, library_of, row)
    library = library_of(attempts[0].library_version) if attempts else None
    scenario = library.scenario(attempts[0].scenario_id) if library else None
    criteria = criteria_of(library, scenario) if library and scenario and row.kind == RATING else ()
    _note, parts = note_of(session, row.attempt_id) if row.kind == NOTE and row.attempt_id else (None, {})
    about = next((skill.name for skill in library.skills if skill.id == row.item), "") if library else ""
    return SecondLookPage(
        id=row.id,
        kind=row.kind,
        due_at=row.due_at,
        learner_id=row.person_id,
        artefacts=tuple(_artefact(session, library_of, attempt, address) for attempt in attempts),
        criterion=next((criterion for criterion in criteria if criterion.id == row.item), None),
        part=parts.get(row.item),
        sentence=row.sentence,
        about=about,
        learner_evidence=row.evidence,
        stakeholder=scenario.stakeholder.name if scenario else "",
    )


def _artefact(session: Session, library_of: LibraryOf, attempt: Attempt, address: str) -> Artefact:
    scenario = library_of(attempt.library_version).scenario(attempt.scenario_id)
    form = scenario.parallel_form if attempt.parallel else scenario
    files = files_for(session, attempt, address)
    return Artefact(
        title_of(attempt, scenario),
        form.learner_brief,
        attempt.evidence,
        files,
        unheard=len(files) < len(files_of(session, attempt, mine=False)),
    )


@dataclass(frozen=True, slots=True)
class OpenContest:
    """One line for a reviewer or a lead coach. It says nothing of what was said."""

    id: int
    kind: str
    about: str
    opened_at: datetime
    due_at: datetime
    late: bool
    who: str
    """Who looks again; empty where nobody can."""
    ways: Ways
    person_id: int
    """Whose view it is; the page says only whether it is one's own."""


def open_contests(
    session: Session, library_of: LibraryOf, now: datetime, *, reviewer_id: int | None = None
) -> tuple[OpenContest, ...]:
    """What waits for a second look, the oldest first; of one reviewer, or all for a lead coach."""
    query = select(Contest).where(Contest.decided_at.is_(None), Contest.withdrawn_at.is_(None))
    if reviewer_id is not None:
        query = query.where(Contest.reviewer_id == reviewer_id)
    rows = list(session.scalars(query.order_by(Contest.opened_at, Contest.id)))
    known = names(session, (row.reviewer_id for row in rows))
    return tuple(
        OpenContest(
            row.id,
            KINDS[row.kind],
            _about(session, library_of, row),
            row.opened_at,
            row.due_at,
            row.due_at < now,
            row.outsider or (known.get(row.reviewer_id, LEFT) if row.reviewer_id else ""),
            ways(session, row),
            row.person_id,
        )
        for row in rows
    )


def _about(session: Session, library_of: LibraryOf, row: Contest) -> str:
    attempt = session.get(Attempt, row.attempt_id) if row.attempt_id else None
    if attempt is None:
        return ""
    scenario = library_of(attempt.library_version).scenario(attempt.scenario_id)
    return f"{title_of(attempt, scenario)}, receipt {receipt_of(attempt)}"
