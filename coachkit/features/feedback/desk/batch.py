"""Several finished reviews sent in one act. Each then goes its own way: out in some seconds, or taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from coachkit.domain.assessment import sheet as sheets
from coachkit.domain.assessment.sheet import Sheet
from coachkit.domain.content.model import Library
from coachkit.features.accounts.queries import names
from coachkit.features.feedback import claims, service
from coachkit.features.feedback.desk import sending
from coachkit.features.feedback.observation.service import too_early
from coachkit.features.feedback.queries import note_of
from coachkit.features.feedback.service import Note
from coachkit.features.feedback.waiting import QueueItem
from coachkit.features.practice.answering import waits_for_coach
from coachkit.features.practice.models import Attempt, RatingSheet
from coachkit.features.practice.queries import LibraryOf, lines_of, title_of
from coachkit.features.practice.service import COACH, STALE, find, limits, sheet_of
from coachkit.platform.errors import CoachkitError, ConflictError, InvalidError
from coachkit.platform.policy import Action, Actor

GONE = "One attempt is no longer yours to rate."
BEHIND = "it was changed after this list was shown. Look at it once more."


@dataclass(frozen=True, slots=True)
class Finished:
    """A review to which nothing is missing, and which nobody but its coach has seen."""

    attempt_id: int
    version: int
    title: str
    learner: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """What went on its way, and what did not, each with its reason."""

    sent: tuple[int, ...]
    stopped: tuple[str, ...]


def finished(
    session: Session, library_of: LibraryOf, coach_id: int, queue: Iterable[QueueItem]
) -> tuple[Finished, ...]:
    """A coach's own drafts that could be sent as they are, in the order of her queue."""
    found = []
    for item in queue:
        sheet = sheet_of(session, item.id, COACH) if item.mine and not item.second else None
        attempt = session.get(Attempt, item.id)
        if sheet is None or sheet.rater_id != coach_id or attempt is None:
            continue
        lines, note = _written(session, sheet)
        if not _missing(session, library_of(attempt.library_version), attempt, coach_id, lines, note):
            found.append(Finished(item.id, sheet.version, item.title, item.learner, item.submitted_at))
    return tuple(found)


def send_all(session: Session, library_of: LibraryOf, actor: Actor, chosen: Mapping[int, int], *, seconds: int) -> Sent:
    """Send each chosen review in the version that the list showed; what cannot go stays as it is and is named."""
    sent, stopped = [], []
    for attempt_id in sorted(chosen):  # always in one order, so that two batches never wait for each other
        try:
            with session.begin_nested():
                attempt = find(session, actor, attempt_id, Action.RATE_ATTEMPT, lock=True)
                name = _name(session, library_of, attempt)
        except CoachkitError:
            stopped.append(GONE)
            continue
        try:
            with session.begin_nested():
                _send(session, library_of(attempt.library_version), actor, attempt, chosen[attempt_id], seconds)
        except InvalidError:
            stopped.append(f"{name} stays here: something is missing.")
        except CoachkitError as error:
            stopped.append(f"{name} stays here: {BEHIND if error.sentence == STALE else error.sentence}")
        else:
            sent.append(attempt_id)
    return Sent(tuple(sent), tuple(stopped))


def _send(session: Session, library: Library, actor: Actor, attempt: Attempt, version: int, seconds: int) -> None:
    if attempt.withdrawn_at is not None:
        raise ConflictError("the learner has withdrawn it.")
    if not waits_for_coach(session, attempt):
        raise ConflictError("it has gone out already.")
    if claims.hold(session, actor, attempt).sends_at is not None:
        raise ConflictError("it is on its way already.")
    sheet = sheet_of(session, attempt.id, COACH)
    if sheet is None or sheet.rater_id != actor.id:
        raise ConflictError(STALE)
    lines, note = _written(session, sheet)
    if seconds:
        sending.send(session, actor, library, attempt.id, lines, note, version=version, seconds=seconds)
    else:
        service.release(session, actor, library, attempt.id, lines, note, version=version)


def _written(session: Session, sheet: RatingSheet) -> tuple[Sheet, Note]:
    return lines_of(session, sheet.id), note_of(session, sheet.attempt_id)[1]


def _missing(
    session: Session, library: Library, attempt: Attempt, coach_id: int, lines: Sheet, note: Note
) -> dict[str, str]:
    known = limits(library.scenario(attempt.scenario_id))
    found = sheets.problems(lines, known, predicts=False, other="") | service.note_problems(note)
    return found | too_early(session, attempt.id, coach_id, lines)


def _name(session: Session, library_of: LibraryOf, attempt: Attempt) -> str:
    title = title_of(attempt, library_of(attempt.library_version).scenario(attempt.scenario_id))
    return f"“{title}” for {names(session, [attempt.learner_id]).get(attempt.learner_id, '')}"
