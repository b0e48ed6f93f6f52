"""Asking for more evidence on a skill about which nobody can tell: the one action that “cannot tell” has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.features.accounts.queries import names, pseudonym_of
from coachkit.features.decisions import queries
from coachkit.features.decisions.basis import GONE
from coachkit.features.decisions.models import EvidenceRequest, Purpose
from coachkit.platform import audit, clock, jobs
from coachkit.platform.errors import NotFoundError
from coachkit.platform.policy import Action, Actor, require


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, as both sides read it."""

    skill_id: str
    by: str
    on: date


def ask(session: Session, actor: Actor, purpose: Purpose, person_id: int, skill_id: str) -> None:
    """Ask for more on one skill. Twice is once; the person decides whether anything comes of it."""
    require(actor, Action.READ_PERSON, queries.person_case(session, purpose, person_id))
    if skill_id not in queries.role_lines(session, purpose.id):
        raise NotFoundError
    if skill_id in {each.skill_id for each in asked(session, purpose.id, person_id)}:
        return
    row = EvidenceRequest(
        purpose_id=purpose.id, person_id=person_id, skill_id=skill_id, asked_by=actor.id, asked_at=clock.now()
    )
    session.add(row)
    session.flush()
    jobs.enqueue(session, "decisions.tell_asked", purpose_id=purpose.id, person_id=person_id)
    audit.record(
        session,
        actor,
        "purpose:ask-more",
        subject=pseudonym_of(session, person_id),
        about=f"purpose:{purpose.id}",
        skill=skill_id,
    )


def asked(session: Session, purpose_id: int, person_id: int) -> tuple[Asked, ...]:
    """What was asked for within a purpose, in the order in which it was."""
    query = (
        select(EvidenceRequest)
        .where(EvidenceRequest.purpose_id == purpose_id, EvidenceRequest.person_id == person_id)
        .order_by(EvidenceRequest.id)
    )
    rows: Iterable[EvidenceRequest] = list(session.scalars(query))
    known = names(session, (row.asked_by for row in rows))
    return tuple(Asked(row.skill_id, known.get(row.asked_by or 0, GONE), row.asked_at.date()) for row in rows)
