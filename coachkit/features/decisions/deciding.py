"""Recording a decision about a person: frozen with its reasons and everything that was seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time

from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library
from coachkit.domain.decision import rules
from coachkit.domain.decision.rules import Circumstances, Proposal
from coachkit.domain.decision.safeguards import Duty, evidence_missing
from coachkit.domain.decision.snapshot import fingerprint
from coachkit.features.accounts.queries import membership, pseudonym_of
from coachkit.features.decisions import duties, queries, records
from coachkit.features.decisions.board import gather
from coachkit.features.decisions.case_file import seen_attempts
from coachkit.features.decisions.duties import Named
from coachkit.features.decisions.models import DecisionRecord, Forecast
from coachkit.features.decisions.service import find_purpose
from coachkit.features.organisation.queries import readiness_today
from coachkit.features.practice.queries import LibraryOf
from coachkit.platform import audit, clock, jobs
from coachkit.platform.errors import ConflictError, InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor, require

OTHER_EVIDENCE = "The evidence has changed since you opened the page. Your text is below: look again, then record it."
OTHER_DECISION = "Somebody has recorded a decision since you opened the page. Your text is below: read theirs first."


def record_decision(
    session: Session,
    actor: Actor,
    library: Library,
    library_of: LibraryOf,
    purpose_id: int,
    person_id: int,
    proposal: Proposal,
    *,
    seen: str,
    amends: int | None,
    named: Mapping[Duty, Named] | None = None,
) -> DecisionRecord:
    """Freeze a decision with its reasons and everything that was seen.

    `seen` is the fingerprint of the evidence that the page showed, `amends` the record that it called the newest: if
    either has moved on, nothing is recorded.
    """
    purpose = find_purpose(session, purpose_id)
    # The row is locked: a withdrawal either comes before this and wins, or after the decision.
    queries.open_release(session, purpose_id, person_id, lock=True)
    require(actor, Action.DECIDE, queries.person_case(session, purpose, person_id))
    snapshot = gather(session, library, library_of, purpose, [person_id])[person_id]
    if fingerprint(snapshot) != seen:
        raise ConflictError(OTHER_EVIDENCE)
    newest = next((line.id for line in records.decisions_about(session, person_id, purpose_id) if line.newest), None)
    if newest != amends:
        raise ConflictError(OTHER_DECISION)
    named = {duty: who for duty, who in (named or {}).items() if who.given}
    readiness, today = readiness_today(session)
    member = membership(session, person_id)
    found = rules.problems(
        proposal,
        Circumstances(
            kind=purpose.kind,
            readiness=today,
            in_programme_since=member.since if member else None,
            today=clock.today(),
            evidence_missing=evidence_missing(seen_attempts(snapshot)),
            signer_named=Duty.SECOND_SIGNER in named,
            reader_named=Duty.APPEAL_READER in named,
        ),
    ) | duties.problems(session, purpose_id, person_id, actor.id, named)
    if found:
        raise InvalidError(found)
    record = DecisionRecord(
        purpose_id=purpose_id,
        person_id=person_id,
        outcome=proposal.outcome,
        reasons=proposal.reasons,
        alternatives=proposal.alternatives,
        dissent=proposal.dissent,
        work_reason=proposal.work_reason,
        work_reason_on=proposal.work_reason_on,
        work_reason_who=proposal.work_reason_who,
        against_wish=proposal.against_wish,
        review_on=proposal.review_on,
        plan=proposal.plan,
        coach_hours=proposal.coach_hours,
        protected_hours=proposal.protected_hours,
        offered=proposal.offered,
        offered_on=proposal.offered_on,
        library_version=library.version,
        snapshot=snapshot,
        snapshot_hash=fingerprint(snapshot),
        readiness_id=readiness.id if readiness else None,
        amends_id=amends,
        decided_by=actor.id,
        decided_at=clock.now(),
    )
    session.add(record)
    session.flush()
    record.record_hash = fingerprint(records.paper(record, _keep_forecast(session, record, proposal)))
    session.flush()
    audit.record(
        session,
        actor,
        "decision:record",
        subject=pseudonym_of(session, person_id),
        about=f"decision:{record.id}",
        purpose=purpose_id,
        outcome=proposal.outcome,
        amends=amends or 0,
        snapshot=record.snapshot_hash,
        record=record.record_hash,
    )
    for duty, who in named.items():
        duties.give(session, actor, record, duty, who)
    jobs.enqueue(session, "decisions.tell_person", record_id=record.id)
    return record


def _keep_forecast(session: Session, record: DecisionRecord, proposal: Proposal) -> Forecast | None:
    """Keep what is expected, and have it asked back on the day."""
    told = proposal.forecast
    if told.chance is None or told.due_on is None:
        return None
    row = Forecast(record_id=record.id, statement=told.statement, chance=told.chance, due_on=told.due_on)
    session.add(row)
    session.flush()
    due = datetime.combine(told.due_on, time(6), UTC)
    jobs.enqueue(session, "decisions.ask_back", delay=due - clock.now(), record_id=record.id)
    return row


def find_record(session: Session, record_id: int, *, purpose_id: int, person_id: int) -> DecisionRecord:
    """A record at exactly this address, or nothing there."""
    record = session.get(DecisionRecord, record_id)
    if record is None or (record.purpose_id, record.person_id) != (purpose_id, person_id):
        raise NotFoundError
    return record
