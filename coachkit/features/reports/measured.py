"""The report's block of fair averages, from the newest calibration, which it names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library
from coachkit.domain.report.papers import DecisionDossier, Row, Section
from coachkit.domain.report.progress import FairAverage, Measures, ProgressReport
from coachkit.features.calibration import simulated
from coachkit.features.calibration.measures import NOTHING_YET, Entry, measuring, newest_run, raw_words, standings
from coachkit.features.decisions.dossier import CALIBRATION, RESTS_ON_MEASURES
from coachkit.features.decisions.dossier import TOGETHER as ROW_TOGETHER

INTERVAL = "90 % interval"
NOTE = (
    "From {run}. A fair average is the level that an average coach would give on the average scenario; strict coaches "
    "and hard scenarios are allowed for. SIMULATED: in teams of 20 with 3 coaches a skill’s interval held the truth in "
    f"{simulated.held('interval').words}. It says nothing about the job."
)
UNADJUSTED = "The levels stand as coaches gave them; only the fair averages allow for how strict each is."
"""What the report cannot tell, beside such a block."""
TOGETHER = "The role’s skills together"


def measures_block(session: Session, library: Library, person_id: int, *, oldest: date | None) -> Measures | None:
    """Each skill of the role, or why it cannot be told. Nothing rests on results from before `oldest` alone."""
    run = newest_run(session)
    if run is None:
        return None
    standing = standings(session, [person_id]).get(person_id)
    main = [skill for skill in library.skills if skill.kind in {"hard", "soft"}]
    lines = [_line(skill.name, standing.skills.get(skill.id) if standing else None, oldest) for skill in main]
    lines.append(_line(TOGETHER, standing.together if standing else None, oldest))
    return Measures(INTERVAL, tuple(lines), NOTE.format(run=run.words))


def dossier_as_shown(dossier: DecisionDossier) -> DecisionDossier:
    """A printed dossier of before, where measures are off: without the figures, and without what was read off them."""
    if measuring() or not _has_figures(dossier):
        return dossier
    return replace(dossier, sections=tuple(_without_figures(section) for section in dossier.sections))


def _has_figures(dossier: DecisionDossier) -> bool:
    return any(set(section.columns) >= RESTS_ON_MEASURES for section in dossier.sections)


def _without_figures(section: Section) -> Section:
    facts = tuple(fact for fact in section.facts if fact.label != CALIBRATION)
    if not set(section.columns) >= RESTS_ON_MEASURES:
        return replace(section, facts=facts)
    kept = [at for at, name in enumerate(section.columns) if name not in RESTS_ON_MEASURES]
    rows = tuple(Row(tuple(row.cells[at] for at in kept)) for row in section.rows if row.cells[0] != ROW_TOGETHER)
    return replace(section, facts=facts, columns=tuple(section.columns[at] for at in kept), rows=rows)


def as_shown(report: ProgressReport) -> ProgressReport:
    """An issued report as this house shows it today: where measures are off, without. Its file stays as it was."""
    if measuring():
        return report
    return replace(report, measures=None, cannot_tell=tuple(line for line in report.cannot_tell if line != UNADJUSTED))


def outdated(sheet: object) -> bool:
    """Whether a viewer's kept edition holds figures that this house does not show any more."""
    if measuring():
        return False
    if isinstance(sheet, DecisionDossier):
        return _has_figures(sheet)
    return isinstance(sheet, ProgressReport) and sheet.measures is not None


def _line(name: str, entry: Entry | None, oldest: date | None) -> FairAverage:
    recent = entry and entry["last_on"] and (oldest is None or date.fromisoformat(entry["last_on"]) >= oldest)
    if entry is None or not recent:
        return FairAverage(name, None, None, None, None, NOTHING_YET)
    measure = entry["measure"]
    if measure is None:
        return FairAverage(name, None, None, None, None, entry["why"])
    base = (
        f"{entry['attempts']} attempts, {entry['scenarios']} scenarios, {entry['coaches']} "
        f"coach{'es' if entry['coaches'] != 1 else ''}; {raw_words(entry)}"
    )
    return FairAverage(name, measure["value"], measure["low"], measure["high"], None, base)
