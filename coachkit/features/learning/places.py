"""Where somebody is in each module. Reading changes nothing, so the place is the step after the last one marked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library, Module
from coachkit.features.learning.models import QuizAnswer, SectionRead
from coachkit.features.learning.queries import QUIZ


@dataclass(frozen=True, slots=True)
class Place:
    """Where to go on in a module."""

    module: str
    step: str
    url: str
    minutes_left: int
    at: datetime
    """When something was last marked or answered there."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How much of a module is done, and where to go on if it was begun and not finished."""

    done: int
    steps: int
    minutes_left: int
    place: Place | None


@dataclass(frozen=True, slots=True)
class _Stop:
    id: str
    title: str
    minutes: int


def standings(session: Session, library: Library, person_id: int) -> dict[str, Standing]:
    """Every module by its id."""
    marks: dict[str, dict[str, datetime]] = {}
    read = select(SectionRead.module_id, SectionRead.section_id, SectionRead.at)
    for module_id, section_id, at in session.execute(read.where(SectionRead.person_id == person_id)):
        marks.setdefault(module_id, {})[section_id] = at
    answers: dict[str, dict[str, datetime]] = {}
    given = select(QuizAnswer.module_id, QuizAnswer.item_id, func.max(QuizAnswer.at))
    by_item = given.where(QuizAnswer.person_id == person_id).group_by(QuizAnswer.module_id, QuizAnswer.item_id)
    for module_id, item_id, at in session.execute(by_item):
        answers.setdefault(module_id, {})[item_id] = at
    return {m.id: _standing(m, marks.get(m.id, {}), answers.get(m.id, {})) for m in library.modules}


def places(session: Session, library: Library, person_id: int, most: int = 3) -> tuple[Place, ...]:
    """Modules that were begun and not finished, the latest first."""
    found = [s.place for s in standings(session, library, person_id).values() if s.place is not None]
    return tuple(sorted(found, key=lambda place: place.at, reverse=True)[:most])


def _stops(module: Module) -> list[_Stop]:
    sections = [_Stop(section.id, section.title, section.minutes) for section in module.sections]
    quiz = [_Stop(QUIZ, "Quiz", len(module.quiz))] if module.quiz else []
    last = [stop for stop in sections if stop.id == "further-reading"]
    return [*(stop for stop in sections if stop not in last), *quiz, *last]


def _standing(module: Module, read: dict[str, datetime], answered: dict[str, datetime]) -> Standing:
    stops = _stops(module)
    done = dict(read)
    items = {item.id for item in module.quiz}
    touched = [*read.values(), *(at for item_id, at in answered.items() if item_id in items)]
    if items and items <= answered.keys():
        done[QUIZ] = max(answered[item_id] for item_id in items)
    left = [stop for stop in stops if stop.id not in done]
    minutes = min(module.minutes, sum(stop.minutes for stop in left))
    count = len(stops) - len(left)
    if not touched or not left:
        return Standing(count, len(stops), minutes, None)
    latest = max((stop.id for stop in stops if stop.id in done), key=lambda stop_id: done[stop_id], default="")
    after = [stop.id for stop in stops].index(latest) + 1 if latest else 0
    following = next((stop for stop in stops[after:] if stop.id not in done), left[0])
    url = f"/modules/{module.slug}/{following.id}"
    return Standing(count, len(stops), minutes, Place(module.title, following.title, url, minutes, max(touched)))
