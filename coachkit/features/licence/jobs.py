"""Telling a coach in time that her licences end: once for all that end on one day."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.features.notices import service as notices
from coachkit.features.notices.kinds import register
from coachkit.features.practice.licences import Licence
from coachkit.platform import clock
from coachkit.platform.jobs import job
from coachkit.platform.tools import tools

DUE = "licence-due"


@register(
    DUE,
    subject="Your licences end soon",
    sentence="A licence of yours to rate official attempts ends within thirty days. Renewing takes half an hour.",
    path="/licence",
)
def is_due(session: Session, person_id: int, licence_id: int) -> bool:
    """It is hers, it runs still, and she has not renewed it."""
    row = session.get(Licence, licence_id)
    if row is None or row.coach_id != person_id or not row.valid(clock.now()):
        return False
    newer = select(Licence.id).where(
        Licence.coach_id == person_id,
        Licence.skill_id == row.skill_id,
        Licence.rubric == row.rubric,
        Licence.expires_on > row.expires_on,
    )
    return session.scalar(newer.limit(1)) is None


@job("licence.due")
def due(session: Session, *, licence_id: int) -> None:
    """Tell her; of several that end on one day, the first speaks for all."""
    row = session.get(Licence, licence_id)
    if row is None or not is_due(session, row.coach_id, licence_id):
        return
    same_day = select(Licence.id).where(Licence.coach_id == row.coach_id, Licence.expires_on == row.expires_on)
    standing = [other for other in session.scalars(same_day) if is_due(session, row.coach_id, other)]
    notices.tell(session, tools().settings, [row.coach_id], DUE, min(standing))
