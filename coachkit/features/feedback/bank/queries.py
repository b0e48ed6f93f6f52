"""Phrases as their page and the workspace show them: to the coach whose they are, and nobody else."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.assessment.note_lint import advice
from coachkit.domain.coaching.phrases import PHRASES
from coachkit.domain.content.model import Library
from coachkit.features.feedback.bank.models import Phrase

STARTER = "start-"


@dataclass(frozen=True, slots=True)
class PhraseView:
    key: str
    """Its number, or which of the first phrases it is."""
    criterion_id: str
    """Empty where it fits any."""
    criterion: str
    text: str
    version: int = 0
    advice: tuple[str, ...] = ()
    """Gentle words about its words."""


STARTERS = tuple(PhraseView(f"{STARTER}{n}", "", "For any criterion", text) for n, text in enumerate(PHRASES, 1))


def phrases_of(
    session: Session, library: Library, coach_id: int, criteria: Collection[str] | None = None
) -> tuple[PhraseView, ...]:
    """A coach's own, in the framework's order; `criteria` leaves out what an attempt is not about."""
    rows = session.scalars(select(Phrase).where(Phrase.coach_id == coach_id).order_by(Phrase.id))
    names = {criterion.id: criterion.name for criterion in library.criteria}
    order = {criterion_id: number for number, criterion_id in enumerate(names)}
    wanted = [row for row in rows if criteria is None or row.criterion_id in criteria]
    return tuple(
        PhraseView(
            str(row.id),
            row.criterion_id,
            names.get(row.criterion_id, "No longer rated"),
            row.text,
            row.version,
            advice([row.text]),
        )
        for row in sorted(wanted, key=lambda row: (order.get(row.criterion_id, len(order)), row.id))
    )


def phrase(session: Session, coach_id: int, key: str) -> PhraseView | None:
    """One phrase to draft with: her own, or one of the first."""
    if key.startswith(STARTER):
        return next((each for each in STARTERS if each.key == key), None)
    row = session.get(Phrase, int(key)) if key.isascii() and key.isdigit() and len(key) < 10 else None  # noqa: PLR2004
    if row is None or row.coach_id != coach_id:
        return None
    return PhraseView(key, row.criterion_id, "", row.text, row.version)
