"""What a coach says about one moment of an attempt."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from coachkit.platform.db import Base, Id


class EvidenceComment(Base):
    """One comment, its criterion, and the place that it is about. The excerpt stays when the recording is gone."""

    __tablename__ = "evidence_comment"

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), index=True)
    coach_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    criterion_id: Mapped[str] = mapped_column(String(60))
    passage: Mapped[int | None]
    """The turn or passage of the text, from 1."""
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("evidence_file.id", ondelete="SET NULL"), index=True)
    """The recording, where it is about one."""
    seconds: Mapped[int | None]
    """The moment of the recording."""
    excerpt: Mapped[str] = mapped_column(Text)
    """The words that were said there."""
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    __table_args__ = (CheckConstraint("(passage is null) <> (seconds is null)", name="one_place"),)
