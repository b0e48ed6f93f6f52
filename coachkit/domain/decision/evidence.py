"""What practice shows about one skill, against the level that a post asks for. The rule is published.

It is a design choice, made to be cautious: it works on observed levels and nothing else, it would rather say
«cannot tell» than be wrong about somebody, and its error has not been measured. Never a label on a person:
always one skill.

1. A rating *speaks* about a line if it shows more than «the scenario had no room for that level». A scenario
   that can show 3 at most tells «3 or more»: that reaches a line of 3, and says nothing about a line of 4.
   «Not observed» never speaks.
2. Whole attempts are taken, newest first, until they hold enough ratings from at least two scenarios by at
   least two coaches.
3. Three such ratings that all reach the line: met. Four that all stay below it: not met. Too few for the
   first: thin evidence, a kind of cannot tell. Everything else: cannot tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from coachkit.domain.assessment.scale import LEVELS, Level

FOR_MET = 3
FOR_NOT_MET = 4
SCENARIOS = 2
COACHES = 2


class Group(StrEnum):
    """What the evidence about one skill says."""

    MET = "met"
    CANNOT_TELL = "cannot-tell"
    THIN = "thin"
    NOT_MET = "not-met"

    @property
    def word(self) -> str:
        """«Met», «Not met», «Cannot tell», or «Cannot tell, thin evidence»."""
        words = {"met": "Met", "not-met": "Not met", "cannot-tell": "Cannot tell"}
        return words.get(self.value, "Cannot tell, thin evidence")


@dataclass(frozen=True, slots=True)
class Seen:
    """One coach's level for one criterion of the skill in one official attempt."""

    attempt_id: int
    on: date
    criterion_id: str
    scenario_id: str
    coach_id: int | None
    level: Level
    max_level: int
    """The most that the scenario could show."""

    @property
    def capped(self) -> bool:
        """Whether it means «this level or more»."""
        return self.level.value is not None and self.level.value == self.max_level < len(LEVELS)

    def reaches(self, line: int) -> bool | None:
        """Whether it shows at least the line; None where it cannot speak about it."""
        if self.level.value is None:
            return None
        if self.level.value >= line:
            return True
        return None if self.capped else False


@dataclass(frozen=True, slots=True)
class BuiltOn:
    """How much there is."""

    ratings: int
    scenarios: int
    coaches: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One skill against its line."""

    line: int
    group: Group
    reason: str
    """Why this group, in a sentence."""
    missing: tuple[str, ...]
    """What would help, where the evidence cannot tell."""
    built_on: BuiltOn
    """Ratings that were observed."""
    speaking: BuiltOn
    """Those among them that can speak about the line."""


def built_on(seen: Iterable[Seen]) -> BuiltOn:
    """Counts of observed ratings, different scenarios and different coaches. A parallel form is the same
    scenario.
    """
    given = [s for s in seen if s.level.value is not None]
    return BuiltOn(len(given), len({s.scenario_id for s in given}), len({s.coach_id for s in given}))


def _enough(found: BuiltOn, ratings: int) -> bool:
    return found.ratings >= ratings and found.scenarios >= SCENARIOS and found.coaches >= COACHES


def newest(seen: Sequence[Seen], ratings: int) -> tuple[Seen, ...]:
    """The newest attempts, whole, that hold enough; nothing where all together do not."""
    attempts: dict[tuple[date, int], list[Seen]] = {}
    for rating in seen:
        attempts.setdefault((rating.on, rating.attempt_id), []).append(rating)
    taken: list[Seen] = []
    for key in sorted(attempts, reverse=True):
        taken += attempts[key]
        if _enough(built_on(taken), ratings):
            return tuple(taken)
    return ()


def find(seen: Iterable[Seen], line: int) -> Finding:
    """Apply the rule to one skill's ratings."""
    seen = tuple(seen)
    speaking = [s for s in seen if s.reaches(line) is not None]
    counts = built_on(speaking)
    recent, more = newest(speaking, FOR_MET), newest(speaking, FOR_NOT_MET)
    if not recent:
        group, reason = Group.THIN, _thin_words(built_on(seen), counts, line)
    elif all(s.reaches(line) for s in recent):
        group = Group.MET
        reason = f"The newest {len(recent)} ratings that can show level {line} all reach it."
    elif more and not any(s.reaches(line) for s in more):
        group = Group.NOT_MET
        reason = f"The newest {len(more)} ratings that can show level {line} all stay below it."
    else:
        reached = sum(bool(s.reaches(line)) for s in recent) or "none"
        group = Group.CANNOT_TELL
        reason = f"Of the newest {len(recent)} ratings that can show level {line}, {reached} reached it."
    return Finding(line, group, reason, _missing(group, counts, line), built_on(seen), counts)


def _thin_words(everything: BuiltOn, speaking: BuiltOn, line: int) -> str:
    if not everything.ratings:
        return "It has not been rated in an official attempt yet."
    if not speaking.ratings:
        return f"None of the scenarios that were played has room for level {line}."
    return (
        f"Ratings that can show level {line} are needed from at least two scenarios and two coaches, three"
        f" in all; so far there {_count(speaking.ratings, 'is', 'are')}"
        f" {_counted(speaking.ratings, 'rating')} from {_counted(speaking.scenarios, 'scenario')} by"
        f" {_counted(speaking.coaches, 'coach', 'coaches')}."
    )


def _missing(group: Group, speaking: BuiltOn, line: int) -> tuple[str, ...]:
    if group is Group.CANNOT_TELL:
        return (f"one or two more official attempts at a scenario that can show level {line}",)
    if group is not Group.THIN:
        return ()
    short = []
    if speaking.scenarios < SCENARIOS:
        short.append(f"{_more(SCENARIOS - speaking.scenarios, 'scenario', 'scenarios')} with room for level {line}")
    if speaking.coaches < COACHES:
        short.append(_more(COACHES - speaking.coaches, "coach", "coaches"))
    if speaking.ratings < FOR_MET:
        short.append(_more(FOR_MET - speaking.ratings, "rating", "ratings"))
    return tuple(short)


def _count(number: int, one: str, many: str) -> str:
    return one if number == 1 else many


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {_count(number, one, many or one + 's')}"


def _more(number: int, one: str, many: str) -> str:
    return f"{('no', 'one', 'two', 'three')[number]} more {_count(number, one, many)}"


RULE = (
    (
        "A rating can speak about a line unless the scenario had no room for that level. The newest attempts"
        " are taken whole until they hold ratings from at least two scenarios by at least two coaches."
    ),
    "Met: at least three such ratings, and all of them reach the line.",
    "Not met: at least four such ratings, and all of them stay below the line. It can still be wrong.",
    "Cannot tell: everything else. Thin evidence: too few ratings, scenarios or coaches for the rule.",
    "The rule is coachkit’s own choice, made to be cautious. How often it is wrong has not been measured.",
)
"""The rule as the pages print it."""
