"""What a learner has read and answered. It belongs to the learner alone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from coachkit.platform.db import Base, Id


class SectionRead(Base):
    """A section that somebody marked as read, or skipped because he knew it, in the wording of that day."""

    __tablename__ = "section_read"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    module_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    section_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    section_hash: Mapped[str] = mapped_column(String(64))
    known: Mapped[bool] = mapped_column(default=False)
    """Skipped after the quiz came first and was passed; not read."""
    at: Mapped[datetime]


class QuizAnswer(Base):
    """One answer to one quiz item; repeated tries are rows of their own."""

    __tablename__ = "quiz_answer"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    module_id: Mapped[str] = mapped_column(String(40))
    item_id: Mapped[str] = mapped_column(String(60))
    option_id: Mapped[str] = mapped_column(String(60))
    correct: Mapped[bool]
    library_version: Mapped[str] = mapped_column(ForeignKey("library_snapshot.version"))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_quiz_answer_person_module", "person_id", "module_id", "item_id"),)


class CardReview(Base):
    """What is known about one review card and one person: how well it holds, and when it is due."""

    __tablename__ = "card_review"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    card_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    stability: Mapped[float]
    difficulty: Mapped[float]
    due_at: Mapped[datetime]
    reviewed_at: Mapped[datetime]
    rating: Mapped[int]
    """The latest answer: 1 missed, 2 with effort, 3 knew it, 4 at once."""
    reviews: Mapped[int]

    __table_args__ = (
        CheckConstraint("rating between 1 and 4", name="rating"),
        Index("ix_card_review_due", "person_id", "due_at"),
    )


class SectionNote(Base):
    """What somebody wrote beside a section, for himself."""

    __tablename__ = "section_note"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    module_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    section_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    """Raised at every change; a stale tab is told so."""
