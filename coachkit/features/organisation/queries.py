"""Reads about the organisation's readiness, and about a check that is under way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from coachkit.domain.decision import readiness as gate
from coachkit.domain.decision.questions import QUESTIONS, Question
from coachkit.domain.decision.readiness import Answer, Answers, Result
from coachkit.domain.organisation import inquiry
from coachkit.features.organisation.models import Readiness, Round, RoundLink
from coachkit.platform import clock


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One question with its answers, drawn on an axis from 0 to 3."""

    id: str
    title: str
    mark: str
    """«Critical», «Critical, stop question», or empty."""
    cio: int
    middle: int
    lowest: int | None
    """Of the others; None where so few answered that single answers could be told."""
    highest: int | None
    counts: int
    anchor: str
    evidence: str
    holds_back: bool
    why_open: str
    sentence: str

    @staticmethod
    def x(value: int) -> float:
        """Where an answer stands in the drawing, 216 wide."""
        return round(14 + value * 188 / 3, 1)

    @property
    def cio_x(self) -> float:
        return self.x(self.cio)

    @property
    def middle_x(self) -> float:
        return self.x(self.middle)

    @property
    def spread_x(self) -> tuple[float, float] | None:
        """From where to where the others' answers reach, if that is shown."""
        return None if self.lowest is None or self.highest is None else (self.x(self.lowest), self.x(self.highest))


@dataclass(frozen=True, slots=True)
class Step:
    """One of the three first steps, with who does it and until when, once that is named."""

    id: str
    area: str
    step: str
    step_text: str
    owner: str
    by: date | None


@dataclass(frozen=True, slots=True)
class ReadinessPage:
    """The newest result and what it means today."""

    id: int
    result: Result
    """What holds today."""
    recorded: Result
    expired: bool
    assessed_on: date
    renew_by: date
    expires_on: date
    others: int
    rows: tuple[AnswerRow, ...]
    steps: tuple[Step, ...]

    @property
    def spread_shown(self) -> bool:
        return self.others >= gate.SPREAD_FROM

    @property
    def word(self) -> str:
        return self.result.word

    @property
    def meaning(self) -> str:
        return gate.MEANING[self.result]

    @property
    def current(self) -> bool:
        """Whether anything about a person may be shown."""
        return self.result is not Result.NOT_YET


def answers_of(row: Readiness) -> Answers:
    """The stored answers."""
    return {
        question_id: Answer(value["cio"], tuple(value["others"]), value.get("evidence", ""))
        for question_id, value in row.answers.items()
    }


def newest_readiness(session: Session) -> Readiness | None:
    """The result that was recorded last."""
    query = select(Readiness).order_by(Readiness.assessed_on.desc(), Readiness.id.desc()).limit(1)
    return session.scalars(query).first()


def readiness_today(session: Session) -> tuple[Readiness | None, Result]:
    """The newest result, and what it counts as today."""
    row = newest_readiness(session)
    if row is None:
        return None, Result.NOT_YET
    return row, gate.standing(Result(row.result), row.expires_on, clock.today())


def readiness_page(session: Session) -> ReadinessPage | None:
    """The page about the organisation; None where nobody has answered yet."""
    row, today = readiness_today(session)
    if row is None:
        return None
    answers = answers_of(row)
    return ReadinessPage(
        id=row.id,
        result=today,
        recorded=Result(row.result),
        expired=clock.today() >= row.expires_on,
        assessed_on=row.assessed_on,
        renew_by=gate.renew_by(row.assessed_on),
        expires_on=row.expires_on,
        others=len(answers[QUESTIONS[0].id].others),
        rows=tuple(_answer_row(question, answers[question.id]) for question in QUESTIONS),
        steps=tuple(_step(question, row.steps.get(question.id, {})) for question in gate.first_steps(answers)),
    )


def _step(question: Question, named: Mapping[str, str]) -> Step:
    by = named.get("by")
    return Step(
        question.id,
        question.area,
        question.step,
        question.step_text,
        named.get("owner", ""),
        date.fromisoformat(by) if by else None,
    )


def _answer_row(question: Question, answer: Answer) -> AnswerRow:
    lowest, highest = answer.spread or (None, None)
    spread = ""
    if lowest is not None:
        spread = f", from {lowest} to {highest}" if lowest != highest else f", all {lowest}"
    mark = "Critical, stop question" if question.stop else "Critical" if question.critical else ""
    return AnswerRow(
        id=question.id,
        title=question.title,
        mark=mark,
        cio=answer.cio,
        middle=answer.middle,
        lowest=lowest,
        highest=highest,
        counts=answer.counts,
        anchor=question.anchors[answer.counts],
        evidence=answer.evidence,
        holds_back=gate.holds_back(question, answer),
        why_open="CIO and others are two steps apart or more." if answer.apart and question.critical else "",
        sentence=f"{question.title} CIO {answer.cio}; middle of the others {answer.middle}{spread}",
    )


@dataclass(frozen=True, slots=True)
class GroupLine:
    """How many of a group may answer and have answered."""

    id: str
    name: str
    answered: int
    unused: int
    missing: int


@dataclass(frozen=True, slots=True)
class CheckPage:
    """A check under way. What the others answer is visible to nobody before it is closed."""

    id: int
    begun_at: datetime
    version: int
    answered: int
    """How many of the twelve questions the CIO has answered completely."""
    open: tuple[str, ...]
    """Titles of the questions that the CIO still owes an answer or a line of evidence."""
    groups: tuple[GroupLine, ...]

    @property
    def can_close(self) -> bool:
        return not self.open and not any(group.missing for group in self.groups)


def open_round(session: Session, kind: str, *, lock: bool = False) -> Round | None:
    """The round of this kind that is under way."""
    query = select(Round).where(Round.kind == kind, Round.closed_at.is_(None))
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def unused_links(session: Session, round_id: int) -> dict[str, int]:
    """Links that still work, by group."""
    query = (
        select(RoundLink.group, func.count())
        .where(RoundLink.round_id == round_id, RoundLink.expires_at > clock.now())
        .group_by(RoundLink.group)
    )
    return {group: count for group, count in session.execute(query)}  # noqa: C416  typed rows


def group_lines(session: Session, row: Round) -> tuple[GroupLine, ...]:
    """Who may answer and has, as counts."""
    unused = unused_links(session, row.id)
    missing = inquiry.missing(row.answered) if row.kind == inquiry.READINESS else {}
    return tuple(
        GroupLine(group, inquiry.GROUPS[group], row.answered.get(group, 0), unused.get(group, 0), missing.get(group, 0))
        for group in inquiry.GROUPS_OF[row.kind]
    )


def owed_by_cio(row: Round) -> tuple[Question, ...]:
    """Questions that still lack the CIO's answer, or what shows it."""

    def given(question: Question) -> bool:
        answer = row.cio.get(question.id, {})
        level = answer.get("level")
        return level is not None and (level < gate.PROVEN_FROM or bool(answer.get("evidence", "").strip()))

    return tuple(question for question in QUESTIONS if not given(question))


def check_page(session: Session) -> CheckPage | None:
    """The check under way, if there is one."""
    row = open_round(session, inquiry.READINESS)
    if row is None:
        return None
    owed = owed_by_cio(row)
    return CheckPage(
        row.id,
        row.begun_at,
        row.version,
        len(QUESTIONS) - len(owed),
        tuple(question.title for question in owed),
        group_lines(session, row),
    )


def cio_answers(session: Session) -> dict[str, str]:
    """The CIO's answers so far, as the form's values."""
    row = open_round(session, inquiry.READINESS)
    found: dict[str, str] = {}
    for question_id, answer in (row.cio if row else {}).items():
        if answer.get("level") is not None:
            found[question_id] = str(answer["level"])
        found[f"evidence-{question_id}"] = answer.get("evidence", "")
    return found


def round_of_link(session: Session, token_hash: bytes) -> Round | None:
    """The round that a link leads to while it works."""
    return session.scalars(
        select(Round)
        .join(RoundLink, RoundLink.round_id == Round.id)
        .where(RoundLink.token_hash == token_hash, RoundLink.expires_at > clock.now(), Round.closed_at.is_(None))
    ).one_or_none()
