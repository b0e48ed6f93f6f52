"""Purposes, releases and decision records."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
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


class EvidenceRequest(Base):
    """A viewer asks somebody for more evidence on one skill, where nobody can tell yet."""

    __tablename__ = "evidence_request"

    id: Mapped[Id]
    purpose_id: Mapped[int] = mapped_column(ForeignKey("purpose.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    skill_id: Mapped[str] = mapped_column(String(40))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    asked_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("purpose_id", "person_id", "skill_id"),)


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
    work_reason_who: Mapped[str] = mapped_column(String(120), default="")
    """Who can confirm it."""
    against_wish: Mapped[bool] = mapped_column(default=False)
    review_on: Mapped[date | None]
    plan: Mapped[str] = mapped_column(Text, default="")
    coach_hours: Mapped[int | None]
    protected_hours: Mapped[int | None]
    """A week."""
    offered: Mapped[str] = mapped_column(Text, default="")
    """Which development was offered before."""
    offered_on: Mapped[date | None]
    snapshot: Mapped[dict[str, Any]]
    """Everything that the page showed at the moment of deciding."""
    snapshot_hash: Mapped[str] = mapped_column(String(64))
    record_hash: Mapped[str] = mapped_column(String(64), default="")
    """Over the words and choices above, the snapshot's hash and the forecast; empty in records from before."""
    library_version: Mapped[str] = mapped_column(String(64), default="")
    """The content that was served at that moment; the snapshot names the versions behind the ratings."""
    readiness_id: Mapped[int | None] = mapped_column(ForeignKey("readiness.id"))
    amends_id: Mapped[int | None] = mapped_column(ForeignKey("decision_record.id"), unique=True)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    decided_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("outcome in ('confirm', 'develop', 'move', 'replace', 'defer')", name="outcome"),
        UniqueConstraint("purpose_id", "person_id", "amends_id"),
    )


class Forecast(Base):
    """What the CIO expected when deciding."""

    __tablename__ = "forecast"

    record_id: Mapped[int] = mapped_column(ForeignKey("decision_record.id", ondelete="CASCADE"), primary_key=True)
    statement: Mapped[str] = mapped_column(String(300))
    chance: Mapped[int]
    due_on: Mapped[date] = mapped_column(index=True)

    __table_args__ = (CheckConstraint("chance between 1 and 99", name="chance"),)


class Retrospective(Base):
    """What came of a forecast, and how the way of deciding looks from there. Written once."""

    __tablename__ = "retrospective"

    record_id: Mapped[int] = mapped_column(ForeignKey("decision_record.id", ondelete="CASCADE"), primary_key=True)
    came_true: Mapped[bool]
    what_happened: Mapped[str] = mapped_column(Text)
    sound: Mapped[bool]
    """Whether one would decide in the same way again, knowing what was known then."""
    process: Mapped[str] = mapped_column(Text)
    written_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    written_at: Mapped[datetime]


class DecisionDuty(Base):
    """Somebody is named on one record, for a time: second signer, appeal reader or Human Resources."""

    __tablename__ = "decision_duty"

    id: Mapped[Id]
    record_id: Mapped[int] = mapped_column(ForeignKey("decision_record.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(14))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    outside_name: Mapped[str] = mapped_column(String(120), default="")
    """Of somebody without an account."""
    outside_email: Mapped[str] = mapped_column(String(254), default="")
    why: Mapped[str] = mapped_column(Text, default="")
    """Why this person is independent, in the words of whoever named them."""
    named_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    named_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    link_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """Of the one-time link; spent by opening it."""
    link_ends_at: Mapped[datetime | None]
    visit_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """Of the visit that the link opened."""
    visit_ends_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("kind in ('second-signer', 'appeal-reader', 'hr')", name="kind"),
        Index(
            "ix_decision_duty_one_open",
            "record_id",
            "kind",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class DecisionWord(Base):
    """What somebody adds beside a record: signature, answer, appeal, ruling, or a note of Human Resources."""

    __tablename__ = "decision_word"

    id: Mapped[Id]
    record_id: Mapped[int] = mapped_column(ForeignKey("decision_record.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    verdict: Mapped[str] = mapped_column(String(10), default="")
    """signed (which nobody can without stating to be independent), refused; unwanted; kept, changed, withdrawn; or
    empty.
    """
    words: Mapped[str] = mapped_column(Text)
    duty_id: Mapped[int | None] = mapped_column(ForeignKey("decision_duty.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("kind in ('signature', 'answer', 'appeal', 'ruling', 'note')", name="kind"),
        Index(
            "ix_decision_word_once",
            "record_id",
            "kind",
            unique=True,
            sqlite_where=text("kind <> 'note'"),
            postgresql_where=text("kind <> 'note'"),
        ),
    )
