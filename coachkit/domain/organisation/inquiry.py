"""Answers without names. Only counts are kept, so that nothing tells who gave which, or which were given together.

An answer sheet is never stored. It is added to one count per question and choice, all questions at once, and gone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

READINESS, PULSE = "readiness", "pulse"
HEAD, LIAISON, BUSINESS = "head", "liaison", "business"
GROUPS = {HEAD: "head of unit", LIAISON: "liaison", BUSINESS: "somebody from the business"}
GROUPS_OF = {READINESS: (HEAD, LIAISON), PULSE: (BUSINESS,)}
FEWEST = {HEAD: 2, LIAISON: 2}
"""How many of each must have answered before a readiness check can be closed."""
MOST_LINKS = 300

Tally = Mapping[str, Sequence[int]]
"""Question id → how often each choice was taken."""


def empty(questions: Mapping[str, int]) -> dict[str, list[int]]:
    """Nobody has answered yet. `questions` maps each to its number of choices."""
    return {question: [0] * choices for question, choices in questions.items()}


def added(tally: Tally, answers: Mapping[str, int]) -> dict[str, list[int]]:
    """One more sheet. Every question gets one more answer, or nothing is added at all."""
    if answers.keys() != tally.keys():
        raise ValueError("Every question needs an answer, and no other does.")
    found = {question: list(counts) for question, counts in tally.items()}
    for question, choice in answers.items():
        if not 0 <= choice < len(found[question]):
            raise ValueError(f"{question} has no choice {choice}.")
        found[question][choice] += 1
    return found


def values(counts: Sequence[int]) -> tuple[int, ...]:
    """The answers to one question in rising order, which is nobody's order."""
    return tuple(choice for choice, count in enumerate(counts) for _ in range(count))


def missing(answered: Mapping[str, int]) -> dict[str, int]:
    """How many of each group are still needed before a check can be closed."""
    lacking = {group: fewest - answered.get(group, 0) for group, fewest in FEWEST.items()}
    return {group: number for group, number in lacking.items() if number > 0}
