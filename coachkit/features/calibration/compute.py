"""The engine at work: a calibration with everything that pages will need of it, as plain figures and words.

Pages never import this module: what it brings along is slow to load, and only jobs need it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from coachkit.domain.measurement import next_observation, self_coach_gaps, update_learner
from coachkit.domain.measurement.agreement import Agreement, agreement, agreement_by_criterion, agreement_by_pair
from coachkit.domain.measurement.calibrate import Views, calibrate_with_views
from coachkit.domain.measurement.calibration import Calibration, CoachResult, Estimate, SkillResult
from coachkit.domain.measurement.design import Candidate
from coachkit.domain.measurement.fit_statistics import MeanSquares
from coachkit.domain.measurement.outlook import Place, SkillOutlook, applied, linked_by, outlook
from coachkit.domain.measurement.profile import View
from coachkit.domain.measurement.ratings import Rating
from coachkit.domain.measurement.statements import LineStatement
from coachkit.features.calibration.inputs import Inputs
from coachkit.features.calibration.measures import NO_ROOM

Plain = dict[str, Any]
MOST_PROPOSALS = 20


@dataclass(frozen=True)
class Made:
    """A calibration and what is kept of it."""

    calibration: Calibration
    counts: Plain
    gates: Plain
    report: Plain
    standings: dict[str, Plain]
    """Per learner's pseudonym."""


def make(inputs: Inputs, as_of: date, previous: Calibration | None, *, everybody: bool = True) -> Made:
    """Calibrate, and work out everybody, unless the run is history already and nobody will be shown by it."""
    calibration, views = calibrate_with_views(
        inputs.rows, as_of=as_of, rubric_versions=inputs.rubric_versions, criteria=inputs.criteria
    )
    return Made(
        calibration,
        counts=_counts(calibration, inputs),
        gates=_gates(calibration),
        report=_report(calibration, views),
        standings={
            name: _standing(calibration, name, inputs, previous, views[name])
            for name in (result.learner for result in calibration.learners if everybody)
        },
    )


def update(
    calibration: Calibration, pseudonym: str, inputs: Inputs, as_of: date, previous: Calibration | None
) -> Plain:
    """One learner's standing with ratings that came after the calibration, which stays frozen."""
    known = {(r.attempt, r.coach, r.criterion) for r in calibration.ratings_of(pseudonym)}
    fresh = [
        row
        for row in inputs.rows
        if row["learner"] == pseudonym and (row["attempt"], row["coach"], row["criterion"]) not in known
    ]
    rubric = [r for r in fresh if r["rubric_version"] in inputs.rubric_versions and r["criterion"] in inputs.criteria]
    frozen = linked_by(calibration, pseudonym, {row["coach"] for row in rubric})
    # The rubric's version was checked above; the engine compares with what the calibration has seen.
    versions = {r.criterion: r.rubric_version for r in calibration.ratings}
    rows = [{**r, "rubric_version": versions.get(r["criterion"], r["rubric_version"])} for r in rubric]
    found = update_learner(frozen, pseudonym, rows, as_of=as_of)
    return _standing(applied(frozen, found, as_of), pseudonym, inputs, previous)


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _counts(calibration: Calibration, inputs: Inputs) -> Plain:
    return {
        "rows": len(inputs.rows),
        "used": len(calibration.ratings),
        "left_out": len(calibration.dropped),
        "not_observed": inputs.not_observed,
        "at_maximum": sum(r.at_maximum for r in calibration.ratings),
        "attempts": len({r.attempt for r in calibration.ratings}),
        "learners": len(calibration.learners),
        "coaches": len(calibration.coaches),
        "scenarios": len(calibration.labels.scenarios),
        "criteria": len(calibration.labels.criteria),
    }


def _gates(calibration: Calibration) -> Plain:
    gates = calibration.gates
    return {
        "status": gates.status.value,
        "sentence": gates.sentence,
        "connected": gates.connected,
        "components": gates.n_components,
        "double_rated_share": _round(gates.double_rated_share),
        "unusual_coach_share": _round(gates.unusual_coach_share),
        "double_needed": calibration.thresholds.double_rated_share,
        "unusual_needed": calibration.thresholds.unusual_coach_share,
        "levels_used": list(gates.levels_used),
        "levels_needed": calibration.thresholds.levels_used,
        "excluded": [{"coach": coach.coach, "reason": coach.reason} for coach in gates.excluded_coaches],
    }


def _report(calibration: Calibration, views: Views) -> Plain:
    everything = agreement(calibration.ratings)
    return {
        "coaches": [_coach(calibration, coach) for coach in calibration.coaches],
        "criteria": _criteria(calibration),
        "pairs": [
            {"one": pair[0], "other": pair[1], **_agreement(found)}
            for pair, found in agreement_by_pair(calibration.ratings).items()
        ],
        "agreement": _agreement(everything),
        "erratic_attempts": [
            {"attempt": found.attempt, "infit": _round(found.fit.infit)}
            for found in calibration.attempts
            if found.fit.status.value == "erratic"
        ],
        "left_out": [
            {
                "attempt": row.attempt,
                "coach": row.coach,
                "criterion": row.criterion,
                "level": row.level,
                "reason": row.reason.value,
                "sentence": row.sentence,
            }
            for row in calibration.dropped
        ],
        "needed": _needed(calibration),
        "proposals": _proposals(calibration, views),
    }


def _estimate(found: Estimate | None) -> Plain | None:
    if found is None:
        return None
    return {"value": _round(found.value), "low": _round(found.low), "high": _round(found.high)}


def _fit(found: MeanSquares | None) -> Plain | None:
    if found is None:
        return None
    return {
        "infit": _round(found.infit),
        "outfit": _round(found.outfit),
        "low": _round(found.low),
        "high": _round(found.high),
        "status": found.status.value,
        "sentence": found.sentence,
    }


def _agreement(found: Agreement) -> Plain:
    return {
        "alpha": _round(found.alpha),
        "alpha_low": _round(found.low),
        "alpha_high": _round(found.high),
        "exact": _round(found.exact),
        "within_one": _round(found.within_one),
        "shared_attempts": found.n_attempts,
        "pairs": found.n_pairs,
        "agreement_sentence": found.sentence,
    }


def _mean(ratings: Iterable[Rating]) -> float | None:
    """A plain mean of levels; those at a scenario's maximum are bounds and no levels."""
    levels = [r.level for r in ratings if not r.at_maximum]
    return sum(levels) / len(levels) if levels else None


def _coach(calibration: Calibration, coach: CoachResult) -> Plain:
    own = _mean(r for r in calibration.ratings if r.coach == coach.coach)
    others = _mean(r for r in calibration.ratings if r.coach != coach.coach)
    return {
        "coach": coach.coach,
        "status": coach.status.value,
        "sentence": coach.sentence,
        "ratings": coach.n_ratings,
        "learners": coach.n_learners,
        "shared_learners": coach.n_shared_learners,
        "levels_used": list(coach.levels_used),
        "raw_mean": _round(own),
        "raw_gap": _round(others - own) if own is not None and others is not None else None,
        "severity": _estimate(coach.severity),
        "drift": _estimate(coach.drift),
        "fit": _fit(coach.fit),
    }


def _criteria(calibration: Calibration) -> list[Plain]:
    shared = agreement_by_criterion(calibration.ratings)
    return [
        {
            "criterion": found.criterion,
            "skill": found.skill,
            "ratings": found.n_ratings,
            "difficulty": _estimate(found.difficulty),
            "fit": _fit(found.fit),
            **_agreement(shared[found.criterion]),
        }
        for found in calibration.criteria
    ]


def _needed(calibration: Calibration) -> Plain:
    """How many attempts more, rated by a second coach, bring the net up to its gates."""
    least, ratings = calibration.thresholds, calibration.ratings
    looks = {(r.attempt, r.learner, r.coach) for r in ratings}
    attempts = Counter(attempt for attempt, _learner, _coach in looks)
    double = sum(number > 1 for number in attempts.values())
    return {
        "attempts": len(attempts),
        "double": double,
        "more_double": max(0, ceil(least.double_rated_share * len(attempts)) - double),
    }


def _proposals(calibration: Calibration, views: Views) -> list[Plain]:
    """Who should rate whom once more, so that coaches can be told from learners."""
    looks: dict[str, Counter[str]] = {}
    for rating in calibration.ratings:
        looks.setdefault(rating.learner, Counter())[rating.coach] += 1
    gates = calibration.gates
    outside = [name for name in looks if name not in gates.main_learners]
    single = [name for name in looks if name in gates.main_learners and len(looks[name]) == 1]
    single.sort(key=lambda name: (-looks[name].total(), name))
    chosen = [*sorted(outside), *single][:MOST_PROPOSALS]
    found = [_proposal(calibration, name, looks[name], views[name]) for name in chosen]
    return [proposal for proposal in found if proposal is not None]


def _proposal(calibration: Calibration, learner: str, seen: Counter[str], views: tuple[View, ...]) -> Plain | None:
    coaches = [coach for coach in calibration.gates.main_coaches if coach not in seen]
    ratings = calibration.ratings
    scenarios = {r.scenario: frozenset[str]() for r in ratings}
    highest: dict[str, int] = {}
    for rating in ratings:
        scenarios[rating.scenario] |= {rating.criterion}
        highest[rating.scenario] = max(rating.max_level, highest.get(rating.scenario, 0))
    candidates = [
        Candidate(scenario, coach, tuple(sorted(criteria)), highest[scenario])
        for scenario, criteria in scenarios.items()
        for coach in coaches
    ]
    best = next(iter(next_observation(calibration, learner, candidates, seen=views)), None)
    if best is None:
        return None
    return {
        "learner": learner,
        "usual": min(seen, key=lambda coach: (-seen[coach], coach)),
        "coach": best.candidate.coach,
        "scenario": best.candidate.scenario,
        "outside": learner not in calibration.gates.main_learners,
    }


def _standing(
    calibration: Calibration,
    learner: str,
    inputs: Inputs,
    previous: Calibration | None,
    views: tuple[View, ...] | None = None,
) -> Plain:
    found = outlook(calibration, learner, together=inputs.role_skills, previous=previous, views=views)
    gaps = self_coach_gaps(inputs.gaps.get(learner, ()))
    return {
        "together": _result(found.together, no_room=found.together_no_room),
        "skills": {str(skill.result.skill): _skill(skill) for skill in found.skills},
        "gaps": [
            {
                "skill": gap.skill,
                "mean": _round(gap.mean),
                "low": _round(gap.low),
                "high": _round(gap.high),
                "trend": _round(gap.trend_per_month),
                "trend_low": _round(gap.trend_low),
                "trend_high": _round(gap.trend_high),
                "attempts": gap.n_attempts,
            }
            for gap in gaps
        ],
    }


def _result(found: SkillResult, *, no_room: bool) -> Plain:
    base, measure = found.base, found.measure
    shown = measure is not None and not no_room
    return {
        "status": "no_room" if no_room else found.status.value,
        "why": "" if shown else NO_ROOM if no_room else found.sentence,
        "measure": {"value": _round(measure.fair_average), "low": _round(measure.low), "high": _round(measure.high)}
        if measure is not None and shown
        else None,
        "raw": _round(found.raw_mean),
        "attempts": base.n_attempts,
        "scenarios": base.n_scenarios,
        "coaches": base.n_coaches,
        "ratings": base.n_ratings,
        "at_maximum": base.n_at_maximum,
        "last_on": base.last_on.isoformat() if base.last_on else None,
    }


def _place(found: Place) -> list[Any]:
    return [found.day.isoformat(), _round(found.value), _round(found.low), _round(found.high)]


def _skill(found: SkillOutlook) -> Plain:
    ahead = found.ahead
    return {
        **_result(found.result, no_room=found.no_room),
        "lines": {
            str(line): {"group": said.group.value, "sentence": _sentence(said), "lacks": _once(said.lacks)}
            for line, said in found.statements
        },
        "course": [_place(place) for place in found.course],
        "ahead": ahead and {"linear": _place(ahead.linear), "levelling": _place(ahead.levelling)},
        "ahead_lacks": list(found.ahead_lacks),
    }


def _once(lacks: Iterable[str]) -> list[str]:
    """What is missing, the larger of two demands of one kind only: it stands first."""
    kinds: dict[str, str] = {}
    for lack in lacks:
        kinds.setdefault(re.sub(r"\d+", "#", lack), lack)
    return list(kinds.values())


def _sentence(said: LineStatement) -> str:
    return f"Cannot tell: {'; '.join(_once(said.lacks))}." if said.lacks else said.sentence
