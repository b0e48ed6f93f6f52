"""What the newest calibration says about people, for pages and reports: plain figures, words, and what is missing.

Nothing here computes a measure; jobs have done that. No probability is kept anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.features.calibration import simulated
from coachkit.features.calibration.models import CalibrationRun, CurrentMeasure
from coachkit.features.feedback.contest.queries import contested_items
from coachkit.platform.templates import long_date
from coachkit.platform.tools import tools

Entry = Mapping[str, Any]
STALE_AFTER_DAYS = 60
MET, NOT_MET, CANNOT_TELL, THIN = "met", "not-met", "cannot-tell", "thin"
_GROUPS = {"met": MET, "not_met": NOT_MET, "cannot_tell": CANNOT_TELL}
NOTHING_YET = "There is no evidence yet."
NO_ROOM = (
    "The scenarios so far had no room to show this much: the measure lies beyond the levels that any coach could give."
)
AT_THE_END = (
    "A fair average lies between the ends of the scale, so no evidence can place it at {line}. "
    "Read the levels themselves."
)


def measuring() -> bool:
    """Whether this house shows model-based figures at all."""
    return tools().settings.measuring


@dataclass(frozen=True, slots=True)
class Run:
    """The calibration that a figure stands on."""

    number: int
    made_on: date

    @property
    def words(self) -> str:
        """«calibration 12 of 3 November 2026»."""
        return f"calibration {self.number} of {long_date(self.made_on)}"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the newest calibration says about one person."""

    run: Run
    as_of: date
    together: Entry
    skills: Mapping[str, Entry]
    gaps: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One skill against its line, by the published rule."""

    group: str
    reason: str
    missing: tuple[str, ...]


def newest_run(session: Session) -> Run | None:
    """The run that figures stand on; None where measures are off or nothing was calibrated yet."""
    if not measuring():
        return None
    query = select(CalibrationRun.id, CalibrationRun.made_at).order_by(CalibrationRun.id.desc()).limit(1)
    row = session.execute(query).one_or_none()
    return Run(row.id, row.made_at.date()) if row else None


def standings(session: Session, person_ids: Iterable[int]) -> dict[int, Standing]:
    """Per person what is known; whoever has no rating in the calibration is missing."""
    if not measuring():
        return {}
    person_ids = sorted(set(person_ids))
    query = (
        select(CurrentMeasure, CalibrationRun.made_at)
        .join(CalibrationRun, CalibrationRun.id == CurrentMeasure.run_id)
        .where(CurrentMeasure.person_id.in_(person_ids))
    )
    since = contested_items(session, person_ids).since
    return {
        row.person_id: Standing(
            Run(row.run_id, made_at.date()),
            row.as_of,
            row.data["together"],
            row.data["skills"],
            tuple(row.data["gaps"]),
        )
        for row, made_at in session.execute(query)
        if row.person_id not in since or since[row.person_id] <= made_at  # figures without what is contested come soon
    }


def against_line(entry: Entry | None, line: int, today: date) -> Said:
    """Met, not met or cannot tell; evidence that has grown old since the calibration can tell nothing."""
    if entry is None or not entry["ratings"]:
        return Said(THIN, NOTHING_YET, ("two official attempts in two scenarios",))
    if entry["measure"] is None and entry["status"] != "no_room":
        return Said(THIN, entry["why"], (_sentence_part(entry["why"]),))
    said = entry["lines"].get(str(line))
    if said is None:
        return Said(CANNOT_TELL, AT_THE_END.format(line=line), ())
    if said["group"] != "cannot_tell" and (today - date.fromisoformat(entry["last_on"])).days > STALE_AFTER_DAYS:
        old = f"the last attempt is more than {STALE_AFTER_DAYS} days old"
        return Said(CANNOT_TELL, f"Cannot tell: {old}.", (old,))
    missing = tuple(said["lacks"])
    if said["group"] == "cannot_tell" and not missing:
        missing = ("one or two more official attempts, one of them with another coach",)
    return Said(_GROUPS[said["group"]], _with_its_error(said["group"], said["sentence"], line), missing)


def _with_its_error(group: str, sentence: str, line: int) -> str:
    """Whoever reads that something is so reads how often its like was wrong."""
    return sentence if group == "cannot_tell" else f"{sentence} {simulated.error_of(group, line)}"


def _sentence_part(sentence: str) -> str:
    """A sentence as an item of a list."""
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def figure(value: float | None) -> str:
    """«3.1»; nothing finer than a tenth of a level."""
    return "" if value is None else f"{value:.1f}"


def signed(value: float) -> str:
    """«+0.4», «−0.3», «0.0»."""
    words = f"{value:+.1f}"
    return "0.0" if words in {"+0.0", "-0.0"} else words.replace("-", "−")


def interval_words(measure: Entry) -> str:
    """«3.1, likely 2.8 to 3.4»."""
    return f"{figure(measure['value'])}, likely {figure(measure['low'])} to {figure(measure['high'])}"


def raw_words(entry: Entry) -> str:
    """The plain mean beside the fair average, in words."""
    if entry["raw"] is None:
        return "no plain mean: every rating was at a scenario’s limit"
    words = f"plain mean {figure(entry['raw'])}"
    return f"{words}, ratings at a scenario’s limit left out" if entry.get("at_maximum") else words
