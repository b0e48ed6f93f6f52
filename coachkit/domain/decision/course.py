"""What becomes of a decision record: signature, answer, appeal and ruling, and whether it stands.

A record is never edited. What happens to it is added beside it, and its state follows from that alone. The person
reads it from the moment it is recorded, so that whoever signs second may read the answer first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

TO_ANSWER = timedelta(days=14)
"""Ten working days, counted so that everybody can check it."""
TO_APPEAL = timedelta(days=28)
TO_RULE = timedelta(days=14)
TO_FULFIL = timedelta(days=60)
"""How long somebody named on a record has the duty."""


class State(StrEnum):
    """How a record stands today."""

    AMENDED = "amended"
    WAITS_FOR_SIGNATURE = "waits-for-signature"
    NOT_SIGNED = "not-signed"
    WAITS_FOR_ANSWER = "waits-for-answer"
    NOT_BY_CHOICE = "not-by-choice"
    APPEALED = "appealed"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    STANDS = "stands"

    @property
    def word(self) -> str:
        return WORDS[self][0]

    @property
    def meaning(self) -> str:
        return WORDS[self][1]


WORDS = {
    State.AMENDED: ("Amended", "A later record has taken its place."),
    State.WAITS_FOR_SIGNATURE: ("Waits for the second signature", "It has no effect before somebody else has signed."),
    State.NOT_SIGNED: ("Not signed", "The second signer refused, so it has no effect."),
    State.WAITS_FOR_ANSWER: ("Waits for the answer", "No effect before the person has answered, or the days are over."),
    State.NOT_BY_CHOICE: ("Not by choice", "The person says that this is no choice of theirs, so it has no effect."),
    State.APPEALED: ("Appealed", "Somebody who neither rated nor decided reads it now."),
    State.CHANGED: ("To be changed", "The appeal asks for a change: this record has no effect, an amendment follows."),
    State.WITHDRAWN: ("Withdrawn", "It was withdrawn after the appeal and has no effect."),
    State.STANDS: ("Stands", "It holds from here on."),
}  # fmt: skip
RULINGS = {
    "kept": "Kept: the decision stands as it is.",
    "changed": "Changed: the CIO records an amendment along the lines below.",
    "withdrawn": "Withdrawn: the decision has no effect.",
}


@dataclass(frozen=True, slots=True)
class Happened:
    """What was added beside a record so far."""

    amended: bool = False
    signed: bool | None = None
    """None: not yet; False: refused."""
    answered: bool = False
    unwanted: bool = False
    """The person answered that a move recorded as a choice is none."""
    appealed: bool = False
    ruling: str = ""


def answer_by(recorded_on: date) -> date:
    """The last day for an answer before a guarded decision takes effect without one."""
    return recorded_on + TO_ANSWER


def appeal_by(recorded_on: date) -> date:
    """The last day for an appeal."""
    return recorded_on + TO_APPEAL


def state(*, guarded: bool, recorded_on: date, happened: Happened, today: date) -> State:  # noqa: PLR0911  one line per state
    """How the record stands. `guarded`: it needs a second signature and the person's answer."""
    if happened.amended:
        return State.AMENDED
    if guarded and happened.signed is None:
        return State.WAITS_FOR_SIGNATURE
    if guarded and not happened.signed:
        return State.NOT_SIGNED
    if happened.ruling:
        return {"kept": State.STANDS, "changed": State.CHANGED}.get(happened.ruling, State.WITHDRAWN)
    if happened.appealed:
        return State.APPEALED
    if happened.unwanted:
        return State.NOT_BY_CHOICE
    if guarded and not happened.answered and today <= answer_by(recorded_on):
        return State.WAITS_FOR_ANSWER
    return State.STANDS


def answer_problem(happened: Happened) -> str:
    """Why no answer can be given now; empty where one can."""
    if happened.answered:
        return "You have answered already. What you wrote stands on the record."
    return "A later record has taken this one’s place. Answer that one." if happened.amended else ""


def appeal_problem(happened: Happened, *, recorded_on: date, today: date) -> str:
    """Why no appeal can be made now; empty where one can."""
    if happened.amended:
        return "A later record has taken this one’s place. Appeal against that one."
    if happened.appealed:
        return "You have appealed already."
    return "The four weeks for an appeal are over." if today > appeal_by(recorded_on) else ""
