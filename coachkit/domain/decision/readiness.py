"""Is the ground ready for the role? Twelve questions about the organisation, asked before any about a person.

The CIO answers, and at least four others (two heads of unit and two liaisons) answer the same questions
without their names. What counts is the lower of the CIO's answer and the middle of the others'. There is no
total.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import median_low

from coachkit.domain.decision.months import months_later
from coachkit.domain.decision.questions import BY_ID, QUESTIONS, Question

RENEW_AFTER_MONTHS = 6
EXPIRES_AFTER_MONTHS = 9
FEWEST_OTHERS = 4
HIGHEST = 3
PROVEN_FROM = 2
"""From this answer on, the CIO names what shows it."""
SPREAD_FROM = 5
"""With fewer others only their middle is shown: in a spread of four, single answers could be told."""
APART = 2
FIRST_STEPS = 3


class Result(StrEnum):
    """What the check says about the organisation."""

    NOT_YET = "not-yet"
    CONDITIONAL = "conditional"
    READY = "ready"

    @property
    def word(self) -> str:
        return {"not-yet": "Not yet", "conditional": "Conditional", "ready": "Ready"}[self.value]


@dataclass(frozen=True, slots=True)
class Answer:
    """One question's answers: the CIO's with what shows it, and the others' without names."""

    cio: int
    others: tuple[int, ...]
    evidence: str = ""

    @property
    def middle(self) -> int:
        """The others' median; between two answers, the lower one."""
        return median_low(self.others)

    @property
    def spread(self) -> tuple[int, int] | None:
        """From the others' lowest to their highest; nothing where so few answered that it would show single people."""
        return (min(self.others), max(self.others)) if len(self.others) >= SPREAD_FROM else None

    @property
    def counts(self) -> int:
        """What the organisation is taken at."""
        return min(self.cio, self.middle)

    @property
    def apart(self) -> bool:
        """Whether the CIO and the others live in two different organisations."""
        return abs(self.cio - self.middle) >= APART


Answers = Mapping[str, Answer]
"""By question id."""


def problems(answers: Answers) -> dict[str, str]:
    """What keeps a check from being recorded: question id → sentence."""
    found: dict[str, str] = {}
    for question in QUESTIONS:
        answer = answers.get(question.id)
        if answer is None:
            found[question.id] = "This question has no answer yet."
        elif len(answer.others) < FEWEST_OTHERS:
            found[question.id] = "At least four others answer too: two heads of unit and two liaisons."
        elif not all(0 <= value <= HIGHEST for value in (answer.cio, *answer.others)):
            found[question.id] = "Answers go from 0 to 3."
        elif answer.cio >= PROVEN_FROM and not answer.evidence.strip():
            found[question.id] = "An answer of 2 or 3 needs a line that says what shows it."
    found.update(dict.fromkeys(answers.keys() - BY_ID.keys(), "There is no such question."))
    return found


def holds_back(question: Question, answer: Answer) -> bool:
    """Whether this answer alone keeps the result below ready."""
    return question.critical and (answer.counts <= 1 or answer.apart)


def result_of(answers: Answers) -> Result:
    """The gate: two stop questions, then the critical ones."""
    if any(answers[q.id].counts == 0 for q in QUESTIONS if q.stop):
        return Result.NOT_YET
    if sum(answers[q.id].counts == 0 for q in QUESTIONS if q.critical) >= 2:  # noqa: PLR2004
        return Result.NOT_YET
    if any(holds_back(q, answers[q.id]) for q in QUESTIONS):
        return Result.CONDITIONAL
    return Result.READY


def renew_by(assessed_on: date) -> date:
    """When to ask again."""
    return months_later(assessed_on, RENEW_AFTER_MONTHS)


def expires_on(assessed_on: date) -> date:
    """The first day on which the result counts as «not yet»."""
    return months_later(assessed_on, EXPIRES_AFTER_MONTHS)


def standing(result: Result | None, expires: date | None, today: date) -> Result:
    """What holds today: nothing recorded and a result that is too old are both «not yet»."""
    if result is None or expires is None or today >= expires:
        return Result.NOT_YET
    return result


def first_steps(answers: Answers) -> tuple[Question, ...]:
    """The three questions to work on first: the lowest critical ones, stop questions before others, then the
    rest.
    """

    def urgency(question: Question) -> tuple[bool, int, bool, bool]:
        answer = answers[question.id]
        return (not question.critical, answer.counts, not question.stop, not answer.apart)

    open_ones = [q for q in QUESTIONS if answers[q.id].counts < HIGHEST]
    return tuple(sorted(open_ones, key=urgency)[:FIRST_STEPS])


MEANING = {
    Result.NOT_YET: (
        "At the moment the role would be a plaster over something else. What single people do could not be"
        " told apart from the conditions that they work under, so no person is shown to anybody who decides."
        " Learning goes on, and what learners do stays theirs."
    ),
    Result.CONDITIONAL: (
        "The ground carries a first try with one segment, while the answers with a plum edge are being"
        " worked on. Until then people can be developed, paired or left as they are. Nobody is moved or"
        " replaced."
    ),
    Result.READY: (
        "The conditions carry the role. What people do can be looked at, person by person and with their"
        " release; the decision stays yours."
    ),
}
"""What each result allows, in words."""
