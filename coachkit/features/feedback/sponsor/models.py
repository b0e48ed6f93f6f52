"""Whom a learner has named as sponsor, and what he shows to that person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from coachkit.platform.db import Base, Id


class Sponsor(Base):
    """One sponsor of one learner, until taken back. Plans are shown or not; hours and dates are words."""

    __tablename__ = "sponsor"

    id: Mapped[Id]
    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    """The sponsor's account, where there is one; then no link is sent."""
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254), default="")
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    named_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    shows_plans: Mapped[bool] = mapped_column(default=False)
    hours: Mapped[str] = mapped_column(String(200), default="")
    dates: Mapped[str] = mapped_column(Text, default="")
