"""Purposes, releases and decision records."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from coachkit.platform.db import Base, Id


class DecisionBasis(Base):
    """Notice, legal basis and consultation, recorded by an admin; without one, role decisions are off."""

    __tablename__ = "decision_basis"

    id: Mapped[Id]
    notice: Mapped[str] = mapped_column(Text)
    legal_basis: Mapped[str] = mapped_column(Text)
    consultation: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    recorded_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Purpose(Base):
    """Why somebody may look at people's results, until when."""

    __tablename__ = "purpose"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(14))
    title: Mapped[str] = mapped_column(String(160))
    why: Mapped[str] = mapped_column(Text)
    role_name: Mapped[str] = mapped_column(String(120))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("kind in ('development', 'role-decision')", name="kind"),)


class RoleLine(Base):
    """The level that the role asks for on one skill, fixed with the purpose."""

    __tablename__ = "role_line"

    purpose_id: Mapped[int] = mapped_column(ForeignKey("purpose.id", ondelete="CASCADE"), primary_key=True)
    skill_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    level: Mapped[int]

    __table_args__ = (CheckConstraint("level between 1 and 5", name="level"),)


class PurposeViewer(Base):
    """Somebody who may look within a purpose."""

    __tablename__ = "purpose_viewer"

    purpose_id: Mapped[int] = mapped_column(ForeignKey("purpose.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)


class PurposePerson(Base):
    """Somebody whom a purpose asks. It shows nothing of him until he releases."""

    __tablename__ = "purpose_person"

    purpose_id: Mapped[int] = mapped_column(ForeignKey("purpose.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    asked_at: Mapped[datetime]


class Release(Base):
    """A person let a purpose see his official results; a withdrawal ends it at once."""

    __tablename__ = "release"

    id: Mapped[Id]
    purpose_id: Mapped[int] = mapped_column(ForeignKey("purpose.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    released_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    comment: Mapped[str] = mapped_column(Text, default="")
    """The person's own words, shown first."""

    __table_args__ = (
        Index(
            "ix_release_one_open",
            "purpose_id",
            "person_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )


class DecisionRecord(Base):
    """What was decided about a post and a person, why, and what was seen. Amended by a new row, never edited."""

    __tablename__ = "decision_record"

    id: Mapped[Id]
    purpose_id: Mapped[int] = mapped_column(ForeignKey("purpose.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    outcome: Mapped[str] = mapped_column(String(12))
    reasons: Mapped[str] = mapped_column(Text)
    alternatives: Mapped[str] = mapped_column(Text)
    dissent: Mapped[str] = mapped_column(Text, default="")
    work_reason: Mapped[str] = mapped_column(Text, default="")
    """A reason from work outside coachkit."""
    work_reason_on: Mapped[date | None]
    against_wish: Mapped[bool] = mapped_column(default=False)
    review_on: Mapped[date | None]
    snapshot: Mapped[dict[str, Any]]
    """Everything that the page showed at the moment of deciding."""
    snapshot_hash: Mapped[str] = mapped_column(String(64))
    readiness_id: Mapped[int | None] = mapped_column(ForeignKey("readiness.id"))
    amends_id: Mapped[int | None] = mapped_column(ForeignKey("decision_record.id"), unique=True)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    decided_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("outcome in ('confirm', 'develop', 'move', 'replace', 'defer')", name="outcome"),
        UniqueConstraint("purpose_id", "person_id", "amends_id"),
    )
