"""Naming a sponsor, choosing what is shared, and ending it at once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.features.accounts.models import Person
from coachkit.features.accounts.secrets import digest
from coachkit.features.feedback.sponsor.models import Sponsor
from coachkit.platform import audit, clock, jobs
from coachkit.platform.errors import ConflictError, InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor, LearnerCase, require

LIFE = timedelta(days=30)


def current(session: Session, learner_id: int, *, lock: bool = False) -> Sponsor | None:
    """The sponsor whom a learner has named and not taken back."""
    query = select(Sponsor).where(Sponsor.learner_id == learner_id, Sponsor.revoked_at.is_(None))
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def name(session: Session, actor: Actor, *, called: str, email: str) -> Sponsor:
    """Name one's sponsor. Nothing is shared yet, and nobody is told before something is."""
    require(actor, Action.OWN_RECORD, LearnerCase(actor.id))
    email = email.lower()
    if email == actor.email:
        raise InvalidError({"email": "Name somebody else: this is your own address."})
    if current(session, actor.id) is not None:
        raise ConflictError("You have a sponsor already. Take that back first.")
    person = session.scalar(select(Person).where(Person.email == email, Person.active))
    row = Sponsor(
        learner_id=actor.id,
        person_id=person.id if person else None,
        name=called,
        email="" if person else email,
        token_hash=None,
        named_at=clock.now(),
        expires_at=clock.now() + LIFE,
        revoked_at=None,
    )
    session.add(row)
    session.flush()
    _record(session, actor, "sponsor:name", row)
    return row


def _record(session: Session, actor: Actor, what: str, row: Sponsor) -> None:
    audit.record(session, actor, what, subject=actor.pseudonym, about=f"sponsor:{row.id}")


def _mine(session: Session, actor: Actor) -> Sponsor:
    require(actor, Action.OWN_RECORD, LearnerCase(actor.id))
    row = current(session, actor.id, lock=True)
    if row is None:
        raise ConflictError("You have no sponsor at the moment, so there is nothing to share or to end.")
    return row


def share(session: Session, actor: Actor, *, plans: bool, hours: str, dates: str, send: bool) -> Sponsor:
    """Show exactly this from now on; with `send`, a fresh link goes out and works for thirty days."""
    row = _mine(session, actor)
    row.shows_plans, row.hours, row.dates = plans, hours, dates
    if send:
        row.expires_at = clock.now() + LIFE
        jobs.enqueue(session, "feedback.tell_sponsor", sponsor_id=row.id)
    _record(session, actor, "sponsor:share", row)
    session.flush()
    return row


def end(session: Session, actor: Actor) -> None:
    """Nothing is shared any more; the link is dead and the address forgotten."""
    row = _mine(session, actor)
    row.revoked_at = clock.now()
    row.token_hash, row.email, row.shows_plans, row.hours, row.dates = None, "", False, "", ""
    _record(session, actor, "sponsor:end", row)
    session.flush()


def by_link(session: Session, token: str) -> Sponsor:
    """Whose link this is, if it works."""
    row = session.scalars(select(Sponsor).where(Sponsor.token_hash == digest(token))).one_or_none()
    if row is None or row.revoked_at is not None or row.expires_at <= clock.now():
        raise NotFoundError
    return row


def named(session: Session, person_id: int) -> tuple[Sponsor, ...]:
    """Who has named this account as sponsor, while it lasts."""
    query = select(Sponsor).where(
        Sponsor.person_id == person_id, Sponsor.revoked_at.is_(None), Sponsor.expires_at > clock.now()
    )
    return tuple(session.scalars(query.order_by(Sponsor.id)))
