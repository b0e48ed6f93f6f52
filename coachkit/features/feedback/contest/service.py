"""Contesting, looking again, and what follows."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from coachkit.domain.assessment.licence import Rubric, asked_for
from coachkit.domain.assessment.scale import Level
from coachkit.domain.assessment.sheet import LONGEST_EVIDENCE, SHORTEST_EVIDENCE
from coachkit.domain.content.model import Library
from coachkit.features.accounts.models import Person
from coachkit.features.accounts.queries import coach_ids_of, pseudonym_of, with_role
from coachkit.features.accounts.secrets import digest
from coachkit.features.feedback.contest.models import Contest
from coachkit.features.feedback.models import FeedbackNote, NotePart
from coachkit.features.feedback.service import CHANGE, KEEP
from coachkit.features.practice.licences import held, needed
from coachkit.features.practice.models import Attempt, Rating, RatingSheet
from coachkit.features.practice.queries import LibraryOf
from coachkit.features.practice.service import COACH, OFFICIAL, find
from coachkit.platform import audit, clock, jobs
from coachkit.platform.errors import ConflictError, InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor, ContestCase, Role, require
from coachkit.platform.tools import shelf

RATING, NOTE, SENTENCE = "rating", "note", "sentence"
KEPT, CHANGED, REMOVED = "kept", "changed", "removed"
WINDOW = timedelta(days=14)
"""How long after both views were shown something can be contested, and how long a second look may take."""
CLOSED = "This was looked at again and decided. It stays as it is."
OWN = "This is what you see differently yourself: another lead coach asks somebody from outside."
IN_TIME = (
    "A licensed coach looks at it and is in time. Another is asked when her time is over or her licence has ended."
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody who looks again has to say."""

    level: Level
    """For a rating: what she sees, without knowing what was given."""
    outcome: str
    """For a note or a sentence."""
    wording: str
    reasons: str


def is_open(row: Contest) -> bool:
    return row.decided_at is None and row.withdrawn_at is None


def case_of(session: Session, row: Contest) -> ContestCase:
    """What decides who may look again: whoever was asked, with the licences that it takes at that moment."""
    wanted = _licences(session, row.item, row.kind, _rests_on(session, row))
    licensed = row.reviewer_id is not None and row.reviewer_id in _licensed(session, [row.reviewer_id], wanted)
    return ContestCase(row.person_id, row.reviewer_id, open=is_open(row), licensed=licensed)


def _rests_on(session: Session, row: Contest) -> list[Attempt]:
    """The attempt that is contested, or those on which a sentence of a report rests, newest first."""
    if row.attempt_id is not None:
        return [session.get_one(Attempt, row.attempt_id)]
    return artefacts(session, lambda version: shelf().version(session, version), row.person_id, row.item)


def _licences(session: Session, item: str, kind: str, attempts: list[Attempt]) -> frozenset[Rubric]:
    """What looking again takes. A sentence stands on ratings, so it takes the licence for the skill it is about."""
    if kind != SENTENCE:
        return needed(session, attempts[0])
    if attempts:
        return frozenset(rubric for rubric in needed(session, attempts[0]) if rubric.skill_id == item)
    library = shelf().current(session)
    return asked_for(library, [criterion.id for criterion in library.criteria if criterion.skill == item])


def _licensed(session: Session, coach_ids: Iterable[int], wanted: frozenset[Rubric]) -> frozenset[int]:
    return frozenset(c for c, own in held(session, coach_ids, clock.now()).items() if wanted <= own)


def contest_item(
    session: Session, actor: Actor, library: Library, attempt_id: int, item: str, *, text: str, evidence: str
) -> Contest:
    """Say that one sees a rating or a half of the note differently. Others do not see it until it is decided."""
    attempt = find(session, actor, attempt_id, Action.WRITE_ATTEMPT, lock=True)
    kind = NOTE if item in {KEEP, CHANGE} else RATING
    known = (
        item in library.scenario(attempt.scenario_id).criteria if kind == RATING else _has_part(session, attempt, item)
    )
    if not known or attempt.revealed_at is None:
        raise NotFoundError
    if attempt.kind != OFFICIAL:
        raise ConflictError("Practice stays between you and the coach you invited: nobody else may look at it.")
    if attempt.revealed_at + WINDOW < clock.now():
        raise ConflictError("This can be contested for 14 days after both views were shown.")
    if _standing(session, attempt.id, kind, item) is not None:
        raise ConflictError("You have said already that you see this differently.")
    return _open(
        session, actor, [attempt], Contest(attempt_id=attempt.id, kind=kind, item=item, sentence=""), text, evidence
    )


def contest_sentence(
    session: Session,
    actor: Actor,
    library: Library,
    library_of: LibraryOf,
    *,
    sentence: str,
    skill_id: str,
    text: str,
    evidence: str,
) -> Contest:
    """Say that one sees a sentence of one's own report differently. What it rests on is withheld meanwhile."""
    require(actor, Action.PRACTISE)
    if skill_id not in {skill.id for skill in library.skills}:
        raise InvalidError({"skill_id": "Choose the skill that the sentence is about."})
    attempts = artefacts(session, library_of, actor.id, skill_id)
    return _open(
        session,
        actor,
        attempts,
        Contest(attempt_id=None, kind=SENTENCE, item=skill_id, sentence=sentence),
        text,
        evidence,
    )


def _has_part(session: Session, attempt: Attempt, part: str) -> bool:
    query = select(NotePart.id).join(FeedbackNote, FeedbackNote.id == NotePart.note_id)
    return session.scalar(query.where(FeedbackNote.attempt_id == attempt.id, NotePart.kind == part)) is not None


def _standing(session: Session, attempt_id: int, kind: str, item: str) -> Contest | None:
    query = select(Contest).where(
        Contest.attempt_id == attempt_id, Contest.kind == kind, Contest.item == item, Contest.withdrawn_at.is_(None)
    )
    return session.scalars(query).first()


def artefacts(session: Session, library_of: LibraryOf, person_id: int, skill_id: str) -> list[Attempt]:
    """Official attempts that both sides have locked and in which a skill was looked at, newest first."""
    query = select(Attempt).where(
        Attempt.learner_id == person_id,
        Attempt.kind == OFFICIAL,
        Attempt.revealed_at.is_not(None),
        Attempt.withdrawn_at.is_(None),
    )
    rows = session.scalars(query.order_by(Attempt.revealed_at.desc(), Attempt.id.desc()))

    def looked_at(attempt: Attempt) -> bool:
        library = library_of(attempt.library_version)
        return any(library.criterion(c).skill == skill_id for c in library.scenario(attempt.scenario_id).criteria)

    return [attempt for attempt in rows if looked_at(attempt)]


def _open(session: Session, actor: Actor, attempts: list[Attempt], row: Contest, text: str, evidence: str) -> Contest:
    now = clock.now()
    row.person_id, row.text, row.evidence, row.opened_at, row.due_at = actor.id, text, evidence, now, now + WINDOW
    row.outsider, row.outsider_email, row.wording, row.reasons, row.not_observed = "", "", "", "", False
    row.reviewer_id = _reviewer(session, row, attempts)
    session.add(row)
    session.flush()
    _record(session, actor, row, "contest:open")
    jobs.enqueue(session, "contest.tell", contest_id=row.id)
    jobs.enqueue(session, "contest.is_late", delay=WINDOW, contest_id=row.id)
    _recalibrate(session)
    return row


def _reviewer(session: Session, row: Contest, attempts: list[Attempt]) -> int | None:
    """A licensed coach who has rated none of it; one who does not coach the learner first, then whoever has fewest.

    Never whoever was asked before.
    """
    person_id = row.person_id
    rated = set(
        session.scalars(select(RatingSheet.rater_id).where(RatingSheet.attempt_id.in_([a.id for a in attempts])))
    )
    not_these = rated | {person_id, row.reviewer_id}
    able = [coach.id for coach in with_role(session, Role.COACH) if coach.id not in not_these]
    licensed = _licensed(session, able, _licences(session, row.item, row.kind, attempts))
    usual = coach_ids_of(session, person_id)
    open_ = dict(
        session.execute(
            select(Contest.reviewer_id, func.count())
            .where(Contest.decided_at.is_(None), Contest.withdrawn_at.is_(None))
            .group_by(Contest.reviewer_id)
        ).all()
    )
    return min(licensed, key=lambda coach_id: (coach_id in usual, open_.get(coach_id, 0), coach_id), default=None)


def withdraw(session: Session, actor: Actor, contest_id: int) -> Contest:
    """The learner takes it back; what was withheld is shown again."""
    row = _locked(session, contest_id)
    if row.person_id != actor.id:
        raise NotFoundError
    if not is_open(row):
        raise ConflictError(CLOSED)
    row.withdrawn_at, row.token_hash, row.outsider_email = clock.now(), None, ""
    _record(session, actor, row, "contest:withdraw")
    _recalibrate(session)
    return row


@dataclass(frozen=True, slots=True)
class Ways:
    """What a lead coach can do about an open contest."""

    waits: bool
    """A licensed coach looks again, and is in time."""
    another: int | None
    """A licensed coach who could be asked instead."""
    outside: bool
    """Somebody from outside may be asked: no licensed coach is left, or it has come to that before."""


def ways(session: Session, row: Contest) -> Ways:
    """Somebody from outside holds no licence, so she is asked only where no licensed coach is left."""
    coach = session.get(Person, row.reviewer_id) if row.reviewer_id else None
    able = coach is not None and coach.active and case_of(session, row).licensed
    if able and row.due_at > clock.now():
        return Ways(waits=True, another=None, outside=False)
    another = _reviewer(session, row, _rests_on(session, row))
    return Ways(waits=False, another=another, outside=another is None or bool(row.outsider))


def ask_another(session: Session, actor: Actor, contest_id: int) -> None:
    """Another licensed coach looks again, since the one who was asked cannot, or is late."""
    require(actor, Action.LEAD_COACHES)
    row = _locked(session, contest_id)
    if not is_open(row):
        raise ConflictError(CLOSED)
    found = ways(session, row)
    if found.another is None:
        raise ConflictError(IN_TIME if found.waits else "No other licensed coach is left. Ask somebody from outside.")
    row.reviewer_id, row.outsider, row.outsider_email, row.token_hash = found.another, "", "", None
    row.due_at = clock.now() + WINDOW
    _record(session, actor, row, "contest:ask-another")
    jobs.enqueue(session, "contest.tell", contest_id=row.id)
    jobs.enqueue(session, "contest.is_late", delay=WINDOW, contest_id=row.id)


def invite_outsider(session: Session, actor: Actor, contest_id: int, *, name: str, email: str) -> None:
    """A lead coach asks somebody from outside, where no licensed coach is left; a job sends the one-time link.

    Never the lead coach whose own view it is: she would choose who decides about her.
    """
    require(actor, Action.LEAD_COACHES)
    row = _locked(session, contest_id)
    if not is_open(row):
        raise ConflictError(CLOSED)
    if row.person_id == actor.id:
        raise ConflictError(OWN)
    found = ways(session, row)
    if not found.outside:
        raise ConflictError(IN_TIME if found.waits else "Another licensed coach could look. Ask her first.")
    row.outsider, row.outsider_email, row.token_hash, row.reviewer_id = name, email, None, None
    row.due_at = clock.now() + WINDOW
    _record(session, actor, row, "contest:invite")
    jobs.enqueue(session, "contest.ask_outside", contest_id=row.id)
    jobs.enqueue(session, "contest.is_late", delay=WINDOW, contest_id=row.id)
    session.flush()


def outside_token(session: Session, row: Contest) -> str:
    """A new one-time link for whoever was asked from outside; an earlier one ends."""
    token = secrets.token_urlsafe(32)
    row.token_hash = digest(token)
    session.flush()
    return token


def by_token(session: Session, token: str) -> Contest:
    """The contest to which a one-time link leads, as long as it is open and in time."""
    row = session.scalars(select(Contest).where(Contest.token_hash == digest(token))).one_or_none()
    if row is None or not is_open(row):
        raise NotFoundError
    return row


def decide(session: Session, actor: Actor | None, row: Contest, verdict: Verdict, most: int) -> Contest:
    """Keep, change or remove, with reasons. A rating is looked at blind: the same keeps it, another changes it.

    Somebody from outside holds no licence, so no level of hers comes to stand: another level removes the rating.
    """
    row = _locked(session, row.id)
    if not is_open(row):
        raise ConflictError(CLOSED)
    if actor is not None:
        require(actor, Action.REVIEW_CONTEST, case_of(session, row))
    found = _problems(row, verdict, most)
    if found:
        raise InvalidError(found)
    row.outcome = _outcome_of_rating(session, row, verdict.level) if row.kind == RATING else verdict.outcome
    if row.kind == RATING and row.outcome == CHANGED and actor is None:
        row.outcome = REMOVED
    row.level, row.not_observed = verdict.level.value, verdict.level.not_observed
    row.wording, row.reasons, row.decided_at, row.token_hash = verdict.wording, verdict.reasons, clock.now(), None
    row.outsider_email = ""
    _record(session, actor, row, f"contest:{row.outcome}")
    jobs.enqueue(session, "contest.tell_outcome", contest_id=row.id)
    _recalibrate(session)
    return row


def _problems(row: Contest, verdict: Verdict, most: int) -> dict[str, str]:
    found = {}
    if row.kind == RATING:
        if not verdict.level.given:
            found["level"] = "Choose a level, or “Not observed”."
        elif (verdict.level.value or 0) > most:
            found["level"] = f"This scenario can show level {most} at most."
    elif verdict.outcome not in {KEPT, CHANGED, REMOVED}:
        found["outcome"] = "Choose one of the three."
    if (row.kind == RATING or verdict.outcome == CHANGED) and len(verdict.wording.strip()) < SHORTEST_EVIDENCE:
        found["wording"] = "Still missing: the words or the act." if row.kind == RATING else "Write how it should read."
    if len(verdict.wording) > LONGEST_EVIDENCE:
        found["wording"] = f"At most {LONGEST_EVIDENCE} characters, please."
    if len(verdict.reasons.strip()) < SHORTEST_EVIDENCE:
        found["reasons"] = "Give the reasons in a sentence or two."
    return found


def _outcome_of_rating(session: Session, row: Contest, seen: Level) -> str:
    """The same again keeps it; nothing to be seen there removes it; anything else changes it."""
    query = (
        select(Rating.level, Rating.not_observed)
        .join(RatingSheet, RatingSheet.id == Rating.sheet_id)
        .where(RatingSheet.attempt_id == row.attempt_id, RatingSheet.kind == COACH, Rating.criterion_id == row.item)
    )
    given = Level(*session.execute(query).one())
    if seen == given:
        return KEPT
    return REMOVED if seen.not_observed else CHANGED


def _locked(session: Session, contest_id: int) -> Contest:
    query = select(Contest).where(Contest.id == contest_id).with_for_update()
    row = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFoundError
    return row


def _record(session: Session, actor: Actor | None, row: Contest, what: str) -> None:
    audit.record(session, actor, what, subject=pseudonym_of(session, row.person_id), about=f"contest:{row.id}")


def _recalibrate(session: Session) -> None:
    """Figures that rest on a withheld rating are made anew without it; until then they are not shown."""
    jobs.enqueue(session, "calibration.run", cause="asked")
    session.flush()
