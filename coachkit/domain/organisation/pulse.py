"""The pulse of the business: eight sentences, without names, before and after. About IT as a whole, never a person.

Five answers or nothing. The same people need not have answered twice, so rounds are compared as separate groups, with
an interval; where it holds nought, the words say that nothing can be told.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scipy import stats

from coachkit.domain.organisation.inquiry import values

FEWEST = 5
CONFIDENCE = 0.9
CANNOT_SAY = 0
LEVELS = {
    CANNOT_SAY: "I cannot say",
    1: "Not at all",
    2: "Rather not",
    3: "Partly",
    4: "Mostly",
    5: "Fully",
}
ITEMS = {
    "whom": "I know whom in IT to turn to.",
    "answers": "I get an answer by the time that was promised.",
    "measured": "IT understands what my unit is measured on.",
    "asked": "I am asked before IT decides something that touches my unit.",
    "bad-news": "I hear bad news early enough to do something about it.",
    "our-side": "Somebody in IT is on our side.",
    "priorities": "I know why my request comes when it comes.",
    "earlier": "Next time I would bring IT in earlier.",
}
PHASES = {"before": "Before the start", "six": "After six months", "twelve": "After twelve months", "later": "Later on"}
CHOICES = {item: len(LEVELS) for item in ITEMS}
ROUNDING = 1 / 12
"""Added to each variance: an answer stands for anything that rounds to it, so that five equal answers do not seem to
be known exactly.
"""


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of one item, with its interval."""

    n: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Change:
    """How far one item has moved from one round to another, in steps of the scale."""

    by: float
    low: float
    high: float

    @property
    def words(self) -> str:
        """What can be said, and no more."""
        if self.low > 0:
            return f"It has gone up, by {_steps(self.low)} to {_steps(self.high)} steps."
        if self.high < 0:
            return f"It has gone down, by {_steps(-self.high)} to {_steps(-self.low)} steps."
        return (
            f"Cannot tell: anything from {_steps(-self.low)} steps down to {_steps(self.high)} steps up fits these"
            " answers."
        )


def _steps(value: float) -> str:
    return f"{max(0.0, value):.1f}"


def given(counts: Sequence[int]) -> tuple[int, ...]:
    """The answers that say something."""
    return tuple(value for value in values(counts) if value != CANNOT_SAY)


def _spread(answers: Sequence[int]) -> tuple[float, float]:
    """Mean, and the square of its standard error."""
    mean = sum(answers) / len(answers)
    variance = sum((a - mean) ** 2 for a in answers) / (len(answers) - 1)
    return mean, (variance + ROUNDING) / len(answers)


def mean_of(counts: Sequence[int]) -> Mean | None:
    """One item of one round; nothing from fewer than five answers."""
    answers = given(counts)
    if len(answers) < FEWEST:
        return None
    mean, square = _spread(answers)
    reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, len(answers) - 1)) * math.sqrt(square)
    return Mean(len(answers), mean, max(1.0, mean - reach), min(5.0, mean + reach))


def change(before: Sequence[int], after: Sequence[int]) -> Change | None:
    """One item from round to round (Welch's interval); nothing where either has fewer than five answers."""
    first, second = given(before), given(after)
    if min(len(first), len(second)) < FEWEST:
        return None
    (mean_1, square_1), (mean_2, square_2) = _spread(first), _spread(second)
    total = square_1 + square_2
    freedom = total**2 / (square_1**2 / (len(first) - 1) + square_2**2 / (len(second) - 1))
    reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, freedom)) * math.sqrt(total)
    by = mean_2 - mean_1
    return Change(by, by - reach, by + reach)


def answered(tally: Mapping[str, Sequence[int]]) -> int:
    """How many sheets went in. Every sheet answers every item, if only with «I cannot say»."""
    return max((sum(counts) for counts in tally.values()), default=0)
