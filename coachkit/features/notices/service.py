"""Telling somebody once, taking it back, and how somebody wants to be told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from coachkit.features.accounts.models import Person
from coachkit.features.accounts.queries import pseudonym_of
from coachkit.features.notices.kinds import KINDS
from coachkit.features.notices.models import Notice, NoticeChoice
from coachkit.platform import audit, clock, jobs
from coachkit.platform.db import upsert
from coachkit.platform.errors import InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor, require
from coachkit.platform.settings import Settings

EACH, DAILY, NONE = "each", "daily", "none"
CHOICES = {
    EACH: "A mail for each event",
    DAILY: "One mail a day, where there is something",
    NONE: "No mails; I look here",
}
AT_ONCE = 30
"""How many unread notices are looked at, the newest first, whenever somebody has done something."""


def tell(
    session: Session, settings: Settings, person_ids: Iterable[int], kind: str, about: int, *, anew: bool = False
) -> list[int]:
    """Tell these people of one event. Whoever was told already is not told again. Returns who was told now.

    `anew` is for what may rightly happen more than once: the new event takes the place of the earlier one.
    """
    always = KINDS[kind].always
    told, people = [], sorted(set(person_ids))
    if anew:
        forget(session, [kind], about, people)
    for person_id in people:
        notice_id = session.scalar(
            upsert(session, Notice)
            .values(person_id=person_id, kind=kind, about=about, at=clock.now(), read_at=None, mailed_at=None)
            .on_conflict_do_nothing(index_elements=["person_id", "kind", "about"])
            .returning(Notice.id)
        )
        if notice_id is None:
            continue
        told.append(person_id)
        choice = _choice(session, person_id)
        if always or choice is None or choice.mails == EACH:
            jobs.enqueue(session, "notices.mail", notice_id=notice_id)
        elif choice.mails == DAILY and choice.digest_at is None:
            choice.digest_at = next_digest(clock.now(), settings.digest_hour)
            jobs.enqueue(session, "notices.digest", delay=choice.digest_at - clock.now(), person_id=person_id)
    session.flush()
    return told


def _choice(session: Session, person_id: int) -> NoticeChoice | None:
    query = select(NoticeChoice).where(NoticeChoice.person_id == person_id).with_for_update()
    return session.scalars(query).one_or_none()


def next_digest(now: datetime, hour: int) -> datetime:
    """The next time that the daily mail goes out."""
    due = now.replace(hour=hour % 24, minute=0, second=0, microsecond=0)
    return due if due > now else due + timedelta(days=1)


def forget(session: Session, kinds: Iterable[str], about: int, person_ids: Iterable[int] | None = None) -> None:
    """Take notices back whose event concerns these people no longer; what happens anew is told anew."""
    gone = delete(Notice).where(Notice.kind.in_(tuple(kinds)), Notice.about == about)
    session.execute(gone if person_ids is None else gone.where(Notice.person_id.in_(tuple(person_ids))))


def settle(session: Session, person_id: int) -> None:
    """Take back what somebody has not read and what concerns her no longer, most often by what she just did."""
    mine = select(Notice).where(Notice.person_id == person_id, Notice.read_at.is_(None))
    for row in session.scalars(mine.order_by(Notice.id.desc()).limit(AT_ONCE)).all():
        if row.kind not in KINDS or not KINDS[row.kind].stands(session, person_id, row.about):
            session.delete(row)
    session.flush()


def read(session: Session, actor: Actor, notice_id: int) -> str:
    """Mark one's own notice as read; returns where it leads."""
    require(actor, Action.USE_ACCOUNT)
    notice = session.get(Notice, notice_id)
    if notice is None or notice.person_id != actor.id or notice.kind not in KINDS:
        raise NotFoundError
    notice.read_at = notice.read_at or clock.now()
    return KINDS[notice.kind].url(notice.about)


def read_all(session: Session, actor: Actor) -> None:
    """Mark all of one's own notices as read."""
    require(actor, Action.USE_ACCOUNT)
    mine = (Notice.person_id == actor.id, Notice.read_at.is_(None))
    session.execute(update(Notice).where(*mine).values(read_at=clock.now()))


def choose(session: Session, actor: Actor, mails: str) -> None:
    """How whoever asks wants mails from now on."""
    require(actor, Action.USE_ACCOUNT)
    if mails not in CHOICES:
        raise InvalidError({"mails": "Please choose one."})
    _set(session, actor.id, mails)


def _set(session: Session, person_id: int, mails: str) -> None:
    values = {"mails": mails, "digest_at": None}
    session.execute(
        upsert(session, NoticeChoice)
        .values(person_id=person_id, **values)
        .on_conflict_do_update(index_elements=["person_id"], set_=values)
    )


def stop_link(settings: Settings, person_id: int) -> str:
    """The address that ends somebody's mails, for whoever holds one of them. It can do nothing else."""
    return f"{settings.base_url}/notices/stop/{_signer(settings).dumps(person_id)}"


def stop(session: Session, settings: Settings, token: str) -> None:
    """End the mails of whoever this link was sent to. What happens still stands in the list."""
    person_id = holder(session, settings, token)
    _set(session, person_id, NONE)
    audit.record(session, None, "notices:stop", subject=pseudonym_of(session, person_id))


def holder(session: Session, settings: Settings, token: str) -> int:
    """Whose link this is."""
    try:
        person_id = _signer(settings).loads(token)
    except BadSignature as error:
        raise NotFoundError from error
    if session.get(Person, person_id) is None:
        raise NotFoundError
    return int(person_id)


def _signer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(settings.secret_key, salt="coachkit notices stop")
