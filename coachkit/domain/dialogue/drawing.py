"""The path of a story as a drawing: three lines over the turns, and the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coachkit.domain.dialogue.story import STATE, State, Turn

WIDTH, ROW = 100, 52
_TOP, _BOTTOM, _LARGEST_STEP = 6, 46, 8.0


@dataclass(frozen=True, slots=True)
class Row:
    """One line within one turn: its base, the step at mid turn, and the area between the two."""

    base: str
    line: str
    area: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Where zero lies in a row and how high a point is. All turns of a play share it, so that the line runs through."""

    zero: float
    step: float

    def y(self, value: int) -> float:
        return round(self.zero - value * self.step, 1)


def scales(turns: Sequence[Turn]) -> tuple[Scale, ...]:
    """A scale for each of the three lines, with room for what it falls below zero."""
    states = [state for turn in turns for state in (turn.before, turn.after)]
    found = []
    for index in range(len(STATE)):
        values = [0, *(state[index] for state in states)]
        lowest, highest = min(values), max(values)
        step = min(_LARGEST_STEP, (_BOTTOM - _TOP) / max(1, highest - lowest))
        found.append(Scale(index * ROW + _BOTTOM + lowest * step, step))
    return tuple(found)


def rows(turn: Turn, scale: Sequence[Scale]) -> tuple[Row, ...]:
    """One turn's part of the drawing."""
    return tuple(_row(s, turn.before[index], turn.after[index]) for index, s in enumerate(scale))


def _row(scale: Scale, before: int, after: int) -> Row:
    zero, old, new, half = scale.y(0), scale.y(before), scale.y(after), WIDTH // 2
    line = f"0,{old} {half},{old} {half},{new} {WIDTH},{new}"
    return Row(f"{zero}", line, f"0,{zero} {line} {WIDTH},{zero}")


def in_words(before: State, after: State) -> str:
    """«Trust up 1, information down 2.»; what does not move is not named."""
    parts = [
        f"{name.lower()} {'up' if new > old else 'down'} {abs(new - old)}"
        for name, old, new in zip(STATE, before, after, strict=True)
        if new != old
    ]
    said = ", ".join(parts) or "nothing moved"
    return f"{said[0].upper()}{said[1:]}."
