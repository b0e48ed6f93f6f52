"""What coaches and learners are told, and whether it still concerns them when they come to read it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from coachkit.features.accounts.queries import learner_ids_of
from coachkit.features.notices.kinds import register
from coachkit.features.practice import second_look
from coachkit.features.practice.answering import waits_for_coach
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.service import COACH, case_of, sheet_of

WAITS, UNLICENSED = "attempt-waits", "attempt-waits-for-licence"
SECOND_VIEW, TWO_VIEWS = "second-view", "two-views-differ"
BOTH_VIEWS, ANSWERED, RETURNED = "both-views", "learner-answered", "attempt-returned"
REMINDER, ESCALATED, NOBODY_THERE = "attempt-due", "attempt-late", "nobody-there"
HANDED, HANDED_LEARNER, OTHER_COACH = "attempt-handed", "learner-handed", "other-coach"
TURN = (WAITS, UNLICENSED, REMINDER, HANDED)
"""What concerns a coach only as long as the attempt is hers to rate."""


def _hers(session: Session, person_id: int, attempt: Attempt) -> bool:
    case = case_of(session, attempt)
    return person_id in case.coach_ids and (case.official or case.invited_coach_id == person_id)


@register(WAITS, subject="An attempt waits for you", sentence="A learner has sent an attempt.", path="/feedback/queue")
def waits(session: Session, person_id: int, attempt_id: int) -> bool:
    """It waits, and it is still hers to rate."""
    attempt = session.get(Attempt, attempt_id)
    return attempt is not None and waits_for_coach(session, attempt) and _hers(session, person_id, attempt)


@register(
    UNLICENSED,
    subject="An attempt waits for a licence",
    sentence="A learner has sent an attempt, and none of the learner's coaches holds a valid licence to rate it.",
    path="/licence",
)
def waits_for_licence(session: Session, person_id: int, attempt_id: int) -> bool:
    """It waits, and the learner is hers."""
    return waits(session, person_id, attempt_id)


@register(
    BOTH_VIEWS,
    subject="Your coach has answered",
    sentence="Your coach has locked a rating and written a note. You can see both views side by side.",
    path="/feedback/{about}/reveal",
)
def both_views(session: Session, person_id: int, attempt_id: int) -> bool:
    """It is his, and both have locked it."""
    attempt = session.get(Attempt, attempt_id)
    return bool(attempt and attempt.learner_id == person_id and attempt.revealed_at)


@register(
    RETURNED,
    subject="An attempt came back",
    sentence="Your coach could not rate an attempt yet and says why. You can add to it and send it again.",
    path="/practice/{about}",
)
def came_back(session: Session, person_id: int, attempt_id: int) -> bool:
    """It is his, and not sent again."""
    attempt = session.get(Attempt, attempt_id)
    return bool(attempt and attempt.learner_id == person_id and not attempt.submitted_at and not attempt.withdrawn_at)


@register(
    ANSWERED,
    subject="A learner has answered",
    sentence="A learner has answered your feedback.",
    path="/feedback/{about}/reveal",
)
def answered(session: Session, person_id: int, attempt_id: int) -> bool:
    """The learner is still hers."""
    attempt = session.get(Attempt, attempt_id)
    return attempt is not None and attempt.withdrawn_at is None and _hers(session, person_id, attempt)


@register(
    SECOND_VIEW,
    subject="A second view is asked for",
    sentence="You are asked to rate an official attempt as the second coach, without seeing anybody else's view.",
    path="/feedback/queue",
)
def asked_second(session: Session, person_id: int, attempt_id: int) -> bool:
    """Her view is still owed."""
    attempt = session.get(Attempt, attempt_id)
    if attempt is None or attempt.withdrawn_at or attempt.revealed_at:
        return False
    return second_look.is_awaited(session, attempt_id) and second_look.coach_id_of(session, attempt_id) == person_id


@register(
    TWO_VIEWS,
    subject="Two views that differ",
    sentence="You and a colleague have rated the same attempt and see it differently. Both views are open to you now: "
    "write down together what you see, or where you go on differing.",
    path="/feedback/{about}/agreed",
)
def two_views(session: Session, person_id: int, attempt_id: int) -> bool:
    """She is one of the two, and the attempt stands."""
    attempt = session.get(Attempt, attempt_id)
    if attempt is None or attempt.withdrawn_at:
        return False
    sheets = (sheet_of(session, attempt_id, kind) for kind in (COACH, "second"))
    return any(sheet is not None and sheet.rater_id == person_id for sheet in sheets)


@register(REMINDER, subject="An attempt is due today", sentence="An attempt is due today.", path="/feedback/queue")
def due(session: Session, person_id: int, attempt_id: int) -> bool:
    """As long as it waits for her."""
    return waits(session, person_id, attempt_id)


@register(
    HANDED,
    subject="An attempt was handed to you",
    sentence="A lead coach has handed an attempt over to you.",
    path="/feedback/{about}",
)
def handed(session: Session, person_id: int, attempt_id: int) -> bool:
    """As long as it waits for her."""
    return waits(session, person_id, attempt_id)


@register(
    HANDED_LEARNER,
    subject="A learner was handed to you",
    sentence="A lead coach has handed a learner over to you.",
    path="/feedback/learners/{about}",
)
def handed_learner(session: Session, person_id: int, learner_id: int) -> bool:
    """As long as the learner is hers."""
    return learner_id in learner_ids_of(session, person_id)


@register(
    OTHER_COACH,
    subject="Another coach answers",
    sentence="Another coach than your own answers one of your attempts.",
    path="/practice/{about}",
)
def other_coach(session: Session, person_id: int, attempt_id: int) -> bool:
    """It is his."""
    attempt = session.get(Attempt, attempt_id)
    return attempt is not None and attempt.learner_id == person_id


def _official_waits(session: Session, attempt_id: int) -> bool:
    attempt = session.get(Attempt, attempt_id)
    return attempt is not None and attempt.official and waits_for_coach(session, attempt)


@register(
    ESCALATED,
    subject="An attempt has waited too long",
    sentence="An official attempt has waited longer than coaches aim for.",
    path="/feedback/coaches",
)
def late(session: Session, person_id: int, attempt_id: int) -> bool:
    """As long as it waits."""
    del person_id
    return _official_waits(session, attempt_id)


@register(
    NOBODY_THERE,
    subject="An attempt waits, and nobody is there",
    sentence="An official attempt waits, and every coach who could answer it is away.",
    path="/feedback/coaches",
)
def nobody_there(session: Session, person_id: int, attempt_id: int) -> bool:
    """As long as it waits."""
    del person_id
    return _official_waits(session, attempt_id)
