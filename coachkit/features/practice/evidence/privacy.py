"""Files, recordings and agreements of a person: to take away, or to destroy."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from coachkit.features.practice.evidence.models import EvidenceFile, RecordingAgreement
from coachkit.features.practice.partner.models import PartnerInvitation
from coachkit.platform import jobs, stored_files
from coachkit.platform.stored_files import DOOMED, StoredFile


def export_attempt(session: Session, attempt_id: int) -> dict[str, Any]:
    """What is known about an attempt's files, with the address of each that is still there, and who agreed."""
    rows = session.scalars(select(EvidenceFile).where(EvidenceFile.attempt_id == attempt_id).order_by(EvidenceFile.id))
    agreed = session.scalars(
        select(RecordingAgreement).where(RecordingAgreement.attempt_id == attempt_id).order_by(RecordingAgreement.id)
    )
    return {
        "evidence": [
            {
                "name": row.name,
                "type": row.media_type,
                "bytes": row.size,
                "recorded": row.recorded,
                "added_at": row.added_at.isoformat(),
                "gone_at": row.gone_at.isoformat() if row.gone_at else None,
                "gone_why": row.gone_why,
                "download": f"/practice/{attempt_id}/files/{row.id}/content" if row.file_id else None,
            }
            for row in rows
        ],
        "agreements": [
            {
                "name": row.name,
                "text_version": row.text_version,
                "in_person": row.invitation_id is not None,
                "agreed_at": row.agreed_at.isoformat(),
                "taken_back_at": row.taken_back_at.isoformat() if row.taken_back_at else None,
            }
            for row in agreed
        ],
    }


def end_all(session: Session, person_id: int) -> None:
    """Every file of a person ends now; a job takes the bytes away."""
    rows = session.scalars(select(StoredFile).where(StoredFile.owner_id == person_id, StoredFile.state != DOOMED)).all()
    for row in rows:
        stored_files.doom(row)
        jobs.enqueue(session, "practice.remove_bytes", delay=stored_files.wait_for(row))
    session.flush()


def _as_partner(person_id: int) -> Select[int]:
    return select(PartnerInvitation.id).where(PartnerInvitation.person_id == person_id)


def export_partner(session: Session, person_id: int) -> dict[str, Any]:
    """For somebody who played the other side: to which recordings he agreed by his link."""
    rows = session.scalars(
        select(RecordingAgreement)
        .where(RecordingAgreement.invitation_id.in_(_as_partner(person_id)))
        .order_by(RecordingAgreement.id)
    )
    return {
        "agreed_to_be_recorded": [
            {
                "text_version": row.text_version,
                "agreed_at": row.agreed_at.isoformat(),
                "taken_back_at": row.taken_back_at.isoformat() if row.taken_back_at else None,
            }
            for row in rows
        ]
    }


def forget_partner(session: Session, person_id: int) -> None:
    """The name goes from what he agreed to; that somebody agreed stays, since a recording rests on it."""
    asked = RecordingAgreement.invitation_id.in_(_as_partner(person_id))
    session.execute(update(RecordingAgreement).where(asked).values(name="Somebody who has left"))
