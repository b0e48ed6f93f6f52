"""The one scale: five levels and «not observed»."""

from __future__ import annotations

from dataclasses import dataclass

LEVELS: dict[int, str] = {
    1: "Works against",
    2: "Started",
    3: "In place",
    4: "Under pressure",
    5: "Visible on the other side",
}
NOT_OBSERVED = "not-observed"
NOT_OBSERVED_WORD = "Not observed"


@dataclass(frozen=True, slots=True)
class Level:
    """What one rater gave for one criterion. Not observed is a value of its own, never a low one."""

    value: int | None
    """1–5, or None."""
    not_observed: bool = False

    def __post_init__(self) -> None:
        if self.value is not None and (self.not_observed or self.value not in LEVELS):
            raise ValueError(f"{self.value!r} is not a level.")

    @property
    def given(self) -> bool:
        """Whether the rater has chosen anything yet."""
        return self.not_observed or self.value is not None

    @property
    def word(self) -> str:
        """The level's name; empty where nothing was chosen."""
        if self.not_observed:
            return NOT_OBSERVED_WORD
        return LEVELS[self.value] if self.value else ""

    @property
    def sent(self) -> str:
        """How a form sends it: «1» to «5», «not-observed», or empty."""
        return NOT_OBSERVED if self.not_observed else str(self.value or "")

    @property
    def plotted(self) -> int | str | None:
        """For drawings: 1–5, «not-observed» or None."""
        return NOT_OBSERVED if self.not_observed else self.value

    def words(self, max_level: int = 5) -> str:
        """«In place», or «In place or more» where the scenario could show no higher level."""
        if self.value is not None and self.value == max_level < len(LEVELS):
            return f"{self.word} or more"
        return self.word

    def figure(self, max_level: int = 5) -> str:
        """«3», «3 or more», «not observed» or «—»."""
        if self.not_observed:
            return "not observed"
        if self.value is None:
            return "—"
        return f"{self.value} or more" if self.value == max_level < len(LEVELS) else str(self.value)


NOTHING = Level(None)


def read_level(sent: str) -> Level:
    """The level that a form sent. Anything unknown is nothing."""
    if sent == NOT_OBSERVED:
        return Level(None, not_observed=True)
    return Level(int(sent)) if sent in {"1", "2", "3", "4", "5"} else NOTHING
