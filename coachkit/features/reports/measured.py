"""The report's block of fair averages, from the newest calibration, which it names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library
from coachkit.domain.report.progress import FairAverage, Measures, ProgressReport
from coachkit.features.calibration.measures import NOTHING_YET, Entry, measuring, newest_run, raw_words, standings

INTERVAL = "90 % interval"
NOTE = (
    "From {run}. A fair average is the level that an average coach would give on the average scenario; strict coaches "
    "and hard scenarios are allowed for. SIMULATED: in teams of 20 with 3 coaches the interval held the truth in 96 to "
    "98 of 100 cases. It says nothing about the job."
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


def as_shown(report: ProgressReport) -> ProgressReport:
    """An issued report as this house shows it today: where measures are off, without. Its file stays as it was."""
    if measuring():
        return report
    return replace(report, measures=None, cannot_tell=tuple(line for line in report.cannot_tell if line != UNADJUSTED))


def outdated(sheet: object) -> bool:
    """Whether a viewer's kept edition holds figures that this house does not show any more."""
    return isinstance(sheet, ProgressReport) and sheet.measures is not None and not measuring()


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
