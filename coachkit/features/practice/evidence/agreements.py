"""Who agreed to be recorded, and what happens when somebody takes it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.assessment import agreement
from coachkit.features.practice.evidence.models import RecordingAgreement
from coachkit.features.practice.partner.models import PartnerInvitation
from coachkit.features.practice.service import find, open_attempt
from coachkit.platform import audit, clock
from coachkit.platform.errors import InvalidError
from coachkit.platform.policy import Action, Actor

MOST_NAMES = 8
NEEDED = "Everybody who can be heard or seen must have agreed first. Write that down, then record or upload it."


@dataclass(frozen=True, slots=True)
class Agreed:
    """One agreement as pages show it."""

    name: str
    agreed_at: datetime
    text_version: int
    in_person: bool
    """Said by the partner through the link, not written down by the learner."""


def _view(row: RecordingAgreement) -> Agreed:
    return Agreed(row.name, row.agreed_at, row.text_version, row.invitation_id is not None)


def _standing(session: Session, attempt_id: int) -> Sequence[RecordingAgreement]:
    query = select(RecordingAgreement).where(
        RecordingAgreement.attempt_id == attempt_id, RecordingAgreement.taken_back_at.is_(None)
    )
    return session.scalars(query.order_by(RecordingAgreement.id)).all()


def standing(session: Session, attempt_id: int) -> tuple[Agreed, ...]:
    """Who has agreed and not taken it back; empty while nobody may be recorded."""
    return tuple(map(_view, _standing(session, attempt_id)))


def others(session: Session, attempt_id: int) -> tuple[Agreed, ...]:
    """Those of them who are not the learner."""
    return tuple(_view(row) for row in _standing(session, attempt_id) if not row.learner)


def may_record(session: Session, attempt_id: int) -> bool:
    """Whether everybody's agreement is written down: the learner's comes last, with the names of all others."""
    return any(row.learner for row in _standing(session, attempt_id))


def refused_by(session: Session, attempt_id: int) -> str:
    """The name of a partner who has said no through the link and still plays; empty where nobody has."""
    query = select(PartnerInvitation.name).where(
        PartnerInvitation.attempt_id == attempt_id,
        PartnerInvitation.no_recording_at.is_not(None),
        PartnerInvitation.revoked_at.is_(None),
        PartnerInvitation.declined_at.is_(None),
    )
    return session.scalar(query.limit(1)) or ""


def names_in(text: str) -> tuple[str, ...]:
    """One name a line, each once."""
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def agree(
    session: Session, actor: Actor, attempt_id: int, *, others: Iterable[str], alone: bool, text_version: int
) -> None:
    """Write down that the learner and all others said yes to this text, each by name. A new list replaces the old; what
    a partner has said in person stands.
    """
    attempt = open_attempt(session, actor, attempt_id)
    in_person = {row.name.casefold() for row in _standing(session, attempt.id) if row.invitation_id is not None}
    names = tuple(name for name in others if name.casefold() not in in_person)
    found = {}
    no = refused_by(session, attempt.id)
    if no:
        found["others"] = f"{no} has said no through the link. Write the talk down instead."
    if text_version != agreement.CURRENT:
        found["said_yes"] = "The text has changed since you opened this page. Please read it again."
    if bool(names or in_person) is alone:
        found["others"] = "Name everybody who can be heard or seen, one name a line, or say that it is only you."
    if len(names) > MOST_NAMES or any(len(name) > 120 for name in names):  # noqa: PLR2004
        found["others"] = f"At most {MOST_NAMES} names of at most 120 characters, please."
    if found:
        raise InvalidError(found)
    now = clock.now()
    for row in _standing(session, attempt.id):
        row.taken_back_at = now if row.invitation_id is None else None
    session.add_all(
        RecordingAgreement(
            attempt_id=attempt.id,
            name=name,
            learner=own,
            text_version=text_version,
            agreed_at=now,
            taken_back_at=None,
        )
        for name, own in ((actor.name, True), *((name, False) for name in names))
    )
    audit.record(
        session,
        actor,
        "recording:agree",
        subject=actor.pseudonym,
        about=f"attempt:{attempt.id}",
        people=1 + len(names) + len(in_person),
        text=text_version,
    )
    session.flush()


def end_all(session: Session, attempt_id: int) -> None:
    """Nobody's agreement stands any more."""
    for row in _standing(session, attempt_id):
        row.taken_back_at = clock.now()


def take_back(session: Session, actor: Actor, attempt_id: int) -> None:
    """Somebody no longer agrees: from now on nothing of this attempt may be recorded or played."""
    attempt = find(session, actor, attempt_id, Action.WRITE_ATTEMPT, lock=True)
    end_all(session, attempt.id)
    audit.record(session, actor, "recording:take-back", subject=actor.pseudonym, about=f"attempt:{attempt.id}")
    session.flush()
