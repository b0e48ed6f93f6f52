"""Telling people that it is their turn, reminding them, and asking a lead coach once where nobody answers."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from coachkit.domain.coaching.working_days import due
from coachkit.features.accounts.queries import with_role
from coachkit.features.feedback import second, telling
from coachkit.features.feedback.desk import sending
from coachkit.features.notices.service import tell
from coachkit.features.practice import second_look
from coachkit.features.practice.answering import answerers, away, waits_for_coach
from coachkit.features.practice.licences import covered
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.service import COACH, sheet_of
from coachkit.platform import clock, jobs
from coachkit.platform.jobs import job
from coachkit.platform.policy import Role
from coachkit.platform.tools import shelf, tools

MORNING = time(7)
"""When reminders are made; UTC."""


def _waiting(session: Session, attempt_id: int) -> Attempt | None:
    attempt = session.get(Attempt, attempt_id)
    return attempt if attempt is not None and waits_for_coach(session, attempt) else None


def _whose(session: Session, attempt: Attempt) -> frozenset[int]:
    ids = answerers(session, attempt)
    return ids if attempt.official else ids & ({attempt.coach_id} if attempt.coach_id else frozenset())


def _ask_leads(session: Session, attempt: Attempt, kind: str) -> None:
    """Lead coaches learn of official work only."""
    if attempt.official:
        leads = [lead.id for lead in with_role(session, Role.LEAD_COACH)]
        tell(session, tools().settings, leads, kind, attempt.id)


@job("feedback.tell_coaches")
def tell_coaches(session: Session, *, attempt_id: int) -> None:
    """Tell whoever can answer an attempt that it waits, and think of it again when it is due."""
    attempt = _waiting(session, attempt_id)
    if attempt is None or attempt.submitted_at is None:
        return
    ids = _whose(session, attempt)
    there = ids - set(away(session, ids, clock.today()))
    licensed = [coach_id for _attempt, coach_id in covered(session, [attempt], there)]
    tell(session, tools().settings, licensed or there, telling.WAITS if licensed else telling.UNLICENSED, attempt.id)
    if ids and not there:
        _ask_leads(session, attempt, telling.NOBODY_THERE)
    holidays = tools().settings.holidays
    day = due(attempt.submitted_at.date(), tools().settings.service_goal_days, holidays)
    jobs.enqueue(session, "feedback.remind", delay=_until(day), attempt_id=attempt.id)
    jobs.enqueue(session, "feedback.escalate", delay=_until(due(day, 1, holidays)), attempt_id=attempt.id)


def _until(day: date) -> timedelta:
    return max(timedelta(0), datetime.combine(day, MORNING, clock.now().tzinfo) - clock.now())


@job("feedback.remind")
def remind(session: Session, *, attempt_id: int) -> None:
    """On the last day of the service goal: one reminder to whoever is there."""
    attempt = _waiting(session, attempt_id)
    if attempt is None:
        return
    ids = _whose(session, attempt)
    tell(session, tools().settings, ids - set(away(session, ids, clock.today())), telling.REMINDER, attempt.id)


@job("feedback.escalate")
def escalate(session: Session, *, attempt_id: int) -> None:
    """The goal is missed: one question to the lead coaches, never a second."""
    attempt = _waiting(session, attempt_id)
    if attempt is not None:
        _ask_leads(session, attempt, telling.ESCALATED)


@job("feedback.nobody_there")
def nobody_there(session: Session, *, attempt_id: int) -> None:
    """Whoever could answer has gone away."""
    attempt = _waiting(session, attempt_id)
    if attempt is None:
        return
    ids = _whose(session, attempt)
    if not ids - set(away(session, ids, clock.today())):
        _ask_leads(session, attempt, telling.NOBODY_THERE)


@job("feedback.send")
def send_out(session: Session, *, attempt_id: int, coach_id: int) -> None:
    """What a coach has sent goes out, unless she took it back."""
    books = shelf()
    sending.deliver(session, lambda version: books.version(session, version), attempt_id, coach_id)


@job("feedback.tell_second")
def tell_second(session: Session, *, attempt_id: int) -> None:
    """Tell the second coach that her view is asked for."""
    coach_id = second_look.coach_id_of(session, attempt_id)
    if coach_id is not None and telling.asked_second(session, coach_id, attempt_id):
        tell(session, tools().settings, [coach_id], telling.SECOND_VIEW, attempt_id)


@job("feedback.tell_returned")
def tell_returned(session: Session, *, attempt_id: int) -> None:
    """Tell the learner that an attempt came back."""
    attempt = session.get(Attempt, attempt_id)
    if attempt is None or attempt.withdrawn_at or attempt.submitted_at:
        return
    tell(session, tools().settings, [attempt.learner_id], telling.RETURNED, attempt.id)


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
    tell(session, tools().settings, ids, telling.TWO_VIEWS, attempt_id)


@job("feedback.tell_learner")
def tell_learner(session: Session, *, attempt_id: int) -> None:
    """Tell the learner that both views can be seen."""
    attempt = session.get(Attempt, attempt_id)
    if attempt is not None and attempt.withdrawn_at is None:
        tell(session, tools().settings, [attempt.learner_id], telling.BOTH_VIEWS, attempt.id)


@job("feedback.tell_answered")
def tell_answered(session: Session, *, attempt_id: int, coach_id: int) -> None:
    """Tell the coach who wrote the note that the learner has answered it."""
    tell(session, tools().settings, [coach_id], telling.ANSWERED, attempt_id)
