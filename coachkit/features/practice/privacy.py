"""What this room holds about a person: to take away, or to destroy."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from coachkit.features.practice.adjustments.models import Adjustment
from coachkit.features.practice.adjustments.service import adjustments_of
from coachkit.features.practice.answering import Absence
from coachkit.features.practice.evidence import privacy as evidence
from coachkit.features.practice.licences import Licence
from coachkit.features.practice.models import (
    Attempt,
    AttemptReturn,
    DialoguePlay,
    LadderStep,
    Rating,
    RatingChange,
    RatingSheet,
    SecondLook,
)
from coachkit.features.practice.partner import privacy as partner
from coachkit.features.practice.retry.models import Retry

TABLES = {
    "attempt": ("learner_id", "coach_id"),
    "stored_file": ("owner_id",),
    "rating_sheet": ("rater_id",),
    "attempt_return": ("coach_id",),
    "second_look": ("coach_id", "asked_by"),
    "dialogue_play": ("person_id",),
    "ladder_step": ("person_id",),
    "licence": ("coach_id",),
    **partner.TABLES,
    "adjustment": ("person_id",),
    "retry": ("person_id",),
    "absence": ("coach_id",),
}


def _sheets(session: Session, attempt: Attempt) -> list[dict[str, Any]]:
    """The learner's own sheet always, the coaches' once all are locked."""
    found = []
    for sheet in session.scalars(select(RatingSheet).where(RatingSheet.attempt_id == attempt.id)):
        if sheet.kind != "self" and (attempt.revealed_at is None or sheet.locked_at is None):
            continue
        rows = session.scalars(select(Rating).where(Rating.sheet_id == sheet.id).order_by(Rating.criterion_id))
        found.append(
            {
                "kind": sheet.kind,
                "locked_at": sheet.locked_at.isoformat() if sheet.locked_at else None,
                "ratings": [
                    {
                        "criterion": row.criterion_id,
                        "level": row.level,
                        "not_observed": row.not_observed,
                        "evidence": row.evidence,
                        "predicted_level": row.predicted_level,
                        "predicted_not_observed": row.predicted_not_observed,
                    }
                    for row in rows
                ],
                "changes": [
                    {
                        "criterion": change.criterion_id,
                        "level": change.level,
                        "not_observed": change.not_observed,
                        "evidence": change.evidence,
                        "reason": change.reason,
                        "at": change.at.isoformat(),
                    }
                    for change in session.scalars(
                        select(RatingChange).where(RatingChange.sheet_id == sheet.id).order_by(RatingChange.id)
                    )
                ],
            }
        )
    return found


def _retries(session: Session, attempt: Attempt) -> list[dict[str, Any]]:
    rows = session.scalars(select(Retry).where(Retry.attempt_id == attempt.id).order_by(Retry.id))
    return [
        {"criterion": row.criterion_id, "said": row.said, "evidence": row.evidence, "at": row.at.isoformat()}
        for row in rows
    ]


def export_person(session: Session, person_id: int) -> dict[str, Any]:
    """Attempts with their sheets; what a coach wrote about others is theirs to take away, not hers."""
    attempts = session.scalars(select(Attempt).where(Attempt.learner_id == person_id).order_by(Attempt.id))
    return {
        "attempts": [
            {
                "id": a.id,
                "scenario": a.scenario_id,
                "parallel": a.parallel,
                "kind": a.kind,
                "library_version": a.library_version,
                "focus": a.focus,
                "if": a.cue,
                "then": a.act,
                "partner": a.partner_name,
                "played_on": a.played_on.isoformat() if a.played_on else None,
                "evidence": a.evidence,
                "created_at": a.created_at.isoformat(),
                "submitted_at": a.submitted_at.isoformat() if a.submitted_at else None,
                "withdrawn_at": a.withdrawn_at.isoformat() if a.withdrawn_at else None,
                "revealed_at": a.revealed_at.isoformat() if a.revealed_at else None,
                "sheets": _sheets(session, a),
                "returns": [
                    {"why": row.why, "at": row.at.isoformat()}
                    for row in session.scalars(
                        select(AttemptReturn).where(AttemptReturn.attempt_id == a.id).order_by(AttemptReturn.id)
                    )
                ],
                "second_look": _second_look(session, a.id),
                "files": evidence.export_attempt(session, a.id),
                "partners": partner.partners_of(session, a),
                "retries": _retries(session, a),
            }
            for a in attempts
        ],
        "dialogue_plays": [
            {
                "dialogue": p.dialogue_id,
                "library_version": p.library_version,
                "choices": p.path,
                "created_at": p.created_at.isoformat(),
                "ended_at": p.ended_at.isoformat() if p.ended_at else None,
            }
            for p in session.scalars(
                select(DialoguePlay).where(DialoguePlay.person_id == person_id).order_by(DialoguePlay.id)
            )
        ],
        "ladder": [
            {"skill": row.skill_id, "step": row.step, "at": row.at.isoformat()}
            for row in session.scalars(
                select(LadderStep).where(LadderStep.person_id == person_id).order_by(LadderStep.skill_id)
            )
        ],
        "licences": [
            {
                "skill": row.skill_id,
                "rubric": row.rubric,
                "since": row.granted_at.isoformat(),
                "until": row.expires_on.isoformat(),
            }
            for row in session.scalars(select(Licence).where(Licence.coach_id == person_id).order_by(Licence.id))
        ],
        "adjustments": list(adjustments_of(session, person_id)),
        **partner.export_person(session, person_id),
        **evidence.export_partner(session, person_id),
        "absences": [
            {"from": row.first_day.isoformat(), "to": row.last_day.isoformat()}
            for row in session.scalars(select(Absence).where(Absence.coach_id == person_id).order_by(Absence.id))
        ],
    }


def _second_look(session: Session, attempt_id: int) -> dict[str, Any] | None:
    row = session.get(SecondLook, attempt_id)
    if row is None:
        return None
    return {"asked_at": row.asked_at.isoformat(), "drawn": row.drawn, "due_at": row.due_at.isoformat()}


def erase_person(session: Session, person_id: int) -> None:
    """A learner's attempts and plays go, with every rating. A coach's ratings of others stay, without her name."""
    session.execute(update(RatingSheet).where(RatingSheet.rater_id == person_id).values(rater_id=None))
    session.execute(update(SecondLook).where(SecondLook.coach_id == person_id).values(coach_id=None))
    session.execute(update(SecondLook).where(SecondLook.asked_by == person_id).values(asked_by=None))
    session.execute(update(AttemptReturn).where(AttemptReturn.coach_id == person_id).values(coach_id=None))
    session.execute(update(Attempt).where(Attempt.coach_id == person_id).values(coach_id=None))
    evidence.end_all(session, person_id)
    session.execute(delete(Attempt).where(Attempt.learner_id == person_id))
    session.execute(delete(DialoguePlay).where(DialoguePlay.person_id == person_id))
    session.execute(delete(LadderStep).where(LadderStep.person_id == person_id))
    session.execute(delete(Licence).where(Licence.coach_id == person_id))
    session.execute(delete(Adjustment).where(Adjustment.person_id == person_id))
    evidence.forget_partner(session, person_id)  # before it is forgotten which invitations were his
    partner.erase_person(session, person_id)
    session.execute(delete(Absence).where(Absence.coach_id == person_id))
