"""What is wrong with a library, said so that its author can find the place."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error keeps a library from being published; a warning is for the author to weigh."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One problem at one place; `code` is a stable short name for tests and filters."""

    path: str
    line: int
    message: str
    severity: Severity = Severity.ERROR
    code: str = "content"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR


def errors_in(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Only what keeps the library from being published."""
    return tuple(problem for problem in problems if problem.is_error)
