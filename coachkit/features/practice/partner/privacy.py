"""Partners, to take away or to destroy."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from coachkit.features.practice.models import Attempt
from coachkit.features.practice.partner.models import PartnerInvitation
from coachkit.features.practice.partner.queries import invitations, said

TABLES = {"partner_invitation": ("person_id",)}


def partners_of(session: Session, attempt: Attempt) -> dict[str, Any]:
    """For the learner: whom he asked, and what they said, where he may read it already."""
    return {
        "asked": [
            {"name": i.name, "at": i.invited_at.isoformat(), "times": [time.words for time in i.times]}
            for i in invitations(session, attempt)
        ],
        "said": [{"who": s.who, "felt": s.felt, "noticed": s.noticed} for s in said(session, attempt)],
    }


def export_person(session: Session, person_id: int) -> dict[str, Any]:
    """For the partner: what he was asked, his own two sentences, and whether he said no to being recorded."""
    rows = session.scalars(
        select(PartnerInvitation).where(PartnerInvitation.person_id == person_id).order_by(PartnerInvitation.id)
    )
    return {
        "asked_to_play": [
            {
                "at": row.invited_at.isoformat(),
                "felt": row.felt,
                "noticed": row.noticed,
                "no_recording_at": row.no_recording_at.isoformat() if row.no_recording_at else None,
            }
            for row in rows
        ]
    }


def erase_person(session: Session, person_id: int) -> None:
    """The partner's name goes, and an open link with it; the sentences stay with whom they are about."""
    session.execute(
        update(PartnerInvitation)
        .where(PartnerInvitation.person_id == person_id)
        .values(person_id=None, name="Somebody who has left", token_hash=None)
    )
