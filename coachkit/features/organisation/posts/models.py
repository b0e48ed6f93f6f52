"""Posts, charters, sheets and work notes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from coachkit.platform.db import Base, Id


class Post(Base):
    """A post and what it serves. Who holds it is not written down here: what is said is said of the post."""

    __tablename__ = "post"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120), unique=True)
    segment: Mapped[str] = mapped_column(String(10))
    units: Mapped[str] = mapped_column(Text)
    """One on each line."""
    holders: Mapped[int]
    """How many people share it."""
    related: Mapped[str] = mapped_column(String(6))
    field_share: Mapped[int]
    """Per cent of the week that is kept free for being with people."""
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("segment in ('region', 'business', 'other')", name="segment"),
        CheckConstraint("related in ('yes', 'partly', 'no')", name="related"),
        CheckConstraint("holders > 0", name="holders"),
    )


class Charter(Base):
    """One version of a post's charter. A new version is a new row; none is ever edited."""

    __tablename__ = "charter"

    id: Mapped[Id]
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    version: Mapped[int]
    content: Mapped[dict[str, Any]]
    """Part → text, and `model`."""
    agreed_by: Mapped[str] = mapped_column(Text, default="")
    review_on: Mapped[date | None]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("post_id", "version"),)


class PostSheet(Base):
    """The figures of a post, as somebody last put them in."""

    __tablename__ = "post_sheet"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    currency: Mapped[str] = mapped_column(String(8))
    figures: Mapped[dict[str, Any]]
    """Figure → [value, low, high]."""
    version: Mapped[int]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime]


class WorkNote(Base):
    """What was found under one heading of a work list."""

    __tablename__ = "work_note"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    """`inherited:origin` or `gap:trust`."""
    text: Mapped[str] = mapped_column(Text)
    done: Mapped[bool]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime]
