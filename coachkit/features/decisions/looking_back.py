"""Looking back: forecasts that have come due, what came of them, and the score of whoever made them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.decision import forecast as forecasts
from coachkit.domain.decision.course import State
from coachkit.domain.decision.forecast import Judged, Score
from coachkit.domain.decision.readiness import Result
from coachkit.features.accounts.queries import names, pseudonym_of
from coachkit.features.decisions import basis, records
from coachkit.features.decisions.models import DecisionRecord, Forecast, Purpose, Retrospective
from coachkit.features.organisation.queries import readiness_today
from coachkit.platform import audit, clock
from coachkit.platform.errors import ConflictError, InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor, DecisionCase, require


@dataclass(frozen=True, slots=True)
class MyDecision:
    """A decision of one's own in a list."""

    id: int
    person: str
    purpose: str
    outcome: str
    decided_at: datetime
    state: State
    due_on: date | None
    """When the forecast is asked back, while it is unanswered."""
    due: bool

    @property
    def needs_me(self) -> bool:
        """Whether whoever decided must act now."""
        return self.due or self.state in {State.APPEALED, State.CHANGED, State.NOT_BY_CHOICE}


@dataclass(frozen=True, slots=True)
class MyDecisions:
    """What a CIO has decided, and how the forecasts did."""

    rows: tuple[MyDecision, ...]
    withheld: bool
    """The organisation is not ready, so nobody is named."""
    score: Score
    judged: Judged

    @property
    def due(self) -> tuple[MyDecision, ...]:
        return tuple(row for row in self.rows if row.due)


def my_decisions(session: Session, actor_id: int) -> MyDecisions:
    """Decisions of one's own, newest first."""
    _row, today = readiness_today(session)
    withheld = today is Result.NOT_YET
    answered = session.execute(
        select(Forecast.chance, Retrospective.came_true, Retrospective.sound)
        .join(Retrospective, Retrospective.record_id == Forecast.record_id)
        .join(DecisionRecord, DecisionRecord.id == Forecast.record_id)
        .where(DecisionRecord.decided_by == actor_id)
    ).all()
    return MyDecisions(
        rows=() if withheld else _rows(session, actor_id),
        withheld=withheld,
        score=forecasts.score((chance, came) for chance, came, _sound in answered),
        judged=forecasts.judged((sound, came) for _chance, came, sound in answered),
    )


def _rows(session: Session, actor_id: int) -> tuple[MyDecision, ...]:
    query = (
        select(DecisionRecord, Purpose.title)
        .join(Purpose, Purpose.id == DecisionRecord.purpose_id)
        .where(DecisionRecord.decided_by == actor_id, DecisionRecord.person_id != actor_id)
        .order_by(DecisionRecord.decided_at.desc(), DecisionRecord.id.desc())
    )
    rows = session.execute(query).all()
    known = names(session, (record.person_id for record, _title in rows))
    states = records.states_of(session, [record for record, _title in rows])
    asked = _unanswered(session, actor_id)
    return tuple(
        MyDecision(
            record.id,
            known.get(record.person_id, basis.GONE),
            title,
            records.OUTCOME_NAMES[record.outcome],
            record.decided_at,
            states[record.id],
            asked.get(record.id),
            record.id in asked and asked[record.id] <= clock.today(),
        )
        for record, title in rows
    )


def _unanswered(session: Session, actor_id: int) -> dict[int, date]:
    """When each forecast without an answer is asked back."""
    query = (
        select(Forecast.record_id, Forecast.due_on)
        .join(DecisionRecord, DecisionRecord.id == Forecast.record_id)
        .outerjoin(Retrospective, Retrospective.record_id == Forecast.record_id)
        .where(DecisionRecord.decided_by == actor_id, Retrospective.record_id.is_(None))
    )
    return {record_id: due_on for record_id, due_on in session.execute(query)}  # noqa: C416  typed rows


def decided(session: Session, record_id: int) -> tuple[DecisionRecord, DecisionCase]:
    """A record, and what decides whether whoever made it may go on with it."""
    record = session.get(DecisionRecord, record_id)
    if record is None:
        raise NotFoundError
    _row, today = readiness_today(session)
    case = DecisionCase(record.decided_by or 0, record.person_id, today is not Result.NOT_YET)
    return record, case


def look_back(
    session: Session,
    actor: Actor,
    record_id: int,
    *,
    came_true: bool | None,
    what_happened: str,
    sound: bool | None,
    process: str,
) -> Retrospective:
    """Answer a forecast that has come due, and judge the way of deciding apart from how it came out."""
    record, case = decided(session, record_id)
    require(actor, Action.FOLLOW_DECISION, case)
    row = session.scalars(select(Forecast).where(Forecast.record_id == record.id).with_for_update()).one_or_none()
    if row is None:
        raise NotFoundError
    if row.due_on > clock.today():
        raise ConflictError("Its day has not come yet.")
    if session.get(Retrospective, record.id) is not None:
        raise ConflictError("You have answered this forecast already.")
    found = {
        "came_true": "" if came_true is not None else "Say whether it came true.",
        "what_happened": "" if what_happened.strip() else "Say what happened, in sentences that others can check.",
        "sound": "" if sound is not None else "Say whether you would decide in the same way again.",
        "why": "" if process.strip() else "Say why: what did you know, whom did you hear, what was left out?",
    }
    found = {field: sentence for field, sentence in found.items() if sentence}
    if found or came_true is None or sound is None:
        raise InvalidError(found)
    back = Retrospective(
        record_id=record.id,
        came_true=came_true,
        what_happened=what_happened,
        sound=sound,
        process=process,
        written_by=actor.id,
        written_at=clock.now(),
    )
    session.add(back)
    session.flush()
    audit.record(
        session,
        actor,
        "decision:look-back",
        subject=pseudonym_of(session, record.person_id),
        about=f"decision:{record.id}",
        came_true=int(came_true),
        sound=int(sound),
    )
    return back
