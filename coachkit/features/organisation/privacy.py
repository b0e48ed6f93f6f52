"""What this room holds about a person: to take away, or to destroy. Answers without names are nobody's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from coachkit.features.organisation.models import Readiness, Round
from coachkit.features.organisation.posts.models import Charter, Post, PostSheet, WorkNote

TABLES = {
    "readiness": ("recorded_by",),
    "inquiry_round": ("begun_by", "cio_id"),
    "post": ("changed_by",),
    "charter": ("made_by",),
    "post_sheet": ("changed_by",),
    "work_note": ("changed_by",),
}


def export_person(session: Session, person_id: int) -> dict[str, Any]:
    """What somebody has recorded about the organisation."""
    answered = session.scalars(select(Round).where(Round.cio_id == person_id).order_by(Round.id))
    return {
        "checks_recorded": list(session.scalars(select(Readiness.id).where(Readiness.recorded_by == person_id))),
        "rounds_begun": list(session.scalars(select(Round.id).where(Round.begun_by == person_id))),
        "charters_written": [
            {"post": c.post_id, "version": c.version, "content": c.content}
            for c in session.scalars(select(Charter).where(Charter.made_by == person_id).order_by(Charter.id))
        ],
        "posts_changed": list(session.scalars(select(Post.name).where(Post.changed_by == person_id))),
        "sheets_changed": list(session.scalars(select(PostSheet.post_id).where(PostSheet.changed_by == person_id))),
        "work_notes": {
            note.key: note.text for note in session.scalars(select(WorkNote).where(WorkNote.changed_by == person_id))
        },
        "checks_answered": [{"round": r.id, "answers": r.cio} for r in answered],
    }


def erase_person(session: Session, person_id: int) -> None:
    """What somebody wrote about the organisation stays, without a name."""
    session.execute(update(Readiness).where(Readiness.recorded_by == person_id).values(recorded_by=None))
    session.execute(update(Round).where(Round.begun_by == person_id).values(begun_by=None))
    session.execute(update(Round).where(Round.cio_id == person_id).values(cio_id=None))
    session.execute(update(Charter).where(Charter.made_by == person_id).values(made_by=None))
    for table in (Post, PostSheet, WorkNote):
        session.execute(update(table).where(table.changed_by == person_id).values(changed_by=None))
