"""Do judges who see a criterion's anchors shuffled put each at its level? The tool behind `coachkit anchors`.

Levels 4 and 5 begin with «As 3, and …», which gives them away, so the sheet leaves that opening out.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random

from coachkit.domain.content.framework import Criterion

COLUMNS = ("criterion", "name", "card", "anchor", "level")
_OPENING = re.compile(r"^As [34], and ")
KEEP_FROM = 75
"""Of a hundred judges, so many at least have to agree; the usual rule of retranslation."""


class SheetError(ValueError):
    """A judge's sheet that cannot be read; the sentence is for whoever handed it in."""


def cards(criterion: Criterion, seed: int) -> tuple[tuple[str, int, str], ...]:
    """The anchors in an order that the seed decides: letter, level, text without its opening."""
    ordered = sorted(criterion.anchors.items())
    Random(f"{seed}:{criterion.id}").shuffle(ordered)  # noqa: S311  an order, no secret
    plain = ((level, _OPENING.sub("", text)) for level, text in ordered)
    return tuple(
        (letter, level, text[0].upper() + text[1:]) for letter, (level, text) in zip("ABCDE", plain, strict=True)
    )


def sheet(criteria: Iterable[Criterion], seed: int) -> str:
    """CSV for one judge: every anchor, no level. She fills in the last column with 1 to 5."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for criterion in criteria:
        writer.writerows(
            (criterion.id, criterion.name, letter, text, "") for letter, _l, text in cards(criterion, seed)
        )
    return out.getvalue()


Sorting = Mapping[tuple[str, int], int]
"""Where one judge put each anchor: by criterion and true level."""


def read_sheet(text: str, criteria: Mapping[str, Criterion], seed: int) -> Sorting:
    """One judge's sheet. Each criterion in it has each of the levels 1 to 5 once."""
    found: dict[tuple[str, int], int] = {}
    reader = csv.DictReader(io.StringIO(text))
    if not {"criterion", "card", "level"} <= set(reader.fieldnames or ()):
        raise SheetError("the columns criterion, card and level are needed")
    for number, row in enumerate(reader, start=2):
        criterion = criteria.get(row["criterion"])
        if criterion is None:
            raise SheetError(f"line {number}: there is no criterion «{row['criterion']}»")
        levels = {letter: level for letter, level, _text in cards(criterion, seed)}
        given = (row["level"] or "").strip()
        if row["card"] not in levels or given not in {"1", "2", "3", "4", "5"}:
            raise SheetError(f"line {number}: a card A to E and a level 1 to 5 are needed")
        if (criterion.id, levels[row["card"]]) in found:
            raise SheetError(f"line {number}: card {row['card']} of «{criterion.id}» stands here twice")
        found[criterion.id, levels[row["card"]]] = int(given)
    for criterion_id in {criterion_id for criterion_id, _level in found}:
        if sorted(found.get((criterion_id, level), 0) for level in range(1, 6)) != [1, 2, 3, 4, 5]:
            raise SheetError(f"«{criterion_id}»: each level is given to one card, all five")
    return found


@dataclass(frozen=True, slots=True)
class AnchorResult:
    """One anchor over all judges."""

    criterion: str
    level: int
    judges: int
    exact: int
    within_one: int
    mixed_up_with: tuple[int, ...]
    """Levels to which it was put by more judges than one in four."""

    @property
    def keep(self) -> bool:
        return self.exact * 100 >= KEEP_FROM * self.judges


def score(sortings: Iterable[Sorting]) -> tuple[AnchorResult, ...]:
    """Per anchor: how often at its level, how often within one, and with which levels it is mixed up."""
    placed: dict[tuple[str, int], Counter[int]] = {}
    for sorting in sortings:
        for key, level in sorting.items():
            placed.setdefault(key, Counter())[level] += 1
    return tuple(
        AnchorResult(
            criterion,
            level,
            judges=counts.total(),
            exact=counts[level],
            within_one=sum(n for put, n in counts.items() if abs(put - level) <= 1),
            mixed_up_with=tuple(sorted(put for put, n in counts.items() if put != level and n * 4 > counts.total())),
        )
        for (criterion, level), counts in sorted(placed.items())
    )
