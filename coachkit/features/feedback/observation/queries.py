"""What the observer's page, the rater's page and the open views show of notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from coachkit.domain.assessment.passages import clock_of
from coachkit.domain.content.model import Library
from coachkit.features.accounts.models import Coaching
from coachkit.features.accounts.queries import coaches_of, names
from coachkit.features.feedback.observation.models import Observation, ObservationNote
from coachkit.features.feedback.observation.service import elapsed
from coachkit.features.practice.licences import covered
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.queries import LibraryOf, title_of
from coachkit.features.practice.service import OFFICIAL


@dataclass(frozen=True, slots=True)
class NoteView:
    """One note, with its time as a clock shows it."""

    key: str
    clock: str
    criterion: str
    text: str


@dataclass(frozen=True, slots=True)
class ObservePage:
    """The observer's page. It holds nothing that the learner wrote or rated."""

    attempt_id: int
    title: str
    learner: str
    learner_id: int
    started: bool
    elapsed: int
    criteria: tuple[tuple[str, str], ...]
    notes: tuple[NoteView, ...]
    submitted: bool
    closed: bool


@dataclass(frozen=True, slots=True)
class AskedToWatch:
    """An attempt that somebody is asked to watch."""

    attempt_id: int
    title: str
    learner: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class ObserverPage:
    """Whom a learner may ask, and whom he has asked."""

    attempt_id: int
    title: str
    open: bool
    coaches: tuple[tuple[int, str], ...]
    asked: tuple[str, ...]


def _notes(session: Session, criteria: Mapping[str, str], observation_ids: list[int]) -> tuple[NoteView, ...]:
    rows = session.scalars(
        select(ObservationNote)
        .where(ObservationNote.observation_id.in_(observation_ids))
        .order_by(ObservationNote.seconds, ObservationNote.id)
    )
    return tuple(NoteView(row.key, clock_of(row.seconds), criteria.get(row.criterion_id, ""), row.text) for row in rows)


def observe_page(session: Session, library: Library, attempt: Attempt, row: Observation) -> ObservePage:
    """One attempt for its observer."""
    scenario = library.scenario(attempt.scenario_id)
    criteria = {c: library.criterion(c).name for c in scenario.criteria}
    return ObservePage(
        attempt_id=attempt.id,
        title=title_of(attempt, scenario),
        learner=names(session, [attempt.learner_id]).get(attempt.learner_id, ""),
        learner_id=attempt.learner_id,
        started=row.started_at is not None,
        elapsed=elapsed(row),
        criteria=tuple(criteria.items()),
        notes=_notes(session, criteria, [row.id]),
        submitted=attempt.submitted_at is not None,
        closed=attempt.revealed_at is not None,
    )


def notes_of(
    session: Session, attempt_id: int, criteria: Mapping[str, str], coach_id: int | None = None
) -> tuple[NoteView, ...]:
    """What one coach noted; without her, what anybody did, for views that are open to both sides.

    `criteria` holds the names of this attempt's criteria.
    """
    query = select(Observation.id).where(Observation.attempt_id == attempt_id)
    if coach_id is not None:
        query = query.where(Observation.coach_id == coach_id)
    return _notes(session, criteria, list(session.scalars(query)))


def asked_to_watch(session: Session, library_of: LibraryOf, coach_id: int) -> tuple[AskedToWatch, ...]:
    """What this coach is asked to watch and has not been sent yet."""
    hers = select(Coaching.learner_id).where(Coaching.coach_id == coach_id, Coaching.until.is_(None))
    rows = session.execute(
        select(Observation, Attempt)
        .join(Attempt, Attempt.id == Observation.attempt_id)
        .where(
            Observation.coach_id == coach_id,
            and_(Attempt.submitted_at.is_(None), Attempt.withdrawn_at.is_(None), Attempt.learner_id.in_(hers)),
        )
        .order_by(Observation.asked_at)
    ).all()
    licensed = {attempt_id for attempt_id, _c in covered(session, [attempt for _row, attempt in rows], [coach_id])}
    known = names(session, [attempt.learner_id for _row, attempt in rows])
    return tuple(
        AskedToWatch(
            attempt.id,
            title_of(attempt, library_of(attempt.library_version).scenario(attempt.scenario_id)),
            known.get(attempt.learner_id, ""),
            row.asked_at,
        )
        for row, attempt in rows
        if attempt.id in licensed
    )


def observer_page(session: Session, library: Library, attempt: Attempt) -> ObserverPage:
    """A learner's page about who watches."""
    coaches = coaches_of(session, attempt.learner_id)
    asked = set(session.scalars(select(Observation.coach_id).where(Observation.attempt_id == attempt.id)))
    fitting = (c for c in coaches if attempt.kind == OFFICIAL or c.id == attempt.coach_id)
    return ObserverPage(
        attempt.id,
        title_of(attempt, library.scenario(attempt.scenario_id)),
        attempt.submitted_at is None and attempt.withdrawn_at is None,
        tuple((c.id, c.name) for c in fitting if c.id not in asked),
        tuple(names(session, asked).values()),
    )
