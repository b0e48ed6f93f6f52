"""Asking a partner, and what a partner can do by the link: choose a time or say no, and leave two sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from coachkit.features.accounts.models import Person
from coachkit.features.accounts.queries import coach_ids_of, names, pseudonym_of
from coachkit.features.accounts.secrets import digest
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.partner.models import PartnerInvitation, PartnerTime
from coachkit.features.practice.service import find, sealed
from coachkit.platform import audit, clock, jobs
from coachkit.platform.errors import ConflictError, InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor

LIFE = timedelta(days=14)
MOST_TIMES = 3
MOST_PER_DAY = 10
"""Invitations by one learner."""
LONGEST_SENTENCE = 300
FIGURE = re.compile(r"\d")


def _open(invitation: PartnerInvitation, attempt: Attempt) -> bool:
    """Whether the partner may still come, choose and say something."""
    ended = invitation.revoked_at or invitation.declined_at or invitation.said_at or attempt.withdrawn_at
    return ended is None and invitation.expires_at > clock.now() and sealed(attempt)


def open_invitation(session: Session, attempt: Attempt) -> PartnerInvitation | None:
    """The one invitation that stands, if any."""
    query = select(PartnerInvitation).where(PartnerInvitation.attempt_id == attempt.id)
    rows = session.scalars(query.order_by(PartnerInvitation.id.desc()))
    return next((row for row in rows if _open(row, attempt)), None)


def invite(
    session: Session,
    actor: Actor,
    attempt_id: int,
    *,
    name: str,
    email: str,
    coach_id: int | None,
    times: Iterable[tuple[date, str]],
) -> PartnerInvitation:
    """Ask somebody to play the other side: one of one's coaches, or whoever has this address."""
    attempt = find(session, actor, attempt_id, Action.WRITE_ATTEMPT, lock=True)
    if attempt.withdrawn_at is not None or not sealed(attempt):
        raise ConflictError("This attempt is over; nobody can be asked to play it any more.")
    if open_invitation(session, attempt) is not None:
        raise ConflictError("Somebody is asked already. Take that back first, then ask somebody else.")
    _not_too_many(session, actor)
    person = _partner(session, actor, email, coach_id)
    proposed = list(times)[:MOST_TIMES]
    if any(on < clock.today() for on, _at in proposed):
        raise InvalidError({"on_1": "One of these days has passed."})
    known = names(session, [person.id]) if person else {}
    row = PartnerInvitation(
        attempt_id=attempt.id,
        person_id=person.id if person else None,
        name=(known.get(coach_id or 0) or name) or email,
        email="" if person else email.lower(),
        token_hash=None,
        invited_at=clock.now(),
        expires_at=clock.now() + LIFE,
        revoked_at=None,
        declined_at=None,
        said_at=None,
    )
    session.add(row)
    session.flush()
    session.add_all(PartnerTime(invitation_id=row.id, on=on, at=at) for on, at in proposed)
    _record(session, actor, "partner:invite", row, attempt)
    jobs.enqueue(session, "practice.invite_partner", invitation_id=row.id)
    jobs.enqueue(session, "practice.end_invitation", delay=LIFE, invitation_id=row.id)
    session.flush()
    return row


def _partner(session: Session, actor: Actor, email: str, coach_id: int | None) -> Person | None:
    """Whose account it is, where the address has one. Whoever asks cannot tell."""
    if coach_id is not None:
        if coach_id not in coach_ids_of(session, actor.id):
            raise InvalidError({"coach_id": "Choose one of your own coaches."})
        return session.get_one(Person, coach_id)
    if not email:
        raise InvalidError({"email": "Choose a coach, or give an e-mail address."})
    if email.lower() == actor.email:
        raise InvalidError({"email": "Nobody plays both sides. Alone, take a dialogue."})
    return session.scalar(select(Person).where(Person.email == email.lower(), Person.active))


def _not_too_many(session: Session, actor: Actor) -> None:
    lately = (
        select(func.count())
        .select_from(PartnerInvitation)
        .join(Attempt, Attempt.id == PartnerInvitation.attempt_id)
        .where(Attempt.learner_id == actor.id, PartnerInvitation.invited_at > clock.now() - timedelta(days=1))
    )
    if (session.scalar(lately) or 0) >= MOST_PER_DAY:
        raise ConflictError("You have asked ten times within a day. Wait for an answer, or play a dialogue meanwhile.")


def _record(session: Session, actor: Actor | None, what: str, row: PartnerInvitation, attempt: Attempt) -> None:
    audit.record(session, actor, what, subject=pseudonym_of(session, attempt.learner_id), about=f"partner:{row.id}")


def _end(row: PartnerInvitation) -> None:
    """Nothing of the link and the address is needed any more."""
    row.token_hash, row.email = None, ""


def revoke(session: Session, actor: Actor, attempt_id: int) -> None:
    """Take the invitation back. The link ends at once."""
    attempt = find(session, actor, attempt_id, Action.WRITE_ATTEMPT, lock=True)
    row = open_invitation(session, attempt)
    if row is not None:
        row.revoked_at = clock.now()
        _end(row)
        _record(session, actor, "partner:revoke", row, attempt)
        session.flush()


def expire(session: Session, invitation_id: int) -> None:
    """After its time, forget the address of whoever never came."""
    row = session.get(PartnerInvitation, invitation_id)
    if row is not None and row.expires_at <= clock.now():
        _end(row)


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who came by a link that works."""

    invitation: PartnerInvitation
    attempt: Attempt


def guest(session: Session, token: str, *, viewer_id: int | None, lock: bool = False) -> Guest:
    """Whom a link lets in. A link that has ended looks like one that never was; the learner is no guest."""
    query = select(PartnerInvitation).where(PartnerInvitation.token_hash == digest(token))
    row = session.scalars(query.with_for_update() if lock else query).one_or_none()
    attempt = session.get_one(Attempt, row.attempt_id) if row else None
    if row is None or attempt is None or not _open(row, attempt) or attempt.learner_id == viewer_id:
        raise NotFoundError
    return Guest(row, attempt)


def choose(session: Session, came: Guest, time_id: int) -> None:
    """One of the proposed times; choosing again moves it."""
    row = session.get(PartnerTime, time_id)
    if row is None or row.invitation_id != came.invitation.id:
        raise InvalidError({"time": "Choose one of these times, or say no."})
    if row.chosen:
        return
    session.execute(update(PartnerTime).where(PartnerTime.invitation_id == row.invitation_id).values(chosen=False))
    row.chosen = True
    _record(session, None, "partner:choose", came.invitation, came.attempt)
    jobs.enqueue(session, "practice.tell_of_partner", invitation_id=came.invitation.id)
    session.flush()


def decline(session: Session, came: Guest) -> None:
    """A no needs no reason. It ends the link."""
    came.invitation.declined_at = clock.now()
    _end(came.invitation)
    _record(session, None, "partner:decline", came.invitation, came.attempt)
    jobs.enqueue(session, "practice.tell_of_partner", invitation_id=came.invitation.id)
    session.flush()


def say(session: Session, came: Guest, *, felt: str, noticed: str) -> None:
    """Two sentences without a figure. They end the link, and stay sealed as long as a rating is to come."""
    found = {
        name: "No figures, please: say how it was for you, not how good it was."
        for name, text in (("felt", felt), ("noticed", noticed))
        if FIGURE.search(text)
    }
    if not (felt or noticed):
        found["felt"] = "Write one of the two sentences, or close the page: none is needed."
    if found:
        raise InvalidError(found)
    row = came.invitation
    row.felt, row.noticed, row.said_at = felt, noticed, clock.now()
    _end(row)
    _record(session, None, "partner:say", row, came.attempt)
    session.flush()
