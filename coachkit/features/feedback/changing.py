"""Changing a rating after the reveal: only with new evidence, with a reason, and beside the original."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.assessment.scale import Level
from coachkit.domain.assessment.sheet import LONGEST_EVIDENCE, SHORTEST_EVIDENCE
from coachkit.domain.content.model import Library
from coachkit.features.accounts.queries import names, pseudonym_of
from coachkit.features.practice.models import Attempt, Rating, RatingChange, RatingSheet
from coachkit.features.practice.queries import LEFT
from coachkit.features.practice.service import COACH, SELF, STALE, find, limits
from coachkit.platform import audit, clock
from coachkit.platform.errors import ConflictError, InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor


def own_sheet(session: Session, attempt_id: int, rater_id: int) -> RatingSheet | None:
    """The blind sheet that this person locked: the learner's, or a coach's."""
    query = select(RatingSheet).where(
        RatingSheet.attempt_id == attempt_id,
        RatingSheet.rater_id == rater_id,
        RatingSheet.kind.in_([SELF, COACH, "second"]),
        RatingSheet.locked_at.is_not(None),
    )
    return session.scalars(query).one_or_none()


def sheet_to_change(
    session: Session, actor: Actor, library: Library, attempt_id: int, criterion_id: str, *, lock: bool = False
) -> tuple[Attempt, RatingSheet]:
    """The actor's own sheet of a revealed attempt; everything else does not exist."""
    attempt = find(session, actor, attempt_id, Action.READ_ATTEMPT, lock=lock)
    sheet = own_sheet(session, attempt_id, actor.id)
    known = criterion_id in library.scenario(attempt.scenario_id).criteria
    if sheet is None or attempt.revealed_at is None or not known:
        raise NotFoundError
    return attempt, sheet


def change_rating(
    session: Session,
    actor: Actor,
    library: Library,
    attempt_id: int,
    criterion_id: str,
    level: Level,
    *,
    evidence: str,
    reason: str,
    version: int,
) -> RatingChange:
    """Add a change. The blind rating is never written to, and it alone enters the calibration."""
    attempt, sheet = sheet_to_change(session, actor, library, attempt_id, criterion_id, lock=True)
    if attempt.version != version:
        raise ConflictError(STALE)
    before = session.scalars(
        select(Rating).where(Rating.sheet_id == sheet.id, Rating.criterion_id == criterion_id)
    ).one()
    said = {before.evidence.strip(), *(c.evidence.strip() for c in _of_sheet(session, sheet.id, criterion_id))}
    found = {}
    most = limits(library.scenario(attempt.scenario_id))[criterion_id]
    if not level.given:
        found["level"] = "Choose a level, or “Not observed”."
    elif (level.value or 0) > most:
        found["level"] = f"This scenario can show level {most} at most."
    if len(evidence.strip()) < SHORTEST_EVIDENCE or evidence.strip() in said:
        found["evidence"] = "A rating changes only with evidence that was not there before."
    elif len(evidence) > LONGEST_EVIDENCE:
        found["evidence"] = f"At most {LONGEST_EVIDENCE} characters, please."
    if len(reason.strip()) < SHORTEST_EVIDENCE:
        found["reason"] = "Say in a sentence what made you change it."
    if found:
        raise InvalidError(found)
    row = RatingChange(
        sheet_id=sheet.id,
        criterion_id=criterion_id,
        level=level.value,
        not_observed=level.not_observed,
        evidence=evidence,
        reason=reason,
        at=clock.now(),
    )
    session.add(row)
    attempt.version += 1
    subject = pseudonym_of(session, attempt.learner_id)
    audit.record(session, actor, "rating:change", subject=subject, about=f"attempt:{attempt.id}", sheet=sheet.id)
    session.flush()
    return row


def _of_sheet(session: Session, sheet_id: int, criterion_id: str) -> list[RatingChange]:
    query = select(RatingChange).where(RatingChange.sheet_id == sheet_id, RatingChange.criterion_id == criterion_id)
    return list(session.scalars(query.order_by(RatingChange.id)))


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change, beside the rating that it changes."""

    who: str
    level: Level
    evidence: str
    reason: str
    at: datetime


def changes_of(session: Session, attempt_id: int) -> dict[str, tuple[ChangeView, ...]]:
    """By criterion, in the order in which they were made."""
    rows = session.execute(
        select(RatingChange, RatingSheet.rater_id)
        .join(RatingSheet, RatingSheet.id == RatingChange.sheet_id)
        .where(RatingSheet.attempt_id == attempt_id)
        .order_by(RatingChange.id)
    ).all()
    known = names(session, (rater_id for _row, rater_id in rows))
    found: dict[str, tuple[ChangeView, ...]] = {}
    for row, rater_id in rows:
        view = ChangeView(
            known.get(rater_id or 0, LEFT), Level(row.level, row.not_observed), row.evidence, row.reason, row.at
        )
        found[row.criterion_id] = (*found.get(row.criterion_id, ()), view)
    return found
