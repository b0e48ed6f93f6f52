"""Reads about purposes and releases. Lists of people are alphabetical, always."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from coachkit.domain.assessment.scale import LEVELS
from coachkit.domain.decision import rules
from coachkit.domain.decision.readiness import Result
from coachkit.features.accounts.models import Person
from coachkit.features.accounts.queries import names
from coachkit.features.decisions.basis import has_basis
from coachkit.features.decisions.models import Purpose, PurposePerson, PurposeViewer, Release, RoleLine
from coachkit.features.decisions.records import DecisionLine, decisions_about
from coachkit.features.organisation.queries import readiness_today
from coachkit.platform import clock
from coachkit.platform.policy import PersonCase, PurposeCase, ReportCase


def is_open(purpose: Purpose, *, basis: bool) -> bool:
    """Between its start and its end, and of a kind that is allowed here now."""
    return purpose.closed_at is None and clock.now() < purpose.ends_at and (purpose.kind == rules.DEVELOPMENT or basis)


def viewer_ids(session: Session, purpose_id: int) -> frozenset[int]:
    """Who may look within a purpose."""
    query = select(PurposeViewer.person_id).where(PurposeViewer.purpose_id == purpose_id)
    return frozenset(session.scalars(query))


def purpose_case(session: Session, purpose: Purpose) -> PurposeCase:
    """What decides who may open a purpose."""
    _row, today = readiness_today(session)
    return PurposeCase(
        viewer_ids=viewer_ids(session, purpose.id),
        open=is_open(purpose, basis=has_basis(session)),
        readiness_current=today is not Result.NOT_YET,
    )


def open_release(session: Session, purpose_id: int, person_id: int, *, lock: bool = False) -> Release | None:
    """The release that holds now. A withdrawal ends it for every read that begins after it."""
    query = select(Release).where(
        Release.purpose_id == purpose_id, Release.person_id == person_id, Release.withdrawn_at.is_(None)
    )
    query = query.execution_options(populate_existing=True)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def release_ended(session: Session, purpose_id: int, person_id: int) -> datetime | None:
    """When this person took his results back from this purpose; nothing while a release holds, or none ever did."""
    if open_release(session, purpose_id, person_id) is not None:
        return None
    ended = select(func.max(Release.withdrawn_at)).where(
        Release.purpose_id == purpose_id, Release.person_id == person_id
    )
    return session.scalar(ended)


def person_case(session: Session, purpose: Purpose, person_id: int) -> PersonCase:
    """What decides who may open one person within a purpose."""
    released = open_release(session, purpose.id, person_id) is not None
    return PersonCase(purpose_case(session, purpose), person_id, released)


def released_purpose_case(session: Session, person_id: int, viewer_id: int) -> ReportCase:
    """For a report: the open purpose, if any, through which this viewer may see this person's results."""
    query = (
        select(Purpose)
        .join(PurposeViewer, PurposeViewer.purpose_id == Purpose.id)
        .join(Release, Release.purpose_id == Purpose.id)
        .where(PurposeViewer.person_id == viewer_id, Release.person_id == person_id, Release.withdrawn_at.is_(None))
        .order_by(Purpose.ends_at.desc())
    )
    cases = [purpose_case(session, purpose) for purpose in session.scalars(query)]
    best = next((case for case in cases if case.open and case.readiness_current), None)
    return ReportCase(person_id, best, released=best is not None)


def released_ids(session: Session, purpose_id: int) -> frozenset[int]:
    """Who has released to a purpose, as of this read."""
    query = select(Release.person_id).where(Release.purpose_id == purpose_id, Release.withdrawn_at.is_(None))
    return frozenset(session.scalars(query))


@dataclass(frozen=True, slots=True)
class PurposeStrip:
    """The first thing on every page about people."""

    id: int
    title: str
    kind: str
    why: str
    role_name: str
    fixed_on: datetime
    ends_at: datetime
    viewers: tuple[str, ...]
    lines: tuple[tuple[str, int, str], ...]
    """Skill, level, level's name."""

    @property
    def ends_on(self) -> date:
        return self.ends_at.date()

    @property
    def label(self) -> str:
        """«Liaison posts after the merger, role decision»."""
        return f"{self.title}, {self.kind}"


def role_lines(session: Session, purpose_id: int) -> dict[str, int]:
    """The level per skill that was fixed with the purpose."""
    query = select(RoleLine.skill_id, RoleLine.level).where(RoleLine.purpose_id == purpose_id)
    return {skill_id: level for skill_id, level in session.execute(query)}  # noqa: C416  typed rows


def strip_of(session: Session, purpose: Purpose, skill_names: Iterable[tuple[str, str]]) -> PurposeStrip:
    """A purpose in the words that everybody concerned may read."""
    lines = role_lines(session, purpose.id)
    known = names(session, viewer_ids(session, purpose.id))
    return PurposeStrip(
        id=purpose.id,
        title=purpose.title,
        kind=rules.KINDS[purpose.kind],
        why=purpose.why,
        role_name=purpose.role_name,
        fixed_on=purpose.created_at,
        ends_at=purpose.ends_at,
        viewers=tuple(sorted(known.values(), key=str.lower)),
        lines=tuple((name, lines[skill], LEVELS[lines[skill]]) for skill, name in skill_names if skill in lines),
    )


@dataclass(frozen=True, slots=True)
class PurposeCard:
    """A purpose in a list."""

    id: int
    title: str
    kind: str
    role_name: str
    ends_on: date
    asked: int
    open: bool
    state: str
    """Why it is closed, or empty."""


def _state(purpose: Purpose, *, basis: bool) -> str:
    if purpose.closed_at is not None:
        return f"Closed on {purpose.closed_at.day} {purpose.closed_at:%B %Y}"
    if clock.now() >= purpose.ends_at:
        return "Its last day has passed"
    return "" if is_open(purpose, basis=basis) else "Closed while notice, legal basis and consultation are missing"


def purposes_of(session: Session, viewer_id: int) -> tuple[PurposeCard, ...]:
    """Purposes that somebody may look into, open ones first, the next to end first."""
    counts = select(PurposePerson.purpose_id, func.count().label("asked")).group_by(PurposePerson.purpose_id).subquery()
    query = (
        select(Purpose, func.coalesce(counts.c.asked, 0))
        .join(PurposeViewer, PurposeViewer.purpose_id == Purpose.id)
        .outerjoin(counts, counts.c.purpose_id == Purpose.id)
        .where(PurposeViewer.person_id == viewer_id)
        .order_by(Purpose.ends_at, Purpose.id)
    )
    basis = has_basis(session)
    cards = [
        PurposeCard(
            p.id,
            p.title,
            rules.KINDS[p.kind],
            p.role_name,
            p.ends_at.date(),
            asked,
            is_open(p, basis=basis),
            _state(p, basis=basis),
        )
        for p, asked in session.execute(query)
    ]
    return tuple(sorted(cards, key=lambda card: not card.open))


@dataclass(frozen=True, slots=True)
class Request:
    """A purpose that asks somebody for a release."""

    id: int
    title: str
    kind: str
    why: str
    ends_on: date
    open: bool
    released_at: datetime | None
    """Since when it may see, or None."""


@dataclass(frozen=True, slots=True)
class MyPurposes:
    """What asks a person, and what was decided about him."""

    open: tuple[Request, ...]
    ended: tuple[Request, ...]
    decisions: tuple[DecisionLine, ...]


def _requests(session: Session, person_id: int) -> list[Request]:
    query = (
        select(Purpose, Release.released_at)
        .join(PurposePerson, PurposePerson.purpose_id == Purpose.id)
        .outerjoin(
            Release,
            (Release.purpose_id == Purpose.id)
            & (Release.person_id == PurposePerson.person_id)
            & Release.withdrawn_at.is_(None),
        )
        .where(PurposePerson.person_id == person_id)
        .order_by(Purpose.ends_at, Purpose.id)
    )
    basis = has_basis(session)
    return [
        Request(p.id, p.title, rules.KINDS[p.kind], p.why, p.ends_at.date(), is_open(p, basis=basis), released_at)
        for p, released_at in session.execute(query)
    ]


def open_requests(session: Session, person_id: int) -> tuple[Request, ...]:
    """Open purposes that ask this person, the next to end first."""
    return tuple(request for request in _requests(session, person_id) if request.open)


def my_purposes(session: Session, person_id: int) -> MyPurposes:
    """The page of a learner about purposes and decisions."""
    requests = _requests(session, person_id)
    return MyPurposes(
        tuple(r for r in requests if r.open),
        tuple(r for r in requests if not r.open),
        decisions_about(session, person_id),
    )


def asked_people(session: Session, purpose_id: int) -> tuple[tuple[int, str], ...]:
    """Whom a purpose asks, by name."""
    query = (
        select(Person.id, Person.name)
        .join(PurposePerson, PurposePerson.person_id == Person.id)
        .where(PurposePerson.purpose_id == purpose_id)
        .order_by(func.lower(Person.name), Person.id)
    )
    return tuple((person_id, name) for person_id, name in session.execute(query))
