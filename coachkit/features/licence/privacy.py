"""What this room holds about a person: to take away, or to destroy."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from coachkit.features.licence.models import SampleRating, TrainingRound

TABLES = {"training_round": ("coach_id",)}


def export_person(session: Session, person_id: int) -> dict[str, Any]:
    """A coach's rounds with everything she gave; the references belong to the library."""
    rows = session.execute(
        select(TrainingRound, SampleRating)
        .outerjoin(SampleRating, SampleRating.round_id == TrainingRound.id)
        .where(TrainingRound.coach_id == person_id)
        .order_by(TrainingRound.id, SampleRating.id)
    )
    found: dict[int, dict[str, Any]] = {}
    for row, rating in rows:
        entry = found.setdefault(
            row.id,
            {
                "skill": row.skill_id,
                "rubric": row.rubric,
                "library_version": row.library_version,
                "started_at": row.started_at.isoformat(),
                "ended_at": row.ended_at.isoformat() if row.ended_at else None,
                "passed": row.passed,
                "ratings": [],
            },
        )
        if rating is not None:
            entry["ratings"].append(
                {
                    "sample": rating.sample_id,
                    "criterion": rating.criterion_id,
                    "level": rating.level,
                    "not_observed": rating.not_observed,
                    "evidence": rating.evidence,
                    "rated_at": rating.rated_at.isoformat(),
                }
            )
    return {"training_rounds": list(found.values())}


def erase_person(session: Session, person_id: int) -> None:
    """Her rounds go, with every rating in them."""
    session.execute(delete(TrainingRound).where(TrainingRound.coach_id == person_id))
