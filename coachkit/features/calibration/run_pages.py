"""How coaches rate beside each other: the newest run, its history, and one run opened. Names alphabetical."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from coachkit.domain.content.model import Library
from coachkit.features.accounts.models import Person
from coachkit.features.calibration.measures import Entry, signed
from coachkit.features.calibration.models import CalibrationRun

LEFT = "A person who has left"
CAUSES = {"night": "nightly", "asked": "asked for", "first": "the first one"}


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run in the history."""

    id: int
    made_at: datetime
    cause: str
    ratings: int
    left_out: int
    sentence: str


@dataclass(frozen=True, slots=True)
class CoachLine:
    """How one coach rates beside the others."""

    name: str
    ratings: int
    learners: int
    raw: str
    adjusted: str
    low_x: float | None
    mid_x: float | None
    high_x: float | None
    drift: str
    fit: str
    sentence: str


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """How the ratings of one criterion hold together."""

    id: str
    name: str
    skill: str
    ratings: int
    alpha: str
    exact: str
    within_one: str
    infit: str
    outfit: str
    note: str
    shared: int


@dataclass(frozen=True, slots=True)
class PairLine:
    """Two coaches over what both have rated."""

    names: str
    shared: int
    alpha: str
    exact: str
    within_one: str


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """Who could rate whom once more."""

    learner: str
    usual: str
    coach: str
    scenario: str
    outside: bool


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition, and how it stands."""

    name: str
    value: str
    holds: bool


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that did not enter, and why."""

    attempt: str
    coach: str
    criterion: str
    level: str
    why: str


@dataclass(frozen=True, slots=True)
class RunPage:
    """One run."""

    id: int
    made_at: datetime
    as_of: date
    cause: str
    model: str
    library: str
    inputs_hash: str
    result_hash: str
    sentence: str
    linked: bool
    gates: tuple[Gate, ...]
    excluded: tuple[tuple[str, str], ...]
    counts: Mapping[str, int]
    coaches: tuple[CoachLine, ...]
    criteria: tuple[CriterionLine, ...]
    pairs: tuple[PairLine, ...]
    agreement: str
    left_out: tuple[LeftOut, ...]
    left_out_reasons: tuple[tuple[str, int], ...]
    needed: str
    proposals: tuple[ProposalLine, ...]
    shown_ids: tuple[int, ...]
    """Coaches and learners whom the page is about; the look is recorded for them."""


@dataclass(frozen=True, slots=True)
class CalibrationPage:
    """The newest run, and all before it."""

    newest: RunPage | None
    history: tuple[RunLine, ...]


def calibration_page(session: Session, library: Library, limit: int = 60) -> CalibrationPage:
    """What the lead coach sees first."""
    rows = list(session.scalars(select(CalibrationRun).order_by(CalibrationRun.id.desc()).limit(limit)))
    newest = run_page(session, library, rows[0].id) if rows else None
    return CalibrationPage(newest, tuple(_run_line(row) for row in rows))


def _run_line(run: CalibrationRun) -> RunLine:
    return RunLine(
        run.id, run.made_at, CAUSES[run.cause], run.counts["used"], run.counts["left_out"], run.gates["sentence"]
    )


def run_page(session: Session, library: Library, run_id: int) -> RunPage | None:
    """One run with everything that was kept of it."""
    query = select(CalibrationRun).where(CalibrationRun.id == run_id).options(undefer(CalibrationRun.report))
    run = session.scalars(query).one_or_none()
    if run is None:
        return None
    report, gates = run.report, run.gates
    people = _people(session, _pseudonyms(report, gates))
    names = {pseudonym: name for pseudonym, (_id, name) in people.items()}
    criteria = {criterion.id: criterion for criterion in library.criteria}
    proposals = _proposals(report["proposals"], names, library)
    return RunPage(
        id=run.id,
        made_at=run.made_at,
        as_of=run.as_of,
        cause=CAUSES[run.cause],
        model=run.model_version,
        library=run.library_version[:12],
        inputs_hash=run.inputs_hash,
        result_hash=run.result_hash,
        sentence=gates["sentence"],
        linked=gates["status"] == "linked",
        gates=_gates(gates),
        excluded=tuple(sorted((names.get(e["coach"], LEFT), e["reason"]) for e in gates["excluded"])),
        counts=run.counts,
        coaches=tuple(sorted((_coach(entry, names) for entry in report["coaches"]), key=lambda c: c.name.lower())),
        criteria=_criteria(report["criteria"], library),
        pairs=tuple(sorted((_pair(entry, names) for entry in report["pairs"]), key=lambda p: p.names.lower())),
        agreement=_agreement_words(report["agreement"]),
        left_out=tuple(
            LeftOut(
                row["attempt"],
                names.get(row["coach"], LEFT),
                criteria[row["criterion"]].name if row["criterion"] in criteria else row["criterion"],
                row["level"],
                row["sentence"],
            )
            for row in report["left_out"]
        ),
        left_out_reasons=_reasons(report["left_out"]),
        needed=_needed(report["needed"]),
        proposals=proposals,
        shown_ids=tuple(sorted(person_id for person_id, _name in people.values())),
    )


def _pseudonyms(report: Entry, gates: Entry) -> set[str]:
    found = {entry["coach"] for key in ("coaches", "left_out") for entry in report[key]}
    found |= {entry["coach"] for entry in gates["excluded"]}
    return found | {entry[key] for entry in report["proposals"] for key in ("learner", "usual", "coach")}


def _people(session: Session, pseudonyms: Iterable[str]) -> dict[str, tuple[int, str]]:
    query = select(Person.pseudonym, Person.id, Person.name).where(Person.pseudonym.in_(sorted(pseudonyms)))
    return {pseudonym: (person_id, name) for pseudonym, person_id, name in session.execute(query)}


def _share(value: float | None) -> str:
    return "—" if value is None else f"{value:.0%}"


def _gates(gates: Entry) -> tuple[Gate, ...]:
    levels = len(gates["levels_used"])
    double, unusual = gates["double_rated_share"], gates["unusual_coach_share"]
    return (
        Gate("One connected net", "yes" if gates["connected"] else f"{gates['components']} parts", gates["connected"]),
        Gate(
            f"Attempts rated by two coaches, {_share(gates['double_needed'])} needed",
            _share(double),
            double >= gates["double_needed"],
        ),
        Gate(
            f"Looks by another coach than the usual one, {_share(gates['unusual_needed'])} needed",
            _share(unusual),
            unusual >= gates["unusual_needed"],
        ),
        Gate(f"Levels in use, {gates['levels_needed']} needed", str(levels), levels >= gates["levels_needed"]),
    )


def _coach(entry: Entry, names: Mapping[str, str]) -> CoachLine:
    severity, drift, fit = entry["severity"], entry["drift"], entry["fit"]
    adjusted = "cannot be told"
    if severity is not None:
        adjusted = f"{signed(severity['value'])}, likely {signed(severity['low'])} to {signed(severity['high'])}"
    return CoachLine(
        name=names.get(entry["coach"], LEFT),
        ratings=entry["ratings"],
        learners=entry["learners"],
        raw=signed(entry["raw_gap"]) if entry["raw_gap"] is not None else "—",
        adjusted=adjusted,
        low_x=_severity_x(severity["low"]) if severity else None,
        mid_x=_severity_x(severity["value"]) if severity else None,
        high_x=_severity_x(severity["high"]) if severity else None,
        drift=_drift(drift),
        fit=fit["sentence"] if fit else "",
        sentence=entry["sentence"],
    )


def _severity_x(value: float) -> float:
    """Two levels on either side of no difference, 200 wide."""
    return round(100 + max(-2.0, min(2.0, value)) * 45, 1)


def _drift(drift: Entry | None) -> str:
    if drift is None:
        return "—"
    told = drift["low"] > 0 or drift["high"] < 0
    words = f"{drift['value']:+.2f} a month, likely {drift['low']:+.2f} to {drift['high']:+.2f}".replace("-", "−")
    return words if told else f"none that can be told ({words})"


def _criteria(entries: list[Entry], library: Library) -> tuple[CriterionLine, ...]:
    """In the order of the rubric."""
    found = {entry["criterion"]: entry for entry in entries}
    return tuple(
        _criterion(found[criterion.id], criterion.name, library.skill_of(criterion.id).name)
        for criterion in library.criteria
        if criterion.id in found
    )


def _criterion(entry: Entry, name: str, skill: str) -> CriterionLine:
    fit = entry["fit"]
    few = fit["status"] == "too_few"
    return CriterionLine(
        id=entry["criterion"],
        name=name,
        skill=skill,
        ratings=entry["ratings"],
        alpha=_alpha(entry),
        exact=_share(entry["exact"]),
        within_one=_share(entry["within_one"]),
        infit="—" if few else f"{fit['infit']:.2f}",
        outfit="—" if few else f"{fit['outfit']:.2f}",
        note="" if fit["status"] == "expected" else fit["sentence"],
        shared=entry["shared_attempts"],
    )


def _alpha(entry: Entry) -> str:
    if entry["alpha"] is None:
        return "—"
    words = f"{entry['alpha']:.2f}"
    if entry["alpha_low"] is not None:
        words += f", likely {entry['alpha_low']:.2f} to {entry['alpha_high']:.2f}"
    return words.replace("-", "−")


def _agreement_words(entry: Entry) -> str:
    words = str(entry["agreement_sentence"])
    if entry["alpha"] is None:
        return words
    return f"{words} One level apart at most: {_share(entry['within_one'])}. Alpha {_alpha(entry)}."


def _pair(entry: Entry, names: Mapping[str, str]) -> PairLine:
    both = sorted(names.get(entry[key], LEFT) for key in ("one", "other"))
    return PairLine(
        " and ".join(both), entry["shared_attempts"], _alpha(entry), _share(entry["exact"]), _share(entry["within_one"])
    )


def _reasons(rows: list[Entry]) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}
    for row in rows:
        found[row["sentence"]] = found.get(row["sentence"], 0) + 1
    return tuple(sorted(found.items()))


def _needed(entry: Entry) -> str:
    if not entry["attempts"]:
        return "There are no rated attempts yet."
    have = f"{entry['double']} of {entry['attempts']} attempts are rated by two coaches."
    more = entry["more_double"]
    return f"{have} {more} more are needed." if more else f"{have} That is enough."


def _proposals(entries: list[Entry], names: Mapping[str, str], library: Library) -> tuple[ProposalLine, ...]:
    titles = {str(scenario.id): str(scenario.title) for scenario in library.scenarios}
    found = [
        ProposalLine(
            names[entry["learner"]],
            names.get(entry["usual"], LEFT),
            names.get(entry["coach"], LEFT),
            titles.get(entry["scenario"], str(entry["scenario"])),
            entry["outside"],
        )
        for entry in entries
        if entry["learner"] in names
    ]
    return tuple(sorted(found, key=lambda line: line.learner.lower()))
