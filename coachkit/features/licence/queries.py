"""Which licences a coach holds and lacks, her rounds, and who may rate what until when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.assessment.licence import Compared, Outcome, Rubric, rubric_of, trainable
from coachkit.domain.assessment.scale import LEVELS, read_level
from coachkit.domain.content.model import CalibrationSet, Library, Line, ReferenceRating
from coachkit.features.accounts.queries import learner_ids_of, with_role
from coachkit.features.licence.models import SampleRating, TrainingRound
from coachkit.features.licence.service import (
    DUE_SOON,
    SAMPLES,
    given,
    judged,
    last_ended,
    level_of,
    limit_of,
    open_round,
    samples_of,
)
from coachkit.features.practice.licences import Licence, held, needed
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.queries import CriterionView, LibraryOf
from coachkit.features.practice.service import OFFICIAL
from coachkit.platform.policy import Role
from coachkit.platform.templates import long_date

MINUTES = 8
"""What one sample takes, by our own tries: reading, rating, comparing."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A licence in words."""

    key: str
    """`valid`, `due`, `ended`, `changed` or `none`."""
    words: str
    until: date | None


def standing(rubric: Rubric, licences: Iterable[Licence], now: datetime) -> Standing:
    """Where a coach stands with one rubric, from all licences that she ever held for its skill."""
    rows = sorted(licences, key=lambda row: row.expires_on)
    mine = [row for row in rows if row.rubric == rubric.version]
    if mine and mine[-1].valid(now):
        until = mine[-1].expires_on
        if until - now.date() <= DUE_SOON:
            return Standing("due", f"Until {long_date(until)}: renew it soon", until)
        return Standing("valid", f"Until {long_date(until)}", until)
    if mine:
        return Standing("ended", f"Ended on {long_date(mine[-1].expires_on)}", mine[-1].expires_on)
    if rows and rows[-1].valid(now):
        return Standing("changed", "The rubric has changed; yours is for the earlier one", None)
    return Standing("none", "Not yet", None)


@dataclass(frozen=True, slots=True)
class SkillCard:
    """One skill on a coach's own page."""

    id: str
    name: str
    standing: Standing
    waiting: int
    """Official attempts of her learners that wait and need this licence."""
    minutes: int
    open: bool
    """She is in the middle of a round."""
    version: str
    """The library to train in; empty for the current one."""

    @property
    def missing(self) -> bool:
        return self.standing.key in {"ended", "changed", "none"}


@dataclass(frozen=True, slots=True)
class MyLicences:
    """A coach's own page."""

    cards: tuple[SkillCard, ...]
    untrainable: tuple[str, ...]
    blocked: int
    """Official attempts that wait for her and that her licences do not cover."""

    @property
    def first(self) -> SkillCard | None:
        """What to do next: what most attempts wait for, a begun round first."""
        wanted = [card for card in self.cards if card.missing or card.standing.key == "due"]
        return max(wanted, key=lambda c: (c.waiting if c.missing else 0, c.open, c.missing), default=None)


def licences_of(session: Session, coach_ids: Iterable[int]) -> dict[int, dict[str, list[Licence]]]:
    """Every licence that these coaches ever held, by skill."""
    found: dict[int, dict[str, list[Licence]]] = {coach_id: {} for coach_id in coach_ids}
    for row in session.scalars(select(Licence).where(Licence.coach_id.in_(found))):
        found[row.coach_id].setdefault(row.skill_id, []).append(row)
    return found


def official_waiting(session: Session, coach_id: int) -> list[Attempt]:
    """Official work of her learners that waits, whatever her licences."""
    return list(
        session.scalars(
            select(Attempt).where(
                Attempt.learner_id.in_(learner_ids_of(session, coach_id)),
                Attempt.kind == OFFICIAL,
                Attempt.submitted_at.is_not(None),
                Attempt.revealed_at.is_(None),
                Attempt.withdrawn_at.is_(None),
            )
        )
    )


def my_licences(session: Session, library: Library, library_of: LibraryOf, coach_id: int, now: datetime) -> MyLicences:
    """Each skill with where she stands; also rubrics of older libraries that a waiting attempt needs."""
    own, hers = licences_of(session, [coach_id])[coach_id], held(session, [coach_id], now)[coach_id]
    wanted: Counter[Rubric] = Counter()
    libraries: dict[Rubric, str] = {}
    blocked = 0
    for attempt in official_waiting(session, coach_id):
        lacking = needed(session, attempt) - hers
        blocked += bool(lacking)
        wanted.update(lacking)
        libraries.update(dict.fromkeys(lacking, attempt.library_version))
    skills = trainable(library)
    rubrics = {rubric_of(skill): "" for skill in library.skills if skill.id in skills}
    older = {rubric: version for rubric, version in libraries.items() if rubric not in rubrics}
    cards = []
    for rubric, version in (rubrics | older).items():
        book = library_of(version) if version else library
        begun = open_round(session, coach_id, rubric.skill_id)
        cards.append(
            SkillCard(
                id=rubric.skill_id,
                name=book.skill(rubric.skill_id).name + (" (earlier rubric)" if version else ""),
                standing=standing(rubric, own.get(rubric.skill_id, []), now),
                waiting=wanted[rubric],
                minutes=MINUTES * min(SAMPLES, len(samples_of(book, rubric.skill_id))),
                open=begun is not None and begun.rubric == rubric.version,
                version=version,
            )
        )
    without = tuple(skill.name for skill in library.skills if skill.id not in skills)
    return MyLicences(tuple(cards), without, blocked)


def library_to_train(
    session: Session, library: Library, library_of: LibraryOf, coach_id: int, version: str
) -> Library | None:
    """The current library; or an earlier one, if an attempt of her learners that waits began with it."""
    if not version or version == library.version:
        return library
    waits = {attempt.library_version for attempt in official_waiting(session, coach_id)}
    return library_of(version) if version in waits else None


@dataclass(frozen=True, slots=True)
class Seen:
    """A behaviour from a sample that she has rated in this round, with the level that the reference gave it."""

    sample: str
    evidence: str


@dataclass(frozen=True, slots=True)
class LevelToRead:
    """A level of a criterion: the anchor, a written behaviour, and what she has met of it in samples."""

    level: int
    name: str
    anchor: str
    example: str
    """Empty where nobody has written one yet."""
    seen: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class CriterionToRead:
    """A criterion, with one behaviour per level, and what she has seen of it so far."""

    name: str
    status: str
    levels: tuple[LevelToRead, ...]


@dataclass(frozen=True, slots=True)
class PastRound:
    id: int
    ended_at: datetime
    passed: bool


@dataclass(frozen=True, slots=True)
class SkillPage:
    """Reading before rating, and where she is."""

    id: str
    name: str
    version: str
    criteria: tuple[CriterionToRead, ...]
    minutes: int
    samples: int
    round_id: int | None
    next_sample: str
    rated: int
    past: tuple[PastRound, ...]
    rested: bool
    """Whether a new round may begin today."""


def _latest(session: Session, coach_id: int, skill_id: str) -> TrainingRound | None:
    return open_round(session, coach_id, skill_id) or last_ended(session, coach_id, skill_id)


def may_compare(session: Session, row: TrainingRound, sample_id: str) -> bool:
    """Whether she may see this sample's reference now: she has rated it, in her latest round too if it is in there."""
    if sample_id not in given(session, row.id):
        return False
    latest = open_round(session, row.coach_id, row.skill_id)
    return latest is None or sample_id not in latest.sample_ids or sample_id in given(session, latest.id)


def _examples(session: Session, library: Library, coach_id: int, skill_id: str) -> dict[tuple[str, int], list[Seen]]:
    """Behaviours by criterion and level, from samples whose references she may see."""
    found: dict[tuple[str, int], list[Seen]] = {}
    row = _latest(session, coach_id, skill_id)
    if row is None or row.library_version != library.version:
        return found
    for sample_id in given(session, row.id):
        sample = library.calibration_set(sample_id)
        for reference in sample.reference:
            if isinstance(reference.level, int):
                seen = Seen(sample.title, reference.evidence)
                found.setdefault((reference.criterion, reference.level), []).append(seen)
    return found


def skill_page(session: Session, library: Library, coach_id: int, skill_id: str, today: date) -> SkillPage | None:
    """A skill to train on; None where the library has no samples for it."""
    samples = samples_of(library, skill_id)
    if not samples:
        return None
    skill, examples = library.skill(skill_id), _examples(session, library, coach_id, skill_id)
    rubric = rubric_of(skill).version
    begun = open_round(session, coach_id, skill_id)
    begun = begun if begun is not None and begun.rubric == rubric else None
    rated = given(session, begun.id) if begun else {}
    last = last_ended(session, coach_id, skill_id)
    ended = last.ended_at if last is not None and last.rubric == rubric else None
    past = session.scalars(
        select(TrainingRound)
        .where(
            TrainingRound.coach_id == coach_id, TrainingRound.skill_id == skill_id, TrainingRound.passed.is_not(None)
        )
        .order_by(TrainingRound.ended_at.desc(), TrainingRound.id.desc())
    )
    return SkillPage(
        id=skill.id,
        name=skill.name,
        version=library.version,
        criteria=tuple(
            CriterionToRead(
                criterion.name,
                criterion.status,
                tuple(
                    LevelToRead(
                        level,
                        LEVELS[level],
                        text,
                        criterion.examples.get(level, ""),
                        tuple(examples.get((criterion.id, level), ())),
                    )
                    for level, text in sorted(criterion.anchors.items())
                ),
            )
            for criterion in skill.criteria
        ),
        minutes=MINUTES * min(SAMPLES, len(samples)),
        samples=len(begun.sample_ids) if begun else min(SAMPLES, len(samples)),
        round_id=begun.id if begun else None,
        next_sample=_next(begun, rated) if begun else "",
        rated=len(rated),
        past=tuple(PastRound(row.id, row.ended_at or row.started_at, bool(row.passed)) for row in past),
        rested=ended is None or ended.date() < today,
    )


def _next(row: TrainingRound, rated: Mapping[str, object]) -> str:
    return next((sample_id for sample_id in row.sample_ids if sample_id not in rated), "")


@dataclass(frozen=True, slots=True)
class SamplePage:
    """A sample to rate. It holds nothing of the reference."""

    round_id: int
    skill_id: str
    skill: str
    sample_id: str
    title: str
    number: int
    of: int
    scenario: str
    lines: tuple[Line, ...]
    criteria: tuple[CriterionView, ...]
    who: str


def sample_page(library: Library, row: TrainingRound, sample: CalibrationSet) -> SamplePage:
    """A sample to rate blind."""
    limit = limit_of(library, sample)
    known = {scenario.id: scenario for scenario in library.scenarios}
    scenario = known.get(sample.scenario)
    return SamplePage(
        round_id=row.id,
        skill_id=row.skill_id,
        skill=library.skill(row.skill_id).name,
        sample_id=sample.id,
        title=sample.title,
        number=row.sample_ids.index(sample.id) + 1,
        of=len(row.sample_ids),
        scenario=scenario.title if scenario else "",
        lines=sample.transcript,
        criteria=tuple(
            CriterionView(
                c.id, c.name, c.status, limit, tuple((v, LEVELS[v], text) for v, text in sorted(c.anchors.items()))
            )
            for c in (library.criterion(reference.criterion) for reference in sample.reference)
        ),
        who=scenario.stakeholder.name if scenario else "the other side",
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """One criterion: hers, and the reference with its reason."""

    criterion: str
    compared: Compared
    own_evidence: str
    reference: ReferenceRating


@dataclass(frozen=True, slots=True)
class ComparedSample:
    """A rated sample, beside its reference."""

    sample_id: str
    title: str
    lines: tuple[Line, ...]
    differences: tuple[Difference, ...]


def compared_sample(library: Library, sample_id: str, rows: Mapping[str, SampleRating]) -> ComparedSample:
    """Item by item."""
    sample = library.calibration_set(sample_id)
    return ComparedSample(
        sample.id,
        sample.title,
        sample.transcript,
        tuple(
            Difference(
                library.criterion(reference.criterion).name,
                Compared(level_of(rows[reference.criterion]), read_level(str(reference.level))),
                rows[reference.criterion].evidence,
                reference,
            )
            for reference in sample.reference
        ),
    )


@dataclass(frozen=True, slots=True)
class RoundPage:
    """What came of a round, for her alone."""

    id: int
    skill_id: str
    skill: str
    ended_at: datetime | None
    passed: bool | None
    next_sample: str
    outcome: Outcome
    samples: tuple[ComparedSample, ...]
    until: date | None


def round_page(session: Session, library: Library, row: TrainingRound) -> RoundPage:
    """A round, as far as it was rated; without samples that she is about to rate again."""
    ratings = given(session, row.id)
    licence = session.scalars(
        select(Licence).where(
            Licence.coach_id == row.coach_id, Licence.skill_id == row.skill_id, Licence.granted_at == row.ended_at
        )
    ).first()
    return RoundPage(
        id=row.id,
        skill_id=row.skill_id,
        skill=library.skill(row.skill_id).name,
        ended_at=row.ended_at,
        passed=row.passed,
        next_sample=_next(row, ratings) if row.ended_at is None else "",
        outcome=judged(session, library, row),
        samples=tuple(
            compared_sample(library, sample_id, ratings[sample_id])
            for sample_id in row.sample_ids
            if may_compare(session, row, sample_id)
        ),
        until=licence.expires_on if licence else None,
    )


@dataclass(frozen=True, slots=True)
class CoachRow:
    """One coach and where she stands with each skill."""

    id: int
    name: str
    standings: tuple[tuple[str, Standing], ...]

    def of(self, *keys: str) -> tuple[str, ...]:
        """The skills with one of these standings."""
        return tuple(name for name, found in self.standings if found.key in keys)

    @property
    def valid(self) -> tuple[tuple[date, tuple[str, ...]], ...]:
        """Skills that she may rate, by their last day."""
        days: dict[date, list[str]] = {}
        for name, found in self.standings:
            if found.key in {"valid", "due"} and found.until is not None:
                days.setdefault(found.until, []).append(name)
        return tuple((day, tuple(names)) for day, names in sorted(days.items()))


def coaches(session: Session, library: Library, now: datetime) -> tuple[CoachRow, ...]:
    """Every coach, by name. Nothing of how she rated, and of no round that brought no licence."""
    people = with_role(session, Role.COACH)
    licences = licences_of(session, [coach.id for coach in people])
    skills = [skill for skill in library.skills if skill.id in trainable(library)]
    return tuple(
        CoachRow(
            coach.id,
            coach.name,
            tuple(
                (skill.name, standing(rubric_of(skill), licences[coach.id].get(skill.id, []), now)) for skill in skills
            ),
        )
        for coach in people
    )
