"""Duties on one record: who may be named, naming somebody, and the one-time link of somebody without an account."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from coachkit.domain.decision import course
from coachkit.domain.decision.safeguards import Candidate, Duty, not_independent
from coachkit.features.accounts.queries import active_people, coach_ids_of, ever_coached, id_of_address, pseudonym_of
from coachkit.features.accounts.secrets import digest
from coachkit.features.decisions.models import DecisionDuty, DecisionRecord, PurposePerson
from coachkit.features.decisions.records import words_of
from coachkit.features.practice.queries import ever_rated
from coachkit.platform import audit, clock, jobs
from coachkit.platform.errors import ConflictError, InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor, DutyCase, require

FIELDS = {Duty.SECOND_SIGNER: "signer", Duty.APPEAL_READER: "reader", Duty.HR: "hr"}
"""How the forms call them."""
HAS_ACCOUNT = "Somebody with this address has an account here. Choose the name above instead."
LINK_LIFE, VISIT = timedelta(days=14), timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody whom the CIO names: by account, or by name and address from outside."""

    person_id: int | None = None
    name: str = ""
    email: str = ""
    why: str = ""
    reports_to_nobody_here: bool = False

    @property
    def given(self) -> bool:
        return self.person_id is not None or bool(self.name.strip() or self.email.strip())


def eligible(session: Session, purpose_id: int, person_id: int, decider_id: int) -> tuple[tuple[int, str], ...]:
    """Accounts that could have a duty on a record about this person, by name."""
    barred = _raters(session, person_id) | _asked(session, purpose_id) | {person_id, decider_id}
    return tuple((who, name) for who, name in active_people(session) if who not in barred)


def _raters(session: Session, person_id: int) -> frozenset[int]:
    return ever_coached(session, person_id) | ever_rated(session, person_id)


def _asked(session: Session, purpose_id: int) -> frozenset[int]:
    return frozenset(session.scalars(select(PurposePerson.person_id).where(PurposePerson.purpose_id == purpose_id)))


def problems(
    session: Session, purpose_id: int, person_id: int, decider_id: int, named: Mapping[Duty, Named]
) -> dict[str, str]:
    """What speaks against those who are named: field → sentence."""
    found = {}
    for duty, who in named.items():
        if who.given:
            others = {other.person_id for kind, other in named.items() if kind is not duty and other.given}
            found[FIELDS[duty]] = _problem(session, purpose_id, person_id, decider_id, duty, who, others)
    return {field: sentence for field, sentence in found.items() if sentence}


def _problem(
    session: Session,
    purpose_id: int,
    person_id: int,
    decider_id: int,
    duty: Duty,
    who: Named,
    others: set[int | None],
) -> str:
    if who.person_id is None:
        if not who.name.strip() or "@" not in who.email:
            return "Give the name and the e-mail address of whoever you invite."
        if id_of_address(session, who.email) is not None:
            return HAS_ACCOUNT
    elif who.person_id not in dict(active_people(session)):
        return "There is no such account. Choose somebody from the list."
    return not_independent(
        duty,
        Candidate(
            is_the_person=who.person_id == person_id,
            decides=who.person_id == decider_id,
            rated=who.person_id in _raters(session, person_id),
            asked_too=who.person_id in _asked(session, purpose_id),
            other_duty=who.person_id is not None and who.person_id in others,
            reports_to_nobody_here=who.reports_to_nobody_here,
        ),
    )


def give(session: Session, actor: Actor, record: DecisionRecord, duty: Duty, who: Named) -> DecisionDuty:
    """Name somebody. Whoever had the duty before has it no more; somebody from outside is sent a link."""
    now = clock.now()
    held = (DecisionDuty.record_id == record.id, DecisionDuty.kind == duty.value, DecisionDuty.ended_at.is_(None))
    session.execute(update(DecisionDuty).where(*held).values(ended_at=now, link_hash=None, visit_hash=None))
    row = DecisionDuty(
        record_id=record.id,
        kind=duty.value,
        person_id=who.person_id,
        outside_name="" if who.person_id else who.name.strip(),
        outside_email="" if who.person_id else who.email.strip().lower(),
        why=who.why,
        named_by=actor.id,
        named_at=now,
        ends_at=now + course.TO_FULFIL,
        ended_at=None,
    )
    session.add(row)
    session.flush()
    jobs.enqueue(session, "decisions.tell_duty", duty_id=row.id)
    audit.record(
        session,
        actor,
        "duty:give",
        subject=pseudonym_of(session, record.person_id),
        about=f"decision:{record.id}",
        duty=duty.value,
        outside=int(who.person_id is None),
    )
    return row


def name_later(session: Session, actor: Actor, record: DecisionRecord, duty: Duty, who: Named) -> DecisionDuty:
    """Name somebody on a record that stands already: a reader, Human Resources, or another signer."""
    field = FIELDS[duty]
    if not who.given:
        raise InvalidError({field: "Choose somebody, or give a name and an address."})
    kind = {Duty.SECOND_SIGNER: "signature", Duty.APPEAL_READER: "ruling"}.get(duty)
    if kind and _was_given(session, record.id, kind):
        raise ConflictError("This has been done already, so nobody else can be named for it.")
    named = {duty: who, **{d: n for d, n in _holders(session, record.id).items() if d is not duty}}
    found = problems(session, record.purpose_id, record.person_id, actor.id, named).get(field)
    if found:
        raise InvalidError({field: found})
    return give(session, actor, record, duty, who)


def _was_given(session: Session, record_id: int, kind: str) -> bool:
    return any(word.kind == kind for word in words_of(session, [record_id])[record_id])


def _holders(session: Session, record_id: int) -> dict[Duty, Named]:
    return {
        Duty(row.kind): Named(row.person_id, row.outside_name, row.outside_email, reports_to_nobody_here=True)
        for row in _open(session, record_id)
    }


def _open(session: Session, record_id: int) -> list[DecisionDuty]:
    query = select(DecisionDuty).where(DecisionDuty.record_id == record_id, DecisionDuty.ended_at.is_(None))
    return list(session.scalars(query))


def case_of(session: Session, duty: DecisionDuty, record: DecisionRecord) -> DutyCase:
    """What decides whether somebody may act by this duty now."""
    holder = -duty.id if duty.outside_name else duty.person_id
    return DutyCase(
        holder_id=holder or 0,
        current=duty.ended_at is None and clock.now() < duty.ends_at,
        independent=holder not in coach_ids_of(session, record.person_id),
    )


def duty_of(session: Session, duty_id: int) -> tuple[DecisionDuty, DecisionRecord]:
    """A duty with its record, or nothing there."""
    duty = session.get(DecisionDuty, duty_id)
    if duty is None:
        raise NotFoundError
    return duty, session.get_one(DecisionRecord, duty.record_id)


@dataclass(frozen=True, slots=True)
class DutyCard:
    """A duty in somebody's list."""

    id: int
    word: str
    ends_at: datetime


def duties_of(session: Session, person_id: int) -> tuple[DutyCard, ...]:
    """What somebody with an account is named for now, the next to end first."""
    query = (
        select(DecisionDuty)
        .where(DecisionDuty.person_id == person_id, DecisionDuty.ended_at.is_(None), DecisionDuty.ends_at > clock.now())
        .order_by(DecisionDuty.ends_at, DecisionDuty.id)
    )
    return tuple(DutyCard(row.id, Duty(row.kind).word, row.ends_at) for row in session.scalars(query))


# Somebody without an account


def make_link(session: Session, duty: DecisionDuty) -> str:
    """A fresh one-time link; the one before works no more."""
    token = secrets.token_urlsafe(32)
    duty.link_hash, duty.link_ends_at = digest(token), min(clock.now() + LINK_LIFE, duty.ends_at)
    session.flush()
    return token


def link_holds(session: Session, token: str) -> bool:
    """Whether the link would open something now."""
    return session.scalar(select(DecisionDuty.id).where(_link(token))) is not None


def _link(token: str) -> ColumnElement[bool]:
    now = clock.now()
    return and_(
        DecisionDuty.link_hash == digest(token),
        DecisionDuty.link_ends_at > now,
        DecisionDuty.ended_at.is_(None),
        DecisionDuty.ends_at > now,
    )


def open_link(session: Session, token: str) -> str:
    """Spend a link. Returns the key of the visit that it opens, to one record, for some hours."""
    key = secrets.token_urlsafe(32)
    spent = session.scalar(
        update(DecisionDuty)
        .where(_link(token))
        .values(link_hash=None, link_ends_at=None, visit_hash=digest(key), visit_ends_at=clock.now() + VISIT)
        .returning(DecisionDuty.id)
    )
    if spent is None:
        raise NotFoundError
    audit.record(session, None, "duty:open-link", about=f"duty:{spent}")
    return key


def visitor(session: Session, key: str) -> tuple[Actor, DecisionDuty, DecisionRecord]:
    """Who comes with this key of a visit: an actor without a role, who holds one duty."""
    query = select(DecisionDuty).where(DecisionDuty.visit_hash == digest(key), DecisionDuty.visit_ends_at > clock.now())
    duty = session.scalars(query).one_or_none()
    if duty is None:
        raise NotFoundError
    actor = Actor(-duty.id, duty.outside_name, duty.outside_email, f"outside:{duty.id}", frozenset())
    require(
        actor, Action.FULFIL_DUTY, case_of(session, duty, record := session.get_one(DecisionRecord, duty.record_id))
    )
    return actor, duty, record
