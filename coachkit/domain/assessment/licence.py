"""What entitles a coach to rate official attempts: a skill's rubric at one version, and a fit with the references.

A licence is for one skill's rubric: its criteria with their version numbers, as the author counts them. A raised
number is another rubric. A skill for which the library holds no calibration set asks for no licence: there is nothing
yet on which anybody could train for it, and pages say so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from coachkit.domain.content.model import Library, Skill


@dataclass(frozen=True, slots=True)
class Rubric:
    """A skill's criteria at their versions."""

    skill_id: str
    version: str
    """«interviewing.needs@1 interviewing.questions@2», in the order of their ids."""


class Standing(StrEnum):
    """Whether a rating was given under a valid licence."""

    HELD = "held"
    NO_SET = "no-set"
    """There was no calibration set for the skill in the library that the attempt began with."""
    BEFORE = "before"
    """It was given before coachkit asked for licences."""


STANDING_WORDS = {
    Standing.HELD: "rated with a valid licence",
    Standing.NO_SET: "no calibration set for this skill yet",
    Standing.BEFORE: "rated before licences were asked for",
}


def rubric_of(skill: Skill) -> Rubric:
    """The rubric of a skill as this library has it."""
    return Rubric(skill.id, " ".join(sorted(f"{criterion.id}@{criterion.version}" for criterion in skill.criteria)))


def trainable(library: Library) -> frozenset[str]:
    """The skills for which this library holds calibration sets."""
    return frozenset(sample.skill for sample in library.calibration_sets)


def asked_for(library: Library, criterion_ids: Iterable[str]) -> frozenset[Rubric]:
    """The licences that rating these criteria takes."""
    skills = {library.criterion(criterion_id).skill for criterion_id in criterion_ids}
    return frozenset(rubric_of(library.skill(skill_id)) for skill_id in skills & trainable(library))


def standing(library: Library, criterion_id: str, *, licensed: bool | None) -> Standing:
    """Of one locked rating. `licensed` is what its sheet says; None for sheets older than licences."""
    if library.criterion(criterion_id).skill not in trainable(library):
        return Standing.NO_SET
    return Standing.HELD if licensed else Standing.BEFORE
