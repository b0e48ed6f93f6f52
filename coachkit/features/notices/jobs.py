"""The mails. Each holds the sentence of its kind, a link and the way out; what was written stays in coachkit.

A mail goes out before its job is done. A worker that dies in between has it sent once more, with the same Message-ID;
a mail server that is away for hours loses nothing, since the job asks for another try itself.
"""

from __future__ import annotations

import smtplib
from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.features.accounts.models import Person
from coachkit.features.notices.kinds import KINDS
from coachkit.features.notices.models import Notice, NoticeChoice
from coachkit.features.notices.service import DAILY, EACH, stop_link
from coachkit.platform import clock, jobs
from coachkit.platform.jobs import job
from coachkit.platform.mail import compose
from coachkit.platform.tools import send, tools

log = structlog.get_logger()
MOST_TRIES = 40
"""With pauses that grow to an hour: a day and a half."""


@job("notices.mail")
def mail(session: Session, *, notice_id: int, tried: int = 0) -> None:
    """One event, one mail; none where it concerns the person no longer, or has been read or mailed already."""
    notice = session.get(Notice, notice_id)
    if notice is None or notice.mailed_at or notice.read_at:
        return
    kind = KINDS[notice.kind]
    if not (kind.always or _mails(session, notice.person_id) == EACH):
        return
    if not kind.stands(session, notice.person_id, notice.about):
        return
    if _sent(session, notice.person_id, kind.subject, [notice], f"notice {notice.id}"):
        notice.mailed_at = clock.now()
    else:
        _again(session, "notices.mail", tried, notice_id=notice_id)


@job("notices.digest")
def digest(session: Session, *, person_id: int, tried: int = 0) -> None:
    """Everything of a day in one mail, for those who chose that."""
    choice = session.get(NoticeChoice, person_id)
    if choice is None or choice.mails != DAILY or choice.digest_at is None:
        return
    if clock.now() < choice.digest_at:  # another day's, after the choice was changed to and fro
        return
    mine = (Notice.person_id == person_id, Notice.mailed_at.is_(None), Notice.read_at.is_(None))
    rows = session.scalars(select(Notice).where(*mine).order_by(Notice.at, Notice.id))
    kinds = ((row, KINDS[row.kind]) for row in rows)
    found = [row for row, kind in kinds if not kind.always and kind.stands(session, person_id, row.about)]
    same = f"digest {person_id} {choice.digest_at.isoformat()}"
    if found and not _sent(session, person_id, "Your day in coachkit", found, same):
        _again(session, "notices.digest", tried, person_id=person_id)
        return
    for row in found:
        row.mailed_at = clock.now()
    choice.digest_at = None


def _mails(session: Session, person_id: int) -> str:
    choice = session.get(NoticeChoice, person_id)
    return choice.mails if choice else EACH


def _sent(session: Session, person_id: int, subject: str, notices: list[Notice], same: str) -> bool:
    """Hand the mail over; False where the mail server is out of reach. Nothing goes to a closed account."""
    person = session.get(Person, person_id)
    if person is None or not person.active:
        return True
    settings = tools().settings
    lines = [(KINDS[each.kind].sentence, settings.base_url + KINDS[each.kind].url(each.about)) for each in notices]
    stop = "" if any(KINDS[each.kind].always for each in notices) else stop_link(settings, person_id)
    text = (
        tools()
        .documents.get_template("email/notice.txt")
        .render(name=person.name, lines=lines, settings_link=f"{settings.base_url}/notices", stop=stop)
    )
    try:
        send(session, [compose(settings, person.email, subject, text, same=same, stop=stop)])
    except smtplib.SMTPRecipientsRefused:
        log.warning("mail_refused", person_id=person_id)  # the address is wrong; another try changes nothing
    except OSError as error:
        log.warning("mail_server_away", kind=type(error).__name__)
        return False
    return True


def _again(session: Session, name: str, tried: int, **args: int) -> None:
    if tried >= MOST_TRIES:
        log.error("mail_given_up", job=name, **args)
        return
    jobs.enqueue(session, name, delay=timedelta(minutes=min(60, 2**tried)), tried=tried + 1, **args)
