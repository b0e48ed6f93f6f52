"""Writing a comment down, and taking it away again, until both views are shown."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from coachkit.domain.assessment.passages import LONGEST_EXCERPT, clock_of, passages, read_clock
from coachkit.domain.content.model import Library
from coachkit.features.feedback.bank.service import left_to_write
from coachkit.features.feedback.comments.models import EvidenceComment
from coachkit.features.feedback.service import open_for_rating
from coachkit.features.practice.evidence.models import EvidenceFile
from coachkit.features.practice.models import Attempt
from coachkit.platform import clock
from coachkit.platform.errors import InvalidError, NotFoundError
from coachkit.platform.policy import Actor

LONGEST = 1000
MOST = 60
LONGEST_NUMBER = 9
LONGEST_TALK = 6 * 3600


@dataclass(frozen=True, slots=True)
class Draft:
    """A comment as a form sends it."""

    criterion: str = ""
    passage: str = ""
    file: str = ""
    at: str = ""
    excerpt: str = ""
    text: str = ""
    id: str = ""
    """The comment that is reworded; empty for a new one."""

    @property
    def begun(self) -> bool:
        """Whether there is anything that would be lost."""
        return bool(self.text or self.excerpt)


@dataclass(frozen=True, slots=True)
class _Place:
    passage: int | None
    evidence_id: int | None
    seconds: int | None
    excerpt: str


def draft_of(row: EvidenceComment) -> Draft:
    """A comment as the form shows it."""
    return Draft(
        criterion=row.criterion_id,
        passage=str(row.passage or ""),
        file=str(row.evidence_id or ""),
        at="" if row.seconds is None else clock_of(row.seconds),
        excerpt=row.excerpt,
        text=row.text,
        id=str(row.id),
    )


def own(session: Session, coach_id: int, attempt_id: int, number: str) -> EvidenceComment | None:
    """A coach's own comment on this attempt; anything else is not there."""
    row = session.get(EvidenceComment, _row(number))
    return row if row is not None and (row.attempt_id, row.coach_id) == (attempt_id, coach_id) else None


def _row(number: str) -> int:
    """The number of a row as a form sends it; 0, which no row has, for anything else."""
    return int(number) if number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER else 0


def comment(session: Session, actor: Actor, library: Library, attempt_id: int, draft: Draft) -> EvidenceComment:
    """Keep one comment on one place, a new one or one's own in other words. It is sealed like the rating."""
    attempt = open_for_rating(session, actor, attempt_id)
    before = own(session, actor.id, attempt_id, draft.id)
    if draft.id and before is None:
        raise NotFoundError
    found: dict[str, str] = {}
    if draft.criterion not in library.scenario(attempt.scenario_id).criteria:
        found["comment-criterion"] = "Choose the criterion that it is about."
    if not draft.text:
        found["comment-text"] = "Write the comment first."
    elif len(draft.text) > LONGEST:
        found["comment-text"] = f"At most {LONGEST} characters, please."
    elif (before is None or before.text != draft.text) and (missing := left_to_write(session, actor.id, draft.text)):
        found["comment-text"] = missing
    place = _kept_place(before, draft) or _place(session, attempt, draft, found)
    count = select(func.count()).where(EvidenceComment.attempt_id == attempt.id)
    if before is None and (session.scalar(count) or 0) >= MOST:
        found["comment-text"] = f"{MOST} comments are the most that one attempt takes."
    if found or place is None:
        raise InvalidError(found)
    row = before or EvidenceComment(attempt_id=attempt.id, coach_id=actor.id)
    row.criterion_id, row.text, row.at = draft.criterion, draft.text, clock.now()
    row.passage, row.evidence_id, row.seconds = place.passage, place.evidence_id, place.seconds
    row.excerpt = place.excerpt
    session.add(row)
    session.flush()
    return row


def _kept_place(before: EvidenceComment | None, draft: Draft) -> _Place | None:
    """The place of a comment of which only the words changed: its recording may be gone by now."""
    if before is None:
        return None
    was = draft_of(before)
    same = (was.passage, was.at, was.excerpt) == (draft.passage, draft.at, draft.excerpt)
    if not same or draft.file not in {"", was.file}:
        return None
    return _Place(before.passage, before.evidence_id, before.seconds, before.excerpt)


def _place(session: Session, attempt: Attempt, draft: Draft, found: dict[str, str]) -> _Place | None:
    if len(draft.excerpt) > LONGEST_EXCERPT:
        found["comment-excerpt"] = f"At most {LONGEST_EXCERPT} characters, please."
    elif bool(draft.passage) == bool(draft.at):
        field = "comment-at" if draft.at else "comment-passage"
        found[field] = "Name one place: a turn or passage by its number, or a moment of the recording."
    elif draft.passage:
        return _in_text(attempt, draft, found)
    else:
        return _in_recording(session, attempt, draft, found)
    return None


def _in_text(attempt: Attempt, draft: Draft, found: dict[str, str]) -> _Place | None:
    numbered = {str(passage.number): passage for passage in passages(attempt.evidence)}
    passage = numbered.get(draft.passage)
    if passage is None:
        found["comment-passage"] = f"There are {len(numbered)} passages; choose one by its number."
    elif not passage.holds(draft.excerpt):
        found["comment-excerpt"] = f"These words do not stand in passage {passage.number}."
    else:
        return _Place(passage.number, None, None, draft.excerpt or passage.excerpt)
    return None


def _in_recording(session: Session, attempt: Attempt, draft: Draft, found: dict[str, str]) -> _Place | None:
    seconds = read_clock(draft.at)
    file = session.get(EvidenceFile, _row(draft.file))
    if file is None or file.attempt_id != attempt.id:
        found["comment-file"] = "Choose the recording."
    if seconds is None or seconds > LONGEST_TALK:
        found["comment-at"] = "Minutes and seconds, please, like 3:07."
    if not draft.excerpt:
        found["comment-excerpt"] = "Write down what is said there: these words stay when the recording is deleted."
    if found or file is None:
        return None
    return _Place(None, file.id, seconds, draft.excerpt)


def take_back(session: Session, actor: Actor, attempt_id: int, comment_id: int) -> None:
    """Delete a comment of one's own, before anybody else has seen it. Twice is once."""
    open_for_rating(session, actor, attempt_id)
    row = session.get(EvidenceComment, comment_id)
    if row is None:
        return
    if row.attempt_id != attempt_id or row.coach_id != actor.id:
        raise NotFoundError
    session.delete(row)
    session.flush()
