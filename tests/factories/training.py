"""Rating calibration sets: what a page sends, and whole rounds through the services."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext

from sqlalchemy.orm import Session

from coachkit.domain.assessment.scale import Level, read_level
from coachkit.domain.assessment.sheet import Line
from coachkit.domain.content.model import CalibrationSet, Library
from coachkit.features.licence import service
from coachkit.platform.db import transaction
from coachkit.web.library import library_of
from tests.factories import loop
from tests.factories.cast import Cast


def answers(books: Library, sample: CalibrationSet, shift: int = 0) -> dict[str, Line]:
    """The references, or something a level beside them wherever the scale has one."""
    limit = service.limit_of(books, sample)
    found = {}
    for reference in sample.reference:
        level = read_level(str(reference.level))
        if level.value is not None:
            level = Level(min(limit, max(1, level.value + shift)))
        found[reference.criterion] = Line(level, "Turn 3.")
    return found


def form(lines: Mapping[str, Line], words: str = "Turn 3: he says so.") -> dict[str, str]:
    """What the sample's page sends."""
    sent = {f"level-{criterion}": line.level.sent for criterion, line in lines.items()}
    return sent | {f"evidence-{criterion}": words for criterion in lines}


def trained(cast: Cast, who: str, skill_id: str, *, session: Session | None = None) -> None:
    """A passed round."""
    with nullcontext(session) if session is not None else transaction() as work:
        coach, books = loop.actor(work, cast.ids[who]), loop.library()
        row = service.start(work, coach, books, skill_id)
        for sample_id in row.sample_ids:
            service.rate(work, coach, row.id, sample_id, answers(books, books.calibration_set(sample_id)))


def without_sets_for(skill: str) -> Callable[[str], Library]:
    """Libraries by version as they were before anybody could train for that skill."""

    def books_of(version: str) -> Library:
        library = library_of(version)
        kept = tuple(sample for sample in library.calibration_sets if sample.skill != skill)
        return library.model_copy(update={"calibration_sets": kept})

    return books_of
