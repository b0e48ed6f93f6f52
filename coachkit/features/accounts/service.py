"""What changes people, roles, cohorts and who coaches whom."""

from __future__ import annotations

import secrets as random
from collections.abc import Iterable
from datetime import date

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from coachkit.features.accounts import secrets
from coachkit.features.accounts.models import Coaching, Cohort, CohortMember, Person, RoleGrant
from coachkit.platform import audit, clock, jobs
from coachkit.platform.errors import ConflictError, InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor, Role, require
from coachkit.platform.settings import Settings


def new_person(
    session: Session,
    *,
    name: str,
    email: str,
    roles: Iterable[Role],
    unit: str = "",
    track: str = "it",
    password_hash: str | None = None,
) -> Person:
    """Add a person with roles. The address must be new."""
    email = email.strip().lower()
    if session.scalar(select(Person.id).where(Person.email == email)):
        raise InvalidError({"email": "Somebody with this address has an account already."})
    person = Person(
        name=name,
        email=email,
        password_hash=password_hash,
        active=True,
        pseudonym=random.token_hex(8),
        unit=unit,
        track=track,
        created_at=clock.now(),
    )
    session.add(person)
    session.flush()
    session.add_all(RoleGrant(person_id=person.id, role=role) for role in sorted(set(roles)))
    session.flush()
    return person


def first_admin_link(session: Session) -> str | None:
    """A one-time token for the first administrator, where there is nobody yet; None otherwise."""
    if session.scalar(select(func.count()).select_from(Person)):
        return None
    return secrets.give(session, "first-admin", None, secrets.INVITATION_LIFE)


def make_first_admin(
    session: Session, settings: Settings, token: str, *, name: str, email: str, password: str
) -> Person:
    """Spend the first-run token; the person becomes administrator."""
    _check_password(settings, password, f"{name} {email}")
    found, _ = secrets.take(session, "first-admin", token)
    if not found or session.scalar(select(func.count()).select_from(Person)):
        raise NotFoundError
    hashed = secrets.hash_password(settings, password)
    person = new_person(session, name=name, email=email, roles=[Role.ADMIN], password_hash=hashed)
    audit.record(session, None, "person:first-admin", subject=person.pseudonym)
    return person


def invite(
    session: Session, actor: Actor, *, name: str, email: str, roles: Iterable[Role], unit: str, track: str
) -> Person:
    """Add a person without a password; a mail brings her a one-time link."""
    require(actor, Action.ADMINISTER)
    roles = set(roles)
    if not roles:
        raise InvalidError({"roles": "Choose at least one role."})
    person = new_person(session, name=name, email=email, roles=roles, unit=unit, track=track)
    audit.record(session, actor, "person:invite", subject=person.pseudonym, roles=sorted(roles))
    jobs.enqueue(session, "accounts.mail_link", person_id=person.id, kind="invitation")
    return person


def invitation_to_hand_over(session: Session, actor: Actor, person_id: int) -> tuple[Person, str]:
    """A fresh invitation token to give by hand, shown once; earlier links end."""
    require(actor, Action.ADMINISTER)
    person = _person(session, person_id)
    if person.password_hash is not None:
        raise ConflictError(f"{person.name} has accepted already. A forgotten password is reset from the sign-in page.")
    audit.record(session, actor, "person:invite-again", subject=person.pseudonym)
    return person, secrets.give(session, "invitation", person.id, secrets.INVITATION_LIFE)


def ask_reset(session: Session, email: str) -> None:
    """Send a reset link if the address is known; whoever asks cannot tell."""
    person = session.scalar(select(Person).where(Person.email == email.strip().lower(), Person.active))
    if person is not None:
        jobs.enqueue(session, "accounts.mail_link", person_id=person.id, kind="reset")


def set_password_by_link(session: Session, settings: Settings, purpose: str, token: str, password: str) -> Person:
    """Spend an invitation or reset link and set the password."""
    _check_password(settings, password)
    found, person_id = secrets.take(session, purpose, token)
    person = session.get(Person, person_id) if found and person_id else None
    if person is None or not person.active:
        raise NotFoundError
    person.password_hash = secrets.hash_password(settings, password)
    secrets.end_links(session, person.id)
    audit.record(session, None, f"person:{purpose}", subject=person.pseudonym)
    return person


def change_password(session: Session, settings: Settings, actor: Actor, old: str, new: str) -> None:
    """Change one's own password, knowing the old one."""
    require(actor, Action.USE_ACCOUNT)
    _check_password(settings, new, f"{actor.name} {actor.email}", field="new_password")
    person = secrets.check_password(session, settings, actor.email, old)
    if person is None:
        raise InvalidError({"password": "This is not your present password."})
    person.password_hash = secrets.hash_password(settings, new)
    secrets.end_links(session, person.id)
    audit.record(session, actor, "person:change-password", subject=actor.pseudonym)


def _check_password(settings: Settings, password: str, words: str = "", field: str = "password") -> None:
    problem = secrets.password_problem(settings, password, words)
    if problem:
        raise InvalidError({field: problem})


def change_roles(session: Session, actor: Actor, person_id: int, roles: Iterable[Role]) -> None:
    """Give a person exactly these roles. She is signed out, so that they count at once."""
    require(actor, Action.ADMINISTER)
    person = _person(session, person_id)
    roles = set(roles)
    if person.id == actor.id and Role.ADMIN not in roles:
        raise InvalidError({"roles": "You cannot take the administrator's role from yourself."})
    if not roles:
        raise InvalidError({"roles": "Choose at least one role."})
    session.execute(delete(RoleGrant).where(RoleGrant.person_id == person.id))
    session.add_all(RoleGrant(person_id=person.id, role=role) for role in sorted(roles))
    audit.record(session, actor, "person:roles", subject=person.pseudonym, roles=sorted(roles))


def set_active(session: Session, actor: Actor, person_id: int, *, active: bool) -> None:
    """Close or reopen an account. Nothing is deleted."""
    require(actor, Action.ADMINISTER)
    person = _person(session, person_id)
    if person.id == actor.id:
        raise ConflictError("You cannot close your own account here.")
    person.active = active
    audit.record(session, actor, "person:open" if active else "person:close", subject=person.pseudonym)


def new_cohort(session: Session, actor: Actor, *, name: str, starts_on: date) -> Cohort:
    """Open a cohort."""
    require(actor, Action.ADMINISTER)
    if session.scalar(select(Cohort.id).where(Cohort.name == name)):
        raise InvalidError({"name": "There is a cohort of this name already."})
    cohort = Cohort(name=name, starts_on=starts_on)
    session.add(cohort)
    session.flush()
    audit.record(session, actor, "cohort:open", about=f"cohort:{cohort.id}")
    return cohort


def join_cohort(session: Session, actor: Actor, cohort_id: int, person_id: int, since: date | None = None) -> None:
    """Put a learner into a cohort; twice is once."""
    require(actor, Action.ADMINISTER)
    cohort, person = session.get(Cohort, cohort_id), _person(session, person_id)
    if cohort is None:
        raise NotFoundError
    if session.get(CohortMember, (cohort_id, person_id)) is None:
        session.add(CohortMember(cohort_id=cohort_id, person_id=person_id, since=since or cohort.starts_on))
        audit.record(session, actor, "cohort:join", subject=person.pseudonym, about=f"cohort:{cohort_id}")


def assign_coach(session: Session, actor: Actor, *, coach_id: int, learner_id: int) -> None:
    """Give a coach a learner. She sees his submitted official work from now on, and he and his coaches are told."""
    require(actor, Action.ADMINISTER)
    coach, learner = _person(session, coach_id), _person(session, learner_id)
    if coach.id == learner.id:
        raise InvalidError({"coach_id": "Nobody coaches himself."})
    if Role.COACH not in roles_of(session, coach.id) or Role.LEARNER not in roles_of(session, learner.id):
        raise InvalidError({"coach_id": "This needs a coach and a learner."})
    _begin_coaching(session, actor, coach, learner)


def _begin_coaching(session: Session, actor: Actor, coach: Person, learner: Person) -> None:
    held = select(Coaching.id).where(
        Coaching.coach_id == coach.id, Coaching.learner_id == learner.id, Coaching.until.is_(None)
    )
    if session.scalar(held) is None:
        session.add(Coaching(coach_id=coach.id, learner_id=learner.id, since=clock.now(), until=None))
        audit.record(session, actor, "coaching:begin", subject=learner.pseudonym, coach=coach.pseudonym)
        jobs.enqueue(session, "accounts.tell_coached", learner_id=learner.id, coach_id=coach.id)


def end_coaching(session: Session, actor: Actor, *, coach_id: int, learner_id: int) -> None:
    """Take a learner from a coach. Her next request is refused."""
    require(actor, Action.ADMINISTER)
    coach, learner = _person(session, coach_id), _person(session, learner_id)
    _end_coaching(session, actor, coach, learner)


def _end_coaching(session: Session, actor: Actor, coach: Person, learner: Person) -> None:
    session.execute(
        update(Coaching)
        .where(Coaching.coach_id == coach.id, Coaching.learner_id == learner.id, Coaching.until.is_(None))
        .values(until=clock.now())
    )
    audit.record(session, actor, "coaching:end", subject=learner.pseudonym, coach=coach.pseudonym)


def move_learner(session: Session, actor: Actor, *, learner_id: int, from_id: int, to_id: int) -> None:
    """A lead coach hands a learner to another coach; the learner and his coaches are told."""
    require(actor, Action.LEAD_COACHES)
    learner = _person(session, learner_id)
    _end_coaching(session, actor, _person(session, from_id), learner)
    _begin_coaching(session, actor, _person(session, to_id), learner)


def roles_of(session: Session, person_id: int) -> frozenset[Role]:
    """A person's roles."""
    return frozenset(Role(r) for r in session.scalars(select(RoleGrant.role).where(RoleGrant.person_id == person_id)))


def _person(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id)
    if person is None:
        raise NotFoundError
    return person
