"""What this room holds about a person: to take away, or to destroy."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from coachkit.features.decisions.models import (
    DecisionBasis,
    DecisionRecord,
    Purpose,
    PurposePerson,
    PurposeViewer,
    Release,
)

TABLES = {
    "decision_basis": ("recorded_by",),
    "purpose": ("created_by",),
    "purpose_viewer": ("person_id",),
    "purpose_person": ("person_id",),
    "release": ("person_id",),
    "decision_record": ("person_id", "decided_by"),
}


def _iso(value: date | datetime | None) -> str | None:
    return value.isoformat() if value else None


def _decision(record: DecisionRecord) -> dict[str, Any]:
    return {
        "purpose": record.purpose_id,
        "outcome": record.outcome,
        "reasons": record.reasons,
        "alternatives": record.alternatives,
        "dissent": record.dissent,
        "work_reason": record.work_reason,
        "work_reason_on": _iso(record.work_reason_on),
        "against_wish": record.against_wish,
        "review_on": _iso(record.review_on),
        "amends": record.amends_id,
        "at": _iso(record.decided_at),
    }


def export_person(session: Session, person_id: int) -> dict[str, Any]:
    """Purposes that ask this person, releases with own words, decisions about and by this person."""
    asked = session.execute(
        select(Purpose, PurposePerson.asked_at)
        .join(PurposePerson, PurposePerson.purpose_id == Purpose.id)
        .where(PurposePerson.person_id == person_id)
        .order_by(Purpose.id)
    )
    releases = session.scalars(select(Release).where(Release.person_id == person_id).order_by(Release.id))
    about = session.scalars(
        select(DecisionRecord).where(DecisionRecord.person_id == person_id).order_by(DecisionRecord.id)
    )
    made = session.scalars(
        select(DecisionRecord).where(DecisionRecord.decided_by == person_id).order_by(DecisionRecord.id)
    )
    viewed = session.scalars(select(PurposeViewer.purpose_id).where(PurposeViewer.person_id == person_id))
    stated = session.scalars(select(Purpose).where(Purpose.created_by == person_id).order_by(Purpose.id))
    return {
        "asked_by": [
            {"purpose": p.id, "title": p.title, "kind": p.kind, "why": p.why, "until": _iso(p.ends_at), "at": _iso(at)}
            for p, at in asked
        ],
        "releases": [
            {
                "purpose": r.purpose_id,
                "at": _iso(r.released_at),
                "withdrawn_at": _iso(r.withdrawn_at),
                "comment": r.comment,
            }
            for r in releases
        ],
        "decisions_about": [{**_decision(r), "seen": r.snapshot, "fingerprint": r.snapshot_hash} for r in about],
        "decisions_made": [{"decision": r.id, **_decision(r)} for r in made],
        "may_look_within": sorted(viewed),
        "purposes_stated": [{"purpose": p.id, "title": p.title, "at": _iso(p.created_at)} for p in stated],
        "bases_recorded": list(session.scalars(select(DecisionBasis.id).where(DecisionBasis.recorded_by == person_id))),
    }


def erase_person(session: Session, person_id: int) -> None:
    """What concerns the person goes; what the person wrote about the organisation or others stays without a name."""
    newest_first = session.scalars(
        select(DecisionRecord.id).where(DecisionRecord.person_id == person_id).order_by(DecisionRecord.id.desc())
    )
    for record_id in list(newest_first):
        session.execute(delete(DecisionRecord).where(DecisionRecord.id == record_id))
    for table in (Release, PurposePerson, PurposeViewer):
        session.execute(delete(table).where(table.person_id == person_id))
    session.execute(update(DecisionRecord).where(DecisionRecord.decided_by == person_id).values(decided_by=None))
    session.execute(update(Purpose).where(Purpose.created_by == person_id).values(created_by=None))
    session.execute(update(DecisionBasis).where(DecisionBasis.recorded_by == person_id).values(recorded_by=None))
