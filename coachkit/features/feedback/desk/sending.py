"""Sending a rating and a note: for some seconds it can be taken back, then both see both and it is final.

It cannot be taken back later: from that moment the coach sees the learner's own rating, and a second rating would not
be blind. During the seconds neither of the two sees anything of the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.assessment.sheet import Sheet
from coachkit.domain.content.model import Library
from coachkit.features.accounts.models import Person
from coachkit.features.accounts.queries import names
from coachkit.features.accounts.service import roles_of
from coachkit.features.feedback import claims, service
from coachkit.features.feedback.desk_models import Claim
from coachkit.features.feedback.follow_up import FollowUp
from coachkit.features.feedback.queries import note_of
from coachkit.features.feedback.service import Note
from coachkit.features.practice.answering import waits_for_coach
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.queries import LibraryOf, lines_of, title_of
from coachkit.features.practice.service import COACH, find, sheet_of
from coachkit.platform import clock, jobs
from coachkit.platform.errors import CoachkitError, ConflictError
from coachkit.platform.policy import Action, Actor


def send(
    session: Session,
    actor: Actor,
    library: Library,
    attempt_id: int,
    lines: Sheet,
    note: Note,
    *,
    version: int,
    seconds: int,
    followed: FollowUp | None = None,
) -> None:
    """Check everything as a release does, keep it, and let it go out in some seconds."""
    service.check(session, actor, library, attempt_id, lines, note)
    service.save_draft(session, actor, library, attempt_id, lines, note, version=version, followed=followed)
    claim = session.get_one(Claim, attempt_id)
    claim.sends_at = clock.now() + timedelta(seconds=seconds)
    jobs.enqueue(session, "feedback.send", delay=timedelta(seconds=seconds), attempt_id=attempt_id, coach_id=actor.id)
    session.flush()


def take_back(session: Session, actor: Actor, attempt_id: int) -> None:
    """Not sent after all: it is a draft again."""
    attempt = find(session, actor, attempt_id, Action.RATE_ATTEMPT, lock=True)
    if not waits_for_coach(session, attempt):
        raise ConflictError(
            "It has gone out and is locked, so it stays. What you see differently belongs into the talk."
        )
    claims.hold(session, actor, attempt).sends_at = None


def deliver(session: Session, library_of: LibraryOf, attempt_id: int, coach_id: int) -> None:
    """The seconds are over. Where the attempt was withdrawn or taken from her meanwhile, nothing goes out."""
    attempt = session.scalars(select(Attempt).where(Attempt.id == attempt_id).with_for_update()).one_or_none()
    claim = session.get(Claim, attempt_id, populate_existing=True)
    if attempt is None or claim is None or claim.coach_id != coach_id or claim.sends_at is None:
        return
    if claim.sends_at > clock.now():
        return  # taken back and sent again: another job brings it
    sheet = sheet_of(session, attempt_id, COACH)
    person = session.get(Person, coach_id)
    if sheet is None or person is None or not person.active:
        return
    actor = Actor(person.id, person.name, person.email, person.pseudonym, roles_of(session, person.id))
    _row, parts = note_of(session, attempt_id)
    library = library_of(attempt.library_version)
    try:
        with session.begin_nested():
            service.release(
                session, actor, library, attempt_id, lines_of(session, sheet.id), parts, version=sheet.version
            )
    except CoachkitError:
        claim.sends_at = None


@dataclass(frozen=True, slots=True)
class Going:
    """Something that goes out in some seconds."""

    attempt_id: int
    title: str
    learner: str
    sends_at: datetime


def going_out(session: Session, library_of: LibraryOf, coach_id: int) -> tuple[Going, ...]:
    """What a coach has just sent and can still take back, the newest first."""
    rows = session.execute(
        select(Claim, Attempt)
        .join(Attempt, Attempt.id == Claim.attempt_id)
        .where(Claim.coach_id == coach_id, Claim.sends_at.is_not(None), Claim.until > clock.now())
        .where(Attempt.revealed_at.is_(None), Attempt.withdrawn_at.is_(None))
        .order_by(Claim.sends_at.desc())
    ).all()
    known = names(session, [attempt.learner_id for _claim, attempt in rows])
    return tuple(
        Going(
            attempt.id,
            title_of(attempt, library_of(attempt.library_version).scenario(attempt.scenario_id)),
            known.get(attempt.learner_id, ""),
            claim.sends_at,
        )
        for claim, attempt in rows
        if claim.sends_at is not None
    )
