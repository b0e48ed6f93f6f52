"""What somebody was told, and how she wants to be told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from coachkit.platform.db import Base, Id


class Notice(Base):
    """One event for one person. It holds no name and no text; the page it leads to asks who may see it."""

    __tablename__ = "notice"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    about: Mapped[int]
    """The attempt, learner or other row that the kind is about."""
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("person_id", "kind", "about"),
        Index(
            "ix_notice_unread",
            "person_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )


class NoticeChoice(Base):
    """How somebody wants mails. Without a row: one for each event."""

    __tablename__ = "notice_choice"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    mails: Mapped[str] = mapped_column(String(10))
    digest_at: Mapped[datetime | None]
    """When the next daily mail goes out, if there is something to say."""

    __table_args__ = (CheckConstraint("mails in ('each', 'daily', 'none')", name="mails"),)
