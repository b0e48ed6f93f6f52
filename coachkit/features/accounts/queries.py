"""Reads about people. Lists are alphabetical, always."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from coachkit.features.accounts.models import Coaching, Cohort, CohortMember, Login, Person, RoleGrant
from coachkit.platform import clock
from coachkit.platform.access_record import AccessRecord, looks_at
from coachkit.platform.policy import Actor, LearnerCase, Role


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person in a list."""

    id: int
    name: str
    email: str
    unit: str
    track: str
    active: bool
    invited: bool
    """Has not set a password yet."""
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class PeoplePage:
    people: tuple[PersonView, ...]
    search: str
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class LoginView:
    id: int
    device: str
    created_at: datetime
    seen_at: datetime
    this: bool


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a person's data, for that person to read."""

    at: datetime
    who: str
    role: str
    what: str
    purpose: str


@dataclass(frozen=True, slots=True)
class CohortView:
    id: int
    name: str
    starts_on: date
    members: tuple[PersonView, ...]


@dataclass(frozen=True, slots=True)
class Membership:
    """Since when a learner has been in the programme."""

    cohort: str
    since: date

    def weeks(self, today: date) -> int:
        """Whole weeks in the programme."""
        return max(0, (today - self.since).days // 7)


def names(session: Session, ids: Iterable[int | None]) -> dict[int, str]:
    """Names by id; ids without a person (erased) are missing."""
    wanted = {person_id for person_id in ids if person_id is not None}
    if not wanted:
        return {}
    return dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted))).all())


def hold(session: Session, person_id: int) -> None:
    """Hold a person's row until the transaction ends, so that two acts of hers are counted one after the other."""
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))


def pseudonym_of(session: Session, person_id: int) -> str:
    """How the audit chain calls a person."""
    return session.scalar(select(Person.pseudonym).where(Person.id == person_id)) or ""


def coach_ids_of(session: Session, learner_id: int) -> frozenset[int]:
    """Who coaches this learner now."""
    query = select(Coaching.coach_id).where(Coaching.learner_id == learner_id, Coaching.until.is_(None))
    return frozenset(session.scalars(query))


def ever_coached(session: Session, learner_id: int) -> frozenset[int]:
    """Who has coached this learner at any time."""
    return frozenset(session.scalars(select(Coaching.coach_id).where(Coaching.learner_id == learner_id)))


def active_people(session: Session) -> tuple[tuple[int, str], ...]:
    """Everybody with an open account, by name."""
    query = select(Person.id, Person.name).where(Person.active).order_by(func.lower(Person.name), Person.id)
    return tuple((person_id, name) for person_id, name in session.execute(query))


def id_of_address(session: Session, email: str) -> int | None:
    """Whose address this is, if anybody's here."""
    return session.scalar(select(Person.id).where(Person.email == email.strip().lower()))


def learner_ids_of(session: Session, coach_id: int) -> frozenset[int]:
    """Whom this coach coaches now."""
    query = select(Coaching.learner_id).where(Coaching.coach_id == coach_id, Coaching.until.is_(None))
    return frozenset(session.scalars(query))


def learner_case(session: Session, learner_id: int) -> LearnerCase:
    """What decides who may read a learner's record."""
    return LearnerCase(learner_id, coach_ids_of(session, learner_id))


def membership(session: Session, person_id: int) -> Membership | None:
    """The learner's earliest cohort."""
    row = session.execute(
        select(Cohort.name, CohortMember.since)
        .join(CohortMember, CohortMember.cohort_id == Cohort.id)
        .where(CohortMember.person_id == person_id)
        .order_by(CohortMember.since)
        .limit(1)
    ).one_or_none()
    return Membership(*row) if row else None


def _views(session: Session, people: Iterable[Person]) -> tuple[PersonView, ...]:
    people = list(people)
    roles: dict[int, list[Role]] = {person.id: [] for person in people}
    for person_id, role in session.execute(
        select(RoleGrant.person_id, RoleGrant.role).where(RoleGrant.person_id.in_(roles))
    ):
        roles[person_id].append(Role(role))
    return tuple(
        PersonView(
            p.id,
            p.name,
            p.email,
            p.unit,
            p.track,
            p.active,
            p.password_hash is None,
            tuple(role for role in Role if role in roles[p.id]),
        )
        for p in people
    )


def people_page(session: Session, search: str = "", page: int = 1, size: int = 50) -> PeoplePage:
    """One page of all people, by name."""
    query = select(Person)
    if search:
        pattern = f"%{search.lower()}%"
        query = query.where(or_(func.lower(Person.name).like(pattern), Person.email.like(pattern)))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    rows = session.scalars(query.order_by(func.lower(Person.name), Person.id).limit(size).offset((page - 1) * size))
    return PeoplePage(_views(session, rows), search, page, pages, total)


def person_view(session: Session, person_id: int) -> PersonView | None:
    """One person, or None."""
    person = session.get(Person, person_id)
    return _views(session, [person])[0] if person else None


def with_role(session: Session, role: Role) -> tuple[PersonView, ...]:
    """Everybody active who holds a role, by name."""
    query = (
        select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == role, Person.active)
        .order_by(func.lower(Person.name), Person.id)
    )
    return _views(session, session.scalars(query))


def coaches_of(session: Session, learner_id: int) -> tuple[PersonView, ...]:
    """A learner's coaches, by name."""
    ids = coach_ids_of(session, learner_id)
    query = select(Person).where(Person.id.in_(ids)).order_by(func.lower(Person.name), Person.id)
    return _views(session, session.scalars(query))


def cohorts(session: Session) -> tuple[CohortView, ...]:
    """All cohorts with their members, by name."""
    views = []
    for cohort in session.scalars(select(Cohort).order_by(Cohort.name)):
        members = session.scalars(
            select(Person)
            .join(CohortMember, CohortMember.person_id == Person.id)
            .where(CohortMember.cohort_id == cohort.id)
            .order_by(func.lower(Person.name), Person.id)
        )
        views.append(CohortView(cohort.id, cohort.name, cohort.starts_on, _views(session, members)))
    return tuple(views)


def _device(user_agent: str) -> str:
    systems = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux")
    browsers = ("Firefox", "Edg", "Chrome", "Safari")
    system = next((s for s in systems if s in user_agent), "")
    browser = next((b for b in browsers if b in user_agent), "")
    found = " on ".join(part for part in (browser.replace("Edg", "Edge"), system.replace("Macintosh", "Mac")) if part)
    return found or "Unknown device"


def logins(session: Session, actor: Actor) -> tuple[LoginView, ...]:
    """Where a person is signed in, newest first."""
    query = (
        select(Login)
        .where(Login.person_id == actor.id, Login.expires_at > clock.now())
        .order_by(Login.seen_at.desc(), Login.id.desc())
    )
    return tuple(
        LoginView(row.id, _device(row.user_agent), row.created_at, row.seen_at, row.id == actor.login_id)
        for row in session.scalars(query)
    )


ROLE_NAMES = {
    Role.LEARNER: "learner",
    Role.COACH: "coach",
    Role.LEAD_COACH: "lead coach",
    Role.CIO: "CIO",
    Role.ADMIN: "administrator",
    Role.AUDITOR: "auditor",
}


OPERATOR = "operator"
"""Stands in a look for whoever uses a command on the server, who needs no account."""
SERVER = "Whoever runs the server"
OUTSIDE = "outside"
"""Stands in a look for somebody without an account, who is named on one record."""
SPONSOR = "sponsor"
"""Stands in a look for the sponsor whom a learner has named, who may have no account."""
SECOND_LOOK = "second-look"
"""Stands in a look for somebody from outside who was asked to look again at something contested."""
WITHOUT_ACCOUNT = {
    OPERATOR: SERVER,
    OUTSIDE: "Somebody invited to one record",
    SPONSOR: "Your sponsor, by the link",
    SECOND_LOOK: "Somebody from outside, asked for a second look",
}


def my_looks(session: Session, person_id: int) -> tuple[Look, ...]:
    """Who has looked at this person's data, newest first."""
    records: list[AccessRecord] = looks_at(session, person_id)
    known = names(session, (record.viewer_id for record in records))
    role_names = {str(role): name for role, name in ROLE_NAMES.items()}
    return tuple(
        Look(
            record.at,
            known.get(record.viewer_id or 0, WITHOUT_ACCOUNT.get(record.viewer_role, "Somebody who has left")),
            role_names.get(record.viewer_role, record.viewer_role),
            record.what,
            record.purpose,
        )
        for record in records
    )
