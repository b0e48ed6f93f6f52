"""Telling people that something waits for them. A mail says that there is something, never what, and names no other."""

from __future__ import annotations

from sqlalchemy.orm import Session

from coachkit.domain.decision.safeguards import Duty
from coachkit.features.decisions import duties, records, telling
from coachkit.features.decisions.models import DecisionDuty, DecisionRecord, Retrospective
from coachkit.features.notices.service import tell
from coachkit.platform import clock
from coachkit.platform.jobs import job
from coachkit.platform.mail import compose
from coachkit.platform.templates import long_date
from coachkit.platform.tools import send, tools


def _tell(session: Session, person_id: int | None, kind: str, about: int, *, anew: bool = False) -> None:
    """Nobody is told where whoever is meant has left."""
    if person_id is not None:
        tell(session, tools().settings, [person_id], kind, about, anew=anew)


@job("decisions.tell_person")
def tell_person(session: Session, *, record_id: int) -> None:
    """Tell somebody that a decision can be read, and answered."""
    record = session.get(DecisionRecord, record_id)
    if record is not None:
        _tell(session, record.person_id, telling.RECORDED, record_id)


@job("decisions.tell_asked")
def tell_asked(session: Session, *, purpose_id: int, person_id: int) -> None:
    """Tell somebody that a purpose asks for more evidence; for each skill anew."""
    _tell(session, person_id, telling.ASKED, purpose_id, anew=True)


@job("decisions.tell_duty")
def tell_duty(session: Session, *, duty_id: int) -> None:
    """Tell whoever is named on a record, and the reader of an appeal anew when there is one.

    Somebody from outside gets a mail with a link, made here so that no queue holds it.
    """
    duty = session.get(DecisionDuty, duty_id)
    if duty is None or duty.ended_at is not None or duty.ends_at <= clock.now():
        return
    if not duty.outside_name:
        _tell(session, duty.person_id, telling.DUTY, duty.id, anew=True)
        return
    settings = tools().settings
    text = tools().documents.get_template("email/tell_duty.txt")
    told = text.render(
        name=duty.outside_name,
        organisation=settings.organisation,
        link=f"{settings.base_url}/invited/{duties.make_link(session, duty)}",
        duty=Duty(duty.kind).word,
        until=long_date(duty.ends_at),
    )
    send(session, [compose(settings, duty.outside_email, "You are named on a record in coachkit", told)])


@job("decisions.tell_change")
def tell_change(session: Session, *, record_id: int, kind: str) -> None:
    """Tell the other side: the CIO of an answer or an appeal, both of a signature, a ruling or a note."""
    record = session.get(DecisionRecord, record_id)
    if record is None:
        return
    _tell(session, record.decided_by, telling.NEWS[kind], record_id, anew=True)
    if kind in telling.MY_NEWS:
        _tell(session, record.person_id, telling.MY_NEWS[kind], record_id, anew=True)


@job("decisions.ask_back")
def ask_back(session: Session, *, record_id: int) -> None:
    """On its day, ask whoever made a forecast what came of it."""
    record = session.get(DecisionRecord, record_id)
    if record is None or session.get(Retrospective, record_id) is not None:
        return
    if records.forecast_view(session, record_id) is not None:
        _tell(session, record.decided_by, telling.FORECAST, record_id)
