"""Which modules somebody has finished, and when."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library
from coachkit.features.learning.models import QuizAnswer, SectionRead
from coachkit.features.learning.queries import module_cards


def modules_done(session: Session, library: Library, person_id: int) -> tuple[tuple[str, date, bool], ...]:
    """Modules that a person has finished: title, the day of the last step, and whether all was skipped as known."""
    slugs = {card.slug: card.known for card in module_cards(session, library, person_id, "") if card.state == "done"}
    last: dict[str, datetime] = {}
    for table in (SectionRead, QuizAnswer):
        rows = select(table.module_id, func.max(table.at)).where(table.person_id == person_id)
        for module_id, at in session.execute(rows.group_by(table.module_id)):
            last[module_id] = max(at, last.get(module_id, at))
    return tuple(
        (module.title, last[module.id].date(), slugs[module.slug])
        for module in library.modules
        if module.slug in slugs and module.id in last
    )
