"""What is added beside a record: signature, answer, appeal, ruling, a note. Nothing of it is ever edited."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.decision import course
from coachkit.domain.decision.safeguards import UNSTATED, Duty
from coachkit.features.accounts.queries import pseudonym_of
from coachkit.features.decisions import duties, records
from coachkit.features.decisions.models import DecisionDuty, DecisionRecord, DecisionWord
from coachkit.platform import audit, clock, jobs
from coachkit.platform.errors import ConflictError, InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor, require

ONCE = {
    "signature": "Somebody has signed or refused already.",
    "answer": "You have answered already.",
    "appeal": "You have appealed already.",
    "ruling": "This appeal has been ruled on already.",
}
NEEDS_WORDS = "A few sentences, please: they stand on the record."


def my_record(session: Session, actor: Actor, record_id: int, *, lock: bool = False) -> DecisionRecord:
    """A record about oneself; nobody else's exists."""
    require(actor, Action.RELEASE)
    query = select(DecisionRecord).where(DecisionRecord.id == record_id)
    record = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if record is None or record.person_id != actor.id:
        raise NotFoundError
    return record


def answer(session: Session, actor: Actor, record_id: int, *, words: str, unwanted: bool) -> DecisionWord:
    """The person's answer. A move recorded as a choice has no effect where the person says that it is none."""
    record = my_record(session, actor, record_id, lock=True)
    problem = course.answer_problem(records.happened(session, record))
    if problem:
        raise ConflictError(problem)
    no_choice = unwanted and record.outcome == "move"
    return _add(session, actor, record, "answer", words, verdict="unwanted" if no_choice else "")


def appeal(session: Session, actor: Actor, record_id: int, *, words: str) -> DecisionWord:
    """The person appeals: whoever is named as reader is told, and may see what was seen."""
    record = my_record(session, actor, record_id, lock=True)
    problem = course.appeal_problem(
        records.happened(session, record), recorded_on=record.decided_at.date(), today=clock.today()
    )
    if problem:
        raise ConflictError(problem)
    word = _add(session, actor, record, "appeal", words)
    reader = session.scalars(
        select(DecisionDuty).where(
            DecisionDuty.record_id == record.id,
            DecisionDuty.kind == Duty.APPEAL_READER.value,
            DecisionDuty.ended_at.is_(None),
        )
    ).one_or_none()
    if reader is not None:
        # However long it took to come here, the reader has time to read.
        reader.ends_at = max(reader.ends_at, clock.now() + course.TO_FULFIL)
        jobs.enqueue(session, "decisions.tell_duty", duty_id=reader.id)
    return word


def sign(session: Session, actor: Actor, duty_id: int, *, verdict: str, words: str, stated: bool) -> DecisionWord:
    """The second signer signs and states to be independent, or refuses with reasons."""
    duty, record = _held(session, actor, duty_id, Duty.SECOND_SIGNER)
    if verdict not in {"signed", "refused"}:
        raise InvalidError({"verdict": "Sign it, or refuse to."})
    found = {} if words.strip() else {"words": NEEDS_WORDS}
    if verdict == "signed" and not stated:
        found["stated"] = UNSTATED
    if found:
        raise InvalidError(found)
    return _add(session, actor, record, "signature", words, verdict=verdict, duty=duty)


def rule(session: Session, actor: Actor, duty_id: int, *, verdict: str, words: str) -> DecisionWord:
    """The reader of an appeal keeps, changes or withdraws the decision, with reasons."""
    duty, record = _held(session, actor, duty_id, Duty.APPEAL_READER)
    if verdict not in course.RULINGS:
        raise InvalidError({"verdict": "Choose: kept, changed or withdrawn."})
    if not records.happened(session, record).appealed:
        raise ConflictError("Nobody has appealed, so there is nothing to rule on.")
    return _add(session, actor, record, "ruling", words, verdict=verdict, duty=duty)


def note(session: Session, actor: Actor, duty_id: int, *, words: str) -> DecisionWord:
    """Human Resources adds a note, such as which representatives were heard."""
    duty, record = _held(session, actor, duty_id, Duty.HR)
    return _add(session, actor, record, "note", words, duty=duty)


def _held(session: Session, actor: Actor, duty_id: int, kind: Duty) -> tuple[DecisionDuty, DecisionRecord]:
    duty, record = duties.duty_of(session, duty_id)
    require(actor, Action.FULFIL_DUTY, duties.case_of(session, duty, record))
    if duty.kind != kind.value:
        raise NotFoundError
    session.scalars(select(DecisionRecord.id).where(DecisionRecord.id == record.id).with_for_update()).one()
    return duty, record


def _add(
    session: Session,
    actor: Actor,
    record: DecisionRecord,
    kind: str,
    words: str,
    *,
    verdict: str = "",
    duty: DecisionDuty | None = None,
) -> DecisionWord:
    if not words.strip():
        raise InvalidError({"words": NEEDS_WORDS})
    said = (w for w in records.words_of(session, [record.id])[record.id] if duty and w.duty_id == duty.id)
    same = next((w for w in said if (w.kind, w.verdict, w.words) == (kind, verdict, words)), None)
    if same is not None:  # sent twice
        return same
    if kind != "note" and any(w.kind == kind for w in records.words_of(session, [record.id])[record.id]):
        raise ConflictError(ONCE[kind])
    word = DecisionWord(
        record_id=record.id,
        kind=kind,
        verdict=verdict,
        words=words,
        duty_id=duty.id if duty else None,
        author_id=actor.id if actor.id > 0 else None,
        at=clock.now(),
    )
    session.add(word)
    session.flush()
    audit.record(
        session,
        actor,
        f"decision:{kind}",
        subject=pseudonym_of(session, record.person_id),
        about=f"decision:{record.id}",
        verdict=verdict,
    )
    jobs.enqueue(session, "decisions.tell_change", record_id=record.id, kind=kind)
    return word
