"""What was contested, by whom it was looked at again, and what came of it. The original is never touched."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from coachkit.platform.db import Base, Id


class Contest(Base):
    """A learner sees one thing differently."""

    __tablename__ = "contest"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), index=True)
    """None for a sentence of a report."""
    kind: Mapped[str] = mapped_column(String(10))
    item: Mapped[str] = mapped_column(String(80))
    """The criterion, the half of a note, or the skill that the sentence is about."""
    sentence: Mapped[str] = mapped_column(Text, default="")
    """A sentence of a report, as it is contested."""
    text: Mapped[str] = mapped_column(Text)
    """What the learner sees differently. Whoever looks again does not read it."""
    evidence: Mapped[str] = mapped_column(Text)
    """The learner's own evidence."""
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    outsider: Mapped[str] = mapped_column(String(120), default="")
    """Somebody from outside who was asked, where there is no second coach."""
    outsider_email: Mapped[str] = mapped_column(String(254), default="")
    """Until it is decided."""
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    outcome: Mapped[str | None] = mapped_column(String(10))
    level: Mapped[int | None]
    """Ratings: what the second look saw, without knowing the first."""
    not_observed: Mapped[bool] = mapped_column(default=False)
    wording: Mapped[str] = mapped_column(Text, default="")
    """The evidence line of the second look, or the wording that stands now."""
    reasons: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("kind in ('rating', 'note', 'sentence')", name="kind"),
        CheckConstraint("outcome in ('kept', 'changed', 'removed')", name="outcome"),
        CheckConstraint("level between 1 and 5", name="level"),
        Index("ix_contest_person", "person_id", "opened_at"),
    )
