"""What somebody sees who is named on one record: as much of it as the duty needs, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library
from coachkit.domain.decision.safeguards import Duty
from coachkit.features.decisions import queries, records
from coachkit.features.decisions.models import DecisionDuty, DecisionRecord
from coachkit.features.decisions.record_page import RecordPage, record_page


@dataclass(frozen=True, slots=True)
class DutyPage:
    """One duty."""

    id: int
    kind: str
    word: str
    ends_at: datetime
    record: RecordPage | None
    """None while there is nothing to do, so nothing to read: nobody has appealed yet."""
    released: bool
    """Whether what was seen may still be read."""
    act: str
    """sign, rule or note; empty where it is done or nothing is open."""


def reads_record(session: Session, duty: DecisionDuty, record: DecisionRecord) -> bool:
    """A reader has something to read only once the person has appealed."""
    return duty.kind != Duty.APPEAL_READER.value or records.happened(session, record).appealed


def duty_page(session: Session, library: Library, duty: DecisionDuty, record: DecisionRecord) -> DutyPage:
    """The page of one duty. By appealing, the person lets the reader see what was seen; else the release decides."""
    kind, now = Duty(duty.kind), records.happened(session, record)
    released = kind is Duty.APPEAL_READER or _released(session, record)
    page = None
    if reads_record(session, duty, record):
        page = record_page(session, library, record, evidence=released)
    acts = {
        Duty.SECOND_SIGNER: "sign" if now.signed is None and not now.amended else "",
        Duty.APPEAL_READER: "rule" if now.appealed and not now.ruling and not now.amended else "",
        Duty.HR: "note",
    }
    return DutyPage(duty.id, duty.kind, kind.word, duty.ends_at, page, released, acts[kind])


def _released(session: Session, record: DecisionRecord) -> bool:
    return queries.open_release(session, record.purpose_id, record.person_id) is not None
