"""Who holds a licence to rate, and THE gate: every way to an official rating comes through `covered`.

The room above trains coaches and grants licences; this one owns attempts, so it says what a licence opens.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from coachkit.domain.assessment.licence import Rubric, asked_for
from coachkit.features.practice.models import Attempt
from coachkit.platform import clock
from coachkit.platform.db import Base, Id
from coachkit.platform.errors import LicenceNeededError
from coachkit.platform.tools import shelf


class Licence(Base):
    """A coach may rate a skill's rubric, at one version, from one moment to the end of a day. Never changed."""

    __tablename__ = "licence"

    id: Mapped[Id]
    coach_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    skill_id: Mapped[str] = mapped_column(String(80))
    rubric: Mapped[str] = mapped_column(Text)
    granted_at: Mapped[datetime]
    expires_on: Mapped[date]
    """Its last day."""

    __table_args__ = (Index("ix_licence_coach", "coach_id", "skill_id"),)

    def valid(self, at: datetime) -> bool:
        return self.granted_at <= at and at.date() <= self.expires_on


def held(session: Session, coach_ids: Iterable[int], at: datetime) -> dict[int, frozenset[Rubric]]:
    """The rubrics that each of these coaches may rate at a moment."""
    found: dict[int, set[Rubric]] = {coach_id: set() for coach_id in coach_ids}
    for row in session.scalars(select(Licence).where(Licence.coach_id.in_(found), Licence.expires_on >= at.date())):
        if row.valid(at):
            found[row.coach_id].add(Rubric(row.skill_id, row.rubric))
    return {coach_id: frozenset(rubrics) for coach_id, rubrics in found.items()}


def calibrated(session: Session, skills: Mapping[int, Iterable[str]], at: datetime) -> dict[int, tuple[date, date]]:
    """For coaches and the skills that each has rated: the earliest of her latest calibrations, and its last day.

    A coach who lacks one of them altogether, or who has left, is missing.
    """
    latest: dict[tuple[int, str], Licence] = {}
    query = select(Licence).where(Licence.coach_id.in_(skills), Licence.granted_at <= at).order_by(Licence.granted_at)
    for row in session.scalars(query):
        latest[row.coach_id, row.skill_id] = row
    found = {}
    for coach_id, skill_ids in skills.items():
        rows = [latest.get((coach_id, skill_id)) for skill_id in set(skill_ids)]
        held_all = [row for row in rows if row is not None]
        if held_all and len(held_all) == len(rows):
            oldest = min(held_all, key=lambda row: row.expires_on)
            found[coach_id] = (oldest.granted_at.date(), oldest.expires_on)
    return found


def needed(session: Session, attempt: Attempt) -> frozenset[Rubric]:
    """The licences that rating this attempt takes, in the library that it began with. None for practice."""
    if not attempt.official:
        return frozenset()
    library = shelf().version(session, attempt.library_version)
    return asked_for(library, library.scenario(attempt.scenario_id).criteria)


def covered(session: Session, attempts: Iterable[Attempt], coach_ids: Iterable[int]) -> frozenset[tuple[int, int]]:
    """Which coach's licences cover which attempt now: pairs of attempt and coach."""
    rubrics = held(session, coach_ids, clock.now())
    return frozenset(
        (attempt.id, coach_id)
        for attempt in attempts
        for wanted in (needed(session, attempt),)
        for coach_id, own in rubrics.items()
        if wanted <= own
    )


def require_licence(session: Session, attempt: Attempt, coach_id: int) -> None:
    """Raise unless this coach may rate this attempt now."""
    if not covered(session, [attempt], [coach_id]):
        raise LicenceNeededError
