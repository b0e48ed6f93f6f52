"""The small language of a dialogue's forks: `kept in flags and T >= 2`, and nothing more."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

MAX_LENGTH = 400
_FLAG = re.compile(r"^([a-z][a-z0-9_-]{0,39})(?: (not))? in flags$")
_STATE = re.compile(r"^([TCI]) ?(>=|<=|==|!=|>|<) ?(-?\d{1,2})$")

StateName: TypeAlias = Literal["T", "C", "I"]
_COMPARE: Mapping[str, Callable[[int, int], bool]] = {
    ">=": lambda left, right: left >= right,
    "<=": lambda left, right: left <= right,
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    ">": lambda left, right: left > right,
    "<": lambda left, right: left < right,
}


class ConditionError(ValueError):
    """A condition that cannot be read; the sentence is for its author."""


@dataclass(frozen=True, slots=True)
class FlagTest:
    """Whether something was done earlier in the play."""

    flag: str
    present: bool = True

    def holds(self, flags: Collection[str], state: Mapping[str, int]) -> bool:  # noqa: ARG002 - one shape for both tests
        return (self.flag in flags) is self.present


@dataclass(frozen=True, slots=True)
class StateTest:
    """Whether trust (T), credibility (C) or information (I) has come far enough."""

    name: str
    operator: str
    value: int

    def holds(self, flags: Collection[str], state: Mapping[str, int]) -> bool:  # noqa: ARG002
        return _COMPARE[self.operator](state.get(self.name, 0), self.value)


@dataclass(frozen=True, slots=True)
class Condition:
    """Tests that must all hold."""

    tests: tuple[FlagTest | StateTest, ...]

    @property
    def flags(self) -> frozenset[str]:
        """The flags that it asks about."""
        return frozenset(test.flag for test in self.tests if isinstance(test, FlagTest))

    def holds(self, flags: Collection[str], state: Mapping[str, int]) -> bool:
        """Whether it is met; `state` has the keys T, C and I, and a missing one counts as 0."""
        return all(test.holds(flags, state) for test in self.tests)


def parse_condition(source: str) -> Condition:
    """Read a condition, or raise ConditionError with a sentence that says which test cannot be read."""
    if len(source) > MAX_LENGTH:
        raise ConditionError(f"a condition has at most {MAX_LENGTH} characters")
    tests = (" ".join(part.split()) for part in re.split(r"\band\b", source))
    return Condition(tuple(_test(test) for test in tests))


def _test(source: str) -> FlagTest | StateTest:
    if match := _FLAG.match(source):
        return FlagTest(match[1], present=match[2] is None)
    if match := _STATE.match(source):
        return StateTest(match[1], match[2], int(match[3]))
    raise ConditionError(f"«{source}» is not a test; write `x in flags`, `x not in flags` or `T >= 2`")
