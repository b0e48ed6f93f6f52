"""The critical two minutes once more, in a table of its own: no calibration, report or count reads it as rated."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from coachkit.platform.db import Base, Id


class Retry(Base):
    """What was said the second time, with one evidence line about one criterion. It has no level."""

    __tablename__ = "retry"

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    criterion_id: Mapped[str] = mapped_column(String(60))
    said: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
