"""Telling people that something waits for them. A mail says that there is something, never what, and names no other."""

from __future__ import annotations

from sqlalchemy.orm import Session

from coachkit.domain.decision.safeguards import Duty
from coachkit.features.accounts.models import Person
from coachkit.features.decisions import duties, records
from coachkit.features.decisions.models import DecisionDuty, DecisionRecord, Retrospective
from coachkit.platform import clock
from coachkit.platform.jobs import job
from coachkit.platform.mail import compose
from coachkit.platform.templates import long_date
from coachkit.platform.tools import send, tools


def _tell(session: Session, person_id: int | None, template: str, subject: str, path: str, **words: str) -> None:
    person = session.get(Person, person_id) if person_id else None
    if person is None or not person.active:
        return
    settings = tools().settings
    text = tools().documents.get_template(f"email/{template}.txt")
    told = text.render(name=person.name, organisation=settings.organisation, link=f"{settings.base_url}{path}", **words)
    send(session, [compose(settings, person.email, subject, told)])


@job("decisions.tell_person")
def tell_person(session: Session, *, record_id: int) -> None:
    """Tell somebody that a decision can be read, and answered."""
    record = session.get(DecisionRecord, record_id)
    if record is not None:
        path = f"/purposes/decisions/{record.id}"
        _tell(session, record.person_id, "tell_decision", "Something to read in coachkit", path)


@job("decisions.tell_asked")
def tell_asked(session: Session, *, purpose_id: int, person_id: int) -> None:
    """Tell somebody that a purpose asks for more evidence."""
    _tell(session, person_id, "tell_asked", "A question about your practice", f"/purposes/{purpose_id}")


@job("decisions.tell_duty")
def tell_duty(session: Session, *, duty_id: int) -> None:
    """Tell whoever is named on a record. Somebody from outside gets a link, made here so that no queue holds it."""
    duty = session.get(DecisionDuty, duty_id)
    if duty is None or duty.ended_at is not None or duty.ends_at <= clock.now():
        return
    words = {"duty": Duty(duty.kind).word, "until": long_date(duty.ends_at)}
    if not duty.outside_name:
        _tell(
            session, duty.person_id, "tell_duty", "You are named on a record in coachkit", f"/duties/{duty.id}", **words
        )
        return
    settings = tools().settings
    link = f"{settings.base_url}/invited/{duties.make_link(session, duty)}"
    text = tools().documents.get_template("email/tell_duty.txt")
    told = text.render(name=duty.outside_name, organisation=settings.organisation, link=link, **words)
    send(session, [compose(settings, duty.outside_email, "You are named on a record in coachkit", told)])


@job("decisions.tell_change")
def tell_change(session: Session, *, record_id: int, kind: str) -> None:
    """Tell the other side: the CIO of an answer or an appeal, both of a signature or a ruling."""
    record = session.get(DecisionRecord, record_id)
    if record is None:
        return
    subject = "News on a record in coachkit"
    _tell(session, record.decided_by, "tell_change", subject, f"/decisions/records/{record.id}")
    if kind not in {"answer", "appeal"}:
        _tell(session, record.person_id, "tell_change", subject, f"/purposes/decisions/{record.id}")


@job("decisions.ask_back")
def ask_back(session: Session, *, record_id: int) -> None:
    """On its day, ask whoever made a forecast what came of it."""
    record = session.get(DecisionRecord, record_id)
    if record is None or session.get(Retrospective, record_id) is not None:
        return
    if records.forecast_view(session, record_id) is not None:
        _tell(
            session,
            record.decided_by,
            "ask_back",
            "A forecast of yours has come due",
            f"/decisions/records/{record.id}",
        )
