"""What this room holds about a person: to take away, or to destroy."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from coachkit.features.notices.kinds import KINDS
from coachkit.features.notices.models import Notice, NoticeChoice
from coachkit.features.notices.queries import mails_of

TABLES = {"notice": ("person_id",), "notice_choice": ("person_id",)}


def export_person(session: Session, person_id: int) -> dict[str, Any]:
    """What the person was told, and how."""
    rows = session.scalars(select(Notice).where(Notice.person_id == person_id).order_by(Notice.id))
    return {
        "notices": {
            "mails": mails_of(session, person_id),
            "told": [
                {
                    "at": row.at.isoformat(),
                    "what": KINDS[row.kind].sentence if row.kind in KINDS else row.kind,
                    "read": row.read_at.isoformat() if row.read_at else None,
                    "mailed": row.mailed_at.isoformat() if row.mailed_at else None,
                }
                for row in rows
            ],
        }
    }


def erase_person(session: Session, person_id: int) -> None:
    """All of it."""
    session.execute(delete(Notice).where(Notice.person_id == person_id))
    session.execute(delete(NoticeChoice).where(NoticeChoice.person_id == person_id))
