"""Mails to a partner and about one. The link is made here, so that no queue ever holds it."""

from __future__ import annotations

import secrets

from sqlalchemy.orm import Session

from coachkit.features.accounts.models import Person
from coachkit.features.accounts.secrets import digest
from coachkit.features.notices.kinds import register
from coachkit.features.notices.service import tell
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.partner import service
from coachkit.features.practice.partner.models import PartnerInvitation
from coachkit.platform.jobs import job
from coachkit.platform.mail import compose
from coachkit.platform.templates import long_date
from coachkit.platform.tools import send, tools

ANSWERED = "partner-answered"


@job("practice.invite_partner")
def invite_partner(session: Session, *, invitation_id: int) -> None:
    """Bring the link. Sent again, it brings a new one, and the earlier one ends."""
    row = session.get(PartnerInvitation, invitation_id)
    attempt = session.get(Attempt, row.attempt_id) if row else None
    if row is None or attempt is None or service.open_invitation(session, attempt) is not row:
        return
    person = session.get(Person, row.person_id) if row.person_id else None
    learner = session.get_one(Person, attempt.learner_id)
    address = person.email if person and person.active else row.email
    if not address:
        return
    token = secrets.token_urlsafe(32)
    row.token_hash = digest(token)
    settings = tools().settings
    text = (
        tools()
        .documents.get_template("email/partner.txt")
        .render(
            name=row.name,
            learner=learner.name,
            organisation=settings.organisation,
            link=f"{settings.base_url}/partner/{token}",
            until=long_date(row.expires_at),
        )
    )
    send(session, [compose(settings, address, "Asked to play a part", text)])


@register(
    ANSWERED,
    subject="Your partner has answered",
    sentence="Whoever you asked to play the other side has answered.",
    path="/practice/{about}/partner",
)
def has_answered(session: Session, person_id: int, attempt_id: int) -> bool:
    """It is his, and not withdrawn."""
    attempt = session.get(Attempt, attempt_id)
    return attempt is not None and attempt.learner_id == person_id and attempt.withdrawn_at is None


@job("practice.tell_of_partner")
def tell_of_partner(session: Session, *, invitation_id: int) -> None:
    """Tell the learner that the partner has answered, and anew where the answer changes; what, stands on the page."""
    row = session.get(PartnerInvitation, invitation_id)
    attempt = session.get(Attempt, row.attempt_id) if row else None
    if attempt is not None and attempt.withdrawn_at is None:
        tell(session, tools().settings, [attempt.learner_id], ANSWERED, attempt.id, anew=True)


@job("practice.end_invitation")
def end_invitation(session: Session, *, invitation_id: int) -> None:
    """Forget link and address when the time is over."""
    service.expire(session, invitation_id)
