"""When an attempt changes hands, the first coach's draft is kept for her, and the second begins with an empty sheet."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from coachkit.domain.assessment.scale import Level
from coachkit.domain.assessment.sheet import Line
from coachkit.features.feedback.desk_models import PutAside
from coachkit.features.feedback.models import FeedbackNote, NotePart
from coachkit.features.practice.models import Attempt, Rating, RatingSheet
from coachkit.features.practice.service import COACH, save_sheet, sheet_of
from coachkit.platform import clock

RATING = ("criterion_id", "level", "not_observed", "evidence")
PART = ("kind", "situation", "behaviour", "effect", "question", "next_try")


def change_hands(session: Session, attempt: Attempt, coach_id: int, kind: str = COACH) -> None:
    """Make the attempt's first or second sheet this coach's own."""
    sheet = sheet_of(session, attempt.id, kind)
    if sheet is not None and sheet.rater_id == coach_id:
        return
    if sheet is not None:
        if sheet.locked_at is not None:
            return  # saving says so
        _put_aside(session, attempt, sheet)
    _bring_back(session, attempt, coach_id, kind)


def lay_down(session: Session, attempt: Attempt, coach_id: int, kind: str) -> None:
    """Somebody else does it from now on: what this coach has begun is kept for her, though it be nothing yet."""
    sheet = sheet_of(session, attempt.id, kind)
    if sheet is not None and sheet.rater_id == coach_id:
        _put_aside(session, attempt, sheet)
    elif session.get(PutAside, (attempt.id, coach_id)) is None:
        nothing: dict[str, Any] = {"ratings": [], "parts": []}
        session.add(PutAside(attempt_id=attempt.id, coach_id=coach_id, kind=kind, text=nothing, at=clock.now()))
        session.flush()


def _put_aside(session: Session, attempt: Attempt, sheet: RatingSheet) -> None:
    notes = select(FeedbackNote).where(FeedbackNote.attempt_id == attempt.id)
    note = session.scalars(notes).one_or_none() if sheet.kind == COACH else None
    if sheet.rater_id is not None:
        ratings = session.scalars(select(Rating).where(Rating.sheet_id == sheet.id))
        parts = session.scalars(select(NotePart).where(NotePart.note_id == note.id)) if note else ()
        text = {
            "ratings": [{name: getattr(row, name) for name in RATING} for row in ratings],
            "parts": [{name: getattr(row, name) for name in PART} for row in parts],
            "follow_up": [note.advice_id, note.fixed] if note else [None, None],
        }
        key = {"attempt_id": attempt.id, "coach_id": sheet.rater_id, "kind": sheet.kind}
        session.merge(PutAside(**key, text=text, at=sheet.saved_at))
    if note is not None:
        session.execute(delete(NotePart).where(NotePart.note_id == note.id))
        session.delete(note)
    session.execute(delete(Rating).where(Rating.sheet_id == sheet.id))
    session.delete(sheet)
    session.flush()


def _bring_back(session: Session, attempt: Attempt, coach_id: int, kind: str) -> None:
    kept = session.get(PutAside, (attempt.id, coach_id))
    if kept is None or kept.kind != kind:
        return
    text: dict[str, Any] = kept.text
    session.delete(kept)
    lines = {
        row["criterion_id"]: Line(Level(row["level"], row["not_observed"]), row["evidence"]) for row in text["ratings"]
    }
    save_sheet(session, attempt, coach_id, kind, lines, version=0, lock=False)
    if kind != COACH:
        return
    note = FeedbackNote(attempt_id=attempt.id, coach_id=coach_id, saved_at=clock.now(), released_at=None)
    note.advice_id, note.fixed = text.get("follow_up", (None, None))
    session.add(note)
    session.flush()
    session.add_all(NotePart(note_id=note.id, **row) for row in text["parts"])
    session.flush()


def forget(session: Session, attempt_id: int, kind: str = COACH) -> None:
    """What was put aside has no purpose once the rating is given."""
    session.execute(delete(PutAside).where(PutAside.attempt_id == attempt_id, PutAside.kind == kind))


def has(session: Session, attempt_id: int, coach_id: int, kind: str) -> bool:
    """Whether something of hers is kept for her."""
    kept = session.get(PutAside, (attempt_id, coach_id))
    return kept is not None and kept.kind == kind
