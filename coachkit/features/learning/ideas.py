"""Beliefs that keep pulling a learner, read from his own answers. For him alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library, Module, QuizItem, QuizOption
from coachkit.features.learning.models import QuizAnswer

LibraryOf = Callable[[str], Library]


@dataclass(frozen=True, slots=True)
class Pull:
    """One situation that showed the belief: what was asked, what was chosen, and what that overlooks."""

    stem: str
    chosen: str
    feedback: str
    module: str
    at: datetime
    tries: int
    url: str
    """Where it can be answered again; empty where the library no longer asks it."""


@dataclass(frozen=True, slots=True)
class Idea:
    """A belief, with the situations that showed it and were not answered better since."""

    belief: str
    pulls: tuple[Pull, ...]


@dataclass(frozen=True, slots=True)
class IdeasPage:
    """What still pulls, and what has let go."""

    ideas: tuple[Idea, ...]
    let_go: tuple[str, ...]
    answered: int


@dataclass(frozen=True, slots=True)
class _Seen:
    """An answer with the text of the library version in which it was given."""

    row: QuizAnswer
    module: Module
    item: QuizItem
    option: QuizOption
    library: Library

    @property
    def code(self) -> str:
        return self.option.misconception or ""


def _seen(library_of: LibraryOf, row: QuizAnswer) -> _Seen:
    library = library_of(row.library_version)
    module = library.module(row.module_id)
    item = module.quiz_item(row.item_id)
    return _Seen(row, module, item, item.option(row.option_id), library)


def ideas_page(session: Session, library: Library, library_of: LibraryOf, person_id: int) -> IdeasPage:
    """The latest answer to each question decides: a belief shrinks with each one that is answered well."""
    rows = session.scalars(select(QuizAnswer).where(QuizAnswer.person_id == person_id).order_by(QuizAnswer.id)).all()
    latest = {row.item_id: row for row in rows}
    tries: dict[str, int] = {}
    for row in rows:
        tries[row.item_id] = tries.get(row.item_id, 0) + 1
    pulling: dict[str, list[_Seen]] = {}
    for row in sorted(latest.values(), key=lambda r: r.id, reverse=True):
        if not row.correct:
            seen = _seen(library_of, row)
            pulling.setdefault(seen.code, []).append(seen)
    once = dict.fromkeys(_seen(library_of, row).code for row in rows if not row.correct)
    asked = {item.id for module in library.modules for item in module.quiz}
    return IdeasPage(
        ideas=tuple(
            Idea(_belief(library, seen[0].library, code), tuple(_pull(one, tries, asked) for one in seen))
            for code, seen in pulling.items()
            if code
        ),
        let_go=tuple(_belief(library, library, code) for code in once if code and code not in pulling),
        answered=len(latest),
    )


def _belief(library: Library, older: Library, code: str) -> str:
    for each in (library, older):
        try:
            return each.misconception(code).belief
        except KeyError:
            continue
    return code.replace("-", " ")


def _pull(seen: _Seen, tries: dict[str, int], asked: set[str]) -> Pull:
    item_id = seen.row.item_id
    return Pull(
        stem=seen.item.stem,
        chosen=seen.option.text,
        feedback=seen.option.feedback,
        module=seen.module.title,
        at=seen.row.at,
        tries=tries[item_id],
        url=f"/modules/{seen.module.slug}/quiz#{item_id}" if item_id in asked else "",
    )
