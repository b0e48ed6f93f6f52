"""What may enter a calibration: coach ratings of official attempts, screened row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

LOWEST_LEVEL, HIGHEST_LEVEL = 1, 5


@dataclass(frozen=True, slots=True, order=True)
class Rating:
    """One coach's level for one criterion of one official attempt.

    There is no place here for self-ratings, practice attempts or re-tries of a critical moment: the caller
    leaves them out.
    """

    attempt: str
    coach: str
    criterion: str
    learner: str
    scenario: str
    skill: str
    on: date
    level: int
    max_level: int = HIGHEST_LEVEL
    rubric_version: str = "1"

    @property
    def at_maximum(self) -> bool:
        """The scenario shows no more: the rating says "at least this"."""
        return self.level == self.max_level < HIGHEST_LEVEL


class DropReason(StrEnum):
    """Why a row did not enter."""

    INCOMPLETE = "incomplete"
    NOT_A_COACH_RATING = "not_a_coach_rating"
    PRACTICE = "practice"
    RETRY = "retry"
    OWN_ATTEMPT = "own_attempt"
    OUT_OF_RANGE = "out_of_range"
    NO_ROOM = "no_room"
    UNKNOWN_RUBRIC_VERSION = "unknown_rubric_version"
    UNKNOWN_CRITERION = "unknown_criterion"
    AFTER_DATE = "after_date"
    CONTRADICTORY_ATTEMPT = "contradictory_attempt"
    DUPLICATE = "duplicate"
    CONTRADICTORY_DUPLICATE = "contradictory_duplicate"
    UNVARYING_COACH = "unvarying_coach"
    ANOTHER_LEARNER = "another_learner"
    NEEDS_CALIBRATION = "needs_calibration"


DROP_SENTENCES: Mapping[DropReason, str] = {
    DropReason.INCOMPLETE: "The row lacks a field or holds a value of the wrong kind.",
    DropReason.NOT_A_COACH_RATING: "Only ratings by coaches enter; self-ratings and predictions never do.",
    DropReason.PRACTICE: "Practice attempts never enter.",
    DropReason.RETRY: "Re-tries of a critical moment never enter.",
    DropReason.OWN_ATTEMPT: "Nobody rates their own attempt.",
    DropReason.OUT_OF_RANGE: "The level lies outside the scale, or above what its scenario can show.",
    DropReason.NO_ROOM: "The scenario can show only the lowest level, so its rating says nothing.",
    DropReason.UNKNOWN_RUBRIC_VERSION: "Ratings made with another version of the rubric are not comparable.",
    DropReason.UNKNOWN_CRITERION: "The criterion is not part of the rubric, or is filed under two skills.",
    DropReason.AFTER_DATE: "The attempt is dated after the day of this calibration.",
    DropReason.CONTRADICTORY_ATTEMPT: "One attempt is given two learners, dates or scenarios.",
    DropReason.DUPLICATE: "The same rating was delivered more than once; one copy is kept.",
    DropReason.CONTRADICTORY_DUPLICATE: "One coach gave one criterion of one attempt two different levels.",
    DropReason.UNVARYING_COACH: "The coach gave the same level throughout, which tells nothing.",
    DropReason.ANOTHER_LEARNER: "The rating is about another learner.",
    DropReason.NEEDS_CALIBRATION: "A new coach, scenario or criterion waits for the next calibration.",
}


@dataclass(frozen=True, slots=True, order=True)
class DroppedRow:
    """A row left out, and why."""

    attempt: str
    coach: str
    criterion: str
    level: str
    reason: DropReason

    @property
    def sentence(self) -> str:
        return DROP_SENTENCES[self.reason]


Row = Rating | Mapping[str, object]
_TEXT_FIELDS = ("attempt", "coach", "criterion", "learner", "scenario", "skill", "rubric_version")
_KNOWN_FIELDS = frozenset(f.name for f in fields(Rating))


def dropped(row: Row, reason: DropReason) -> DroppedRow:
    """Note a row as left out."""

    def told(name: str) -> str:
        value = getattr(row, name, "") if isinstance(row, Rating) else row.get(name, "")
        return str(value)

    return DroppedRow(told("attempt"), told("coach"), told("criterion"), told("level"), reason)


def _flag_against(row: Mapping[str, object]) -> DropReason | None:
    """Refuse rows that say of themselves that they do not belong."""
    if row.get("rater_kind", "coach") != "coach" or row.get("is_self", False):
        return DropReason.NOT_A_COACH_RATING
    if row.get("mode", "official") != "official" or row.get("is_practice", False):
        return DropReason.PRACTICE
    if row.get("is_retry", False):
        return DropReason.RETRY
    return None


def _read(row: Row) -> Rating | DropReason:
    """A rating from a mapping (or as it is), or the reason why it cannot be one."""
    if isinstance(row, Mapping):
        against = _flag_against(row)
        if against is not None:
            return against
        try:
            row = Rating(**{name: row[name] for name in row if name in _KNOWN_FIELDS})  # type: ignore[arg-type]
        except TypeError:
            return DropReason.INCOMPLETE
    texts = [getattr(row, name) for name in _TEXT_FIELDS]
    whole = all(type(number) is int for number in (row.level, row.max_level))
    if not all(isinstance(text, str) and text for text in texts) or type(row.on) is not date:
        return DropReason.INCOMPLETE
    return row if whole else DropReason.OUT_OF_RANGE


@dataclass(frozen=True)
class Scope:
    """What a calibration covers: rows beyond it are left out."""

    as_of: date
    rubric_versions: tuple[str, ...] | None = None
    criteria: tuple[str, ...] | None = None


def _against_scope(rating: Rating, scope: Scope) -> DropReason | None:
    if rating.coach == rating.learner:
        return DropReason.OWN_ATTEMPT
    if not LOWEST_LEVEL <= rating.level <= rating.max_level <= HIGHEST_LEVEL:
        return DropReason.OUT_OF_RANGE
    if rating.max_level == LOWEST_LEVEL:
        return DropReason.NO_ROOM
    if scope.rubric_versions is not None and rating.rubric_version not in scope.rubric_versions:
        return DropReason.UNKNOWN_RUBRIC_VERSION
    if scope.criteria is not None and rating.criterion not in scope.criteria:
        return DropReason.UNKNOWN_CRITERION
    return DropReason.AFTER_DATE if rating.on > scope.as_of else None


def screen(rows: Iterable[Row], scope: Scope) -> tuple[list[Rating], list[DroppedRow]]:
    """Ratings that may enter, in canonical order, and every row that may not, with its reason."""
    fit: list[Rating] = []
    out: list[DroppedRow] = []
    for row in rows:
        rating = _read(row)
        reason = rating if isinstance(rating, DropReason) else _against_scope(rating, scope)
        if reason is None and isinstance(rating, Rating):
            fit.append(rating)
        elif reason is not None:
            out.append(dropped(row, reason))
    fit.sort()
    fit = _without(fit, _contradictory_attempts(fit), DropReason.CONTRADICTORY_ATTEMPT, out)
    fit = _without(fit, _twofold_criteria(fit), DropReason.UNKNOWN_CRITERION, out)
    fit = _single(fit, out)
    return fit, sorted(out)


def _without(ratings: list[Rating], bad: Collection[str], reason: DropReason, out: list[DroppedRow]) -> list[Rating]:
    key = "criterion" if reason is DropReason.UNKNOWN_CRITERION else "attempt"
    out.extend(dropped(rating, reason) for rating in ratings if getattr(rating, key) in bad)
    return [rating for rating in ratings if getattr(rating, key) not in bad]


def _contradictory_attempts(ratings: list[Rating]) -> set[str]:
    facts = {(r.attempt, r.learner, r.on, r.scenario) for r in ratings}
    return {attempt for attempt, n in Counter(fact[0] for fact in facts).items() if n > 1}


def _twofold_criteria(ratings: list[Rating]) -> set[str]:
    facts = {(r.criterion, r.skill) for r in ratings}
    return {criterion for criterion, n in Counter(fact[0] for fact in facts).items() if n > 1}


def _single(ratings: list[Rating], out: list[DroppedRow]) -> list[Rating]:
    """One rating per attempt, coach and criterion; where copies contradict each other, none."""
    kept: list[Rating] = []
    by_place: dict[tuple[str, str, str], list[Rating]] = {}
    for rating in ratings:
        by_place.setdefault((rating.attempt, rating.coach, rating.criterion), []).append(rating)
    for copies in by_place.values():
        if len({(r.level, r.max_level, r.rubric_version) for r in copies}) > 1:
            out.extend(dropped(rating, DropReason.CONTRADICTORY_DUPLICATE) for rating in copies)
            continue
        kept.append(copies[0])
        out.extend(dropped(rating, DropReason.DUPLICATE) for rating in copies[1:])
    return kept
