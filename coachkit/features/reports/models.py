"""The append-only record of reports that were issued."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from coachkit.platform.db import Base, Id


class Report(Base):
    """One printed document: its frozen object, and the PDF once it is made."""

    __tablename__ = "report"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(20), default="progress")
    """`progress`, `certificate`, `kit` or `session`."""
    number: Mapped[str] = mapped_column(String(20), unique=True)
    """Printed on it."""
    code: Mapped[str] = mapped_column(String(20))
    """Random; opens the verify page."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    """Whose it is: the learner, or whoever asked for a kit or a session sheet."""
    about_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    """The learner whom somebody else's sheet is about."""
    issued_at: Mapped[datetime]
    document: Mapped[str] = deferred(mapped_column(Text))
    """The report object as JSON: page, PDF and attachment are made from it."""
    pdf: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    sha256: Mapped[str] = mapped_column(String(64), default="")
    pages: Mapped[int] = mapped_column(default=0)
    engine: Mapped[str] = mapped_column(String(200), default="")
    """Versions of what made the bytes."""
    made_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(Text, default="")
    """Why it could not be made, in a sentence for the person."""
