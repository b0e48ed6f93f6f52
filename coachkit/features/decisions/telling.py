"""What people are told about decisions, and whether it still concerns them when they come to read it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.features.decisions.models import (
    DecisionDuty,
    DecisionRecord,
    EvidenceRequest,
    Purpose,
    Retrospective,
)
from coachkit.features.notices.kinds import Stands, register
from coachkit.platform import clock

RECORDED, ASKED, DUTY, FORECAST = "decision-recorded", "evidence-asked", "duty-given", "forecast-due"
NEWS = {kind: f"record-{kind}" for kind in ("answer", "appeal", "signature", "ruling", "note")}
"""For whoever decided, by the kind of word that was added."""
MY_NEWS = {kind: f"my-record-{kind}" for kind in ("signature", "ruling", "note")}
"""For the person whom the record concerns; his own words are no news to him."""


@register(
    RECORDED,
    subject="Something to read in coachkit",
    sentence="There is something to read for you, and you can answer it. You see who wrote it, why, what was seen, and "
    "how to object.",
    path="/purposes/decisions/{about}",
    always=True,
)
def recorded(session: Session, person_id: int, record_id: int) -> bool:
    """It is about this person."""
    record = session.get(DecisionRecord, record_id)
    return record is not None and record.person_id == person_id


@register(
    ASKED,
    subject="A question about your practice",
    sentence="Somebody to whom you released results cannot tell yet, and asks for more evidence. Whether you play "
    "anything for it is up to you.",
    path="/purposes/{about}",
)
def asked(session: Session, person_id: int, purpose_id: int) -> bool:
    """The purpose runs, and asks."""
    purpose = session.get(Purpose, purpose_id)
    if purpose is None or purpose.closed_at is not None or purpose.ends_at <= clock.now():
        return False
    mine = (EvidenceRequest.purpose_id == purpose_id, EvidenceRequest.person_id == person_id)
    return session.scalar(select(EvidenceRequest.id).where(*mine).limit(1)) is not None


@register(
    DUTY,
    subject="You are named on a record in coachkit",
    sentence="You are named on one record, for a limited time. You see this record and nothing else. Each time you "
    "open it, that is written down and shown to the person whom it concerns.",
    path="/duties/{about}",
    always=True,
)
def has_duty(session: Session, person_id: int, duty_id: int) -> bool:
    """It is hers, and not over."""
    duty = session.get(DecisionDuty, duty_id)
    return duty is not None and duty.person_id == person_id and duty.ended_at is None and duty.ends_at > clock.now()


@register(
    FORECAST,
    subject="A forecast of yours has come due",
    sentence="A forecast that you wrote has come due. Say what came of it: it takes three minutes, and it is about "
    "your judgement, not about anybody else's work.",
    path="/decisions/records/{about}",
)
def forecast_due(session: Session, person_id: int, record_id: int) -> bool:
    """Nobody has said yet what came of it."""
    return decided(session, person_id, record_id) and session.get(Retrospective, record_id) is None


def decided(session: Session, person_id: int, record_id: int) -> bool:
    """Whether this person recorded the decision."""
    record = session.get(DecisionRecord, record_id)
    return record is not None and record.decided_by == person_id


def _news(name: str, path: str, stands: Stands, *, always: bool) -> None:
    sentence = "There is something new on a record in coachkit."
    register(name, subject="News on a record in coachkit", sentence=sentence, path=path, always=always)(stands)


for _kind, _name in NEWS.items():
    _news(_name, "/decisions/records/{about}", decided, always=_kind == "appeal")
for _name in MY_NEWS.values():
    _news(_name, "/purposes/decisions/{about}", recorded, always=True)
