"""What the CIO expected when deciding, asked back on the day: a score of the forecaster, never of the person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from coachkit.domain.decision.months import months_later

LEAST, MOST = 1, 99
LATEST_MONTHS = 24
ENOUGH = 20
"""Below this many, a score says next to nothing."""
COIN = 0.25
"""What always saying 50 % gets."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """«80 %: meets level 3 on trust by May»."""

    statement: str
    chance: int | None
    """In percent."""
    due_on: date | None

    @property
    def given(self) -> bool:
        return bool(self.statement.strip()) or self.chance is not None or self.due_on is not None


NONE = Forecast("", None, None)


def problems(forecast: Forecast, today: date, *, needed: bool) -> dict[str, str]:
    """What keeps a forecast from being kept: field → sentence."""
    if not needed and not forecast.given:
        return {}
    found = {}
    if not forecast.statement.strip():
        found["forecast"] = "Say what you expect to be seen, so that it can be answered yes or no."
    if forecast.chance is None or not LEAST <= forecast.chance <= MOST:
        found["chance"] = "Give a whole number from 1 to 99. Nothing is certain."
    if forecast.due_on is None or forecast.due_on <= today:
        found["forecast_on"] = "Name the day, in the future, on which you will be asked."
    elif forecast.due_on > months_later(today, LATEST_MONTHS):
        found["forecast_on"] = "Two years ahead at most."
    return found


@dataclass(frozen=True, slots=True)
class Score:
    """How well somebody's forecasts have done so far."""

    n: int
    brier: float | None
    """Mean squared distance from what came: 0 is perfect, 1 is always wrong; None without a forecast."""

    @property
    def words(self) -> str:
        if self.brier is None:
            return "No forecast has come due yet."
        told = f"Brier score {self.brier:.2f} over {self.n} forecast{'' if self.n == 1 else 's'}"
        beside = f"always saying 50 % gives {COIN:.2f}, and lower is better"
        few = f" Fewer than {ENOUGH} say next to nothing." if self.n < ENOUGH else ""
        return f"{told}; {beside}.{few}"


def score(answered: Iterable[tuple[int, bool]]) -> Score:
    """The Brier score of chances in percent and whether each came true."""
    squares = [(chance / 100 - came) ** 2 for chance, came in answered]
    return Score(len(squares), sum(squares) / len(squares) if squares else None)


@dataclass(frozen=True, slots=True)
class Judged:
    """How many decisions there were of each kind: a sound way of deciding can still end badly, and the other way."""

    sound_came: int
    sound_missed: int
    flawed_came: int
    flawed_missed: int


def judged(answered: Iterable[tuple[bool, bool]]) -> Judged:
    """Count pairs of (the way of deciding was sound, the forecast came true)."""
    pairs = list(answered)
    return Judged(*(pairs.count(kind) for kind in ((True, True), (True, False), (False, True), (False, False))))
