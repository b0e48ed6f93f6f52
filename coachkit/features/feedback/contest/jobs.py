"""Telling people about a contest: that there is something, never what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from coachkit.features.accounts.queries import with_role
from coachkit.features.feedback.contest.models import Contest
from coachkit.features.feedback.contest.service import is_open, outside_token
from coachkit.features.notices import service as notices
from coachkit.features.notices.kinds import register
from coachkit.features.practice.evidence.keeping import matters
from coachkit.features.practice.models import Attempt
from coachkit.platform import clock
from coachkit.platform.jobs import job
from coachkit.platform.mail import compose
from coachkit.platform.policy import Role
from coachkit.platform.tools import send, tools

LOOK, NEEDS_OUTSIDER, LATE, OUTCOME = "contest-look", "contest-needs-outsider", "contest-late", "contest-outcome"


@matters
def keeps_recordings(session: Session, attempt_id: int) -> list[datetime | None]:
    """While an objection is open, the recordings of its attempt stay, and fourteen days after.

    A sentence of a report rests on several attempts: until then all recordings of its person stay.
    """
    learner = select(Attempt.learner_id).where(Attempt.id == attempt_id).scalar_subquery()
    of_a_report = and_(Contest.attempt_id.is_(None), Contest.person_id == learner)
    query = select(Contest.decided_at, Contest.withdrawn_at).where(or_(Contest.attempt_id == attempt_id, of_a_report))
    rows = session.execute(query)
    return [decided or withdrawn for decided, withdrawn in rows]


@register(
    LOOK,
    subject="A second look is asked for",
    sentence="A learner sees something differently, and you are asked to look at what was said, without seeing "
    "anybody's rating.",
    path="/feedback/queue",
)
def looks(session: Session, person_id: int, contest_id: int) -> bool:
    """It is open, and hers."""
    row = session.get(Contest, contest_id)
    return row is not None and is_open(row) and row.reviewer_id == person_id


@register(
    NEEDS_OUTSIDER,
    subject="Somebody from outside is needed",
    sentence="Something that a learner contests can be looked at by nobody here, and needs you. You see neither "
    "ratings nor what was said.",
    path="/feedback/contests",
)
def needs_outsider(session: Session, person_id: int, contest_id: int) -> bool:
    """It is open, and nobody is asked."""
    del person_id
    row = session.get(Contest, contest_id)
    return row is not None and is_open(row) and row.reviewer_id is None and not row.outsider


@register(
    LATE,
    subject="A second look is late",
    sentence="Something that a learner contests has waited for fourteen days. You see neither ratings nor what was "
    "said.",
    path="/feedback/contests",
)
def late(session: Session, person_id: int, contest_id: int) -> bool:
    """As long as it is open."""
    del person_id
    row = session.get(Contest, contest_id)
    return row is not None and is_open(row)


@register(
    OUTCOME,
    subject="Your view was looked at",
    sentence="Somebody else has looked at what you see differently. The outcome and the reasons are there to read.",
    path="/feedback/differ",
)
def has_outcome(session: Session, person_id: int, contest_id: int) -> bool:
    """It is his, and decided."""
    row = session.get(Contest, contest_id)
    return row is not None and row.person_id == person_id and row.decided_at is not None


@job("contest.tell")
def tell(session: Session, *, contest_id: int) -> None:
    """Tell whoever looks again; where nobody can, the lead coaches."""
    row = session.get(Contest, contest_id)
    if row is None or not is_open(row):
        return
    if row.reviewer_id is not None:
        notices.tell(session, tools().settings, [row.reviewer_id], LOOK, contest_id)
    else:
        _tell_leads(session, NEEDS_OUTSIDER, contest_id)


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
    if row is not None and is_open(row) and row.due_at <= clock.now():
        _tell_leads(session, LATE, contest_id)


def _tell_leads(session: Session, kind: str, contest_id: int) -> None:
    leads = [person.id for person in with_role(session, Role.LEAD_COACH)]
    notices.tell(session, tools().settings, leads, kind, contest_id, anew=True)


@job("contest.tell_outcome")
def tell_outcome(session: Session, *, contest_id: int) -> None:
    """Tell the learner that it is decided."""
    row = session.get(Contest, contest_id)
    if row is not None:
        notices.tell(session, tools().settings, [row.person_id], OUTCOME, contest_id)
