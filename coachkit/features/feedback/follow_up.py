"""Was it fixed? The last advice opens the next review, and the coach says in one word what she saw of it.

The answer is part of her note: sealed, sent, returned and put aside with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from coachkit.features.feedback.models import FeedbackNote, NotePart
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.queries import LibraryOf, title_of
from coachkit.features.practice.service import OFFICIAL

FIXED = {"yes": "Yes", "partly": "Partly", "not-seen": "Not seen"}
FIELD = "was_it_fixed"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What a form says: the attempt after which the advice was given, and the answer."""

    advice_id: int | None = None
    fixed: str = ""


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """An answer that both sides see, with the advice and the review in which it was given."""

    advice_id: int
    advice_title: str
    advised_at: datetime
    text: str
    attempt_id: int
    title: str
    at: datetime
    fixed: str

    @property
    def words(self) -> str:
        return FIXED[self.fixed]


def read(sent: Mapping[str, str]) -> FollowUp:
    """One field holds both, so that an old copy of a form never answers for a newer advice."""
    fixed, _, number = sent.get(FIELD, "").rpartition("-")
    known = fixed in FIXED and number.isascii() and number.isdigit() and len(number) < 10  # noqa: PLR2004
    return FollowUp(int(number), fixed) if known else FollowUp()


def valid(session: Session, attempt: Attempt, sent: FollowUp) -> FollowUp:
    """The answer, where its advice is one that this attempt can be looked at for."""
    known = session.scalars(advice_before(attempt).with_only_columns(Attempt.id).order_by(None)).all()
    return sent if sent.advice_id in known else FollowUp()


def advice_before(attempt: Attempt) -> Select[FeedbackNote, str, Attempt]:
    """Notes with advice that the learner knew when he played, newest first, each with what it was about."""
    known = attempt.submitted_at or attempt.created_at
    if attempt.played_on is not None:
        known = min(known, datetime.combine(attempt.played_on + timedelta(days=1), time(), UTC))
    return (
        select(FeedbackNote, NotePart.next_try, Attempt)
        .join(NotePart, and_(NotePart.note_id == FeedbackNote.id, NotePart.kind == "change"))
        .join(Attempt, Attempt.id == FeedbackNote.attempt_id)
        .where(
            Attempt.learner_id == attempt.learner_id,
            Attempt.id != attempt.id,
            FeedbackNote.released_at < known,
            NotePart.next_try != "",
            _read_by_the_same(attempt),
        )
        .order_by(FeedbackNote.released_at.desc(), FeedbackNote.id.desc())
    )


def _read_by_the_same(attempt: Attempt) -> ColumnElement[bool]:
    """Advice from practice is asked about in practice alone, with the same coach."""
    if attempt.official:
        return Attempt.kind == OFFICIAL
    return or_(Attempt.kind == OFFICIAL, Attempt.coach_id == attempt.coach_id)


def followed_up(session: Session, library_of: LibraryOf, learner_id: int, viewer_id: int) -> tuple[FollowedUp, ...]:
    """Every answer that is open to both, newest first; from practice only for the learner and whom he invited."""
    advised, advice = aliased(Attempt), aliased(FeedbackNote)
    rows = session.execute(
        select(FeedbackNote.released_at, FeedbackNote.fixed, Attempt, advised, advice.released_at, NotePart.next_try)
        .join(Attempt, Attempt.id == FeedbackNote.attempt_id)
        .join(advised, advised.id == FeedbackNote.advice_id)
        .join(advice, advice.attempt_id == advised.id)
        .join(NotePart, and_(NotePart.note_id == advice.id, NotePart.kind == "change"))
        .where(Attempt.learner_id == learner_id, FeedbackNote.released_at.is_not(None))
        .order_by(FeedbackNote.released_at.desc(), FeedbackNote.id.desc())
    )

    def title(attempt: Attempt) -> str:
        return title_of(attempt, library_of(attempt.library_version).scenario(attempt.scenario_id))

    return tuple(
        FollowedUp(about.id, title(about), advised_at, text, own.id, title(own), at, fixed)
        for (at, fixed, own, about, advised_at, text) in rows
        if at and fixed and advised_at
        if viewer_id == learner_id or own.official or own.coach_id == viewer_id
    )
