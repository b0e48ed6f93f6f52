"""A decision record as it was frozen, with everything that stands beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library
from coachkit.domain.decision.readiness import Result
from coachkit.domain.decision.snapshot import fingerprint
from coachkit.features.accounts.queries import coach_ids_of, names
from coachkit.features.decisions import queries, records
from coachkit.features.decisions.basis import GONE
from coachkit.features.decisions.board import ReadinessLine
from coachkit.features.decisions.case_file import CaseFile, coach_names, role_skills, show, without_contested
from coachkit.features.decisions.models import DecisionRecord, Forecast, Purpose
from coachkit.features.decisions.queries import PurposeStrip
from coachkit.features.decisions.records import Course
from coachkit.features.feedback.contest.queries import contested_items


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One record."""

    id: int
    person_id: int
    person: str
    strip: PurposeStrip
    readiness: ReadinessLine
    file: CaseFile | None
    """What was seen; None for those who may read the decision and not what it was built on."""
    outcome_id: str
    outcome: str
    reasons: str
    alternatives: str
    dissent: str
    work_reason: str
    work_reason_on: date | None
    work_reason_who: str
    against_wish: bool
    review_on: date | None
    plan: str
    coach_hours: int | None
    protected_hours: int | None
    offered: str
    offered_on: date | None
    decided_by: str
    decided_at: datetime
    amends_id: int | None
    amended_by: int | None
    fingerprint: str
    record_fingerprint: str
    unchanged: bool
    """Whether snapshot and words still have the fingerprints that were taken at the moment of deciding."""
    content: tuple[str, ...]
    """Versions of the library: the one served then, and those behind the ratings."""
    course: Course

    @property
    def waits_for(self) -> str:
        """Who must act next, in words; empty where nobody must."""
        return {
            "waits-for-signature": "the second signer",
            "waits-for-answer": "the person, until the last day for an answer",
            "appealed": "whoever reads the appeal",
            "changed": "the CIO, with an amendment",
            "not-by-choice": "the CIO, with an amendment",
        }.get(self.course.state.value, "")


def sees_forecast(session: Session, record: DecisionRecord, viewer_id: int) -> bool:
    """Nobody who coaches the person, and so has yet to rate, reads what was forecast. Whoever wrote it knows it."""
    return viewer_id == record.decided_by or viewer_id not in coach_ids_of(session, record.person_id)


def record_page(
    session: Session, library: Library, record: DecisionRecord, *, evidence: bool = True, forecast: bool = True
) -> RecordPage:
    """A record as it was frozen; only names are today's."""
    snapshot = record.snapshot
    shown = without_contested(snapshot, contested_items(session, [record.person_id]), library)
    purpose = session.get_one(Purpose, record.purpose_id)
    known = names(session, [record.person_id, record.decided_by])
    readiness = snapshot["readiness"]
    later = session.scalar(select(DecisionRecord.id).where(DecisionRecord.amends_id == record.id))
    return RecordPage(
        id=record.id,
        person_id=record.person_id,
        person=known.get(record.person_id, GONE),
        strip=queries.strip_of(session, purpose, role_skills(library)),
        readiness=ReadinessLine(
            readiness["id"], Result(readiness["result"]), date.fromisoformat(readiness["assessed_on"])
        ),
        file=show(shown, coach_names(session, [shown])) if evidence else None,
        outcome_id=record.outcome,
        outcome=records.OUTCOME_NAMES[record.outcome],
        reasons=record.reasons,
        alternatives=record.alternatives,
        dissent=record.dissent,
        work_reason=record.work_reason,
        work_reason_on=record.work_reason_on,
        work_reason_who=record.work_reason_who,
        against_wish=record.against_wish,
        review_on=record.review_on,
        plan=record.plan,
        coach_hours=record.coach_hours,
        protected_hours=record.protected_hours,
        offered=record.offered,
        offered_on=record.offered_on,
        decided_by=known.get(record.decided_by or 0, GONE),
        decided_at=record.decided_at,
        amends_id=record.amends_id,
        amended_by=later,
        fingerprint=record.snapshot_hash,
        record_fingerprint=record.record_hash,
        unchanged=is_unchanged(session, record),
        content=tuple(dict.fromkeys(v for v in (record.library_version, *snapshot.get("content", ())) if v)),
        course=records.course_of(session, record, forecast=forecast),
    )


def is_unchanged(session: Session, record: DecisionRecord) -> bool:
    """Whether both fingerprints still fit. Records from before the second one was taken have only the first."""
    if fingerprint(record.snapshot) != record.snapshot_hash:
        return False
    words = fingerprint(records.paper(record, session.get(Forecast, record.id)))
    return not record.record_hash or words == record.record_hash
