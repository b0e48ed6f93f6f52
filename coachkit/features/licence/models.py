"""A coach's rounds through calibration sets, and what she gave in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from coachkit.platform.db import Base, Id


class TrainingRound(Base):
    """Some samples of one skill, rated one after the other, each blind, each compared at once. Pinned to a library."""

    __tablename__ = "training_round"

    id: Mapped[Id]
    coach_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    skill_id: Mapped[str] = mapped_column(String(80))
    rubric: Mapped[str] = mapped_column(Text)
    library_version: Mapped[str] = mapped_column(ForeignKey("library_snapshot.version"))
    sample_ids: Mapped[list[str]]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    passed: Mapped[bool | None]
    """None until every sample was rated; stays so where a newer rubric ended the round."""

    __table_args__ = (
        Index("ix_training_round_coach", "coach_id", "skill_id"),
        Index(
            "ix_training_round_one_open",
            "coach_id",
            "skill_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class SampleRating(Base):
    """What a coach gave for one criterion of a sample, before she saw the reference. Never changed."""

    __tablename__ = "sample_rating"

    id: Mapped[Id]
    round_id: Mapped[int] = mapped_column(ForeignKey("training_round.id", ondelete="CASCADE"))
    sample_id: Mapped[str] = mapped_column(String(80))
    criterion_id: Mapped[str] = mapped_column(String(60))
    level: Mapped[int | None]
    not_observed: Mapped[bool]
    evidence: Mapped[str] = mapped_column(Text)
    rated_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("level between 1 and 5", name="level"),
        CheckConstraint("not_observed = (level is null)", name="level_or_not_observed"),
        UniqueConstraint("round_id", "sample_id", "criterion_id"),
    )
