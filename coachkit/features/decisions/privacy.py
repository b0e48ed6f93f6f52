"""What this room holds about a person: to take away, or to destroy."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from coachkit.features.decisions import records
from coachkit.features.decisions.models import (
    DecisionBasis,
    DecisionDuty,
    DecisionRecord,
    DecisionWord,
    EvidenceRequest,
    Purpose,
    PurposePerson,
    PurposeViewer,
    Release,
    Retrospective,
)
from coachkit.platform import clock

TABLES = {
    "decision_basis": ("recorded_by",),
    "purpose": ("created_by",),
    "purpose_viewer": ("person_id",),
    "purpose_person": ("person_id",),
    "release": ("person_id",),
    "decision_record": ("person_id", "decided_by"),
    "evidence_request": ("person_id", "asked_by"),
    "decision_duty": ("person_id", "named_by"),
    "decision_word": ("author_id",),
    "retrospective": ("written_by",),
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
        "work_reason_who": record.work_reason_who,
        "plan": record.plan,
        "coach_hours": record.coach_hours,
        "protected_hours": record.protected_hours,
        "offered": record.offered,
        "offered_on": _iso(record.offered_on),
        "against_wish": record.against_wish,
        "review_on": _iso(record.review_on),
        "amends": record.amends_id,
        "at": _iso(record.decided_at),
    }


def _beside(session: Session, record: DecisionRecord) -> dict[str, Any]:
    """What stands beside a record, for the person whom it concerns."""
    found = records.course_of(session, record)
    return {
        "state": found.state.value,
        "forecast": _forecast(found.forecast),
        "said": [
            {"what": each.title, "words": each.words, "stated": each.stated, "by": each.by, "at": _iso(each.at)}
            for each in found.said
        ],
        "named": [
            {"duty": line.word, "name": line.name, "stated": line.stated, "until": _iso(line.ends_at)}
            for line in found.duties
        ],
    }


def _forecast(view: records.ForecastView | None) -> dict[str, Any] | None:
    if view is None:
        return None
    return {
        "statement": view.statement,
        "chance": view.chance,
        "due_on": _iso(view.due_on),
        "came_true": view.came_true,
        "what_happened": view.what_happened,
    }


def _own_words(session: Session, person_id: int) -> list[dict[str, Any]]:
    query = select(DecisionWord).where(DecisionWord.author_id == person_id).order_by(DecisionWord.id)
    return [
        {
            "decision": word.record_id,
            "kind": word.kind,
            "verdict": word.verdict,
            "words": word.words,
            "at": _iso(word.at),
        }
        for word in session.scalars(query)
    ]


def _duties(session: Session, person_id: int) -> list[dict[str, Any]]:
    query = select(DecisionDuty).where(DecisionDuty.person_id == person_id).order_by(DecisionDuty.id)
    return [
        {"decision": duty.record_id, "duty": duty.kind, "from": _iso(duty.named_at), "until": _iso(duty.ends_at)}
        for duty in session.scalars(query)
    ]


def _looking_back(session: Session, person_id: int) -> list[dict[str, Any]]:
    query = select(Retrospective).where(Retrospective.written_by == person_id).order_by(Retrospective.record_id)
    return [
        {
            "decision": row.record_id,
            "came_true": row.came_true,
            "what_happened": row.what_happened,
            "sound": row.sound,
            "process": row.process,
            "at": _iso(row.written_at),
        }
        for row in session.scalars(query)
    ]


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
        "decisions_about": [
            {**_decision(r), "seen": r.snapshot, "fingerprint": r.snapshot_hash, **_beside(session, r)} for r in about
        ],
        "asked_for_evidence": [
            {"purpose": r.purpose_id, "skill": r.skill_id, "at": _iso(r.asked_at)}
            for r in session.scalars(
                select(EvidenceRequest)
                .where(or_(EvidenceRequest.person_id == person_id, EvidenceRequest.asked_by == person_id))
                .order_by(EvidenceRequest.id)
            )
        ],
        "words_on_decisions": _own_words(session, person_id),
        "duties_on_decisions": _duties(session, person_id),
        "looked_back": _looking_back(session, person_id),
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
    now = clock.now()
    session.execute(
        update(DecisionDuty)
        .where(DecisionDuty.person_id == person_id, DecisionDuty.ended_at.is_(None))
        .values(ended_at=now)
    )
    session.execute(update(DecisionDuty).where(DecisionDuty.person_id == person_id).values(person_id=None))
    session.execute(update(DecisionDuty).where(DecisionDuty.named_by == person_id).values(named_by=None))
    session.execute(update(DecisionWord).where(DecisionWord.author_id == person_id).values(author_id=None))
    session.execute(update(Retrospective).where(Retrospective.written_by == person_id).values(written_by=None))
    session.execute(update(EvidenceRequest).where(EvidenceRequest.asked_by == person_id).values(asked_by=None))
    for table in (Release, PurposePerson, PurposeViewer, EvidenceRequest):
        session.execute(delete(table).where(table.person_id == person_id))
    session.execute(update(DecisionRecord).where(DecisionRecord.decided_by == person_id).values(decided_by=None))
    session.execute(update(Purpose).where(Purpose.created_by == person_id).values(created_by=None))
    session.execute(update(DecisionBasis).where(DecisionBasis.recorded_by == person_id).values(recorded_by=None))
