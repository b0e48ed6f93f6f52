"""One thing an author may get wrong, and what has to be said about it."""

from dataclasses import dataclass

from coachkit.domain.content.parse import load
from tests.factories.library import changed_library

MODULE = "modules/first-talk/module.md"
QUIZ = "modules/first-talk/quiz.yaml"
SKILL = "criteria/interviewing.yaml"
SCENARIO = "scenarios/rp01.yaml"
DIALOGUE = "dialogues/bd1.yaml"
SAMPLE = "calibration/cal-interviewing-1.yaml"


@dataclass(frozen=True)
class Slip:
    """A passage replaced by a wrong one, and the line (by its words) that the problem must name."""

    code: str
    path: str
    old: str
    new: str
    at: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.code}: {self.new[:30]!r}"


def assert_told(slip: Slip) -> None:
    """The problem stands at its line, and keeps the library from being published unless it is a warning."""
    files = changed_library(slip.path, slip.old, slip.new)
    text = files[slip.path].decode()
    assert slip.at in text, "the test names a line that is not there"
    line = text[: text.index(slip.at)].count("\n") + 1
    loaded = load(files)
    found = [problem for problem in loaded.problems if problem.code == slip.code]

    assert (slip.path, line) in {(problem.path, problem.line) for problem in found}, loaded.problems
    assert all(problem.is_error is not slip.warning for problem in found)
    assert (loaded.library is None) is not slip.warning
