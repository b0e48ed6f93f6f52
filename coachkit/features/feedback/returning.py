"""Giving an attempt back, not rated: the learner is told why, adds evidence, and may submit again."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from coachkit.features.accounts.queries import pseudonym_of
from coachkit.features.feedback import claims
from coachkit.features.feedback.comments.models import EvidenceComment
from coachkit.features.feedback.models import FeedbackNote
from coachkit.features.feedback.second import SECOND
from coachkit.features.feedback.service import open_for_rating
from coachkit.features.practice.models import Attempt, AttemptReturn, RatingSheet
from coachkit.features.practice.service import COACH, SELF, sheet_of
from coachkit.platform import audit, clock, jobs
from coachkit.platform.errors import ConflictError, InvalidError
from coachkit.platform.policy import Actor

LONGEST_WHY = 500
SHORTEST_WHY = 10


def give_back(session: Session, actor: Actor, attempt_id: int, why: str) -> Attempt:
    """Return an attempt that cannot be rated. What coaches had begun on it goes; the learner's rating is his again."""
    attempt = open_for_rating(session, actor, attempt_id)
    if not SHORTEST_WHY <= len(why) <= LONGEST_WHY:
        raise InvalidError({"why": f"Say why, in a sentence of at most {LONGEST_WHY} characters."})
    claim = claims.hold(session, actor, attempt)
    if claim.sends_at is not None:
        raise ConflictError(
            f"Your rating goes out at {claim.sends_at:%H:%M:%S} UTC. Take it back first; then you can return this."
        )
    sheet, second = sheet_of(session, attempt.id, COACH), sheet_of(session, attempt.id, SECOND)
    if any(one is not None and one.locked_at is not None for one in (sheet, second)):
        raise ConflictError("A coach has locked her rating of this attempt already. It can no longer be returned.")
    session.execute(
        delete(RatingSheet).where(RatingSheet.attempt_id == attempt.id, RatingSheet.kind.in_((COACH, SECOND)))
    )
    session.execute(delete(FeedbackNote).where(FeedbackNote.attempt_id == attempt.id))
    session.execute(delete(EvidenceComment).where(EvidenceComment.attempt_id == attempt.id))
    claims.settle(session, attempt.id)
    claims.settle(session, attempt.id, SECOND)
    own = sheet_of(session, attempt.id, SELF)
    if own is not None:
        own.locked_at = None
        own.version += 1
    attempt.submitted_at = None
    attempt.version += 1
    session.add(AttemptReturn(attempt_id=attempt.id, coach_id=actor.id, why=why, at=clock.now()))
    subject = pseudonym_of(session, attempt.learner_id)
    audit.record(session, actor, "attempt:return", subject=subject, about=f"attempt:{attempt.id}")
    jobs.enqueue(session, "feedback.tell_returned", attempt_id=attempt.id)
    session.flush()
    return attempt
