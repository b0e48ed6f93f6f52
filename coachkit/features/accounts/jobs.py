"""Mails that bring a one-time link. The token is made here, so that no queue ever holds it."""

from __future__ import annotations

from flask import current_app
from sqlalchemy.orm import Session

from coachkit.features.accounts import secrets
from coachkit.features.accounts.models import Person
from coachkit.platform.jobs import job
from coachkit.platform.mail import Mailer, compose
from coachkit.platform.settings import Settings

SUBJECT = {"invitation": "Your invitation to coachkit", "reset": "Set a new password for coachkit"}


@job("accounts.mail_link")
def mail_link(session: Session, *, person_id: int, kind: str) -> None:
    """Mail an invitation or a reset link. Nothing is sent to a closed account."""
    person = session.get(Person, person_id)
    if person is None or not person.active:
        return
    settings: Settings = current_app.config["COACHKIT"]
    life = secrets.INVITATION_LIFE if kind == "invitation" else secrets.LINK_LIFE
    token = secrets.give(session, kind, person.id, life)
    environment = current_app.extensions["coachkit_documents"]
    text = environment.get_template(f"email/{kind}.txt").render(
        name=person.name, link=f"{settings.base_url}/{kind}/{token}", organisation=settings.organisation
    )
    mailer: Mailer = current_app.extensions["coachkit_mailer"]
    mailer.send(compose(settings, person.email, SUBJECT[kind], text))
