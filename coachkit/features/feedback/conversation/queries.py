"""A conversation for the two who hold it; and the little that a purpose may see of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.features.accounts.queries import names
from coachkit.features.feedback.conversation.guide import ABOUT, OUTCOMES, SOURCES
from coachkit.features.feedback.conversation.models import FitConversation, FitQuote, FitShare
from coachkit.platform import clock

GONE = "A coach who has left"


@dataclass(frozen=True, slots=True)
class SharedOutcome:
    """All that a purpose sees of a conversation, once the learner has shared it to this very purpose."""

    held_on: date
    outcome: str
    """`continue`, `find-out-more` or `step-aside-by-choice`."""
    outcome_words: str
    statement_attached: bool
    shared_at: datetime


@dataclass(frozen=True, slots=True)
class ConversationCard:
    """A conversation in a list."""

    id: int
    learner: str
    coach: str
    begun_at: datetime
    held_on: date | None
    outcome_words: str


@dataclass(frozen=True, slots=True)
class QuoteView:
    id: int
    source: str
    text: str
    who: str
    at: datetime
    mine: bool


@dataclass(frozen=True, slots=True)
class QuotesAbout:
    """What was written down about one of the two matters."""

    name: str
    quotes: tuple[QuoteView, ...]


@dataclass(frozen=True, slots=True)
class ConversationPage:
    """One conversation, for its learner or his coach."""

    id: int
    version: int
    learner: str
    learner_id: int
    coach: str
    mine: bool
    begun_at: datetime
    own_statement: str
    coach_statement: str
    notes: str
    notes_until: date | None
    outcome: str
    outcome_words: str
    outcome_text: str
    find_out: str
    find_out_until: date | None
    next_role: str
    proposed_by_me: bool
    proposed_by_other: bool
    held_on: date | None
    about: tuple[QuotesAbout, ...]
    shared_to: frozenset[int]


def shared_outcome(session: Session, person_id: int, purpose_id: int) -> SharedOutcome | None:
    """What a purpose may show of this person's conversation: the newest that was shared to it, or nothing.

    Whoever asks has checked already that the viewer may open the person within the purpose.
    """
    query = (
        select(FitConversation, FitShare)
        .join(FitShare, FitShare.conversation_id == FitConversation.id)
        .where(
            FitConversation.learner_id == person_id,
            FitShare.purpose_id == purpose_id,
            FitConversation.held_on.is_not(None),
        )
        .order_by(FitConversation.held_on.desc(), FitConversation.id.desc())
        .limit(1)
    )
    found = session.execute(query).one_or_none()
    if found is None:
        return None
    row, share = found
    return SharedOutcome(
        held_on=row.held_on or share.shared_at.date(),
        outcome=row.outcome,
        outcome_words=OUTCOMES[row.outcome][0],
        statement_attached=share.statement_attached,
        shared_at=share.shared_at,
    )


def conversations(
    session: Session, *, learner_id: int | None = None, coach_id: int | None = None
) -> tuple[ConversationCard, ...]:
    """Conversations of a learner, or those with a coach (or of this learner with this coach), newest first."""
    query = select(FitConversation)
    if learner_id is not None:
        query = query.where(FitConversation.learner_id == learner_id)
    if coach_id is not None:
        query = query.where(FitConversation.coach_id == coach_id)
    rows = list(session.scalars(query.order_by(FitConversation.begun_at.desc(), FitConversation.id.desc())))
    known = names(session, [person for row in rows for person in (row.learner_id, row.coach_id)])
    return tuple(
        ConversationCard(
            row.id,
            known.get(row.learner_id, ""),
            known.get(row.coach_id or 0, GONE),
            row.begun_at,
            row.held_on,
            OUTCOMES[row.outcome][0] if row.held_on else "",
        )
        for row in rows
    )


def conversation_page(session: Session, row: FitConversation, viewer_id: int) -> ConversationPage:
    """Everything that the two have written."""
    quotes = list(
        session.scalars(select(FitQuote).where(FitQuote.conversation_id == row.id).order_by(FitQuote.at, FitQuote.id))
    )
    known = names(session, [row.learner_id, row.coach_id, *(q.person_id for q in quotes)])
    mine = row.learner_id == viewer_id
    shares = select(FitShare.purpose_id).where(FitShare.conversation_id == row.id)
    words, text = OUTCOMES.get(row.outcome, ("", ""))
    fresh = row.notes_until is not None and row.notes_until > clock.today()
    return ConversationPage(
        id=row.id,
        version=row.version,
        learner=known.get(row.learner_id, ""),
        learner_id=row.learner_id,
        coach=known.get(row.coach_id or 0, GONE),
        mine=mine,
        begun_at=row.begun_at,
        own_statement=row.own_statement,
        coach_statement=row.coach_statement,
        notes=row.notes if fresh else "",
        notes_until=row.notes_until if fresh else None,
        outcome=row.outcome,
        outcome_words=words,
        outcome_text=text,
        find_out=row.find_out,
        find_out_until=row.find_out_until,
        next_role=row.next_role,
        proposed_by_me=row.proposed_by == viewer_id,
        proposed_by_other=row.proposed_by not in {None, viewer_id},
        held_on=row.held_on,
        about=tuple(
            QuotesAbout(
                name,
                tuple(
                    QuoteView(
                        q.id,
                        SOURCES[q.source],
                        q.text,
                        known.get(q.person_id or 0, GONE),
                        q.at,
                        q.person_id == viewer_id,
                    )
                    for q in quotes
                    if q.about == about
                ),
            )
            for about, name in ABOUT.items()
        ),
        shared_to=frozenset(session.scalars(shares)) if mine else frozenset(),
    )
