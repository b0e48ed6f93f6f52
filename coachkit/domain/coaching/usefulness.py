"""What learners say to the feedback itself, shown to its coach in blocks: never one answer, never the newest few.

A block is closed when it holds at least five answers by at least two learners. Only closed blocks are shown, so that
nobody can find a single answer by looking before and after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

FEWEST = 5
LEARNERS = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """One learner's two taps about one feedback; each may be missing."""

    learner_id: int
    useful: int | None
    fits: int | None


@dataclass(frozen=True, slots=True)
class Block:
    """Some answers together."""

    answers: int
    useful: int
    """How many said that they can use it."""
    fits: int
    """How many said that it fits what happened."""


def blocks(answers: Iterable[Answer]) -> tuple[Block, ...]:
    """Closed blocks of complete answers, oldest first."""
    found: list[Block] = []
    open_block: list[Answer] = []
    for answer in answers:
        if answer.useful is None or answer.fits is None:
            continue
        open_block.append(answer)
        if len(open_block) >= FEWEST and len({each.learner_id for each in open_block}) >= LEARNERS:
            found.append(
                Block(len(open_block), sum(bool(a.useful) for a in open_block), sum(bool(a.fits) for a in open_block))
            )
            open_block = []
    return tuple(found)
