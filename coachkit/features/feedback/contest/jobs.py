"""Telling people about a contest. A mail says that there is something, never what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.features.accounts.queries import with_role
from coachkit.features.feedback.contest.models import Contest
from coachkit.features.feedback.contest.service import is_open, outside_token
from coachkit.features.feedback.jobs import send_to
from coachkit.features.practice.evidence.keeping import matters
from coachkit.platform.jobs import job
from coachkit.platform.mail import compose
from coachkit.platform.policy import Role
from coachkit.platform.tools import send, tools


@matters
def keeps_recordings(session: Session, attempt_id: int) -> list[datetime | None]:
    """While an objection is open, the recordings of its attempt stay, and fourteen days after."""
    rows = session.execute(select(Contest.decided_at, Contest.withdrawn_at).where(Contest.attempt_id == attempt_id))
    return [decided or withdrawn for decided, withdrawn in rows]


@job("contest.tell")
def tell(session: Session, *, contest_id: int) -> None:
    """Tell whoever looks again; where nobody can, the lead coaches."""
    row = session.get(Contest, contest_id)
    if row is None or not is_open(row):
        return
    if row.reviewer_id is not None:
        send_to(session, [row.reviewer_id], "A second look is asked for", "email/contest.txt", "/feedback/queue")
    else:
        _tell_leads(session, "Somebody from outside is needed")


@job("contest.ask_outside")
def ask_outside(session: Session, *, contest_id: int) -> None:
    """Send the one-time link to somebody who has no account; sent again, it brings a new one."""
    row = session.get(Contest, contest_id)
    if row is None or not is_open(row) or not row.outsider_email:
        return
    settings = tools().settings
    link = f"{settings.base_url}/look-again/{outside_token(session, row)}"
    words = tools().documents.get_template("email/contest_outside.txt")
    said = words.render(name=row.outsider, link=link, organisation=settings.organisation)
    send(session, [compose(settings, row.outsider_email, "You are asked to look at something", said)])


@job("contest.is_late")
def is_late(session: Session, *, contest_id: int) -> None:
    """After 14 days without an answer the lead coaches hear of it; it stays withheld until it is decided."""
    row = session.get(Contest, contest_id)
    if row is not None and is_open(row):
        _tell_leads(session, "A second look is late")


def _tell_leads(session: Session, subject: str) -> None:
    leads = [person.id for person in with_role(session, Role.LEAD_COACH)]
    send_to(session, leads, subject, "email/contest_lead.txt", "/feedback/contests")


@job("contest.tell_outcome")
def tell_outcome(session: Session, *, contest_id: int) -> None:
    """Tell the learner that it is decided."""
    row = session.get(Contest, contest_id)
    if row is not None:
        path = f"/feedback/{row.attempt_id}/reveal" if row.attempt_id else "/feedback/differ"
        send_to(session, [row.person_id], "Your view was looked at", "email/contest_outcome.txt", path)
