"""A learner's own path: what comes next, and where he says that he stands with each skill. For him alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library, Skill
from coachkit.domain.learning_path.ladder import RUNGS
from coachkit.domain.learning_path.path import Facts, NextStep, Progress, next_steps
from coachkit.domain.learning_path.tracks import on_track
from coachkit.features.accounts.queries import person_view
from coachkit.features.learning.places import Standing, standings
from coachkit.features.learning.recall import cards_today
from coachkit.features.practice.models import Attempt, LadderStep
from coachkit.features.practice.queries import observed
from coachkit.platform import clock
from coachkit.platform.errors import InvalidError
from coachkit.platform.policy import Action, Actor, require

LibraryOf = Callable[[str], Library]


@dataclass(frozen=True, slots=True)
class SkillLine:
    """One skill: what was read, what was tried, what others had a chance to see, and the rung the learner chose."""

    id: str
    name: str
    modules: int
    modules_done: int
    criteria: int
    tried: int
    seen: int
    rung: str
    error: str


@dataclass(frozen=True, slots=True)
class PathPage:
    """The whole path."""

    steps: tuple[NextStep, ...]
    minutes: int
    skills: tuple[SkillLine, ...]


def path_page(
    session: Session,
    library: Library,
    library_of: LibraryOf,
    person_id: int,
    now: datetime,
    chosen: Mapping[str, str],
    errors: Mapping[str, str],
) -> PathPage:
    """The path, with what a form sent where it came back."""
    me = person_view(session, person_id)
    track = me.track if me else "it"
    standing = standings(session, library, person_id)
    tried, played, again = _plays(session, library_of, person_id)
    cards = cards_today(session, library, person_id, now)
    facts = Facts(
        track=track,
        modules={module_id: Progress(s.done, s.steps, s.minutes_left) for module_id, s in standing.items()},
        tried=tried,
        played=played,
        again=again,
        cards=cards.left,
        card_minutes=cards.minutes,
    )
    steps = next_steps(library, facts, now.date())
    rows = observed(session, library_of, [person_id], official_only=False)[person_id]
    seen = {row.criterion_id for row in rows if row.coach.value is not None}
    rungs = {**_rungs(session, person_id), **chosen}
    skills = tuple(
        _line(library, track, skill, standing, set(tried), seen, rungs.get(skill.id, ""), errors.get(skill.id, ""))
        for skill in library.skills
    )
    return PathPage(steps, sum(step.minutes for step in steps), skills)


def _plays(
    session: Session, library_of: LibraryOf, person_id: int
) -> tuple[dict[str, int], dict[str, date], frozenset[str]]:
    """Submitted attempts: how often each criterion was tried, when each scenario was played, which in parallel form."""
    tried: dict[str, int] = {}
    played: dict[str, date] = {}
    again: set[str] = set()
    query = select(Attempt).where(
        Attempt.learner_id == person_id, Attempt.submitted_at.is_not(None), Attempt.withdrawn_at.is_(None)
    )
    for attempt in session.scalars(query.order_by(Attempt.id)):
        for criterion_id in library_of(attempt.library_version).scenario(attempt.scenario_id).criteria:
            tried[criterion_id] = tried.get(criterion_id, 0) + 1
        day = attempt.played_on or (attempt.submitted_at or attempt.created_at).date()
        played[attempt.scenario_id] = max(day, played.get(attempt.scenario_id, day))
        if attempt.parallel:
            again.add(attempt.scenario_id)
    return tried, played, frozenset(again)


def _line(
    library: Library,
    track: str,
    skill: Skill,
    standing: Mapping[str, Standing],
    tried: set[str],
    seen: set[str],
    rung: str,
    error: str,
) -> SkillLine:
    ids = {criterion.id for criterion in skill.criteria}
    teaching = [m for m in on_track(library, track) if ids & set(m.criteria)]
    return SkillLine(
        id=skill.id,
        name=skill.name,
        modules=len(teaching),
        modules_done=sum(standing[m.id].done >= standing[m.id].steps for m in teaching),
        criteria=len(ids),
        tried=len(ids & tried),
        seen=len(ids & seen),
        rung=rung,
        error=error,
    )


def _rungs(session: Session, person_id: int) -> dict[str, str]:
    rows = session.execute(select(LadderStep.skill_id, LadderStep.step).where(LadderStep.person_id == person_id))
    return {row.skill_id: row.step for row in rows}


def set_rungs(session: Session, actor: Actor, library: Library, chosen: Mapping[str, str]) -> None:
    """Keep where the learner says that he stands; an empty choice takes a rung away."""
    require(actor, Action.PRACTISE)
    skills = {skill.id for skill in library.skills}
    wrong = {skill_id for skill_id, step in chosen.items() if skill_id in skills and step and step not in RUNGS}
    if wrong:
        raise InvalidError(dict.fromkeys(wrong, "Choose one of the four rungs, or none."))
    for skill_id in skills & chosen.keys():
        mine = LadderStep.person_id == actor.id, LadderStep.skill_id == skill_id
        row = session.scalars(select(LadderStep).where(*mine)).one_or_none()
        if not chosen[skill_id]:
            session.execute(delete(LadderStep).where(*mine))
        elif row is None:
            session.add(LadderStep(person_id=actor.id, skill_id=skill_id, step=chosen[skill_id], at=clock.now()))
        elif row.step != chosen[skill_id]:
            row.step, row.at = chosen[skill_id], clock.now()
    session.flush()
