"""Real situations, in the learner's own words."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from coachkit.platform.db import Base, Id


class FieldEntry(Base):
    """One situation at work: what was tried, what happened, and who was there, as initials."""

    __tablename__ = "field_entry"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    """The if-then plan that it carries out, if any. Who may read the plan may read the entry."""
    on: Mapped[date]
    situation: Mapped[str] = mapped_column(Text)
    act: Mapped[str] = mapped_column(Text)
    effect: Mapped[str] = mapped_column(Text)
    witness: Mapped[str] = mapped_column(String(12), default="")
    written_at: Mapped[datetime]
