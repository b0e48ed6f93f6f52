"""Sponsors, to take away or to destroy."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from coachkit.features.feedback.sponsor.models import Sponsor

TABLES = {"sponsor": ("learner_id", "person_id")}


def export_person(session: Session, person_id: int) -> dict[str, Any]:
    """Whom a learner has named, and what he shares; and for a sponsor, since when he is one."""
    mine = session.scalars(select(Sponsor).where(Sponsor.learner_id == person_id).order_by(Sponsor.id))
    of_others = session.scalars(select(Sponsor).where(Sponsor.person_id == person_id).order_by(Sponsor.id))
    return {
        "sponsors": [
            {
                "name": row.name,
                "email": row.email,
                "named_at": row.named_at.isoformat(),
                "ended_at": row.revoked_at.isoformat() if row.revoked_at else None,
                "shows_plans": row.shows_plans,
                "hours": row.hours,
                "dates": row.dates,
            }
            for row in mine
        ],
        "sponsor_since": [row.named_at.isoformat() for row in of_others],
    }


def erase_person(session: Session, person_id: int) -> None:
    """A learner's sponsors go; a sponsor's name goes, and what was shared with her ends."""
    session.execute(delete(Sponsor).where(Sponsor.learner_id == person_id))
    session.execute(
        update(Sponsor)
        .where(Sponsor.person_id == person_id)
        .values(person_id=None, name="Somebody who has left", token_hash=None, shows_plans=False, hours="", dates="")
    )
