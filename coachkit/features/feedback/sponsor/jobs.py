"""Telling the sponsor. The link is made here, so that no queue ever holds it."""

from __future__ import annotations

import secrets

from sqlalchemy.orm import Session

from coachkit.features.accounts.models import Person
from coachkit.features.accounts.secrets import digest
from coachkit.features.feedback.sponsor.models import Sponsor
from coachkit.platform.jobs import job
from coachkit.platform.mail import compose
from coachkit.platform.templates import long_date
from coachkit.platform.tools import send, tools


@job("feedback.tell_sponsor")
def tell_sponsor(session: Session, *, sponsor_id: int) -> None:
    """Bring a link, or the address of the page where the sponsor has an account."""
    row = session.get(Sponsor, sponsor_id)
    if row is None or row.revoked_at is not None:
        return
    person = session.get(Person, row.person_id) if row.person_id else None
    address = person.email if person and person.active else row.email
    if not address:
        return
    path = "/sponsored"
    if person is None:
        token = secrets.token_urlsafe(32)
        row.token_hash = digest(token)
        path = f"/sponsor/{token}"
    settings = tools().settings
    learner = session.get_one(Person, row.learner_id)
    text = (
        tools()
        .documents.get_template("email/sponsor.txt")
        .render(
            name=row.name,
            learner=learner.name,
            organisation=settings.organisation,
            link=f"{settings.base_url}{path}",
            until=long_date(row.expires_at),
        )
    )
    send(session, [compose(settings, address, "Something is shared with you", text)])
