"""What a coach does to get a licence: begin a round, rate its samples blind, and hold what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from coachkit.domain.assessment import sheet as sheets
from coachkit.domain.assessment.licence import Compared, Outcome, PassRule, outcome, rubric_of
from coachkit.domain.assessment.scale import Level, read_level
from coachkit.domain.assessment.sheet import Sheet
from coachkit.domain.content.model import CalibrationSet, Library
from coachkit.domain.decision.months import months_later
from coachkit.features.licence.models import SampleRating, TrainingRound
from coachkit.features.practice.licences import Licence
from coachkit.platform import audit, clock, jobs
from coachkit.platform.errors import ConflictError, InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor, require
from coachkit.platform.settings import Settings
from coachkit.platform.tools import shelf, tools

DUE_SOON = timedelta(days=30)
SAMPLES = 3
"""In one round; fewer where a skill has fewer."""
TOMORROW = "You ended a round of this skill today, and its references are fresh in your mind. Begin again tomorrow."
RATED = "You have rated this sample already. It stays as you gave it; the reference stands beside it now."


def rule(settings: Settings) -> PassRule:
    """The house's pass rule."""
    return PassRule(settings.licence_within_percent, settings.licence_lean)


def own_round(session: Session, actor: Actor, round_id: int, *, lock: bool = False) -> TrainingRound:
    """A round of the actor's own; anybody else's does not exist."""
    require(actor, Action.COACH)
    query = select(TrainingRound).where(TrainingRound.id == round_id, TrainingRound.coach_id == actor.id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFoundError
    return row


def samples_of(library: Library, skill_id: str) -> tuple[CalibrationSet, ...]:
    """A skill's calibration sets."""
    return tuple(sample for sample in library.calibration_sets if sample.skill == skill_id)


def limit_of(library: Library, sample: CalibrationSet) -> int:
    """The highest level that the sample's scenario can show; five where the library does not have it."""
    try:
        return library.scenario(sample.scenario).limit
    except KeyError:
        return 5


def open_round(session: Session, coach_id: int, skill_id: str) -> TrainingRound | None:
    """The round that a coach is in."""
    return session.scalars(
        select(TrainingRound).where(
            TrainingRound.coach_id == coach_id, TrainingRound.skill_id == skill_id, TrainingRound.ended_at.is_(None)
        )
    ).one_or_none()


def last_ended(session: Session, coach_id: int, skill_id: str) -> TrainingRound | None:
    """The latest round that was rated to its end."""
    return session.scalars(
        select(TrainingRound)
        .where(
            TrainingRound.coach_id == coach_id, TrainingRound.skill_id == skill_id, TrainingRound.passed.is_not(None)
        )
        .order_by(TrainingRound.ended_at.desc(), TrainingRound.id.desc())
        .limit(1)
    ).one_or_none()


def start(session: Session, actor: Actor, library: Library, skill_id: str) -> TrainingRound:
    """Begin a round of a skill, or go on with the one that is open for this rubric."""
    require(actor, Action.COACH)
    samples = samples_of(library, skill_id)
    if not samples:
        raise NotFoundError
    rubric = rubric_of(library.skill(skill_id)).version
    begun = open_round(session, actor.id, skill_id)
    if begun is not None and begun.rubric == rubric:
        return begun
    if begun is not None:
        begun.ended_at = clock.now()
        session.flush()
    before = last_ended(session, actor.id, skill_id)
    if before is not None and before.rubric == rubric and before.ended_at and before.ended_at.date() == clock.today():
        raise ConflictError(TOMORROW)
    row = TrainingRound(
        coach_id=actor.id,
        skill_id=skill_id,
        rubric=rubric,
        library_version=library.version,
        sample_ids=_freshest(session, actor.id, samples),
        started_at=clock.now(),
        ended_at=None,
        passed=None,
    )
    session.add(row)
    session.flush()
    return row


def _freshest(session: Session, coach_id: int, samples: tuple[CalibrationSet, ...]) -> list[str]:
    """The samples that she rated longest ago, those never rated first."""
    last = dict(
        session.execute(
            select(SampleRating.sample_id, func.max(SampleRating.rated_at))
            .join(TrainingRound, TrainingRound.id == SampleRating.round_id)
            .where(TrainingRound.coach_id == coach_id)
            .group_by(SampleRating.sample_id)
        ).all()
    )
    moments = sorted(set(last.values()))
    ranked = sorted(samples, key=lambda s: (moments.index(last[s.id]) + 1 if s.id in last else 0, s.id))
    return [sample.id for sample in ranked[:SAMPLES]]


def given(session: Session, round_id: int) -> dict[str, dict[str, SampleRating]]:
    """What was given in a round: by sample and criterion."""
    found: dict[str, dict[str, SampleRating]] = {}
    for row in session.scalars(select(SampleRating).where(SampleRating.round_id == round_id)):
        found.setdefault(row.sample_id, {})[row.criterion_id] = row
    return found


def level_of(row: SampleRating) -> Level:
    return Level(row.level, row.not_observed)


def compared(library: Library, ratings: Mapping[str, Mapping[str, SampleRating]]) -> tuple[Compared, ...]:
    """Her ratings beside the references, sample by sample."""
    return tuple(
        Compared(level_of(rows[reference.criterion]), read_level(str(reference.level)))
        for sample_id, rows in ratings.items()
        for reference in library.calibration_set(sample_id).reference
    )


def judged(session: Session, library: Library, row: TrainingRound) -> Outcome:
    """A round against the house's rule of today."""
    return outcome(compared(library, given(session, row.id)), rule(tools().settings))


def rate(session: Session, actor: Actor, round_id: int, sample_id: str, lines: Sheet) -> TrainingRound:
    """Keep what she gave for a sample, for good. The last sample ends the round, and may bring the licence."""
    row = own_round(session, actor, round_id, lock=True)
    if sample_id not in row.sample_ids:
        raise NotFoundError
    library = shelf().version(session, row.library_version)
    before = given(session, row.id)
    if sample_id in before or row.ended_at is not None:
        raise ConflictError(RATED)
    sample = library.calibration_set(sample_id)
    limit = limit_of(library, sample)
    criteria = [reference.criterion for reference in sample.reference]
    found = sheets.problems(lines, dict.fromkeys(criteria, limit), predicts=False, other="")
    if found:
        raise InvalidError(found)
    session.add_all(
        SampleRating(
            round_id=row.id,
            sample_id=sample_id,
            criterion_id=criterion_id,
            level=lines[criterion_id].level.value,
            not_observed=lines[criterion_id].level.not_observed,
            evidence=lines[criterion_id].evidence,
            rated_at=clock.now(),
        )
        for criterion_id in criteria
    )
    session.flush()
    if len(before) + 1 == len(row.sample_ids):
        _end(session, actor, library, row)
    return row


def _end(session: Session, actor: Actor, library: Library, row: TrainingRound) -> None:
    row.ended_at = clock.now()
    row.passed = judged(session, library, row).passed
    if row.passed:
        grant(session, actor, row)
    session.flush()


def grant(session: Session, actor: Actor, row: TrainingRound) -> Licence:
    """A licence for the round's rubric, from now on. The chain of events holds no round that brought none."""
    licence = Licence(
        coach_id=row.coach_id,
        skill_id=row.skill_id,
        rubric=row.rubric,
        granted_at=row.ended_at or clock.now(),
        expires_on=months_later(clock.today(), tools().settings.licence_months),
    )
    session.add(licence)
    session.flush()
    before_its_end = timedelta(days=(licence.expires_on - clock.today()).days) - DUE_SOON
    jobs.enqueue(session, "licence.due", delay=max(timedelta(), before_its_end), licence_id=licence.id)
    audit.record(
        session,
        actor,
        "licence:grant",
        subject=actor.pseudonym,
        about=f"training:{row.id}",
        skill=row.skill_id,
        until=licence.expires_on.isoformat(),
    )
    return licence
