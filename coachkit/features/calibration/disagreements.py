"""What two coaches wrote about the same thing, where their levels differ. The learner's name is left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, aliased

from coachkit.domain.assessment.scale import Level
from coachkit.domain.content.model import Library
from coachkit.features.accounts.models import Person
from coachkit.features.accounts.queries import names
from coachkit.features.feedback.contest.queries import contested_items
from coachkit.features.practice.models import Attempt, Rating, RatingSheet
from coachkit.features.practice.queries import LibraryOf, title_of
from coachkit.features.practice.service import COACH, OFFICIAL

LEFT = "A coach who has left"
NO_NAME = "[the learner]"
SECOND = "second"


@dataclass(frozen=True, slots=True)
class View:
    """One coach's level with the line that carries it."""

    coach: str
    level: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One criterion of one attempt, seen by two coaches who gave different levels."""

    on: date
    scenario: str
    difficulty: int
    apart: int
    views: tuple[View, View]


@dataclass(frozen=True, slots=True)
class CriterionPage:
    """Everything about one criterion on which two coaches differ."""

    id: str
    name: str
    skill: str
    anchors: tuple[tuple[int, str], ...]
    shared: int
    items: tuple[Disagreement, ...]
    learner_ids: tuple[int, ...]
    """Whose attempts these are; the look is recorded for them."""


def criterion_page(
    session: Session, library: Library, library_of: LibraryOf, criterion_id: str
) -> CriterionPage | None:
    """The widest differences first; None for a criterion that the rubric does not have."""
    try:
        criterion = library.criterion(criterion_id)
    except KeyError:
        return None
    contested = contested_items(session, None)
    rows = [
        row
        for row in _shared(session, criterion_id)
        if not contested.hides(row.Attempt.learner_id, row.Attempt.id, criterion_id, criterion.skill)
    ]
    coaches = names(session, (rater for row in rows for rater in (row.first_rater, row.second_rater)))
    apart = [row for row in rows if row.first_level != row.second_level]
    items = [_item(row, library_of, coaches, criterion_id) for row in apart]
    return CriterionPage(
        id=criterion.id,
        name=criterion.name,
        skill=library.skill_of(criterion.id).name,
        anchors=tuple(sorted(criterion.anchors.items())),
        shared=len(rows),
        items=tuple(sorted(items, key=lambda item: (-item.apart, -item.on.toordinal(), item.scenario))),
        learner_ids=tuple(sorted({row.Attempt.learner_id for row in apart})),
    )


def _shared(session: Session, criterion_id: str) -> list[Row[*tuple[Any, ...]]]:
    """Official attempts, revealed, in which two coaches have given this criterion a level."""
    one, other = aliased(RatingSheet), aliased(RatingSheet)
    first, second = aliased(Rating), aliased(Rating)
    query = (
        select(
            Attempt,
            Person.name,
            one.rater_id.label("first_rater"),
            other.rater_id.label("second_rater"),
            first.level.label("first_level"),
            second.level.label("second_level"),
            first.evidence.label("first_evidence"),
            second.evidence.label("second_evidence"),
        )
        .join(Person, Person.id == Attempt.learner_id)
        .join(one, (one.attempt_id == Attempt.id) & (one.kind == COACH))
        .join(other, (other.attempt_id == Attempt.id) & (other.kind == SECOND))
        .join(first, (first.sheet_id == one.id) & (first.criterion_id == criterion_id))
        .join(second, (second.sheet_id == other.id) & (second.criterion_id == criterion_id))
        .where(
            Attempt.kind == OFFICIAL,
            Attempt.revealed_at.is_not(None),
            Attempt.withdrawn_at.is_(None),
            one.locked_at.is_not(None),
            other.locked_at.is_not(None),
            first.level.is_not(None),
            second.level.is_not(None),
        )
        .order_by(Attempt.id)
    )
    return list(session.execute(query))


def _item(
    row: Row[*tuple[Any, ...]], library_of: LibraryOf, coaches: dict[int, str], criterion_id: str
) -> Disagreement:
    scenario = library_of(row.Attempt.library_version).scenario(row.Attempt.scenario_id)
    most = scenario.max_level(criterion_id)
    return Disagreement(
        on=row.Attempt.played_on or row.Attempt.revealed_at.date(),
        scenario=title_of(row.Attempt, scenario),
        difficulty=scenario.difficulty,
        apart=abs(row.first_level - row.second_level),
        views=(
            _view(coaches.get(row.first_rater or 0, LEFT), row.first_level, most, row.first_evidence, row.name),
            _view(coaches.get(row.second_rater or 0, LEFT), row.second_level, most, row.second_evidence, row.name),
        ),
    )


def _view(coach: str, level: int, most: int, evidence: str, learner: str) -> View:
    return View(coach, Level(level).words(most), without_name(evidence, learner))


def without_name(text: str, learner: str) -> str:
    """A line without any part of the learner's name."""
    parts = sorted((part for part in re.split(r"\W+", learner) if len(part) > 1), key=len, reverse=True)
    if not parts:
        return text
    pattern = rf"\b(?:{'|'.join(re.escape(part) for part in parts)})\b"
    return re.sub(rf"{pattern}(?:\W{pattern})*", NO_NAME, text, flags=re.IGNORECASE)
