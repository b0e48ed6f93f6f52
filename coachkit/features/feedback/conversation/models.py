"""What a learner and a coach write down together, and to which purposes the learner has shown its outcome."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from coachkit.platform.db import Base, Id


class FitConversation(Base):
    """One conversation, begun by the learner. It holds words and one of three outcomes; nothing in it is a number."""

    __tablename__ = "fit_conversation"

    id: Mapped[Id]
    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    coach_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    begun_at: Mapped[datetime]
    own_statement: Mapped[str] = mapped_column(Text, default="")
    coach_statement: Mapped[str] = mapped_column(Text, default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    """For use in the talk only."""
    notes_until: Mapped[date | None]
    """The day on which the notes are deleted."""
    outcome: Mapped[str] = mapped_column(String(24), default="")
    """Proposed, and joint once the other has agreed."""
    find_out: Mapped[str] = mapped_column(Text, default="")
    find_out_until: Mapped[date | None]
    next_role: Mapped[str] = mapped_column(String(200), default="")
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    held_on: Mapped[date | None]
    """The day on which both agreed; from then on nothing changes any more."""
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("outcome in ('', 'continue', 'find-out-more', 'step-aside-by-choice')", name="outcome"),
    )


class FitQuote(Base):
    """Something that was said or done, in words, with where it was seen."""

    __tablename__ = "fit_quote"

    id: Mapped[Id]
    conversation_id: Mapped[int] = mapped_column(ForeignKey("fit_conversation.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Who wrote it down."""
    about: Mapped[str] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("about in ('interest', 'care')", name="about"),
        CheckConstraint("source in ('preview', 'work-sample', 'past', 'choices', 'log')", name="source"),
    )


class FitShare(Base):
    """The learner shows the outcome to one purpose. Taking it back deletes the row."""

    __tablename__ = "fit_share"

    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("fit_conversation.id", ondelete="CASCADE"), primary_key=True
    )
    purpose_id: Mapped[int] = mapped_column(ForeignKey("purpose.id", ondelete="CASCADE"), primary_key=True, index=True)
    shared_at: Mapped[datetime]
    statement_attached: Mapped[bool] = mapped_column(default=False)
    """Whether the learner says that a statement of his own goes with it. Its text is never shown there."""
