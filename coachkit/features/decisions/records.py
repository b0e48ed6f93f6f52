"""Reads about decision records: lists, what was added beside one, and how it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.decision import course, rules
from coachkit.domain.decision.course import Happened, State
from coachkit.domain.decision.safeguards import INDEPENDENT, Duty
from coachkit.features.accounts.queries import names
from coachkit.features.decisions.basis import GONE
from coachkit.features.decisions.models import (
    DecisionDuty,
    DecisionRecord,
    DecisionWord,
    Forecast,
    Purpose,
    Retrospective,
)
from coachkit.platform import clock
from coachkit.platform.errors import NotFoundError
from coachkit.platform.templates import long_date

OUTCOME_NAMES = {outcome.id: outcome.name for outcome in rules.OUTCOMES}


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision record in a list."""

    id: int
    purpose_id: int
    purpose: str
    outcome: str
    decided_at: datetime
    decided_by: str
    newest: bool
    """Not amended by a later record."""
    state: State


def decisions_about(session: Session, person_id: int, purpose_id: int | None = None) -> tuple[DecisionLine, ...]:
    """Decision records about somebody, newest first; amended ones stay in the list."""
    query = (
        select(DecisionRecord, Purpose.title)
        .join(Purpose, Purpose.id == DecisionRecord.purpose_id)
        .where(DecisionRecord.person_id == person_id)
        .order_by(DecisionRecord.decided_at.desc(), DecisionRecord.id.desc())
    )
    if purpose_id is not None:
        query = query.where(DecisionRecord.purpose_id == purpose_id)
    rows = session.execute(query).all()
    known = names(session, (record.decided_by for record, _title in rows))
    amended = {record.amends_id for record, _title in rows}
    states = states_of(session, [record for record, _title in rows])
    return tuple(
        DecisionLine(
            record.id,
            record.purpose_id,
            title,
            OUTCOME_NAMES[record.outcome],
            record.decided_at,
            known.get(record.decided_by or 0, GONE),
            record.id not in amended,
            states[record.id],
        )
        for record, title in rows
    )


def unanswered(session: Session, person_id: int) -> tuple[DecisionLine, ...]:
    """The newest decisions about somebody that have not been answered yet."""
    lines = [line for line in decisions_about(session, person_id) if line.newest]
    words = words_of(session, [line.id for line in lines])
    return tuple(line for line in lines if not any(word.kind == "answer" for word in words[line.id]))


def guarded(record: DecisionRecord) -> bool:
    """Whether it needs a second signature and the person's answer."""
    return record.outcome == "replace" or (record.outcome == "move" and record.against_wish)


def words_of(session: Session, record_ids: Iterable[int]) -> dict[int, list[DecisionWord]]:
    """What was added beside these records, oldest first."""
    found: dict[int, list[DecisionWord]] = {record_id: [] for record_id in record_ids}
    query = select(DecisionWord).where(DecisionWord.record_id.in_(found)).order_by(DecisionWord.id)
    for word in session.scalars(query):
        found[word.record_id].append(word)
    return found


def happened_of(words: Iterable[DecisionWord], *, amended: bool) -> Happened:
    """The same for the rules."""
    verdicts = {word.kind: word.verdict for word in words}
    return Happened(
        amended=amended,
        signed=verdicts["signature"] == "signed" if "signature" in verdicts else None,
        answered="answer" in verdicts,
        unwanted=verdicts.get("answer") == "unwanted",
        appealed="appeal" in verdicts,
        ruling=verdicts.get("ruling", ""),
    )


def happened(session: Session, record: DecisionRecord) -> Happened:
    """What was added beside one record so far."""
    return _happened(session, [record])[record.id]


def _happened(session: Session, rows: list[DecisionRecord]) -> dict[int, Happened]:
    ids = [record.id for record in rows]
    words = words_of(session, ids)
    query = select(DecisionRecord.amends_id).where(DecisionRecord.amends_id.in_(ids))
    amended = set(session.scalars(query))
    return {record_id: happened_of(words[record_id], amended=record_id in amended) for record_id in ids}


def states_of(session: Session, rows: list[DecisionRecord]) -> dict[int, State]:
    """How each record stands today."""
    found = _happened(session, rows)
    return {record.id: state_of(record, found[record.id]) for record in rows}


def state_of(record: DecisionRecord, happened: Happened) -> State:
    """How one record stands today."""
    return course.state(
        guarded=guarded(record), recorded_on=record.decided_at.date(), happened=happened, today=clock.today()
    )


def paper(record: DecisionRecord, forecast: Forecast | None) -> dict[str, Any]:
    """The words and choices of a record as one plain object, for its fingerprint. It holds no name."""
    return {
        "purpose": record.purpose_id,
        "person": record.person_id,
        "outcome": record.outcome,
        "against_wish": record.against_wish,
        "reasons": record.reasons,
        "alternatives": record.alternatives,
        "dissent": record.dissent,
        "work_reason": record.work_reason,
        "work_reason_on": _iso(record.work_reason_on),
        "work_reason_who": record.work_reason_who,
        "plan": record.plan,
        "coach_hours": record.coach_hours,
        "protected_hours": record.protected_hours,
        "review_on": _iso(record.review_on),
        "offered": record.offered,
        "offered_on": _iso(record.offered_on),
        "forecast": forecast_entry(forecast),
        "readiness": record.readiness_id,
        "library": record.library_version,
        "amends": record.amends_id,
        "snapshot": record.snapshot_hash,
    }


def forecast_entry(forecast: Forecast | None) -> dict[str, Any] | None:
    """A forecast as plain values."""
    if forecast is None:
        return None
    return {"statement": forecast.statement, "chance": forecast.chance, "due_on": forecast.due_on.isoformat()}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


@dataclass(frozen=True, slots=True)
class Said:
    """Something that was added beside a record."""

    kind: str
    title: str
    """«Answer of the person», «Ruling: kept»."""
    words: str
    stated: str
    """What the second signer stated about being independent."""
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DutyLine:
    """Somebody named on a record."""

    id: int
    kind: str
    word: str
    name: str
    outside: bool
    why: str
    stated: str
    """Who stated, and when, that this person does not report to whoever decided."""
    ends_at: datetime
    current: bool
    done: bool
    """What the duty asks for has been given."""


@dataclass(frozen=True, slots=True)
class ForecastView:
    """What the CIO expected, and what came."""

    statement: str
    chance: int
    due_on: date
    due: bool
    came_true: bool | None
    what_happened: str
    sound: bool | None
    process: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Course:
    """Everything that stands beside a record."""

    state: State
    guarded: bool
    said: tuple[Said, ...]
    duties: tuple[DutyLine, ...]
    forecast: ForecastView | None
    answer_by: date
    appeal_by: date
    rule_by: date | None
    cannot_answer: str
    cannot_appeal: str

    def has(self, kind: str) -> bool:
        """Whether this was said."""
        return any(each.kind == kind for each in self.said)

    def duty(self, kind: str) -> DutyLine | None:
        """Who has this duty now."""
        return next((line for line in self.duties if line.kind == kind and line.current), None)


TITLES = {
    ("signature", "signed"): "Signed by the second signer",
    ("signature", "refused"): "Not signed by the second signer",
    ("answer", ""): "Answer of the person",
    ("answer", "unwanted"): "Answer of the person: this is not my choice",
    ("appeal", ""): "Appeal of the person",
    ("ruling", "kept"): "After the appeal: kept",
    ("ruling", "changed"): "After the appeal: to be changed",
    ("ruling", "withdrawn"): "After the appeal: withdrawn",
    ("note", ""): "Note of Human Resources",
}
GIVES = {Duty.SECOND_SIGNER: "signature", Duty.APPEAL_READER: "ruling"}
"""What each duty asks for."""


def course_of(session: Session, record: DecisionRecord, *, forecast: bool = True) -> Course:
    """What stands beside a record. Without `forecast` for those who have yet to rate the person."""
    words = words_of(session, [record.id])[record.id]
    duties = list(
        session.scalars(select(DecisionDuty).where(DecisionDuty.record_id == record.id).order_by(DecisionDuty.id))
    )
    about = (*(w.author_id for w in words), *(d.person_id for d in duties), *(d.named_by for d in duties))
    known = names(session, about)
    holders = {duty.id: duty.outside_name or known.get(duty.person_id or 0, GONE) for duty in duties}
    now = happened(session, record)
    recorded_on, given = record.decided_at.date(), {word.kind for word in words}
    appealed_on = next((word.at.date() for word in words if word.kind == "appeal"), None)
    return Course(
        state=state_of(record, now),
        guarded=guarded(record),
        said=tuple(
            Said(
                word.kind,
                TITLES[word.kind, word.verdict],
                word.words,
                INDEPENDENT if word.verdict == "signed" else "",
                holders.get(word.duty_id or 0) or known.get(word.author_id or 0, GONE),
                word.at,
            )
            for word in words
        ),
        duties=tuple(_duty_line(duty, holders[duty.id], known.get(duty.named_by or 0, GONE), given) for duty in duties),
        forecast=forecast_view(session, record.id) if forecast else None,
        answer_by=course.answer_by(recorded_on),
        appeal_by=course.appeal_by(recorded_on),
        rule_by=appealed_on + course.TO_RULE if appealed_on else None,
        cannot_answer=course.answer_problem(now),
        cannot_appeal=course.appeal_problem(now, recorded_on=recorded_on, today=clock.today()),
    )


def _duty_line(duty: DecisionDuty, holder: str, named_by: str, given: set[str]) -> DutyLine:
    """Nobody signs or reads an appeal without such a statement; of Human Resources none is asked."""
    asked = duty.kind != Duty.HR.value
    stated = f"Does not report to whoever decided, as {named_by} stated on {long_date(duty.named_at)}" if asked else ""
    return DutyLine(
        id=duty.id,
        kind=duty.kind,
        word=Duty(duty.kind).word,
        name=holder,
        outside=bool(duty.outside_name),
        why=duty.why,
        stated=stated,
        ends_at=duty.ends_at,
        current=duty.ended_at is None and clock.now() < duty.ends_at,
        done=GIVES.get(Duty(duty.kind), "") in given,
    )


def forecast_view(session: Session, record_id: int) -> ForecastView | None:
    """The forecast of a record, with what came of it."""
    row = session.get(Forecast, record_id)
    if row is None:
        return None
    back = session.get(Retrospective, record_id)
    return ForecastView(
        statement=row.statement,
        chance=row.chance,
        due_on=row.due_on,
        due=row.due_on <= clock.today(),
        came_true=back.came_true if back else None,
        what_happened=back.what_happened if back else "",
        sound=back.sound if back else None,
        process=back.process if back else "",
        answered_at=back.written_at if back else None,
    )


@dataclass(frozen=True, slots=True)
class NamelessLine:
    """A record in the auditor's list."""

    id: int
    outcome: str
    decided_at: datetime
    state: State


def all_without_names(session: Session) -> tuple[NamelessLine, ...]:
    """Every record with how it stands, newest first."""
    rows = list(session.scalars(select(DecisionRecord).order_by(DecisionRecord.id.desc())))
    states = states_of(session, rows)
    return tuple(NamelessLine(row.id, OUTCOME_NAMES[row.outcome], row.decided_at, states[row.id]) for row in rows)


def find(session: Session, record_id: int) -> DecisionRecord:
    """A record, or nothing there."""
    record = session.get(DecisionRecord, record_id)
    if record is None:
        raise NotFoundError
    return record
