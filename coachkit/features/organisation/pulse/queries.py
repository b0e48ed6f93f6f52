"""Reads about the pulse. A round is visible once it is closed, and an item from five answers on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.organisation import inquiry, pulse
from coachkit.domain.organisation.pulse import Change, Mean
from coachkit.features.organisation.models import Round
from coachkit.features.organisation.queries import GroupLine, group_lines, open_round

WIDTH = 216


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A closed round."""

    title: str
    closed_at: datetime
    answered: int
    shown: bool


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One sentence: the first round, the newest, and what lies between."""

    text: str
    first: Mean | None
    newest: Mean | None
    change: Change | None

    @staticmethod
    def x(value: float) -> float:
        """Where a mean lies on the axis from 1 to 5."""
        return round(10 + (value - 1) / 4 * (WIDTH - 20), 1)

    @property
    def sentence(self) -> str:
        """For those who hear the drawing."""

        def told(mean: Mean | None) -> str:
            return f"{mean.mean:.1f}, likely {mean.low:.1f} to {mean.high:.1f}" if mean else "fewer than five answers"

        before = f"first {told(self.first)}; " if self.first else ""
        return f"{self.text} {before}newest {told(self.newest)}"


@dataclass(frozen=True, slots=True)
class OpenPulse:
    """A round under way: how many have answered, and nothing else."""

    title: str
    begun_at: datetime
    group: GroupLine


@dataclass(frozen=True, slots=True)
class PulsePage:
    running: OpenPulse | None
    rounds: tuple[RoundLine, ...]
    """Closed ones, the oldest first."""
    first: RoundLine | None
    newest: RoundLine | None
    """The newest with something to show; `first` only where that is another one."""
    items: tuple[ItemRow, ...]
    remarks: tuple[str, ...]


def _line(row: Round) -> RoundLine:
    answered = sum(row.answered.values())
    return RoundLine(row.title, row.closed_at or row.begun_at, answered, shown=bool(row.tally))


def closed_rounds(session: Session) -> list[Round]:
    """Rounds of the pulse that have ended, the oldest first."""
    query = select(Round).where(Round.kind == inquiry.PULSE, Round.closed_at.is_not(None))
    return list(session.scalars(query.order_by(Round.closed_at, Round.id)))


def pulse_page(session: Session) -> PulsePage:
    """What the business has answered, and how it has moved."""
    running, rows = open_round(session, inquiry.PULSE), closed_rounds(session)
    shown = [row for row in rows if row.tally]
    first, newest = (shown[0] if len(shown) > 1 else None), (shown[-1] if shown else None)
    return PulsePage(
        running=OpenPulse(running.title, running.begun_at, group_lines(session, running)[0]) if running else None,
        rounds=tuple(map(_line, rows)),
        first=_line(first) if first else None,
        newest=_line(newest) if newest else None,
        items=item_rows(first.tally if first else None, newest.tally) if newest else (),
        remarks=tuple(newest.remarks) if newest else (),
    )


Tally = Mapping[str, Sequence[int]]


def item_rows(first: Tally | None, newest: Tally) -> tuple[ItemRow, ...]:
    """All eight sentences, in the order in which they are asked."""
    return tuple(
        ItemRow(
            text,
            pulse.mean_of(first[item]) if first else None,
            pulse.mean_of(newest[item]),
            pulse.change(first[item], newest[item]) if first else None,
        )
        for item, text in pulse.ITEMS.items()
    )
