"""A coach who was asked to watch an attempt while it is played, and what she noted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from coachkit.platform.db import Base, Id


class Observation(Base):
    """The learner asked one of his coaches to watch this attempt."""

    __tablename__ = "observation"

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    coach_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    asked_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    """When the clock of the notes began to run."""

    __table_args__ = (UniqueConstraint("attempt_id", "coach_id"),)


class ObservationNote(Base):
    """One moment that the coach marked, and what she saw in it. Sealed like her rating."""

    __tablename__ = "observation_note"

    id: Mapped[Id]
    observation_id: Mapped[int] = mapped_column(ForeignKey("observation.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(37))
    """Made by the page that took the note: however often it is sent, it is one note."""
    seconds: Mapped[int]
    """Since the clock began."""
    criterion_id: Mapped[str] = mapped_column(String(60), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    """Empty where only the moment was marked."""
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("observation_id", "key"),)
