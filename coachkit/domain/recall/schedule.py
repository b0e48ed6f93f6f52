"""How long a card holds. The arithmetic is fsrs'; what it may decide is settled here.

Days only, so that a day has one list: no steps of minutes, no random fuzz. Intervals are capped, since what is used at
work every month should not be asked once a year. The published parameters are used as they are: fitting them to a
person would take hundreds of answers, and would be a model of that person. Every moment is in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

import fsrs

LONGEST_DAYS = 60
_SCHEDULER = fsrs.Scheduler(
    desired_retention=0.9,
    learning_steps=(),
    relearning_steps=(),
    maximum_interval=LONGEST_DAYS,
    enable_fuzzing=False,
)


class Answer(IntEnum):
    """How it went, in the learner's own judgement; kept for the schedule only."""

    MISSED = 1
    WITH_EFFORT = 2
    KNEW_IT = 3
    AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Memory:
    """What the schedule knows about one card and one person."""

    stability: float
    difficulty: float
    reviewed_at: datetime
    due_at: datetime


def after(memory: Memory | None, answer: Answer, now: datetime) -> Memory:
    """The card after this answer; without a memory it was seen for the first time."""
    now = now.astimezone(UTC)
    if memory is None:
        card = fsrs.Card(card_id=0, due=now)
    else:
        card = fsrs.Card(
            card_id=0,
            state=fsrs.State.Review,
            stability=memory.stability,
            difficulty=memory.difficulty,
            due=memory.due_at.astimezone(UTC),
            last_review=memory.reviewed_at.astimezone(UTC),
        )
    reviewed, _log = _SCHEDULER.review_card(card, fsrs.Rating(answer), now)
    if reviewed.stability is None or reviewed.difficulty is None:
        raise ValueError("A card that was answered has a stability and a difficulty.")
    return Memory(reviewed.stability, reviewed.difficulty, now, reviewed.due)


def days_until(memory: Memory | None, answer: Answer, now: datetime) -> int:
    """In how many days the card would come back after this answer."""
    return (after(memory, answer, now).due_at - now.astimezone(UTC)).days
