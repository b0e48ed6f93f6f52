"""The coach's note, the learner's answer and his plan."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from coachkit.platform.db import Base, Id


class FeedbackNote(Base):
    """One thing to keep and one to change, for one attempt. A draft until released together with the ratings."""

    __tablename__ = "feedback_note"

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), unique=True)
    coach_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    saved_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    advice_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id", ondelete="SET NULL"), index=True)
    """The attempt after which the last advice was given that this review looked for."""
    fixed: Mapped[str | None] = mapped_column(String(10))
    """What was seen of it."""

    __table_args__ = (CheckConstraint("fixed in ('yes', 'partly', 'not-seen')", name="fixed"),)


class NotePart(Base):
    """Situation, behaviour, effect, question and next try."""

    __tablename__ = "note_part"

    id: Mapped[Id]
    note_id: Mapped[int] = mapped_column(ForeignKey("feedback_note.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    situation: Mapped[str] = mapped_column(Text, default="")
    behaviour: Mapped[str] = mapped_column(Text, default="")
    effect: Mapped[str] = mapped_column(Text, default="")
    question: Mapped[str] = mapped_column(Text, default="")
    next_try: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        CheckConstraint("kind in ('keep', 'change')", name="kind"),
        UniqueConstraint("note_id", "kind"),
    )


class Agreement(Base):
    """Two coaches differed on these criteria and owe an agreed sheet; their own sheets stay as they are."""

    __tablename__ = "agreement"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True)
    criteria: Mapped[list[str]]
    asked_at: Mapped[datetime]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    """The coach who read what the other had written, and agreed or not."""
    answered_at: Mapped[datetime | None]
    dissent: Mapped[str] = mapped_column(Text, default="")
    """What she sees differently; empty where she agrees."""


class LearnerAnswer(Base):
    """What the learner says to the feedback."""

    __tablename__ = "learner_answer"

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Plan(Base):
    """If this happens, then I will do that; by when, and who will notice."""

    __tablename__ = "plan"

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    cue: Mapped[str] = mapped_column(Text)
    act: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    witness: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(Text, default="")
    """What came of it, in the learner's words."""
    closed_at: Mapped[datetime | None]
