"""What must hold before somebody loses a post: enough evidence, development offered before, two who are independent.

These conditions guard «replace», and a move that the person does not want. The figures are a choice of this design,
taken from the minimum that the published measurement asks before it says that a line is out of sight.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ATTEMPTS, SCENARIOS, COACHES = 6, 3, 2
SPAN = timedelta(days=90)
TO_TAKE_EFFECT = timedelta(weeks=12)
"""How long development must have been on offer before its lack of effect says anything."""
ASKS_FOR = f"{ATTEMPTS} rated official attempts in {SCENARIOS} scenarios by {COACHES} coaches over {SPAN.days} days"


@dataclass(frozen=True, slots=True)
class SeenAttempt:
    """One official attempt that both sides have locked."""

    attempt_id: int
    played_on: date
    scenario_id: str
    coach_id: int | None


def evidence_missing(seen: Iterable[SeenAttempt]) -> tuple[str, ...]:
    """What is missing before anything about somebody's post may rest on what was seen; empty where nothing is."""
    attempts = {each.attempt_id: each for each in seen}.values()
    days = [each.played_on for each in attempts]
    found = (
        _short(len(attempts), ATTEMPTS, "rated official attempts"),
        _short(len({each.scenario_id for each in attempts}), SCENARIOS, "different scenarios"),
        _short(len({each.coach_id for each in attempts}), COACHES, "coaches who have rated"),
        _short((max(days) - min(days)).days if days else 0, SPAN.days, "days between the first attempt and the last"),
    )
    return tuple(sentence for sentence in found if sentence)


def _short(have: int, need: int, what: str) -> str:
    return "" if have >= need else f"{have} of {need} {what}"


class Duty(StrEnum):
    """What somebody is asked to do about one decision record."""

    SECOND_SIGNER = "second-signer"
    APPEAL_READER = "appeal-reader"
    HR = "hr"

    @property
    def word(self) -> str:
        return {"second-signer": "second signer", "appeal-reader": "appeal reader", "hr": "Human Resources"}[self.value]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whom the CIO would name, with what speaks against it."""

    is_the_person: bool = False
    decides: bool = False
    """Is the CIO who decides."""
    rated: bool = False
    """Coaches the person, or has rated an attempt of theirs."""
    asked_too: bool = False
    """Is asked by the same purpose, so has a post at stake as well."""
    other_duty: bool = False
    """Has a duty on this record that this one may not be joined with."""
    reports_to_nobody_here: bool = False
    """The CIO states, on the record, that this person does not report to him."""


def not_independent(duty: Duty, candidate: Candidate) -> str:  # noqa: PLR0911  one line per reason
    """Why this person cannot have this duty; empty where nothing speaks against it."""
    if candidate.is_the_person:
        return "The person whom it concerns cannot have a duty on the own record."
    if candidate.decides:
        return f"Whoever decides cannot be the {duty.word} as well."
    if candidate.rated:
        return "This person has coached or rated the person concerned, so is not independent."
    if candidate.asked_too:
        return "This person is asked by the same purpose, so is not independent."
    if candidate.other_duty:
        return "The appeal is read by somebody who has not signed: name two different people."
    if duty is not Duty.HR and not candidate.reports_to_nobody_here:
        return "Confirm that this person does not report to you. Where everybody does, invite somebody from outside."
    return ""


INDEPENDENT = "I have neither coached nor rated this person, and I do not report to whoever decided."
"""What the second signer states with the signature. Nobody else can know all of it."""
UNSTATED = "Without this statement nobody can sign. Where it is not true, refuse, and say so."
NOBODY = {
    Duty.SECOND_SIGNER: (
        "A second signer is needed who neither rated the person nor reports to you. Where nobody independent can be"
        " named, inside or outside, this cannot be recorded."
    ),
    Duty.APPEAL_READER: (
        "Somebody independent must be named who would read an appeal. Where nobody can be named, inside or outside,"
        " this cannot be recorded."
    ),
}
"""Where nobody is named for an act that needs both."""
OFFERED = {
    "missing": "Say which development was offered before, and since when. Without that, this cannot be recorded.",
    "day": "Give the day since when it was offered.",
    "short": "Development must have been on offer for twelve weeks before. Until then, choose Develop.",
}
THIN = "The evidence is too thin for this. There are {}. Ask for more observations, or defer."


def offer_problem(offered: str, offered_on: date | None, today: date) -> tuple[str, str]:
    """What is wrong with the development that was offered before: a sentence for its words, one for its day."""
    if not offered.strip():
        return OFFERED["missing"], ""
    if offered_on is None:
        return "", OFFERED["day"]
    return "", "" if offered_on + TO_TAKE_EFFECT <= today else OFFERED["short"]
