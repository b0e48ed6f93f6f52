"""Forms about attempts. A rating sheet's fields depend on the scenario, so it is read from what was sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from coachkit.domain.assessment import sheet as sheets
from coachkit.domain.assessment.scale import read_level
from coachkit.domain.assessment.sheet import Line, Sheet
from coachkit.features.practice.queries import CriterionView
from coachkit.platform.errors import InvalidError
from coachkit.web.forms import UNSTORABLE, BaseForm, day, is_storable, name, normal, words


class StartForm(BaseForm):
    cue = words(
        "If …",
        longest=300,
        hint="A situation that may come up, such as “she names a tool in the first minute”.",
    )
    act = words("… then I will …", longest=300, hint="One act, such as “ask what it should change, and wait”.")


class EvidenceForm(BaseForm):
    partner_name = name("Who played the other side?", hint="A colleague, a friend, your coach.")
    played_on = day("On which day?")
    evidence = words(
        "What was said",
        longest=20_000,
        hint="A transcript, or your own account as close to the words as you can. "
        "Two minutes that mattered are worth more than fifteen in summary.",
    )


LIMITS = {
    3: "{who} cooperates here, so this scenario can show level 3 at most. The others are here to read.",
    4: "This scenario gives no room to see the effect on {who}, so it can show level 4 at most.",
}


@dataclass(frozen=True, slots=True)
class LevelChoice:
    """One level to choose."""

    value: int
    name: str
    text: str
    open: bool


@dataclass(frozen=True, slots=True)
class CriterionField:
    """One criterion as the rubric macro draws it."""

    id: str
    name: str
    status: str
    levels: tuple[LevelChoice, ...]
    limit: str
    chosen: int | str | None
    level_error: str
    evidence: str
    evidence_error: str
    expected: int | str | None
    expected_error: str
    other_name: str
    guess: bool


def read_sheet(sent: Mapping[str, str], criterion_ids: Iterable[str]) -> Sheet:
    """The lines that a form sent, for these criteria."""
    return {
        criterion_id: Line(
            read_level(sent.get(f"level-{criterion_id}", "")),
            normal(sent.get(f"evidence-{criterion_id}", "")) or "",
            read_level(sent.get(f"expected-{criterion_id}", "")),
        )
        for criterion_id in criterion_ids
    }


def storable_lines(sheet: Sheet) -> None:
    """Refuse evidence lines with characters that cannot be kept."""
    found = {
        f"evidence-{criterion_id}": UNSTORABLE for criterion_id, line in sheet.items() if not is_storable(line.evidence)
    }
    if found:
        raise InvalidError(found)


def draw_sheet(
    criteria: Iterable[CriterionView],
    lines: Sheet,
    errors: Mapping[str, str],
    *,
    other: str,
    guess: bool,
    who: str,
) -> tuple[CriterionField, ...]:
    """The rubric with what was chosen and what is missing. `who` is the stakeholder, who cooperates or not."""
    fields = []
    for criterion in criteria:
        line = lines.get(criterion.id, Line())
        wrong = any(f"{part}-{criterion.id}" in errors for part in ("level", "evidence", "expected"))
        begun = line.level.given or bool(line.evidence)
        status = "missing" if wrong else "complete" if sheets.complete(line, predicts=guess) else "open"
        limit = LIMITS.get(criterion.limit, "").format(who=who)
        fields.append(
            CriterionField(
                id=criterion.id,
                name=criterion.name,
                status=status if begun or wrong else "open",
                levels=tuple(LevelChoice(v, n, t, v <= criterion.limit) for v, n, t in criterion.anchors),
                limit=limit,
                chosen=line.level.plotted,
                level_error=errors.get(f"level-{criterion.id}", ""),
                evidence=line.evidence,
                evidence_error=errors.get(f"evidence-{criterion.id}", ""),
                expected=line.predicted.plotted,
                expected_error=errors.get(f"expected-{criterion.id}", ""),
                other_name=other,
                guess=guess,
            )
        )
    return tuple(fields)


def closed(field: CriterionField, why: str) -> CriterionField:
    """The same criterion with its levels to read only; “not observed” stays open."""
    levels = tuple(replace(level, open=False) for level in field.levels)
    return replace(field, levels=levels, limit=why)


def version_sent(sent: Mapping[str, Any]) -> int:
    """The version that the page was made from."""
    try:
        return int(sent.get("version", "0"))
    except ValueError:
        return -1
