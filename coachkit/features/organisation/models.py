"""Readiness results, and rounds of questions that are answered without names."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from coachkit.platform.db import Base, Id


class Readiness(Base):
    """One result of the organisation's readiness check; the newest counts until it expires."""

    __tablename__ = "readiness"

    id: Mapped[Id]
    result: Mapped[str] = mapped_column(String(12))
    assessed_on: Mapped[date]
    expires_on: Mapped[date]
    answers: Mapped[dict[str, Any]]
    """Question id → {cio, others (rising, nobody's order), evidence}."""
    steps: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Question id of a first step → {owner, by}."""
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    recorded_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("result in ('not-yet', 'conditional', 'ready')", name="result"),)


class Round(Base):
    """Questions that several people answer without their names. Holds counts, never a sheet of answers."""

    __tablename__ = "inquiry_round"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(120), default="")
    begun_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    begun_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    tally: Mapped[dict[str, Any]]
    """Question id → how often each choice was taken."""
    answered: Mapped[dict[str, Any]]
    """Group → how many have answered."""
    remarks: Mapped[list[str]]
    """Own words, in alphabetical order, which is nobody's order."""
    cio: Mapped[dict[str, Any]]
    """Question id → {level, evidence}: what the CIO has answered so far, in a readiness check."""
    cio_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=1)
    """Of the CIO's answers only."""

    __table_args__ = (
        CheckConstraint("kind in ('readiness', 'pulse')", name="kind"),
        Index(
            "ix_inquiry_round_one_open",
            "kind",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )


class RoundLink(Base):
    """A one-time link that nobody has used yet. It says who may answer (a group) and never who somebody is; using it
    deletes it, in the same step that adds the answers to the counts.
    """

    __tablename__ = "inquiry_link"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("inquiry_round.id", ondelete="CASCADE"), index=True)
    group: Mapped[str] = mapped_column("for_group", String(10))
    expires_at: Mapped[datetime]

    __table_args__ = ({"sqlite_with_rowid": False},)
