"""Notes beside sections: each learner's own, kept even where the section has gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library
from coachkit.features.learning.models import SectionNote
from coachkit.platform import clock
from coachkit.platform.errors import ConflictError, NotFoundError
from coachkit.platform.policy import Action, Actor, require

STALE = "This note was changed in another window after you opened it. What you typed is below; the other text is kept."


@dataclass(frozen=True, slots=True)
class NoteView:
    """One note and where it stands; without an address where that part is no longer in the library."""

    module: str
    section: str
    url: str
    text: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class NotesPage:
    """All notes, in the order of the modules; those without a place last."""

    notes: tuple[NoteView, ...]


def save(session: Session, actor: Actor, library: Library, slug: str, section_id: str, text: str, version: int) -> int:
    """Keep the note and say its new version. An empty one is deleted; a stale page is refused."""
    require(actor, Action.LEARN)
    try:
        module = library.module_by_slug(slug)
        module.section(section_id)
    except KeyError as error:
        raise NotFoundError from error
    row = session.get(SectionNote, (actor.id, module.id, section_id), with_for_update=True)
    if (row.version if row else 0) != version:
        raise ConflictError(STALE)
    if row is None:
        if not text:
            return 0
        row = SectionNote(
            person_id=actor.id, module_id=module.id, section_id=section_id, text=text, saved_at=clock.now(), version=0
        )
        session.add(row)
    elif not text:
        session.delete(row)
        session.flush()
        return 0
    row.text, row.saved_at = text, clock.now()
    row.version += 1
    session.flush()
    return row.version


def notes_page(session: Session, library: Library, person_id: int) -> NotesPage:
    """Everything that somebody has noted."""
    rows = session.scalars(select(SectionNote).where(SectionNote.person_id == person_id)).all()
    kept = {(row.module_id, row.section_id): row for row in rows}
    placed = [
        NoteView(m.title, s.title, f"/modules/{m.slug}/{s.id}", kept[m.id, s.id].text, kept.pop((m.id, s.id)).saved_at)
        for m in library.modules
        for s in m.sections
        if (m.id, s.id) in kept
    ]
    titles = {module.id: module.title for module in library.modules}
    left = sorted(kept.values(), key=lambda row: (row.module_id, row.section_id))
    lost = [
        NoteView(titles.get(row.module_id, "A module that is no longer here"), "", "", row.text, row.saved_at)
        for row in left
    ]
    return NotesPage((*placed, *lost))
