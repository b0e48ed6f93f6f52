"""Who looked at whom. A page about a person writes its record before it answers, or does not answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from coachkit.platform import clock
from coachkit.platform.db import Base, Id, own_reading, own_transaction
from coachkit.platform.errors import UnavailableError
from coachkit.platform.policy import Actor


class AccessRecord(Base):
    """One look at one person's data."""

    __tablename__ = "access_record"

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    """Whose data."""
    viewer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    viewer_role: Mapped[str] = mapped_column(String(20))
    what: Mapped[str] = mapped_column(String(120))
    """In the person's own language: «opened your attempt Wants and needs»."""
    purpose: Mapped[str] = mapped_column(String(200), default="")


def record_look(
    actor: Actor, person_ids: list[int], what: str, *, role: str, purpose: str = "", once_in: timedelta | None = None
) -> None:
    """Record that `actor` looks at these people's data now. One's own data needs no record.

    With `once_in`, the same look within that time is one look: a recording is fetched in many parts. Raises
    `UnavailableError` where it cannot be written: then the page must not be answered.
    """
    others = sorted(set(person_ids) - {actor.id})
    if not others:
        return
    try:
        if once_in is not None and all(_looked(actor, person_id, what, role, once_in) for person_id in others):
            return
        with own_transaction() as session:
            session.add_all(
                AccessRecord(
                    at=clock.now(),
                    person_id=person_id,
                    viewer_id=actor.id if actor.id > 0 else None,
                    viewer_role=role,
                    what=_cut(what, 120),
                    purpose=_cut(purpose, 200),
                )
                for person_id in others
            )
    except SQLAlchemyError as error:
        raise UnavailableError(
            "coachkit could not write down that you looked, so it does not show the page."
        ) from error


def _looked(actor: Actor, person_id: int, what: str, role: str, within: timedelta) -> bool:
    same = (
        AccessRecord.person_id == person_id,
        AccessRecord.viewer_id == (actor.id if actor.id > 0 else None),
        AccessRecord.viewer_role == role,
        AccessRecord.what == _cut(what, 120),
        AccessRecord.at > clock.now() - within,
    )
    with own_reading() as session:
        return session.scalar(select(AccessRecord.id).where(*same).limit(1)) is not None


def _cut(text: str, longest: int) -> str:
    """A long title is no reason to keep no record."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def looks_at(session: Session, person_id: int, limit: int = 500) -> list[AccessRecord]:
    """The looks at one person, newest first."""
    query = select(AccessRecord).where(AccessRecord.person_id == person_id)
    return list(session.scalars(query.order_by(AccessRecord.at.desc(), AccessRecord.id.desc()).limit(limit)))
