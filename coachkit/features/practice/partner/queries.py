"""The invitation for the learner, the card for the partner, and the two sentences for those who may read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.content.model import Library, ParallelForm, Scenario
from coachkit.features.accounts.queries import names
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.partner.models import PartnerInvitation, PartnerTime
from coachkit.features.practice.partner.service import Guest, open_invitation
from coachkit.features.practice.service import sealed
from coachkit.platform.templates import long_date


@dataclass(frozen=True, slots=True)
class TimeView:
    id: int
    on: date
    at: str
    chosen: bool

    @property
    def words(self) -> str:
        return f"{long_date(self.on)}, {self.at}" if self.at else long_date(self.on)


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation, for the learner who made it. It holds nothing of what the partner has said."""

    name: str
    state: str
    """`waits`, `comes`, `no`, `taken-back` or `over`."""
    invited_at: datetime
    expires_at: datetime
    times: tuple[TimeView, ...]

    @property
    def chosen(self) -> TimeView | None:
        return next((time for time in self.times if time.chosen), None)


@dataclass(frozen=True, slots=True)
class Card:
    """All that a partner sees: who asks, the partner's part, and the times."""

    learner: str
    title: str
    form: Scenario | ParallelForm
    minutes: int
    times: tuple[TimeView, ...]
    expires_at: datetime

    @property
    def chosen(self) -> TimeView | None:
        return next((time for time in self.times if time.chosen), None)


@dataclass(frozen=True, slots=True)
class Said:
    """A partner's two sentences."""

    who: str
    felt: str
    noticed: str
    at: datetime


def _times(session: Session, invitation_id: int) -> tuple[TimeView, ...]:
    rows = session.scalars(
        select(PartnerTime).where(PartnerTime.invitation_id == invitation_id).order_by(PartnerTime.on, PartnerTime.id)
    )
    return tuple(TimeView(row.id, row.on, row.at, row.chosen) for row in rows)


def invitations(session: Session, attempt: Attempt) -> tuple[InvitationView, ...]:
    """Whom the learner has asked to play this, newest first."""
    standing = open_invitation(session, attempt)
    rows = session.scalars(
        select(PartnerInvitation)
        .where(PartnerInvitation.attempt_id == attempt.id)
        .order_by(PartnerInvitation.id.desc())
    )
    found = []
    for row in rows:
        times = _times(session, row.id)
        if row.declined_at:
            state = "no"
        elif row.revoked_at:
            state = "taken-back"
        elif row.said_at or (standing and row.id == standing.id):
            # The same before and after the partner has said something: the learner still has to rate himself.
            state = "comes" if any(time.chosen for time in times) else "waits"
        else:
            state = "over"
        found.append(InvitationView(row.name, state, row.invited_at, row.expires_at, times))
    return tuple(found)


def who_plays(session: Session, attempt: Attempt) -> str:
    """Where it stands with a partner, in a few words for the attempt's page; empty where nobody was asked."""
    asked = invitations(session, attempt)
    if not asked:
        return ""
    latest = asked[0]
    if latest.chosen and latest.state == "comes":
        return f"{latest.name} plays on {latest.chosen.words}."
    return {
        "waits": f"{latest.name} is asked.",
        "no": f"{latest.name} cannot play.",
        "taken-back": "",
        "over": f"The invitation to {latest.name} has ended.",
    }.get(latest.state, "")


def card(session: Session, library: Library, came: Guest) -> Card:
    """The partner's card. Nothing of the learner's brief and nothing of a rating is read for it."""
    scenario = library.scenario(came.attempt.scenario_id)
    form: Scenario | ParallelForm = scenario.parallel_form if came.attempt.parallel else scenario
    return Card(
        learner=names(session, [came.attempt.learner_id]).get(came.attempt.learner_id, ""),
        title=form.title,
        form=form,
        minutes=scenario.minutes.play,
        times=_times(session, came.invitation.id),
        expires_at=came.invitation.expires_at,
    )


def said(session: Session, attempt: Attempt) -> tuple[Said, ...]:
    """What partners have said about an attempt, as soon as it can colour no rating any more. Nothing before."""
    if sealed(attempt):
        return ()
    rows = session.scalars(
        select(PartnerInvitation)
        .where(PartnerInvitation.attempt_id == attempt.id, PartnerInvitation.said_at.is_not(None))
        .order_by(PartnerInvitation.id)
    )
    return tuple(Said(row.name, row.felt, row.noticed, row.said_at or row.invited_at) for row in rows)
