"""The demo's coaches earn their licences as everybody does: by rating the calibration sets, with simulated answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from coachkit.domain.assessment.licence import trainable
from coachkit.domain.assessment.scale import Level, read_level
from coachkit.domain.assessment.sheet import Line
from coachkit.domain.content.model import CalibrationSet, Library
from coachkit.features.licence import service
from coachkit.platform import clock
from coachkit.platform.policy import Actor

LINE = "Simulated for the demo: a turn of the sample would be quoted here."
BEFORE_THE_FIRST = timedelta(days=244)
"""Licences of the first cohort's first week."""
ALMOST_A_YEAR = timedelta(days=345)
EARLY = "oren"
"""He trained for a pilot; his licences are due soon."""


def fill(
    session: Session, library: Library, people: Mapping[str, Actor], coaches: Iterable[str], now: datetime
) -> None:
    """A passed round of every skill for every coach."""
    for number, key in enumerate(coaches):
        with clock.fixed(now - (ALMOST_A_YEAR if key == EARLY else BEFORE_THE_FIRST)):
            for skill_id in sorted(trainable(library)):
                row = service.start(session, people[key], library, skill_id)
                for sample_id in row.sample_ids:
                    lines = _answers(library, library.calibration_set(sample_id), number)
                    service.rate(session, people[key], row.id, sample_id, lines)


def _answers(library: Library, sample: CalibrationSet, coach: int) -> dict[str, Line]:
    """The reference, with one criterion a sample missed by a level: this way and that in turn."""
    limit, found = service.limit_of(library, sample), {}
    for place, reference in enumerate(sample.reference):
        level = read_level(str(reference.level))
        if level.value is not None and place == coach % len(sample.reference):
            step = 1 if sum(sample.id.encode()) % 2 else -1
            level = Level(min(limit, max(1, level.value + step)))
        found[reference.criterion] = Line(level, LINE)
    return found
