"""Claims, what was put aside, private notes, and what learners say to the feedback itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from coachkit.platform.db import Base


class Lease(Base):
    """A coach works on something of an attempt. It ends by itself when she has done nothing for half an hour."""

    __abstract__ = True

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True)
    coach_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    taken_at: Mapped[datetime]
    until: Mapped[datetime]
    sends_at: Mapped[datetime | None]
    """She has sent it; until then she can take it back."""


class Claim(Lease):
    """A coach works on the first rating of an attempt."""

    __tablename__ = "claim"


class SecondClaim(Lease):
    """A coach works on the second rating of an attempt, which is never sent and never taken back."""

    __tablename__ = "second_claim"


class PutAside(Base):
    """A coach's unfinished rating and note, kept while a colleague works on it. Only she gets it back."""

    __tablename__ = "put_aside"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True)
    coach_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), default="coach", server_default="coach")
    """Of which rating: the first coach's, or the second's."""
    text: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class PrivateNote(Base):
    """What a coach keeps for herself about a learner. By law it is the learner's to read as well."""

    __tablename__ = "private_note"

    coach_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime]
    version: Mapped[int]


class Usefulness(Base):
    """Two taps by a learner about one feedback."""

    __tablename__ = "usefulness"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    useful: Mapped[int | None]
    fits: Mapped[int | None]
    at: Mapped[datetime]

    __table_args__ = (CheckConstraint("useful in (0, 1) and fits in (0, 1)", name="taps"),)
