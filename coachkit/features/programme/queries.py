"""Reads over everybody at once. What leaves this module is counts, from five people on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library
from coachkit.domain.decision import forecast as forecasts
from coachkit.domain.decision import tries
from coachkit.domain.decision.economics import Span
from coachkit.domain.decision.forecast import Score
from coachkit.domain.organisation import programme
from coachkit.domain.organisation.aggregate import SMALLEST_GROUP
from coachkit.domain.organisation.programme import Gain, Pair
from coachkit.features.accounts.queries import with_role
from coachkit.features.decisions.case_file import observations, role_skills
from coachkit.features.decisions.models import DecisionRecord, Forecast, Retrospective
from coachkit.features.organisation.posts import queries as posts
from coachkit.features.organisation.pulse.queries import PulsePage, pulse_page
from coachkit.features.practice.queries import LibraryOf, Observed
from coachkit.platform import clock
from coachkit.platform.policy import Role


@dataclass(frozen=True, slots=True)
class SkillLine:
    """One skill; `gain` is None where it is not shown."""

    name: str
    gain: Gain | None


@dataclass(frozen=True, slots=True)
class Cost:
    """What developing costs over the posts that have figures, in one currency."""

    currency: str
    posts: int
    people: int
    total: Span


@dataclass(frozen=True, slots=True)
class Forecasts:
    """What was expected when people were decided about, beside what came."""

    score: Score
    expected: float
    """The mean of the chances that were given, in per cent."""
    came: int


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    until: date
    """Everything rated before this day; it moves on once a month, so that one person's step cannot be watched."""
    people: int | None
    """In the programme; None where fewer than five."""
    attempts: int | None
    together: Gain | None
    skills: tuple[SkillLine, ...]
    costs: tuple[Cost, ...]
    posts_without: int
    pulse: PulsePage
    forecasts: Forecasts | None
    """None from fewer than five people."""
    smallest: int


def programme_page(session: Session, library: Library, library_of: LibraryOf) -> ProgrammePage:
    """The page about all of them."""
    until = clock.today().replace(day=1)
    found = _until(until, observations(session, library_of, [p.id for p in with_role(session, Role.LEARNER)]))
    practised = [person_id for person_id, rows in found.items() if rows]
    names = dict(role_skills(library))
    gains = programme.gains(_pairs(found, library_of), names)
    enough = len(practised) >= SMALLEST_GROUP
    costs, without = _costs(session)
    return ProgrammePage(
        until=until,
        people=len(practised) if enough else None,
        attempts=len({row.attempt_id for rows in found.values() for row in rows}) if enough else None,
        together=gains.together,
        skills=tuple(SkillLine(name, gains.by_skill[skill_id]) for skill_id, name in names.items()),
        costs=costs,
        posts_without=without,
        pulse=pulse_page(session),
        forecasts=_forecasts(session, until),
        smallest=SMALLEST_GROUP,
    )


def _until(day: date, found: Mapping[int, tuple[Observed, ...]]) -> dict[int, tuple[Observed, ...]]:
    return {person_id: tuple(row for row in rows if row.revealed_at.date() < day) for person_id, rows in found.items()}


def _pairs(found: Mapping[int, tuple[Observed, ...]], library_of: LibraryOf) -> list[Pair]:
    return [
        Pair(
            person_id,
            library_of(again.library_version).criterion(again.criterion_id).skill,
            first.coach.value,
            again.coach.value,
            first.max_level,
        )
        for person_id, rows in found.items()
        for first, again in tries.pairs(rows)
        if first.coach.value is not None and again.coach.value is not None
    ]


def _costs(session: Session) -> tuple[tuple[Cost, ...], int]:
    """Per currency, since sums of different money mean nothing; a post that two people share costs twice."""
    found: dict[str, list[tuple[int, Span]]] = {}
    without = 0
    for post in posts.posts(session):
        page = posts.sheet_page(session, post.id)
        if page is None or page.sheet is None:
            without += 1
        else:
            found.setdefault(page.currency, []).append((post.holders, page.sheet.develop))
    costs = []
    for currency, lines in sorted(found.items()):
        low, value, high = (sum(n * getattr(span, end) for n, span in lines) for end in ("low", "value", "high"))
        costs.append(Cost(currency, len(lines), sum(n for n, _span in lines), Span(value, low, high)))
    return tuple(costs), without


def _forecasts(session: Session, until: date) -> Forecasts | None:
    """All forecasts that were answered before that day, whoever made them."""
    rows = session.execute(
        select(DecisionRecord.person_id, Forecast.chance, Retrospective.came_true, Retrospective.written_at)
        .join(Forecast, Forecast.record_id == DecisionRecord.id)
        .join(Retrospective, Retrospective.record_id == DecisionRecord.id)
    )
    found = [(person, chance, came) for person, chance, came, at in rows if at.date() < until]
    if len({person for person, _chance, _came in found}) < SMALLEST_GROUP:
        return None
    return Forecasts(
        forecasts.score((chance, came) for _person, chance, came in found),
        sum(chance for _person, chance, _came in found) / len(found),
        sum(came for _person, _chance, came in found),
    )
