"""Gates before figures: what the evidence must be before anything is said, and the words when it is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from coachkit.domain.measurement.ratings import HIGHEST_LEVEL, LOWEST_LEVEL, Rating


@dataclass(frozen=True)
class Thresholds:
    """Least evidence for each kind of statement. Set from simulated precision; see docs/measurement.md."""

    measure_attempts: int = 2
    measure_scenarios: int = 2
    line_attempts: int = 4
    line_scenarios: int = 3
    line_coaches: int = 2
    line_sd: float = 0.6  # logits
    line_probability: float = 0.8
    line_age_days: int = 60
    projection_attempts: int = 5
    projection_span_days: int = 45
    projection_horizon_days: int = 90
    not_met_attempts: int = 6
    not_met_span_days: int = 90
    not_met_probability: float = 0.2
    coach_ratings: int = 30
    coach_shared_learners: int = 3
    coach_levels: int = 3
    unvarying_ratings: int = 12
    double_rated_share: float = 0.15
    unusual_coach_share: float = 0.20
    levels_used: int = 3


THRESHOLDS = Thresholds()


class ProgrammeStatus(StrEnum):
    """Whether coach differences can be told from learner differences."""

    LINKED = "linked"
    WEAKLY_LINKED = "weakly_linked"
    NOT_CONNECTED = "not_connected"
    LEVELS_UNUSED = "levels_unused"
    NO_RATINGS = "no_ratings"


PROGRAMME_SENTENCES = {
    ProgrammeStatus.LINKED: "Coaches share enough attempts for their differences to be allowed for.",
    ProgrammeStatus.WEAKLY_LINKED: (
        "Coach differences cannot be separated well from learner differences: too few attempts are rated "
        "by two coaches or by a coach other than the usual one."
    ),
    ProgrammeStatus.NOT_CONNECTED: (
        "Coach differences cannot be separated from learner differences: some coaches and learners are not "
        "linked to the rest by any shared rating."
    ),
    ProgrammeStatus.LEVELS_UNUSED: (
        "Too few of the five levels are in use for differences between them to be measured."
    ),
    ProgrammeStatus.NO_RATINGS: "There are no ratings to combine yet.",
}


@dataclass(frozen=True)
class ExcludedCoach:
    """A coach whose ratings say nothing about learners."""

    coach: str
    reason: str


@dataclass(frozen=True)
class ProgrammeGates:
    """What holds for all ratings together."""

    status: ProgrammeStatus
    n_components: int
    main_learners: tuple[str, ...]
    main_coaches: tuple[str, ...]
    double_rated_share: float
    unusual_coach_share: float
    levels_used: tuple[int, ...]
    excluded_coaches: tuple[ExcludedCoach, ...]

    @property
    def connected(self) -> bool:
        return self.n_components <= 1

    @property
    def sentence(self) -> str:
        return PROGRAMME_SENTENCES[self.status]

    def line_can_be_placed(self, line: float) -> bool:
        """A line in a stretch of the scale that no rating ever used cannot be compared with anything."""
        needed = {int(np.floor(line)), int(np.ceil(line))}
        return needed <= set(self.levels_used)


def unvarying_coaches(ratings: Iterable[Rating], thresholds: Thresholds = THRESHOLDS) -> list[ExcludedCoach]:
    """Coaches who gave one level throughout; ratings at a scenario's maximum are no sign of that."""
    levels: dict[str, Counter[int]] = {}
    for rating in ratings:
        if not rating.at_maximum:
            levels.setdefault(rating.coach, Counter())[rating.level] += 1
    return [
        ExcludedCoach(coach, f"All {counts.total()} ratings are the same level ({next(iter(counts))}).")
        for coach, counts in sorted(levels.items())
        if len(counts) == 1 and counts.total() >= thresholds.unvarying_ratings
    ]


def programme_gates(
    ratings: Sequence[Rating], excluded: Sequence[ExcludedCoach] = (), thresholds: Thresholds = THRESHOLDS
) -> ProgrammeGates:
    """Connectedness, shared ratings and use of the levels, over the ratings that enter."""
    components = _components(ratings)
    looks = sorted({(r.attempt, r.learner, r.coach) for r in ratings})
    double, unusual = _double_share(looks), _unusual_share(looks)
    counted = Counter(r.level for r in ratings if not r.at_maximum)
    used = tuple(level for level in range(LOWEST_LEVEL, HIGHEST_LEVEL + 1) if counted[level])
    if not ratings:
        status = ProgrammeStatus.NO_RATINGS
    elif len(used) < thresholds.levels_used:
        status = ProgrammeStatus.LEVELS_UNUSED
    elif len(components) > 1:
        status = ProgrammeStatus.NOT_CONNECTED
    elif double < thresholds.double_rated_share or unusual < thresholds.unusual_coach_share:
        status = ProgrammeStatus.WEAKLY_LINKED
    else:
        status = ProgrammeStatus.LINKED
    learners, coaches = components[0] if components else ((), ())
    if 2 * len(learners) <= sum(len(group[0]) for group in components):
        learners = ()  # the largest group is no majority: nobody knows what the others would be compared with
    return ProgrammeGates(
        status=status,
        n_components=len(components),
        main_learners=learners,
        main_coaches=coaches,
        double_rated_share=double,
        unusual_coach_share=unusual,
        levels_used=used,
        excluded_coaches=tuple(excluded),
    )


def _components(ratings: Sequence[Rating]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Groups of learners and coaches linked by ratings, the largest first."""
    learners, coaches = sorted({r.learner for r in ratings}), sorted({r.coach for r in ratings})
    if not learners:
        return []
    row = {name: k for k, name in enumerate(learners)}
    column = {name: len(learners) + k for k, name in enumerate(coaches)}
    edges = sorted({(row[r.learner], column[r.coach]) for r in ratings})
    size = len(learners) + len(coaches)
    graph = sp.coo_matrix((np.ones(len(edges)), tuple(zip(*edges, strict=True))), shape=(size, size))
    n, label = connected_components(graph, directed=False)
    weight = Counter(int(label[row[r.learner]]) for r in ratings)
    groups = [
        (
            tuple(name for name in learners if label[row[name]] == k),
            tuple(name for name in coaches if label[column[name]] == k),
            weight[k],
        )
        for k in range(n)
    ]
    groups.sort(key=lambda group: (-len(group[0]), -group[2], group[0]))
    return [(group[0], group[1]) for group in groups]


def _double_share(looks: Sequence[tuple[str, str, str]]) -> float:
    per_attempt = Counter(attempt for attempt, _, _ in looks)
    return sum(n > 1 for n in per_attempt.values()) / len(per_attempt) if per_attempt else 0.0


def _unusual_share(looks: Sequence[tuple[str, str, str]]) -> float:
    """Share of coach looks that came from another coach than the learner's usual one."""
    by_learner: dict[str, Counter[str]] = {}
    for _, learner, coach in looks:
        by_learner.setdefault(learner, Counter())[coach] += 1
    usual = sum(max(counts.values()) for counts in by_learner.values())
    return 1.0 - usual / len(looks) if looks else 0.0


@dataclass(frozen=True)
class EvidenceBase:
    """What there is about one learner, in one skill or in all."""

    n_attempts: int
    n_scenarios: int
    n_coaches: int
    n_ratings: int
    n_at_maximum: int
    first_on: date | None
    last_on: date | None

    @property
    def span_days(self) -> int:
        return (self.last_on - self.first_on).days if self.first_on and self.last_on else 0


def evidence_base(ratings: Sequence[Rating]) -> EvidenceBase:
    """Count what the ratings rest on."""
    days = [r.on for r in ratings]
    return EvidenceBase(
        n_attempts=len({r.attempt for r in ratings}),
        n_scenarios=len({r.scenario for r in ratings}),
        n_coaches=len({r.coach for r in ratings}),
        n_ratings=len(ratings),
        n_at_maximum=sum(r.at_maximum for r in ratings),
        first_on=min(days, default=None),
        last_on=max(days, default=None),
    )


class EvidenceStatus(StrEnum):
    """Whether a measure can be given at all."""

    MEASURED = "measured"
    NO_EVIDENCE = "no_evidence"
    NOT_ENOUGH = "not_enough"
    NOT_ALL_SKILLS = "not_all_skills"
    NOT_LINKED = "not_linked"
    LEVELS_UNUSED = "levels_unused"


EVIDENCE_SENTENCES = {
    EvidenceStatus.MEASURED: "There is enough evidence for a measure.",
    EvidenceStatus.NO_EVIDENCE: "There is no evidence yet.",
    EvidenceStatus.NOT_ENOUGH: "Not enough evidence yet: two rated attempts in two scenarios are needed.",
    EvidenceStatus.NOT_ALL_SKILLS: "Not every skill has been rated, so nothing is said about all together.",
    EvidenceStatus.NOT_LINKED: "These coaches share no learner with the rest and cannot be allowed for.",
    EvidenceStatus.LEVELS_UNUSED: PROGRAMME_SENTENCES[ProgrammeStatus.LEVELS_UNUSED],
}


def evidence_status(
    base: EvidenceBase, *, linked: bool, gates: ProgrammeGates, thresholds: Thresholds = THRESHOLDS
) -> EvidenceStatus:
    """Whether a measure of one skill can be given."""
    if not base.n_ratings:
        return EvidenceStatus.NO_EVIDENCE
    if base.n_attempts < thresholds.measure_attempts or base.n_scenarios < thresholds.measure_scenarios:
        return EvidenceStatus.NOT_ENOUGH
    if gates.status is ProgrammeStatus.LEVELS_UNUSED:
        return EvidenceStatus.LEVELS_UNUSED
    return EvidenceStatus.MEASURED if linked else EvidenceStatus.NOT_LINKED


def lacks_for_line(
    base: EvidenceBase, *, sd: float, as_of: date, line: float, gates: ProgrammeGates, thresholds: Thresholds
) -> list[str]:
    """What is missing before a skill may be said to be at its role line, in plain words."""
    lacks = []
    if base.n_attempts < thresholds.line_attempts:
        lacks.append(f"{thresholds.line_attempts} rated attempts are needed, there are {base.n_attempts}")
    if base.n_scenarios < thresholds.line_scenarios:
        lacks.append(f"{thresholds.line_scenarios} different scenarios are needed, there are {base.n_scenarios}")
    if base.n_coaches < thresholds.line_coaches:
        lacks.append(f"{thresholds.line_coaches} coaches are needed, there is {base.n_coaches}")
    if sd > thresholds.line_sd:
        lacks.append("the measure is still too wide")
    if base.last_on is None or (as_of - base.last_on).days > thresholds.line_age_days:
        lacks.append(f"the last attempt is more than {thresholds.line_age_days} days old")
    if not gates.line_can_be_placed(line):
        lacks.append("the line lies in a part of the scale that no coach has used")
    return lacks


def lacks_for_not_met(base: EvidenceBase, thresholds: Thresholds) -> list[str]:
    """What is missing before a skill may be said to be short of its role line, beyond `lacks_for_line`."""
    lacks = []
    if base.n_attempts < thresholds.not_met_attempts:
        lacks.append(f"{thresholds.not_met_attempts} rated attempts are needed, there are {base.n_attempts}")
    if base.span_days < thresholds.not_met_span_days:
        lacks.append(f"attempts over {thresholds.not_met_span_days} days are needed, they span {base.span_days}")
    return lacks


def lacks_for_projection(base: EvidenceBase, horizon_days: int, thresholds: Thresholds) -> list[str]:
    """What is missing before anything may be said about a day to come."""
    lacks = []
    if base.n_attempts < thresholds.projection_attempts:
        lacks.append(f"{thresholds.projection_attempts} rated attempts are needed, there are {base.n_attempts}")
    if base.span_days < thresholds.projection_span_days:
        lacks.append(f"attempts over {thresholds.projection_span_days} days are needed, they span {base.span_days}")
    furthest = min(base.span_days, thresholds.projection_horizon_days)
    if horizon_days > furthest:
        lacks.append(f"the day is more than {furthest} days after the last attempt")
    return lacks
