"""People and what ties them together."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from coachkit.platform.db import Base, Id


class Person(Base):
    """Somebody with an account."""

    __tablename__ = "person"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """Lower case."""
    password_hash: Mapped[str | None] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    pseudonym: Mapped[str] = mapped_column(String(32), unique=True)
    """Stands for the person in the audit chain; goes with the row."""
    unit: Mapped[str] = mapped_column(String(120), default="")
    """The segment or unit that a liaison serves, or a coach's place."""
    track: Mapped[str] = mapped_column(String(10), default="it")
    """Entry track: `it` (grown in IT) or `business`."""
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("track in ('it', 'business')", name="track"),
        # A number is given once: SQLite would give an erased person's to the next, and records would show a wrong name.
        {"sqlite_autoincrement": True},
    )


class RoleGrant(Base):
    """One role of one person."""

    __tablename__ = "role_grant"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)


class Cohort(Base):
    """Learners who started together."""

    __tablename__ = "cohort"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120), unique=True)
    starts_on: Mapped[date]


class CohortMember(Base):
    """A learner in a cohort."""

    __tablename__ = "cohort_member"

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    since: Mapped[date]


class Coaching(Base):
    """A coach has a learner, from one moment to another."""

    __tablename__ = "coaching"

    id: Mapped[Id]
    coach_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("coach_id <> learner_id", name="not_oneself"),
        Index("ix_coaching_learner", "learner_id", "until"),
        Index("ix_coaching_coach", "coach_id", "until"),
    )


class Login(Base):
    """One signed-in browser. Ending the row ends the session at the next request."""

    __tablename__ = "login"

    id: Mapped[Id]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    user_agent: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    proved_at: Mapped[datetime]
    """When a secret was last given; step-up looks at this, not at the cookie."""
    expires_at: Mapped[datetime]


class OneTime(Base):
    """A one-time link, stored hashed and taken by deleting it."""

    __tablename__ = "one_time"

    id: Mapped[Id]
    purpose: Mapped[str] = mapped_column(String(20))
    """`first-admin`, `invitation` or `reset`."""
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("purpose", "token_hash"),)


class Throttle(Base):
    """How often something was tried, by key and window."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    """A hash; no address and no name."""
    window_start: Mapped[datetime]
    count: Mapped[int]
