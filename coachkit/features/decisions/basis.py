"""Reads about the basis on which decisions about posts are allowed: notice, legal basis, consultation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.features.accounts.queries import names
from coachkit.features.decisions.models import DecisionBasis

GONE = "Somebody who has left"


@dataclass(frozen=True, slots=True)
class BasisView:
    """Notice, legal basis and consultation, as recorded."""

    id: int
    notice: str
    legal_basis: str
    consultation: str
    recorded_by: str
    recorded_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class BasisPage:
    current: BasisView | None
    earlier: tuple[BasisView, ...]


def has_basis(session: Session) -> bool:
    """Whether decisions about posts are allowed in this organisation now."""
    return session.scalar(select(DecisionBasis.id).where(DecisionBasis.ended_at.is_(None)).limit(1)) is not None


def basis_page(session: Session) -> BasisPage:
    """What holds, and what held before."""
    rows = list(session.scalars(select(DecisionBasis).order_by(DecisionBasis.id.desc())))
    known = names(session, (row.recorded_by for row in rows))
    views = [
        BasisView(
            row.id,
            row.notice,
            row.legal_basis,
            row.consultation,
            known.get(row.recorded_by or 0, GONE),
            row.recorded_at,
            row.ended_at,
        )
        for row in rows
    ]
    current = next((view for view in views if view.ended_at is None), None)
    return BasisPage(current, tuple(view for view in views if view is not current))
