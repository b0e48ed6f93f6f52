"""The coaches' desk of the demo: what waits is announced, one coach goes away, and learners have tapped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library
from coachkit.features.feedback import telling
from coachkit.features.feedback.bank import service as bank
from coachkit.features.feedback.desk import absence, private_notes, usefulness
from coachkit.features.feedback.models import LearnerAnswer
from coachkit.features.notices.service import tell
from coachkit.features.practice.answering import answerers, waits_for_coach
from coachkit.features.practice.models import Attempt
from coachkit.platform import clock
from coachkit.platform.policy import Actor
from coachkit.platform.settings import Settings

NOT_REALLY = 6
"""Every so many-th feedback was of no use."""

PHRASES = (
    ("interviewing.needs", "You asked “…” before you had named a tool. What did you want to hear?"),
    ("comm.tone", "At “…” the other side put the pen down. What was in your voice at that moment?"),
)
"""What one coach has kept to say it again."""


def fill(session: Session, library: Library, settings: Settings, people: Mapping[str, Actor], now: datetime) -> None:
    """After all attempts are there."""
    by_id = {actor.id: actor for actor in people.values()}
    answered = session.execute(
        select(LearnerAnswer.attempt_id, LearnerAnswer.person_id, LearnerAnswer.at).order_by(LearnerAnswer.id)
    ).all()
    for number, (attempt_id, person_id, at) in enumerate(answered):
        with clock.fixed(at):
            useful = "0" if number % NOT_REALLY == NOT_REALLY - 1 else "1"
            usefulness.tap(session, by_id[person_id], attempt_id, "useful", useful)
            usefulness.tap(session, by_id[person_id], attempt_id, "fits", "1")
    for attempt in session.scalars(select(Attempt).where(Attempt.kind == "official").order_by(Attempt.id)):
        if waits_for_coach(session, attempt):
            with clock.fixed(attempt.submitted_at or now):
                tell(session, settings, answerers(session, attempt), telling.WAITS, attempt.id)
    with clock.fixed(now):
        first = now.date() + timedelta(days=4)
        absence.begin(session, people["tomas"], first, first + timedelta(days=6))
        text = "Ask about the move to the new plant first; it was on her mind last time."
        for criterion_id, words in PHRASES:
            bank.keep(session, people["marta"], library, criterion_id, words)
        private_notes.keep(session, people["marta"], people["sofia"].id, text, version=0)
