"""What entitles a coach to rate official attempts: a skill's rubric at one version, and a fit with the references.

A licence is for one skill's rubric: its criteria with their version numbers, as the author counts them. A raised
number is another rubric. A skill for which the library holds no calibration set asks for no licence: there is nothing
yet on which anybody could train for it, and pages say so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from coachkit.domain.assessment.scale import Level
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


@dataclass(frozen=True, slots=True)
class PassRule:
    """How near a coach's ratings have to lie to the references. A design choice, so a house may set its own."""

    within_percent: int = 80
    """At least so many of a hundred ratings within one level."""
    lean: float = 0.5
    """And on average no further above or below, in levels."""

    @property
    def words(self) -> str:
        return (
            f"At least {self.within_percent} % of your ratings within one level of the reference, "
            f"and on average no more than {self.lean:g} of a level above or below it."
        )


@dataclass(frozen=True, slots=True)
class Compared:
    """One criterion of one sample: what she gave, and what the reference says."""

    own: Level
    reference: Level

    @property
    def difference(self) -> int | None:
        """Hers minus the reference; None where one of the two saw nothing to rate."""
        if self.own.value is None or self.reference.value is None:
            return None
        return self.own.value - self.reference.value

    @property
    def within(self) -> bool:
        """One level apart at most; «not observed» fits only itself."""
        if self.difference is None:
            return self.own == self.reference
        return abs(self.difference) <= 1

    @property
    def words(self) -> str:
        if self.own == self.reference:
            return "Same"
        if self.difference is None:
            return "You did not observe it" if self.own.not_observed else "The reference has it as not observed"
        side = "above" if self.difference > 0 else "below"
        return f"{('One level', 'Two levels', 'Three levels', 'Four levels')[abs(self.difference) - 1]} {side}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A round against the rule."""

    compared: int
    same: int
    within: int
    lean: Fraction | None
    """Hers minus the references, on average; None where nothing was rated by both."""
    near_enough: bool
    level_enough: bool

    @property
    def passed(self) -> bool:
        return self.near_enough and self.level_enough

    @property
    def lean_words(self) -> str:
        if not self.lean:
            return "You lean neither way."
        side = "above" if self.lean > 0 else "below"
        return f"On average you lie {abs(float(self.lean)):.1f} of a level {side} the reference."


def outcome(pairs: Iterable[Compared], rule: PassRule) -> Outcome:
    """Judge a round, exactly: no rounding decides."""
    given = list(pairs)
    differences = [pair.difference for pair in given if pair.difference is not None]
    lean = Fraction(sum(differences), len(differences)) if differences else None
    within = sum(pair.within for pair in given)
    return Outcome(
        compared=len(given),
        same=sum(pair.own == pair.reference for pair in given),
        within=within,
        lean=lean,
        near_enough=bool(given) and within * 100 >= rule.within_percent * len(given),
        level_enough=lean is None or abs(lean) <= Fraction(str(rule.lean)),
    )
