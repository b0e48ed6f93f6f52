"""Mails that bring a one-time link, or tell of a new coach. The token is made here, so that no queue ever holds it."""

from __future__ import annotations

from email.message import EmailMessage

from sqlalchemy.orm import Session

from coachkit.features.accounts import secrets
from coachkit.features.accounts.models import Person
from coachkit.features.accounts.queries import coaches_of
from coachkit.platform.jobs import job
from coachkit.platform.mail import compose
from coachkit.platform.tools import send, tools

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
    text = (
        tools()
        .documents.get_template(f"email/{kind}.txt")
        .render(name=person.name, link=f"{settings.base_url}/{kind}/{token}", organisation=settings.organisation)
    )
    send(session, [compose(settings, person.email, SUBJECT[kind], text)])  # sent again, it brings a new link


@job("accounts.tell_coached")
def tell_coached(session: Session, *, learner_id: int, coach_id: int) -> None:
    """Tell a learner, and those who coach him already, who has come to see his work: nobody does so unnoticed."""
    learner, coach = session.get(Person, learner_id), session.get(Person, coach_id)
    coaches = coaches_of(session, learner_id)
    if learner is None or coach is None or coach_id not in {each.id for each in coaches}:
        return
    words = {"coach": coach.name, "organisation": tools().settings.organisation}
    others = (session.get_one(Person, each.id) for each in coaches if each.active and each.id != coach_id)
    told = [_told("new_coach", learner, words), *(_told("new_colleague", other, words) for other in others)]
    send(session, told)


def _told(template: str, person: Person, words: dict[str, str]) -> EmailMessage:
    text = tools().documents.get_template(f"email/{template}.txt").render(name=person.name, **words)
    return compose(tools().settings, person.email, "A new coach in coachkit", text)
