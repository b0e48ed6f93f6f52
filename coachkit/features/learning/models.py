"""What a learner has read and answered. It belongs to the learner alone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from coachkit.platform.db import Base, Id


class SectionRead(Base):
    """A section that somebody marked as read, in the wording that he read."""

    __tablename__ = "section_read"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    module_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    section_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    section_hash: Mapped[str] = mapped_column(String(64))
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
