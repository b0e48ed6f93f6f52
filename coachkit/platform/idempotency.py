"""A repeated submit does its work once. The page makes a key; the answer to the first submit is kept under it."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from coachkit.platform import clock
from coachkit.platform.db import Base

KEEP = timedelta(days=30)


class SubmitKey(Base):
    """One acknowledged submit."""

    __tablename__ = "submit_key"

    key: Mapped[str] = mapped_column(String(43), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    endpoint: Mapped[str] = mapped_column(String(80))
    location: Mapped[str] = mapped_column(String(300))
    """Where the first answer sent the browser."""
    at: Mapped[datetime] = mapped_column(index=True)


def new_key() -> str:
    """A key for one form on one page."""
    return secrets.token_urlsafe(16)


def answered(session: Session, key: str, person_id: int, endpoint: str) -> str | None:
    """Where an earlier submit with this key was sent, or None for a first one."""
    return session.scalar(
        select(SubmitKey.location).where(
            SubmitKey.key == key, SubmitKey.person_id == person_id, SubmitKey.endpoint == endpoint
        )
    )


def remember(session: Session, key: str, person_id: int, endpoint: str, location: str) -> None:
    """Keep the answer in the same transaction as the work. A racing twin fails on the primary key."""
    session.add(SubmitKey(key=key, person_id=person_id, endpoint=endpoint, location=location, at=clock.now()))
    session.flush()


def forget_old(session: Session) -> None:
    """Drop keys that no browser will repeat."""
    session.execute(delete(SubmitKey).where(SubmitKey.at < clock.now() - KEEP))
