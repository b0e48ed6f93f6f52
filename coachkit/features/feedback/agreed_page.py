"""The page on which two coaches who differ write down what they see together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from coachkit.domain.assessment.scale import Level
from coachkit.domain.assessment.sheet import Line, Sheet
from coachkit.domain.content.model import Library
from coachkit.features.accounts.queries import names
from coachkit.features.feedback.models import Agreement
from coachkit.features.feedback.second import AGREED, SECOND
from coachkit.features.practice.models import Attempt, RatingSheet
from coachkit.features.practice.queries import LEFT, CriterionView, criteria_of, lines_of, title_of
from coachkit.features.practice.service import COACH, sheet_of


@dataclass(frozen=True, slots=True)
class CoachView:
    """What one coach gave by herself."""

    coach: str
    level: Level
    evidence: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One criterion on which two coaches differ."""

    id: str
    name: str
    max_level: int
    views: tuple[CoachView, ...]


@dataclass(frozen=True, slots=True)
class AgreedPage:
    id: int
    title: str
    evidence: str
    stakeholder: str
    criteria: tuple[CriterionView, ...]
    differences: tuple[Difference, ...]
    lines: Sheet
    version: int
    written_by: str
    mine: bool
    """Whether she who looks has written the present wording; then the other has the last word."""
    answered_at: datetime | None


def agreed_page(session: Session, library: Library, attempt: Attempt, row: Agreement, coach_id: int) -> AgreedPage:
    """Both views side by side, and the sheet to fill in."""
    scenario = library.scenario(attempt.scenario_id)
    views = [(sheet, lines_of(session, sheet.id)) for sheet in _sheets(session, attempt.id)]
    sheet = sheet_of(session, attempt.id, AGREED)
    known = names(session, [*(one.rater_id for one, _lines in views), sheet.rater_id if sheet else None])
    asked = tuple(c for c in criteria_of(library, scenario) if c.id in row.criteria)
    return AgreedPage(
        id=attempt.id,
        title=title_of(attempt, scenario),
        evidence=attempt.evidence,
        stakeholder=scenario.stakeholder.name,
        criteria=asked,
        differences=tuple(
            Difference(
                c.id,
                c.name,
                c.limit,
                tuple(
                    CoachView(known.get(one.rater_id or 0, LEFT), line.level, line.evidence)
                    for one, line in ((one, lines.get(c.id, Line())) for one, lines in views)
                ),
            )
            for c in asked
        ),
        lines=lines_of(session, sheet.id) if sheet else {},
        version=sheet.version if sheet else 0,
        written_by=known.get(sheet.rater_id or 0, LEFT) if sheet else "",
        mine=sheet is not None and sheet.rater_id == coach_id,
        answered_at=row.answered_at,
    )


def _sheets(session: Session, attempt_id: int) -> list[RatingSheet]:
    found = (sheet_of(session, attempt_id, kind) for kind in (COACH, SECOND))
    return [sheet for sheet in found if sheet is not None]
