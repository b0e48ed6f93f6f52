"""What a coach keeps to say it again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from coachkit.platform.db import Base, Id


class Phrase(Base):
    """One phrase of one coach, for one criterion."""

    __tablename__ = "phrase"

    id: Mapped[Id]
    coach_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    criterion_id: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime]
    version: Mapped[int]
