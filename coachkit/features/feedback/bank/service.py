"""Keeping, rewording and dropping phrases; and what a phrase still needs before it is a comment."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from coachkit.domain.coaching.phrases import GAP, PHRASES
from coachkit.domain.content.model import Library
from coachkit.features.feedback.bank.models import Phrase
from coachkit.platform import clock
from coachkit.platform.errors import ConflictError, InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor, require

LONGEST = 500
MOST = 300


def keep(session: Session, actor: Actor, library: Library, criterion_id: str, text: str) -> Phrase:
    """Keep a phrase. The same one twice is one."""
    require(actor, Action.COACH)
    found = _problems(text)
    if criterion_id not in {criterion.id for criterion in library.criteria}:
        found["criterion"] = "Choose the criterion that it is about."
    if found:
        raise InvalidError(found)
    hers = select(Phrase).where(Phrase.coach_id == actor.id)
    same = session.scalars(hers.where(Phrase.criterion_id == criterion_id, Phrase.text == text).limit(1)).first()
    if same is not None:
        return same
    if (session.scalar(select(func.count()).select_from(hers.subquery())) or 0) >= MOST:
        raise InvalidError({"text": f"{MOST} phrases are the most that are kept. Delete one first."})
    row = Phrase(coach_id=actor.id, criterion_id=criterion_id, text=text, saved_at=clock.now(), version=1)
    session.add(row)
    session.flush()
    return row


def reword(session: Session, actor: Actor, phrase_id: int, text: str, *, version: int) -> None:
    """Other words for a phrase of one's own; a page that is behind overwrites nothing."""
    row = session.get(Phrase, phrase_id, with_for_update=True, populate_existing=True)
    if row is None or row.coach_id != actor.id:
        raise NotFoundError
    if row.version != version:
        raise ConflictError("This phrase was reworded in another window.", {"text": row.text})
    if found := _problems(text):
        raise InvalidError(found)
    row.text, row.saved_at, row.version = text, clock.now(), version + 1
    session.flush()


def drop(session: Session, actor: Actor, phrase_id: int) -> None:
    """Delete a phrase of one's own. Twice is once."""
    row = session.get(Phrase, phrase_id)
    if row is None:
        return
    if row.coach_id != actor.id:
        raise NotFoundError
    session.delete(row)
    session.flush()


def _problems(text: str) -> dict[str, str]:
    if not text:
        return {"text": "Write the phrase first."}
    return {"text": f"At most {LONGEST} characters, please."} if len(text) > LONGEST else {}


def left_to_write(session: Session, coach_id: int, text: str) -> str:
    """What keeps a comment back that is still the phrase as it was saved; empty for one with words of its own."""
    if GAP in text:
        return f"Fill the gap {GAP} with the words that were said."
    saved = session.scalars(select(Phrase.text).where(Phrase.coach_id == coach_id, Phrase.text == text)).first()
    if saved is not None or text in PHRASES:
        return "These are the saved words as they are. Say what you saw or heard at this moment."
    return ""
