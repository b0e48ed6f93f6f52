"""What is recorded about the organisation: readiness results, and answers without names."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from coachkit.domain.decision import readiness as gate
from coachkit.domain.decision.questions import BY_ID, QUESTIONS
from coachkit.domain.decision.readiness import Answer, Answers
from coachkit.domain.organisation import inquiry
from coachkit.features.accounts.secrets import digest
from coachkit.features.organisation import queries
from coachkit.features.organisation.models import Readiness, Round, RoundLink
from coachkit.platform import audit, clock
from coachkit.platform.errors import ConflictError, InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor, require

LINK_LIFE = timedelta(days=30)
CHOICES = {question.id: gate.HIGHEST + 1 for question in QUESTIONS}
NONE_OPEN = "No check is under way any more. Somebody has closed it since you opened the page."


def record_readiness(session: Session, actor: Actor | None, answers: Answers, assessed_on: date) -> Readiness:
    """Record one check of the organisation. `actor` is None where an installation or a demonstration does it."""
    if actor is not None:
        require(actor, Action.ANSWER_FOR_ORGANISATION)
    found = gate.problems(answers)
    if assessed_on > clock.today():
        found["assessed_on"] = "This day is still to come."
    if found:
        raise InvalidError(found)
    row = Readiness(
        result=gate.result_of(answers).value,
        assessed_on=assessed_on,
        expires_on=gate.expires_on(assessed_on),
        answers={
            question_id: {"cio": a.cio, "others": sorted(a.others), "evidence": a.evidence}
            for question_id, a in answers.items()
        },
        steps={},
        recorded_by=actor.id if actor else None,
        recorded_at=clock.now(),
    )
    session.add(row)
    session.flush()
    audit.record(session, actor, "readiness:record", about=f"readiness:{row.id}", result=row.result)
    return row


def begin_round(session: Session, actor: Actor, kind: str, choices: Mapping[str, int], *, title: str = "") -> Round:
    """Open a round of questions. One of a kind at a time."""
    require(actor, Action.READ_READINESS)
    if queries.open_round(session, kind) is not None:
        raise ConflictError("Such a round is under way already. Close it before you begin another.")
    row = Round(
        kind=kind,
        title=title,
        begun_by=actor.id,
        begun_at=clock.now(),
        closed_at=None,
        tally=inquiry.empty(choices),
        answered={},
        remarks=[],
        cio={},
        cio_id=None,
    )
    session.add(row)
    session.flush()
    audit.record(session, actor, "inquiry:begin", about=f"inquiry:{row.id}", kind=kind)
    return row


def begin_check(session: Session, actor: Actor) -> Round:
    """Ask the twelve questions."""
    return begin_round(session, actor, inquiry.READINESS, CHOICES)


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time link to hand over: for whom, and its secret, which is shown only now."""

    group: str
    token: str


def make_links(session: Session, actor: Actor, kind: str, wanted: Mapping[str, int]) -> tuple[Link, ...]:
    """Links for that many people of each group. Nothing is kept that tells one from another."""
    require(actor, Action.INVITE_ANSWERS)
    row = queries.open_round(session, kind, lock=True)
    if row is None:
        raise ConflictError(NONE_OPEN)
    waiting = sum(queries.unused_links(session, row.id).values())
    if not 0 < sum(wanted.values()) <= inquiry.MOST_LINKS - waiting:
        raise InvalidError({}, f"From 1 to {inquiry.MOST_LINKS - waiting} more links can be made now.")
    made = [Link(group, secrets.token_urlsafe(32)) for group, number in wanted.items() for _ in range(number)]
    ends = clock.now() + LINK_LIFE
    session.add_all(
        RoundLink(token_hash=digest(link.token), round_id=row.id, group=link.group, expires_at=ends) for link in made
    )
    session.flush()
    audit.record(session, actor, "inquiry:links", about=f"inquiry:{row.id}", wanted=dict(wanted))
    return tuple(made)


def answer_by_link(session: Session, token: str, answers: Mapping[str, int], remark: str = "") -> None:
    """Count one sheet of answers and spend its link, in one step.

    Nothing is written that could be joined with anything: no row of its own, no number, no moment, and no event, since
    the chain of events knows the time.
    """
    statement = delete(RoundLink).where(RoundLink.token_hash == digest(token), RoundLink.expires_at > clock.now())
    spent = session.execute(statement.returning(RoundLink.round_id, RoundLink.group)).one_or_none()
    if spent is None:
        raise NotFoundError
    round_id, group = spent
    row = session.get(Round, round_id, with_for_update=True, populate_existing=True)
    if row is None or row.closed_at is not None:
        raise NotFoundError
    row.tally = inquiry.added(row.tally, answers)
    row.answered = {**row.answered, group: row.answered.get(group, 0) + 1}
    if remark.strip():
        row.remarks = sorted([*row.remarks, remark.strip()], key=str.casefold)
    session.flush()


def answer_as_cio(session: Session, actor: Actor, answers: Mapping[str, tuple[int | None, str]], version: int) -> Round:
    """Keep the CIO's answers so far: question id → level and what shows it."""
    require(actor, Action.ANSWER_FOR_ORGANISATION)
    row = queries.open_round(session, inquiry.READINESS, lock=True)
    if row is None:
        raise ConflictError(NONE_OPEN)
    if row.version != version:
        raise ConflictError("These answers were changed in another window. Yours are below.")
    row.cio = {q: {"level": level, "evidence": line} for q, (level, line) in answers.items() if q in BY_ID}
    row.cio_id, row.version = actor.id, version + 1
    session.flush()
    audit.record(session, actor, "readiness:answer", about=f"inquiry:{row.id}")
    return row


def close_check(session: Session, actor: Actor) -> Readiness:
    """Turn the answers into a result. Links that nobody used end, and the counts go over into it."""
    require(actor, Action.ANSWER_FOR_ORGANISATION)
    row = queries.open_round(session, inquiry.READINESS, lock=True)
    if row is None:
        raise ConflictError(NONE_OPEN)
    if queries.owed_by_cio(row) or inquiry.missing(row.answered):
        raise ConflictError("Something is still missing: the page says what. Nothing was recorded.")
    answers = {
        q.id: Answer(row.cio[q.id]["level"], inquiry.values(row.tally[q.id]), row.cio[q.id]["evidence"])
        for q in QUESTIONS
    }
    result = record_readiness(session, actor, answers, clock.today())
    _end(session, row)
    return result


def stop_check(session: Session, actor: Actor) -> None:
    """End a check without a result. What was answered is destroyed."""
    require(actor, Action.ANSWER_FOR_ORGANISATION)
    row = queries.open_round(session, inquiry.READINESS, lock=True)
    if row is not None:
        _end(session, row)
        audit.record(session, actor, "inquiry:stop", about=f"inquiry:{row.id}")


def _end(session: Session, row: Round) -> None:
    row.closed_at, row.tally, row.cio = clock.now(), {}, {}
    session.execute(delete(RoundLink).where(RoundLink.round_id == row.id))
    session.flush()


def name_steps(session: Session, actor: Actor, readiness_id: int, steps: Mapping[str, tuple[str, date | None]]) -> None:
    """Say who takes each first step, and until when."""
    require(actor, Action.ANSWER_FOR_ORGANISATION)
    row = session.get(Readiness, readiness_id)
    if row is None:
        raise NotFoundError
    row.steps = {
        question_id: {"owner": owner, "by": by.isoformat() if by else ""}
        for question_id, (owner, by) in steps.items()
        if question_id in BY_ID and (owner or by)
    }
    session.flush()
    audit.record(session, actor, "readiness:steps", about=f"readiness:{row.id}", steps=len(row.steps))
