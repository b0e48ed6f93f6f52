"""Telling people that it is their turn. A mail says that there is something, never what."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.features.accounts.models import Person
from coachkit.features.accounts.queries import coach_ids_of
from coachkit.features.feedback import second
from coachkit.features.practice import second_look
from coachkit.features.practice.licences import covered
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.service import COACH, OFFICIAL, sheet_of
from coachkit.platform.jobs import job
from coachkit.platform.mail import compose
from coachkit.platform.tools import send, tools


def send_to(session: Session, person_ids: list[int], subject: str, template: str, path: str) -> None:
    """One mail to each of these people who is still there: a name and a link."""
    settings = tools().settings
    words = tools().documents.get_template(template)
    people = session.scalars(select(Person).where(Person.id.in_(person_ids), Person.active))
    link = f"{settings.base_url}{path}"
    send(
        session,
        (compose(settings, person.email, subject, words.render(name=person.name, link=link)) for person in people),
    )


@job("feedback.tell_coaches")
def tell_coaches(session: Session, *, attempt_id: int) -> None:
    """Tell whoever coaches the learner now that an attempt waits."""
    attempt = session.get(Attempt, attempt_id)
    if attempt is None or attempt.withdrawn_at or attempt.revealed_at:
        return
    ids = coach_ids_of(session, attempt.learner_id)
    if attempt.kind != OFFICIAL:
        ids &= {attempt.coach_id} if attempt.coach_id else set()
    licensed = sorted(coach_id for _attempt, coach_id in covered(session, [attempt], ids))
    if licensed:
        send_to(session, licensed, "An attempt waits for you", "email/tell_coach.txt", "/feedback/queue")
    else:
        send_to(session, sorted(ids), "An attempt waits for a licence", "email/tell_unlicensed.txt", "/licence")


@job("feedback.tell_second")
def tell_second(session: Session, *, attempt_id: int) -> None:
    """Tell the second coach that her view is asked for."""
    attempt = session.get(Attempt, attempt_id)
    coach_id = second_look.coach_id_of(session, attempt_id)
    if attempt is None or attempt.withdrawn_at or attempt.revealed_at or coach_id is None:
        return
    send_to(session, [coach_id], "A second view is asked for", "email/tell_second.txt", "/feedback/queue")


@job("feedback.second_look_ends")
def second_look_ends(session: Session, *, attempt_id: int) -> None:
    """The learner waits for a second coach so long and no longer."""
    second.lapse(session, attempt_id)


@job("feedback.compare_coaches")
def compare_coaches(session: Session, *, attempt_id: int) -> None:
    """Ask two coaches who are far apart for an agreed sheet."""
    second.compare(session, attempt_id, tools().settings.agree_on)


@job("feedback.tell_both_coaches")
def tell_both_coaches(session: Session, *, attempt_id: int) -> None:
    """Tell the two coaches that they owe an agreed sheet."""
    sheets = (sheet_of(session, attempt_id, kind) for kind in (COACH, second.SECOND))
    ids = [sheet.rater_id for sheet in sheets if sheet is not None and sheet.rater_id is not None]
    send_to(session, ids, "Two views that differ", "email/tell_both_coaches.txt", f"/feedback/{attempt_id}/agreed")


@job("feedback.tell_learner")
def tell_learner(session: Session, *, attempt_id: int) -> None:
    """Tell the learner that both views can be seen."""
    attempt = session.get(Attempt, attempt_id)
    if attempt is None or attempt.withdrawn_at:
        return
    path = f"/feedback/{attempt.id}/reveal"
    send_to(session, [attempt.learner_id], "Your coach has answered", "email/tell_learner.txt", path)
