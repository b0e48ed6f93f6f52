"""Two taps by the learner about the feedback itself. Its coach sees blocks of them, and nobody else sees anything."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.coaching.usefulness import Answer, Block, blocks
from coachkit.features.feedback.desk_models import Usefulness
from coachkit.features.feedback.models import FeedbackNote
from coachkit.features.practice.service import find
from coachkit.platform import clock
from coachkit.platform.errors import InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor

QUESTIONS = {
    "useful": ("Can you use it for your next try?", "Yes", "Not really"),
    "fits": ("Does it fit what happened?", "Yes", "Not really"),
}


def tap(session: Session, actor: Actor, attempt_id: int, question: str, value: str) -> None:
    """One tap; the next one on the same question replaces it."""
    attempt = find(session, actor, attempt_id, Action.WRITE_ATTEMPT, lock=True)
    if attempt.revealed_at is None:
        raise NotFoundError
    if question not in QUESTIONS or value not in {"0", "1"}:
        raise InvalidError({question: "Please tap one of the two."})
    row = session.get(Usefulness, attempt_id)
    if row is None:
        row = Usefulness(attempt_id=attempt_id, person_id=actor.id, useful=None, fits=None, at=clock.now())
        session.add(row)
    setattr(row, question, int(value))
    row.at = clock.now()
    session.flush()


def taps_of(session: Session, attempt_id: int) -> dict[str, int | None]:
    """What the learner has tapped so far. For the learner."""
    row = session.get(Usefulness, attempt_id)
    return {"useful": row.useful, "fits": row.fits} if row else {"useful": None, "fits": None}


def trend(session: Session, coach_id: int) -> tuple[Block, ...]:
    """How a coach's feedback has landed, oldest block first. For that coach."""
    rows = session.scalars(
        select(Usefulness)
        .join(FeedbackNote, FeedbackNote.attempt_id == Usefulness.attempt_id)
        .where(FeedbackNote.coach_id == coach_id, FeedbackNote.released_at.is_not(None))
        .order_by(FeedbackNote.released_at, FeedbackNote.id)
    )
    return blocks(Answer(row.person_id, row.useful, row.fits) for row in rows)
