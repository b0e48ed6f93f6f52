"""One rater's sheet: what it holds, and when it is complete enough to lock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coachkit.domain.assessment.scale import NOTHING, Level

LONGEST_EVIDENCE = 1000
SHORTEST_EVIDENCE = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion on a sheet."""

    level: Level = NOTHING
    evidence: str = ""
    predicted: Level = NOTHING
    """Self sheets: what the learner expects the coach to see."""


Sheet = Mapping[str, Line]
"""Lines by criterion id."""


def problems(sheet: Sheet, limits: Mapping[str, int], *, predicts: bool, other: str) -> dict[str, str]:
    """What keeps a sheet from being locked: field name → sentence. Empty where nothing does.

    `limits` holds each criterion that must be rated with the highest level that the scenario can show. Field names are
    `level-<id>`, `evidence-<id>` and `expected-<id>`. `other` is whom the prediction is about.
    """
    found: dict[str, str] = {}
    for criterion_id, limit in limits.items():
        line = sheet.get(criterion_id, Line())
        if not line.level.given:
            found[f"level-{criterion_id}"] = "Choose a level, or “Not observed”."
        elif line.level.value is not None and line.level.value > limit:
            found[f"level-{criterion_id}"] = f"This scenario can show level {limit} at most."
        if len(line.evidence.strip()) < SHORTEST_EVIDENCE:
            found[f"evidence-{criterion_id}"] = (
                "Say what was missing in the situation."
                if line.level.not_observed
                else "Still missing: the words or the act that shows this level."
            )
        elif len(line.evidence) > LONGEST_EVIDENCE:
            found[f"evidence-{criterion_id}"] = f"At most {LONGEST_EVIDENCE} characters, please."
        if predicts and not line.predicted.given:
            found[f"expected-{criterion_id}"] = f"Guess what {other} will see."
        elif predicts and line.predicted.value is not None and line.predicted.value > limit:
            found[f"expected-{criterion_id}"] = f"This scenario can show level {limit} at most."
    return found


def too_long(sheet: Sheet) -> dict[str, str]:
    """What keeps even a draft from being saved."""
    return {
        f"evidence-{criterion_id}": f"At most {LONGEST_EVIDENCE} characters, please."
        for criterion_id, line in sheet.items()
        if len(line.evidence) > LONGEST_EVIDENCE
    }


def complete(line: Line, *, predicts: bool) -> bool:
    """Whether one line has everything."""
    return (
        line.level.given and len(line.evidence.strip()) >= SHORTEST_EVIDENCE and (line.predicted.given or not predicts)
    )
