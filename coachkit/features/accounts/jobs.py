"""Mails that bring a one-time link. The token is made here, so that no queue ever holds it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from coachkit.features.accounts import secrets
from coachkit.features.accounts.models import Person
from coachkit.platform.jobs import job
from coachkit.platform.mail import compose
from coachkit.platform.tools import tools

SUBJECT = {"invitation": "Your invitation to coachkit", "reset": "Set a new password for coachkit"}


@job("accounts.mail_link")
def mail_link(session: Session, *, person_id: int, kind: str) -> None:
    """Mail an invitation or a reset link. Nothing is sent to a closed account."""
    person = session.get(Person, person_id)
    if person is None or not person.active:
        return
    settings = tools().settings
    life = secrets.INVITATION_LIFE if kind == "invitation" else secrets.LINK_LIFE
    token = secrets.give(session, kind, person.id, life)
    text = tools().documents.get_template(f"email/{kind}.txt").render(
        name=person.name, link=f"{settings.base_url}/{kind}/{token}", organisation=settings.organisation
    )
    mail = compose(settings, person.email, SUBJECT[kind], text)
    session.commit()  # others write while the mail server takes its time; sent again, it brings a new link
    tools().mailer.send(mail)
