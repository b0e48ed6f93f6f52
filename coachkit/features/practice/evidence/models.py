"""Files and recordings of an attempt, and who agreed to be recorded."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from coachkit.platform.db import Base, Id


class EvidenceFile(Base):
    """One file or recording of an attempt. The row outlives the bytes, so that a comment keeps what it points to."""

    __tablename__ = "evidence_file"

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), index=True)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"), unique=True)
    """None once the bytes are gone."""
    name: Mapped[str] = mapped_column(String(120))
    """As its sender called it; shown, never used as the name of a file."""
    recorded: Mapped[bool]
    """Made in the browser, rather than chosen from a disk."""
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(40), default="")
    added_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]
    gone_why: Mapped[str] = mapped_column(String(12), default="")

    __table_args__ = (
        CheckConstraint("gone_why in ('', 'learner', 'retention', 'agreement', 'left')", name="gone_why"),
    )


class RecordingAgreement(Base):
    """One person's agreement to be recorded in one attempt: who, when, and to which text."""

    __tablename__ = "recording_agreement"

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    learner: Mapped[bool]
    """The learner's own; the others' were given aloud and written down by the learner."""
    invitation_id: Mapped[int | None] = mapped_column(
        ForeignKey("partner_invitation.id", ondelete="SET NULL"), index=True
    )
    """Given by the partner in person, through the link of this invitation."""
    text_version: Mapped[int]
    agreed_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]
