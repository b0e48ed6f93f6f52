"""Telling the sponsor. The link is made here, so that no queue ever holds it; whoever has an account needs none."""

from __future__ import annotations

import secrets

from sqlalchemy.orm import Session

from coachkit.features.accounts.models import Person
from coachkit.features.accounts.secrets import digest
from coachkit.features.feedback.sponsor.models import Sponsor
from coachkit.features.notices.kinds import register
from coachkit.features.notices.service import tell
from coachkit.platform import clock
from coachkit.platform.jobs import job
from coachkit.platform.mail import compose
from coachkit.platform.templates import long_date
from coachkit.platform.tools import send, tools

SHARED = "shared-with-sponsor"


@register(
    SHARED,
    subject="Something is shared with you",
    sentence="A learner shares with you what learning takes: time, dates, or a plan. There are no ratings in it.",
    path="/sponsored",
)
def is_shared(session: Session, person_id: int, sponsor_id: int) -> bool:
    """The learner has not taken it back, and its time is not over."""
    row = session.get(Sponsor, sponsor_id)
    return row is not None and row.person_id == person_id and row.revoked_at is None and row.expires_at > clock.now()


@job("feedback.tell_sponsor")
def tell_sponsor(session: Session, *, sponsor_id: int) -> None:
    """Bring a link; whoever has an account finds it among the notices."""
    row = session.get(Sponsor, sponsor_id)
    if row is None or row.revoked_at is not None:
        return
    person = session.get(Person, row.person_id) if row.person_id else None
    if person is not None:
        tell(session, tools().settings, [person.id], SHARED, sponsor_id, anew=True)
        return
    if not row.email:
        return
    token = secrets.token_urlsafe(32)
    row.token_hash = digest(token)
    settings = tools().settings
    learner = session.get_one(Person, row.learner_id)
    text = (
        tools()
        .documents.get_template("email/sponsor.txt")
        .render(
            name=row.name,
            learner=learner.name,
            organisation=settings.organisation,
            link=f"{settings.base_url}/sponsor/{token}",
            until=long_date(row.expires_at),
        )
    )
    send(session, [compose(settings, row.email, "Something is shared with you", text)])
