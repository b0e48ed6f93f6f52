"""Reads a whole library from the bytes of its files and says everything that is wrong with it at once."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from coachkit.domain.content.build import build
from coachkit.domain.content.check import check
from coachkit.domain.content.layers import read_layers
from coachkit.domain.content.model import Library
from coachkit.domain.content.problems import Problem, Severity, errors_in
from coachkit.domain.content.text_files import TextFile, hash_of, text_files

MAX_PROBLEMS_A_FILE = 100
_TODO = re.compile(r"\bTODO\b")


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
    draft = read_layers(texts, problems)
    problems += check(draft)
    problems += unfinished(texts)
    library = build(draft, _version_of(texts))
    return Loaded(library, tuple(_shortened(sorted(set(problems)))))


def read_again(files: Mapping[str, bytes]) -> Library | None:
    """A library that was published once: read, and not judged by rules that may be younger than it is."""
    problems: list[Problem] = []
    texts = text_files(files, problems)
    return build(read_layers(texts, problems), _version_of(texts))


def version_of(files: Mapping[str, bytes]) -> str:
    """The version that these files make, sound or not."""
    return _version_of(text_files(files, []))


def _version_of(texts: Iterable[TextFile]) -> str:
    return hash_of({text.path: text.text for text in texts})


def unfinished(texts: Iterable[TextFile]) -> Iterator[Problem]:
    """A warning for each line on which an author has left himself a note."""
    for text in (text for text in texts if "TODO" in text.text):
        for match in _TODO.finditer(text.text):
            line = text.text.count("\n", 0, match.start()) + 1
            yield Problem(text.path, line, "there is still something to do here", Severity.WARNING, "todo")


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
