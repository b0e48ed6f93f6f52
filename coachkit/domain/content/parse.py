"""Reads a whole library from the bytes of its files and says everything that is wrong with it at once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from coachkit.domain.content.build import build
from coachkit.domain.content.check import check
from coachkit.domain.content.model import Library
from coachkit.domain.content.problems import Problem, errors_in
from coachkit.domain.content.reading import read_draft
from coachkit.domain.content.text_files import hash_of, text_files

MAX_PROBLEMS_A_FILE = 100


@dataclass(frozen=True, slots=True)
class Loaded:
    """The library, unless it has errors, and every problem in reading order."""

    library: Library | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        return errors_in(self.problems)


def load(files: Mapping[str, bytes]) -> Loaded:
    """Read a library from relative path → bytes; no disk, and no exception for what an author wrote."""
    problems: list[Problem] = []
    texts = text_files(files, problems)
    draft = read_draft(texts, problems)
    problems += check(draft)
    library = build(draft, hash_of({text.path: text.text for text in texts}))
    return Loaded(library, tuple(_shortened(sorted(set(problems)))))


def _shortened(problems: Iterable[Problem]) -> Iterator[Problem]:
    """At most so many errors, and as many warnings, of one file: a foreign file must not bury the others."""
    counts: Counter[tuple[str, str]] = Counter()
    for problem in problems:
        kind = (problem.path, problem.severity)
        counts[kind] += 1
        if counts[kind] <= MAX_PROBLEMS_A_FILE:
            yield problem
        elif counts[kind] == MAX_PROBLEMS_A_FILE + 1:
            message = f"more than {MAX_PROBLEMS_A_FILE} problems in this file; the rest is not shown"
            yield Problem(problem.path, problem.line, message, problem.severity, "more")
