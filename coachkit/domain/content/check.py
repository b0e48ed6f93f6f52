"""The rules for a whole library; every broken one is a problem at the line that breaks it."""

from collections.abc import Iterator

from coachkit.domain.content.check_framework import check_framework
from coachkit.domain.content.check_lessons import check_lessons
from coachkit.domain.content.check_references import check_programme, check_references
from coachkit.domain.content.check_roleplay import check_roleplay
from coachkit.domain.content.draft import Draft
from coachkit.domain.content.problems import Problem


def check(draft: Draft) -> Iterator[Problem]:
    """All problems of a library beyond those of reading and rendering it."""
    if not draft.knows("library", "library"):
        yield Problem("library.yaml", 1, "a library begins with this file, and it is missing", code="library")
    yield from check_framework(draft)
    yield from check_references(draft)
    yield from check_lessons(draft)
    yield from check_roleplay(draft)
    yield from check_programme(draft)
