"""The quiz first: who knows a module may skip its reading. It skips reading, and never a rating."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library, Module
from coachkit.domain.learning_path.quiz_first import needed, passes
from coachkit.features.learning import queries, service
from coachkit.features.learning.models import QuizAnswer, SectionRead
from coachkit.features.learning.queries import OptionView
from coachkit.platform import clock
from coachkit.platform.errors import ConflictError, InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor, require

TOO_LATE = "You have answered questions of this quiz already, and have seen what is behind them. Read on instead."


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the quiz, before any feedback."""

    id: str
    number: int
    stem: str
    options: tuple[OptionView, ...]
    error: str


@dataclass(frozen=True, slots=True)
class TestOutPage:
    """The quiz as the first step of a module."""

    module: Module
    number: str
    questions: tuple[Question, ...]
    needed: int
    open: bool
    """Not once an answer of this quiz was given: its feedback has been seen."""


@dataclass(frozen=True, slots=True)
class Result:
    right: int
    of: int
    passed: bool


def _module(library: Library, slug: str) -> Module:
    try:
        module = library.module_by_slug(slug)
    except KeyError as error:
        raise NotFoundError from error
    if not module.quiz:
        raise NotFoundError
    return module


def _untouched(session: Session, person_id: int, module: Module) -> bool:
    return not session.scalar(
        select(func.count())
        .select_from(QuizAnswer)
        .where(QuizAnswer.person_id == person_id, QuizAnswer.module_id == module.id)
    )


def page(
    session: Session, library: Library, person_id: int, slug: str, chosen: Mapping[str, str], errors: Mapping[str, str]
) -> TestOutPage:
    """All questions at once, with what was chosen where the form came back."""
    module = _module(library, slug)
    questions = tuple(
        Question(
            item.id,
            number,
            item.stem,
            tuple(
                OptionView(option.id, option.text, "", key=False, mine=chosen.get(item.id) == option.id)
                for option in queries.shuffled(item, person_id)
            ),
            errors.get(item.id, ""),
        )
        for number, item in enumerate(module.quiz, start=1)
    )
    untouched = _untouched(session, person_id, module)
    return TestOutPage(module, queries.number_of(module), questions, needed(len(module.quiz)), untouched)


def take(session: Session, actor: Actor, library: Library, slug: str, chosen: Mapping[str, str]) -> Result:
    """Keep all answers; with enough right ones, mark what was not read as known."""
    require(actor, Action.LEARN)
    module = _module(library, slug)
    if not _untouched(session, actor.id, module):
        raise ConflictError(TOO_LATE)
    missing = {
        item.id: "Choose one of the three answers."
        for item in module.quiz
        if chosen.get(item.id) not in {option.id for option in item.options}
    }
    if missing:
        raise InvalidError(missing)
    given = [service.answer(session, actor, library, slug, item.id, chosen[item.id]) for item in module.quiz]
    right = sum(row.correct for row in given)
    if passed := passes(right, len(given)):
        _mark_known(session, actor.id, module)
    return Result(right, len(given), passed)


def _mark_known(session: Session, person_id: int, module: Module) -> None:
    query = select(SectionRead.section_id).where(SectionRead.person_id == person_id, SectionRead.module_id == module.id)
    read = set(session.scalars(query))
    session.add_all(
        SectionRead(
            person_id=person_id,
            module_id=module.id,
            section_id=section.id,
            section_hash=section.content_hash,
            known=True,
            at=clock.now(),
        )
        for section in module.sections
        if section.id not in read
    )
    session.flush()
