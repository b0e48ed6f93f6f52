"""The ratings that may enter a calibration: official attempts that both sides have locked, coaches' sheets only.

Practice is not even read. What is read and cannot enter is refused by the engine, row by row, with its reason.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row as SqlRow
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from coachkit.domain.content.framework import Criterion
from coachkit.domain.content.model import Library
from coachkit.domain.measurement.agreement import RatedBoth
from coachkit.features.accounts.models import Person
from coachkit.features.feedback.contest.queries import Contested, contested_items, observed_by_others
from coachkit.features.practice.models import Attempt, Rating, RatingSheet
from coachkit.features.practice.queries import LibraryOf
from coachkit.features.practice.service import COACH, OFFICIAL
from coachkit.platform import clock

SECOND = "second"
Row = dict[str, Any]


@dataclass(frozen=True)
class Inputs:
    """Everything that one calibration is made from."""

    rows: tuple[Row, ...]
    not_observed: int
    """Criteria that a coach could not see; they are no ratings."""
    rubric_versions: frozenset[str]
    criteria: frozenset[str]
    role_skills: tuple[str, ...]
    """The skills that «together» is about."""
    library_version: str
    gaps: dict[str, tuple[RatedBoth, ...]]
    """Own view and coach's view, per learner's pseudonym. It enters no calibration."""
    people: dict[str, int]
    """Learners' ids by pseudonym."""

    @property
    def rows_hash(self) -> str:
        """The same for the same ratings under the same rubric."""
        plain = sorted(json.dumps({**row, "on": str(row["on"])}, sort_keys=True) for row in self.rows)
        text = json.dumps([plain, sorted(self.rubric_versions), self.not_observed, self.library_version])
        return hashlib.sha256(text.encode()).hexdigest()


def gather(
    session: Session, library: Library, library_of: LibraryOf, learner_ids: Iterable[int] | None = None
) -> Inputs:
    """Read everything that was revealed up to now, of all learners or of some."""
    wanted = None if learner_ids is None else sorted(learner_ids)
    contested = contested_items(session, wanted)
    found = [entry for entry in session.execute(_ratings(wanted)) if _counts(entry, contested, library_of)]
    rows = tuple(_row(entry, library, library_of) for entry in found if entry.level is not None)
    people = {entry.learner: entry.learner_id for entry in found}
    return Inputs(
        rows=rows,
        not_observed=sum(entry.level is None for entry in found),
        rubric_versions=frozenset(_version(c.id, c.version) for c in library.criteria),
        criteria=frozenset(c.id for c in library.criteria),
        role_skills=tuple(skill.id for skill in library.skills if skill.kind in {"hard", "soft"}),
        library_version=library.version,
        gaps=_both_views(session, library, library_of, people),
        people=people,
    )


def _ratings(learner_ids: list[int] | None) -> Select[*tuple[Any, ...]]:
    learner, coach = aliased(Person), aliased(Person)
    query = (
        select(
            Attempt.id.label("attempt"),
            Attempt.learner_id,
            Attempt.scenario_id,
            Attempt.library_version,
            Attempt.played_on,
            Attempt.revealed_at,
            Rating.criterion_id,
            Rating.level,
            learner.pseudonym.label("learner"),
            coach.pseudonym.label("coach"),
        )
        .join(RatingSheet, RatingSheet.attempt_id == Attempt.id)
        .join(Rating, Rating.sheet_id == RatingSheet.id)
        .join(learner, learner.id == Attempt.learner_id)
        .outerjoin(coach, coach.id == RatingSheet.rater_id)
        .where(
            Attempt.kind == OFFICIAL,
            Attempt.revealed_at <= clock.now(),
            Attempt.withdrawn_at.is_(None),
            RatingSheet.kind.in_([COACH, SECOND]),
            RatingSheet.locked_at <= clock.now(),
        )
        .order_by(Attempt.id, RatingSheet.id, Rating.id)
    )
    return query if learner_ids is None else query.where(Attempt.learner_id.in_(learner_ids))


def _row(entry: SqlRow[Any], library: Library, library_of: LibraryOf) -> Row:
    """One rating as the engine reads it. The rubric's version is the one that the coach had before her."""
    pinned = library_of(entry.library_version)
    known, today = _criterion(pinned, entry.criterion_id), _criterion(library, entry.criterion_id)
    filed = today or known
    scenario = pinned.scenario(entry.scenario_id)
    return {
        "attempt": str(entry.attempt),
        "coach": entry.coach or "",
        "criterion": entry.criterion_id,
        "learner": entry.learner,
        "scenario": entry.scenario_id,
        "skill": filed.skill if filed else "",
        "on": entry.played_on or entry.revealed_at.date(),
        "level": entry.level,
        "max_level": scenario.max_level(entry.criterion_id) if entry.criterion_id in scenario.criteria else 5,
        "rubric_version": _version(entry.criterion_id, known.version if known else 0),
    }


def _counts(entry: SqlRow[Any], contested: Contested, library_of: LibraryOf) -> bool:
    """A rating that is contested, or did not stand, tells nothing about anybody's strictness."""
    known = _criterion(library_of(entry.library_version), entry.criterion_id)
    item = (entry.attempt, entry.criterion_id)
    skill = known.skill if known else ""
    return item not in contested.changed and not contested.hides(entry.learner_id, *item, skill)


def _criterion(library: Library, criterion_id: str) -> Criterion | None:
    try:
        return library.criterion(criterion_id)
    except KeyError:
        return None


def _version(criterion_id: str, version: int) -> str:
    return f"{criterion_id} {version}"


def _both_views(
    session: Session, library: Library, library_of: LibraryOf, people: dict[str, int]
) -> dict[str, tuple[RatedBoth, ...]]:
    """What the learner and the coach said about the same thing, in official attempts."""
    skills = {criterion.id: criterion.skill for criterion in library.criteria}
    found = observed_by_others(session, library_of, sorted(people.values()))
    return {
        pseudonym: tuple(
            RatedBoth(str(o.attempt_id), skills[o.criterion_id], o.played_on, o.own.value, o.coach.value, o.max_level)
            for o in found[person_id]
            if o.own.value is not None and o.coach.value is not None and o.criterion_id in skills
        )
        for pseudonym, person_id in people.items()
    }
