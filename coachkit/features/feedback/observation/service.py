"""Asking a coach to watch, and keeping what she notes."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from coachkit.domain.assessment.sheet import Sheet
from coachkit.features.accounts.queries import coach_ids_of
from coachkit.features.feedback.observation.models import Observation, ObservationNote
from coachkit.features.practice.licences import covered
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.service import OFFICIAL, find, open_attempt
from coachkit.platform import audit, clock
from coachkit.platform.errors import ConflictError, InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor, ObservationCase, require

LONGEST = 1000
MOST_NOTES = 200
LONGEST_TALK = 6 * 3600
NOTE_FIRST = "Write down what you saw first: levels open with your first note in words."
NOT_THERE = (
    "There is nothing to read or hear: only the coach who watched it live can rate it. Leave it to her, or return it."
)


def of(session: Session, attempt_id: int, coach_id: int) -> Observation | None:
    """Whether this coach was asked to watch this attempt."""
    query = select(Observation).where(Observation.attempt_id == attempt_id, Observation.coach_id == coach_id)
    return session.scalars(query).one_or_none()


def case_of(session: Session, attempt: Attempt, actor_id: int) -> ObservationCase:
    """What decides whether somebody may watch this attempt."""
    return ObservationCase(
        coach_ids=coach_ids_of(session, attempt.learner_id),
        asked=of(session, attempt.id, actor_id) is not None and attempt.withdrawn_at is None,
        learner_id=attempt.learner_id,
        licensed=bool(covered(session, [attempt], [actor_id])),
    )


def find_observation(session: Session, actor: Actor, attempt_id: int) -> tuple[Attempt, Observation]:
    """The attempt that the actor was asked to watch; otherwise it does not exist."""
    attempt = session.get(Attempt, attempt_id)
    if attempt is None:
        raise NotFoundError
    require(actor, Action.OBSERVE, case_of(session, attempt, actor.id))
    row = of(session, attempt_id, actor.id)
    if row is None:
        raise NotFoundError
    return attempt, row


def ask(session: Session, actor: Actor, attempt_id: int, coach_id: int) -> None:
    """The learner asks one of his coaches to watch. Asking twice is asking once."""
    attempt = open_attempt(session, actor, attempt_id)
    fitting = coach_ids_of(session, actor.id) if attempt.kind == OFFICIAL else {attempt.coach_id}
    if coach_id not in fitting or coach_id not in coach_ids_of(session, actor.id):
        raise InvalidError({"coach_id": "Choose one of your own coaches, whom this attempt is for."})
    if of(session, attempt_id, coach_id) is None:
        session.add(Observation(attempt_id=attempt_id, coach_id=coach_id, asked_at=clock.now(), started_at=None))
        audit.record(session, actor, "observation:ask", subject=actor.pseudonym, about=f"attempt:{attempt_id}")
        session.flush()


def unask(session: Session, actor: Actor, attempt_id: int) -> None:
    """The learner no longer wants to be watched. What was noted already stays."""
    find(session, actor, attempt_id, Action.WRITE_ATTEMPT, lock=True)
    noted = select(ObservationNote.observation_id)
    session.execute(delete(Observation).where(Observation.attempt_id == attempt_id, Observation.id.not_in(noted)))


def start(session: Session, actor: Actor, attempt_id: int) -> None:
    """The talk begins; a second press changes nothing."""
    _attempt, row = find_observation(session, actor, attempt_id)
    row.started_at = row.started_at or clock.now()
    session.flush()


def elapsed(row: Observation) -> int:
    """Seconds since the clock began, of a talk that is going on."""
    since = (clock.now() - row.started_at).total_seconds() if row.started_at else 0
    return max(0, min(int(since), LONGEST_TALK))


def note(
    session: Session,
    actor: Actor,
    attempt_id: int,
    *,
    key: str,
    seconds: int | None,
    criterion_id: str,
    text: str,
    criteria: Iterable[str],
) -> ObservationNote:
    """Keep one note. The same key again is the same note; with other words, those count.

    `seconds` is the page's own clock, which also runs without a network; without one it is now.
    """
    attempt, row = find_observation(session, actor, attempt_id)
    if attempt.revealed_at is not None:
        raise ConflictError("Both views are open already. What you saw is in your rating.")
    if criterion_id and criterion_id not in set(criteria):
        raise InvalidError({"criterion": "This is none of the criteria of this role-play."})
    if len(text) > LONGEST:
        raise InvalidError({"text": f"At most {LONGEST} characters, please."})
    known = session.scalars(
        select(ObservationNote).where(ObservationNote.observation_id == row.id, ObservationNote.key == key)
    ).one_or_none()
    if known is not None:
        known.text, known.criterion_id = text or known.text, criterion_id or known.criterion_id
        attempt.watched = attempt.watched or bool(text)
        session.flush()
        return known
    count = session.scalar(select(func.count()).where(ObservationNote.observation_id == row.id)) or 0
    if count >= MOST_NOTES:
        raise InvalidError({"text": f"{MOST_NOTES} notes are the most that one talk takes."})
    row.started_at = row.started_at or clock.now()
    at = elapsed(row) if seconds is None else max(0, min(seconds, LONGEST_TALK))
    made = ObservationNote(
        observation_id=row.id, key=key, seconds=at, criterion_id=criterion_id, text=text, at=clock.now()
    )
    session.add(made)
    attempt.watched = attempt.watched or bool(text)
    session.flush()
    return made


def _has_words(session: Session, row: Observation) -> bool:
    words = select(ObservationNote.id).where(ObservationNote.observation_id == row.id, ObservationNote.text != "")
    return session.scalar(words.limit(1)) is not None


def levels_locked(session: Session, attempt_id: int, coach_id: int) -> bool:
    """Whether this coach watched live and has not yet put into words anything that she saw."""
    row = of(session, attempt_id, coach_id)
    return row is not None and row.started_at is not None and not _has_words(session, row)


def saw_nothing(session: Session, attempt_id: int, coach_id: int) -> bool:
    """Whether there is nothing that this coach could rate: only what a colleague noted, who watched."""
    attempt, row = session.get_one(Attempt, attempt_id), of(session, attempt_id, coach_id)
    return attempt.watched and not attempt.can_be_read and (row is None or not _has_words(session, row))


def too_early(session: Session, attempt_id: int, coach_id: int, lines: Sheet) -> dict[str, str]:
    """Levels that were chosen before anything was noted, or by somebody who saw nothing: field → sentence."""
    if levels_locked(session, attempt_id, coach_id):
        why = NOTE_FIRST
    elif saw_nothing(session, attempt_id, coach_id):
        why = NOT_THERE
    else:
        return {}
    return {f"level-{criterion_id}": why for criterion_id, line in lines.items() if line.level.given}
