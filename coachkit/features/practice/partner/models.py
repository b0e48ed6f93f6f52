"""Who was asked to play the other side of an attempt, when it could be, and the two sentences said afterwards."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from coachkit.platform.db import Base, Id


class PartnerInvitation(Base):
    """One person asked to play the stakeholder of one attempt. Address and link go when the invitation ends."""

    __tablename__ = "partner_invitation"

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    """The partner's account, where there is one."""
    name: Mapped[str] = mapped_column(String(120))
    """As the learner calls the partner."""
    email: Mapped[str] = mapped_column(String(254), default="")
    """Only for partners without an account."""
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    said_at: Mapped[datetime | None]
    felt: Mapped[str] = mapped_column(Text, default="")
    noticed: Mapped[str] = mapped_column(Text, default="")
    """Sealed like a rating until all that is to come has been locked."""
    no_recording_at: Mapped[datetime | None]
    """When the partner said, by the link, that this talk is not to be recorded; None once that was taken back."""


class PartnerTime(Base):
    """A time that the learner proposes, in his own words: both work in the same house and on the same clock."""

    __tablename__ = "partner_time"

    id: Mapped[Id]
    invitation_id: Mapped[int] = mapped_column(ForeignKey("partner_invitation.id", ondelete="CASCADE"), index=True)
    on: Mapped[date]
    at: Mapped[str] = mapped_column(String(80), default="")
    chosen: Mapped[bool] = mapped_column(default=False)
