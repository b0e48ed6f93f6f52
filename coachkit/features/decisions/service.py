"""What allows decisions, what a purpose asks, and what a person releases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library
from coachkit.domain.decision import rules
from coachkit.features.accounts.queries import pseudonym_of, with_role
from coachkit.features.decisions import basis, queries
from coachkit.features.decisions.case_file import role_skills
from coachkit.features.decisions.models import (
    DecisionBasis,
    Purpose,
    PurposePerson,
    PurposeViewer,
    Release,
    RoleLine,
)
from coachkit.platform import audit, clock
from coachkit.platform.errors import ConflictError, InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor, Role, require


def record_basis(session: Session, actor: Actor, *, notice: str, legal_basis: str, consultation: str) -> DecisionBasis:
    """Open decisions about posts: who was told, on what legal ground, and who was consulted. Replaces what held."""
    require(actor, Action.ADMINISTER)
    given = {"notice": notice, "legal_basis": legal_basis, "consultation": consultation}
    missing = "This part is needed before anything about a post can be decided."
    found = {field: missing for field in given if not given[field].strip()}
    if found:
        raise InvalidError(found)
    _end_basis(session)
    row = DecisionBasis(**given, recorded_by=actor.id, recorded_at=clock.now(), ended_at=None)
    session.add(row)
    session.flush()
    audit.record(session, actor, "basis:record", about=f"basis:{row.id}")
    return row


def end_basis(session: Session, actor: Actor) -> None:
    """Close decisions about posts. Their purposes answer nobody from now on."""
    require(actor, Action.ADMINISTER)
    for basis_id in _end_basis(session):
        audit.record(session, actor, "basis:end", about=f"basis:{basis_id}")


def _end_basis(session: Session) -> list[int]:
    held = list(session.scalars(select(DecisionBasis.id).where(DecisionBasis.ended_at.is_(None))))
    session.execute(update(DecisionBasis).where(DecisionBasis.id.in_(held)).values(ended_at=clock.now()))
    return held


def state_purpose(
    session: Session,
    actor: Actor,
    library: Library,
    *,
    kind: str,
    title: str,
    why: str,
    role_name: str,
    lines: Mapping[str, int],
    ends_on: date | None,
    viewer_ids: Iterable[int],
    person_ids: Iterable[int],
) -> Purpose:
    """Say why one wants to look, at whom, against which levels, until when. The levels are fixed from here on."""
    require(actor, Action.OPEN_DECISIONS)
    viewers = (set(viewer_ids) & _ids(session, Role.CIO)) | {actor.id}
    people = (set(person_ids) & _ids(session, Role.LEARNER)) - viewers
    wanted = {skill_id: lines.get(skill_id, 0) for skill_id, _name in role_skills(library)}
    found = rules.purpose_problems(
        kind=kind,
        ends_on=ends_on,
        today=clock.today(),
        basis=basis.has_basis(session),
        lines=wanted,
        people=len(people),
    )
    for field, text in {"title": title, "why": why, "role_name": role_name}.items():
        if not text.strip():
            found[field] = "This is needed: the people whom you ask will read it."
    if found or ends_on is None:
        raise InvalidError(found)
    purpose = Purpose(
        kind=kind,
        title=title,
        why=why,
        role_name=role_name,
        created_by=actor.id,
        created_at=clock.now(),
        ends_at=datetime.combine(ends_on, time(23, 59, 59), UTC),
        closed_at=None,
    )
    session.add(purpose)
    session.flush()
    session.add_all(RoleLine(purpose_id=purpose.id, skill_id=skill, level=level) for skill, level in wanted.items())
    session.add_all(PurposeViewer(purpose_id=purpose.id, person_id=viewer_id) for viewer_id in sorted(viewers))
    session.add_all(
        PurposePerson(purpose_id=purpose.id, person_id=person_id, asked_at=clock.now()) for person_id in sorted(people)
    )
    session.flush()
    audit.record(
        session,
        actor,
        "purpose:state",
        about=f"purpose:{purpose.id}",
        kind=kind,
        viewers=len(viewers),
        people=len(people),
        lines=dict(sorted(wanted.items())),
    )
    for person_id in sorted(people):
        audit.record(
            session, actor, "purpose:ask", subject=pseudonym_of(session, person_id), about=f"purpose:{purpose.id}"
        )
    return purpose


def _ids(session: Session, role: Role) -> set[int]:
    return {person.id for person in with_role(session, role)}


def close_purpose(session: Session, actor: Actor, purpose_id: int) -> None:
    """End a purpose before its last day. Nothing of it answers any more."""
    purpose = _purpose(session, purpose_id)
    require(actor, Action.OPEN_DECISIONS)
    if actor.id not in queries.viewer_ids(session, purpose_id):
        raise NotFoundError
    if purpose.closed_at is None:
        purpose.closed_at = clock.now()
        audit.record(session, actor, "purpose:close", about=f"purpose:{purpose_id}")


def _purpose(session: Session, purpose_id: int) -> Purpose:
    purpose = session.get(Purpose, purpose_id)
    if purpose is None:
        raise NotFoundError
    return purpose


def _asked(session: Session, actor: Actor, purpose_id: int) -> Purpose:
    require(actor, Action.RELEASE)
    if session.get(PurposePerson, (purpose_id, actor.id)) is None:
        raise NotFoundError
    return _purpose(session, purpose_id)


def release(session: Session, actor: Actor, purpose_id: int, *, comment: str = "") -> Release:
    """Let a purpose see one's official results, with own words that come first. A second time changes the words."""
    purpose = _asked(session, actor, purpose_id)
    if not queries.is_open(purpose, basis=basis.has_basis(session)):
        raise ConflictError("This purpose has ended, so there is nothing to release to. Nothing was shown.")
    held = queries.open_release(session, purpose_id, actor.id, lock=True)
    if held is None:
        held = Release(
            purpose_id=purpose_id, person_id=actor.id, released_at=clock.now(), withdrawn_at=None, comment=comment
        )
        session.add(held)
        session.flush()
        audit.record(session, actor, "release:give", subject=actor.pseudonym, about=f"purpose:{purpose_id}")
    elif held.comment != comment:
        held.comment = comment
        audit.record(session, actor, "release:comment", subject=actor.pseudonym, about=f"purpose:{purpose_id}")
    session.flush()
    return held


def withdraw(session: Session, actor: Actor, purpose_id: int) -> None:
    """Take a release back. From the next answer on, nothing is shown; what was decided before stays on record."""
    _asked(session, actor, purpose_id)
    held = queries.open_release(session, purpose_id, actor.id, lock=True)
    if held is not None:
        held.withdrawn_at = clock.now()
        session.flush()
        audit.record(session, actor, "release:withdraw", subject=actor.pseudonym, about=f"purpose:{purpose_id}")


def find_purpose(session: Session, purpose_id: int) -> Purpose:
    """A purpose, or nothing there."""
    return _purpose(session, purpose_id)
