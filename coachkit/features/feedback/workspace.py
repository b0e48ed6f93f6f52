"""The page on which a coach rates one attempt blind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from coachkit.domain.assessment.sheet import Sheet
from coachkit.domain.content.model import Library, RichText, Scenario
from coachkit.features.accounts.queries import coach_ids_of, names
from coachkit.features.feedback.claims import held
from coachkit.features.feedback.comments.queries import CommentView, comments_of
from coachkit.features.feedback.contest.queries import contested_items
from coachkit.features.feedback.follow_up import FollowUp, advice_before
from coachkit.features.feedback.queries import note_of
from coachkit.features.feedback.service import Note
from coachkit.features.feedback.waiting import QueueItem, queue_of
from coachkit.features.practice.adjustments.service import in_words
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.queries import (
    LEFT,
    CriterionView,
    LibraryOf,
    ReturnView,
    criteria_of,
    lines_of,
    receipt_of,
    returned,
    title_of,
)
from coachkit.features.practice.service import COACH, OFFICIAL, sheet_of


@dataclass(frozen=True, slots=True)
class Advice:
    """The newest advice that the learner knew when he played, and that stands."""

    attempt_id: int
    title: str
    coach: str
    given_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """The coach's workspace. It holds nothing of the learner's own rating."""

    id: int
    title: str
    learner: str
    learner_id: int
    official: bool
    submitted_at: datetime
    played_on: date | None
    partner_name: str
    evidence: str
    receipt: str
    scenario: Scenario
    brief: RichText
    partner_brief: RichText
    criteria: tuple[CriterionView, ...]
    lines: Sheet
    note: Note
    version: int
    begun_by: str
    """A colleague who has begun, or empty."""
    locked: bool
    """Her own rating is locked, and a second coach's is awaited."""
    queue: tuple[QueueItem, ...]
    advice: Advice | None
    """The last advice to this learner, which opens the review."""
    followed: FollowUp
    adjustments: tuple[str, ...]
    comments: tuple[CommentView, ...]
    """Her own, sealed like her rating."""
    returned: ReturnView | None
    """It was given back once, and came again."""


def review_page(
    session: Session,
    library: Library,
    library_of: LibraryOf,
    attempt: Attempt,
    coach_id: int,
    now: datetime,
    *,
    kind: str = COACH,
) -> ReviewPage:
    """Everything a coach needs to rate this attempt blind; with `kind` second, for the second coach."""
    scenario = library.scenario(attempt.scenario_id)
    form = scenario.parallel_form if attempt.parallel else scenario
    sheet = sheet_of(session, attempt.id, kind)
    mine = sheet is not None and sheet.rater_id == coach_id
    row, parts = note_of(session, attempt.id) if mine and kind == COACH else (None, {})
    claim = held(session, [attempt.id], now).get(attempt.id) if kind == COACH else None
    other = claim.coach_id if claim and claim.coach_id != coach_id else None
    known = names(session, [attempt.learner_id, other])
    return ReviewPage(
        id=attempt.id,
        title=title_of(attempt, scenario),
        learner=known.get(attempt.learner_id, ""),
        learner_id=attempt.learner_id,
        official=attempt.kind == OFFICIAL,
        submitted_at=attempt.submitted_at or attempt.created_at,
        played_on=attempt.played_on,
        partner_name=attempt.partner_name,
        evidence=attempt.evidence,
        receipt=receipt_of(attempt),
        scenario=scenario,
        brief=form.learner_brief,
        partner_brief=form.partner_brief,
        criteria=criteria_of(library, scenario),
        lines=lines_of(session, sheet.id) if sheet and mine else {},
        note=parts,
        version=sheet.version if sheet and mine else 0,
        begun_by=known.get(other, "A colleague") if other else "",
        locked=bool(mine and sheet and sheet.locked_at),
        queue=queue_of(session, library_of, coach_id, now),
        advice=_last_advice(session, library_of, attempt, coach_id) if kind == COACH else None,
        followed=FollowUp(row.advice_id, row.fixed or "") if row else FollowUp(),
        adjustments=in_words(session, attempt.learner_id),
        comments=comments_of(session, library, attempt, coach_id) if kind == COACH else (),
        returned=returned(session, attempt.id),
    )


def _last_advice(session: Session, library_of: LibraryOf, attempt: Attempt, coach_id: int) -> Advice | None:
    """Nothing where only this attempt, and not the learner, is hers."""
    if coach_id not in coach_ids_of(session, attempt.learner_id):
        return None
    contested = contested_items(session, [attempt.learner_id]).notes
    for note, text, about in session.execute(advice_before(attempt)):
        if (about.id, "change") in contested:
            continue
        title = title_of(about, library_of(about.library_version).scenario(about.scenario_id))
        coach = names(session, [note.coach_id]).get(note.coach_id or 0, LEFT)
        return Advice(about.id, title, coach, note.released_at or note.saved_at, text)
    return None
