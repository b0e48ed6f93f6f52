"""What a learner leaves behind while reading: sections read, questions answered."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library
from coachkit.features.learning.models import QuizAnswer, SectionRead
from coachkit.platform import clock
from coachkit.platform.errors import InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor, require


def mark_read(session: Session, actor: Actor, library: Library, slug: str, section_id: str) -> None:
    """Note that the actor has read a section in its present wording; again is fine."""
    require(actor, Action.LEARN)
    try:
        module = library.module_by_slug(slug)
        section = module.section(section_id)
    except KeyError as error:
        raise NotFoundError from error
    key = (actor.id, module.id, section.id)
    row = session.get(SectionRead, key)
    if row is None:
        row = SectionRead(
            person_id=actor.id, module_id=module.id, section_id=section.id, section_hash="", known=False, at=clock.now()
        )
        session.add(row)
    row.section_hash, row.known, row.at = section.content_hash, False, clock.now()
    session.flush()


def mark_unread(session: Session, actor: Actor, library: Library, slug: str, section_id: str) -> None:
    """Take the mark away again."""
    require(actor, Action.LEARN)
    try:
        module = library.module_by_slug(slug)
    except KeyError as error:
        raise NotFoundError from error
    session.execute(
        delete(SectionRead).where(
            SectionRead.person_id == actor.id,
            SectionRead.module_id == module.id,
            SectionRead.section_id == section_id,
        )
    )


def answer(session: Session, actor: Actor, library: Library, slug: str, item_id: str, option_id: str) -> QuizAnswer:
    """Keep one answer to one question. It is for the learner alone."""
    require(actor, Action.LEARN)
    try:
        module = library.module_by_slug(slug)
        item = module.quiz_item(item_id)
    except KeyError as error:
        raise NotFoundError from error
    if option_id not in {option.id for option in item.options}:
        raise InvalidError({"option": "Choose one of the three answers first."})
    row = QuizAnswer(
        person_id=actor.id,
        module_id=module.id,
        item_id=item.id,
        option_id=option_id,
        correct=item.option(option_id).key,
        library_version=library.version,
        at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row
