"""Today's review cards, and what an answer does to a card. For the learner alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.content.model import Card, Library, Module
from coachkit.domain.recall import day
from coachkit.domain.recall.day import Waiting
from coachkit.domain.recall.schedule import Answer, Memory, after, days_until
from coachkit.features.learning.models import CardReview, SectionRead
from coachkit.platform import clock
from coachkit.platform.errors import InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor, require

OPENS_WITH = "key-facts"
"""A module's cards join the list once this section of it was read, or skipped as known."""
WORDS = {
    Answer.MISSED: "Missed it",
    Answer.WITH_EFFORT: "With effort",
    Answer.KNEW_IT: "Knew it",
    Answer.AT_ONCE: "At once",
}


@dataclass(frozen=True, slots=True)
class AnswerButton:
    """One way to say how it went, with when the card comes back then."""

    value: int
    label: str
    back: str


@dataclass(frozen=True, slots=True)
class CardsToday:
    """How much of today's list is left."""

    left: int
    minutes: int


@dataclass(frozen=True, slots=True)
class CardPage:
    """The next card, or why there is none."""

    card: Card | None
    module: Module | None
    number: int
    of: int
    minutes: int
    buttons: tuple[AnswerButton, ...]
    unlocked: bool
    done: int
    coming: tuple[tuple[date, int], ...]


def _open_modules(session: Session, library: Library, person_id: int) -> list[Module]:
    rows = session.scalars(
        select(SectionRead.module_id).where(SectionRead.person_id == person_id, SectionRead.section_id == OPENS_WITH)
    ).all()
    return [module for module in library.modules if module.id in set(rows) and module.cards]


def _reviews(session: Session, person_id: int) -> dict[str, CardReview]:
    rows = session.scalars(select(CardReview).where(CardReview.person_id == person_id))
    return {row.card_id: row for row in rows}


def _today(modules: Iterable[Module], reviews: dict[str, CardReview], now: datetime) -> tuple[Waiting, ...]:
    cards = [
        Waiting(card.id, module.id, reviews[card.id].due_at if card.id in reviews else None)
        for module in modules
        for card in module.cards
    ]
    answered = [row for row in reviews.values() if row.reviewed_at.date() == now.date()]
    home = {card.card_id: card.module_id for card in cards}
    by_module = Counter(home.get(row.card_id, "") for row in answered)
    return day.todays(cards, now.date(), answered=by_module, first_time=sum(row.reviews == 1 for row in answered))


def cards_today(session: Session, library: Library, person_id: int, now: datetime) -> CardsToday:
    """What is left of today's list."""
    left = len(_today(_open_modules(session, library, person_id), _reviews(session, person_id), now))
    return CardsToday(left, day.minutes(left))


def card_page(session: Session, library: Library, person_id: int, now: datetime) -> CardPage:
    """The card to answer now."""
    modules, reviews = _open_modules(session, library, person_id), _reviews(session, person_id)
    waiting = _today(modules, reviews, now)
    done = sum(row.reviewed_at.date() == now.date() for row in reviews.values())
    first = waiting[0] if waiting else None
    known = {card.id for module in modules for card in module.cards}
    ahead = day.coming((row.due_at for row in reviews.values() if row.card_id in known), now.date())
    return CardPage(
        card=library.card(first.card_id) if first else None,
        module=library.module(first.module_id) if first else None,
        number=done + 1,
        of=done + len(waiting),
        minutes=day.minutes(len(waiting)),
        buttons=_buttons(reviews.get(first.card_id), now) if first else (),
        unlocked=bool(modules),
        done=done,
        coming=tuple(ahead.items())[:5],
    )


def _memory(row: CardReview | None) -> Memory | None:
    return Memory(row.stability, row.difficulty, row.reviewed_at, row.due_at) if row else None


def _buttons(row: CardReview | None, now: datetime) -> tuple[AnswerButton, ...]:
    days = {answer: days_until(_memory(row), answer, now) for answer in Answer}
    return tuple(
        AnswerButton(int(answer), WORDS[answer], "tomorrow" if days[answer] == 1 else f"in {days[answer]} days")
        for answer in Answer
    )


def answer_card(session: Session, actor: Actor, library: Library, card_id: str, rating: int) -> bool:
    """Keep how it went. False where the card is not on today's list any more: then nothing changes."""
    require(actor, Action.LEARN)
    now = clock.now()
    modules, reviews = _open_modules(session, library, actor.id), _reviews(session, actor.id)
    if card_id not in {card.id for module in modules for card in module.cards}:
        raise NotFoundError
    if rating not in set(Answer):
        raise InvalidError({"rating": "Say how it went: one of the four."})
    if card_id not in {card.card_id for card in _today(modules, reviews, now)}:
        return False
    row = reviews.get(card_id)
    memory = after(_memory(row), Answer(rating), now)
    if row is None:
        row = CardReview(
            person_id=actor.id, card_id=card_id, stability=0.0, difficulty=0.0, due_at=now, reviewed_at=now, rating=1,
            reviews=0,
        )  # fmt: skip
        session.add(row)
    row.stability, row.difficulty = memory.stability, memory.difficulty
    row.due_at, row.reviewed_at, row.rating = memory.due_at, memory.reviewed_at, rating
    row.reviews += 1
    session.flush()
    return True
