"""What a learner does with a role-play: start it, keep evidence, rate himself blind, submit, withdraw."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from coachkit.domain.assessment import sheet as sheets
from coachkit.domain.assessment.scale import Level
from coachkit.domain.assessment.sheet import Sheet
from coachkit.domain.content.model import Library, Scenario
from coachkit.features.accounts.queries import coach_ids_of, pseudonym_of
from coachkit.features.practice import second_look
from coachkit.features.practice.answering import answerers
from coachkit.features.practice.licences import covered, require_licence
from coachkit.features.practice.models import Attempt, Rating, RatingSheet
from coachkit.platform import audit, clock, jobs
from coachkit.platform.errors import ConflictError, InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor, AttemptCase, require

PRACTICE, OFFICIAL = "practice", "official"
SELF, COACH = "self", "coach"
LONGEST_EVIDENCE_TEXT = 20_000
STALE = "This was changed in another window or by somebody else after you opened it. What you typed is below."


def case_of(session: Session, attempt: Attempt) -> AttemptCase:
    """What decides who may open this attempt."""
    coach_ids, second = answerers(session, attempt), second_look.coach_id_of(session, attempt.id)
    return AttemptCase(
        learner_id=attempt.learner_id,
        coach_ids=coach_ids,
        submitted=attempt.submitted_at is not None,
        official=attempt.kind == OFFICIAL,
        invited_coach_id=attempt.coach_id if attempt.kind == PRACTICE else None,
        licensed_ids=frozenset(
            coach_id for _attempt, coach_id in covered(session, [attempt], coach_ids | ({second} if second else set()))
        ),
        revealed=attempt.revealed_at is not None,
        second_coach_id=second,
    )


def find(session: Session, actor: Actor, attempt_id: int, action: Action, *, lock: bool = False) -> Attempt:
    """The attempt, if the actor may do `action` with it; otherwise it does not exist."""
    query = select(Attempt).where(Attempt.id == attempt_id)
    if lock:  # and read again: the page that called has seen the row before it was locked
        query = query.with_for_update().execution_options(populate_existing=True)
    attempt = session.scalars(query).one_or_none()
    if attempt is None:
        raise NotFoundError
    require(actor, action, case_of(session, attempt))
    return attempt


def limits(scenario: Scenario) -> dict[str, int]:
    """Each criterion of a scenario with the highest level that it can show."""
    return {criterion_id: scenario.max_level(criterion_id) for criterion_id in scenario.criteria}


def start(
    session: Session,
    actor: Actor,
    library: Library,
    scenario_id: str,
    *,
    kind: str,
    coach_id: int | None = None,
    focus: Iterable[str] = (),
    cue: str = "",
    act: str = "",
    parallel: bool = False,
) -> Attempt:
    """Begin an attempt, pinned to this library version. Its kind never changes."""
    require(actor, Action.PRACTISE)
    try:
        scenario = library.scenario(scenario_id)
    except KeyError as error:
        raise NotFoundError from error
    if kind not in {PRACTICE, OFFICIAL}:
        raise InvalidError({"kind": "Choose what kind of attempt this is."})
    chosen = [criterion_id for criterion_id in scenario.criteria if criterion_id in set(focus)]
    if len(chosen) > 2:  # noqa: PLR2004
        raise InvalidError({"focus": "Two at most. Nobody changes three habits in fifteen minutes."})
    coaches = coach_ids_of(session, actor.id)
    if kind == OFFICIAL and not coaches:
        raise InvalidError({"kind": "You have no coach yet, so nobody could rate it. Practise for yourself meanwhile."})
    if kind == OFFICIAL:
        coach_id = None
    elif coach_id is not None and coach_id not in coaches:
        raise InvalidError({"coach_id": "Choose one of your own coaches."})
    attempt = Attempt(
        learner_id=actor.id,
        scenario_id=scenario.id,
        parallel=parallel,
        library_version=library.version,
        kind=kind,
        coach_id=coach_id,
        focus=chosen,
        cue=cue,
        act=act,
        partner_name="",
        played_on=None,
        evidence="",
        created_at=clock.now(),
        submitted_at=None,
        withdrawn_at=None,
        revealed_at=None,
        version=1,
    )
    session.add(attempt)
    session.flush()
    _record(session, actor, "attempt:start", attempt, official=kind == OFFICIAL)
    return attempt


def _record(session: Session, actor: Actor, action: str, attempt: Attempt, **detail: Any) -> None:  # noqa: ANN401
    subject = actor.pseudonym if actor.id == attempt.learner_id else pseudonym_of(session, attempt.learner_id)
    audit.record(session, actor, action, subject=subject, about=f"attempt:{attempt.id}", **detail)


def open_attempt(session: Session, actor: Actor, attempt_id: int) -> Attempt:
    """The actor's own attempt, locked, as long as it can still be changed."""
    attempt = find(session, actor, attempt_id, Action.WRITE_ATTEMPT, lock=True)
    if attempt.withdrawn_at is not None:
        raise ConflictError("This attempt was withdrawn. It stays as it is.")
    if attempt.submitted_at is not None:
        raise ConflictError("This attempt was submitted already. It stays as you sent it.")
    return attempt


def save_evidence(
    session: Session,
    actor: Actor,
    attempt_id: int,
    *,
    version: int,
    partner_name: str,
    played_on: date | None,
    evidence: str,
) -> Attempt:
    """Keep what was said, who played and when. A stale page is refused."""
    attempt = open_attempt(session, actor, attempt_id)
    if attempt.version != version:
        stands = {"evidence": attempt.evidence, "partner_name": attempt.partner_name}
        raise ConflictError(STALE, stands)
    if len(evidence) > LONGEST_EVIDENCE_TEXT:
        raise InvalidError(
            {"evidence": f"At most {LONGEST_EVIDENCE_TEXT:,} characters, please. Keep the minutes that matter."}
        )
    if played_on is not None and played_on > clock.today():
        raise InvalidError({"played_on": "This day is still to come."})
    attempt.partner_name, attempt.played_on, attempt.evidence = partner_name, played_on, evidence
    attempt.version += 1
    session.flush()
    return attempt


def sheet_of(session: Session, attempt_id: int, kind: str) -> RatingSheet | None:
    """One sheet of an attempt."""
    return session.scalars(
        select(RatingSheet).where(RatingSheet.attempt_id == attempt_id, RatingSheet.kind == kind)
    ).one_or_none()


def what_stands(session: Session, sheet: RatingSheet) -> dict[str, str]:
    """A sheet's lines by the names of the form's fields, for whoever writes on this sheet."""
    found = {}
    for row in session.scalars(select(Rating).where(Rating.sheet_id == sheet.id).order_by(Rating.id)):
        found[f"level-{row.criterion_id}"] = Level(row.level, row.not_observed).sent
        found[f"evidence-{row.criterion_id}"] = row.evidence
        if sheet.kind == SELF:
            found[f"expected-{row.criterion_id}"] = Level(row.predicted_level, row.predicted_not_observed).sent
    return found


def save_sheet(
    session: Session, attempt: Attempt, rater_id: int, kind: str, lines: Sheet, *, version: int, lock: bool
) -> RatingSheet:
    """Write a sheet's lines, as a draft or for good. A locked or newer sheet is never written over.

    Every rating passes here, so an official one by anybody but the learner asks for its licence here once more.
    """
    by_licence = kind != SELF and attempt.official
    if by_licence:
        require_licence(session, attempt, rater_id)
    sheet = sheet_of(session, attempt.id, kind)
    if sheet is None:
        if version:
            raise ConflictError(STALE)
        sheet = RatingSheet(
            attempt_id=attempt.id,
            rater_id=rater_id,
            kind=kind,
            saved_at=clock.now(),
            locked_at=None,
            licensed=None,
            version=0,
        )
        session.add(sheet)
        session.flush()
    elif sheet.locked_at is not None:
        raise ConflictError("This rating is locked already. It stays as it is.")
    elif sheet.rater_id != rater_id:
        raise ConflictError(
            "A colleague has begun to rate this attempt. Two coaches on one sheet would mix their views."
        )
    elif sheet.version != version:
        raise ConflictError(STALE, what_stands(session, sheet))
    session.execute(delete(Rating).where(Rating.sheet_id == sheet.id))
    session.add_all(
        Rating(
            sheet_id=sheet.id,
            criterion_id=criterion_id,
            level=line.level.value,
            not_observed=line.level.not_observed,
            evidence=line.evidence,
            predicted_level=line.predicted.value,
            predicted_not_observed=line.predicted.not_observed,
        )
        for criterion_id, line in lines.items()
    )
    sheet.saved_at = clock.now()
    sheet.version += 1
    if lock:
        sheet.locked_at = clock.now()
        sheet.licensed = True if by_licence else None
    session.flush()
    return sheet


def save_self_draft(
    session: Session, actor: Actor, library: Library, attempt_id: int, lines: Sheet, *, version: int
) -> RatingSheet:
    """Keep an unfinished self-rating."""
    attempt = open_attempt(session, actor, attempt_id)
    known = limits(library.scenario(attempt.scenario_id))
    lines = {criterion_id: line for criterion_id, line in lines.items() if criterion_id in known}
    found = sheets.too_long(lines)
    if found:
        raise InvalidError(found)
    return save_sheet(session, attempt, actor.id, SELF, lines, version=version, lock=False)


def predicts(attempt: Attempt) -> bool:
    """Whether somebody else will rate this, so that there is something to predict."""
    return attempt.kind == OFFICIAL or attempt.coach_id is not None


def sealed(attempt: Attempt) -> bool:
    """Whether a rating is still to come, which others' words could colour. What was withdrawn stays sealed for ever."""
    if attempt.withdrawn_at is not None:
        return True
    for_oneself = attempt.kind == PRACTICE and attempt.coach_id is None
    return attempt.submitted_at is None if for_oneself else attempt.revealed_at is None


def submit(
    session: Session,
    actor: Actor,
    library: Library,
    attempt_id: int,
    lines: Sheet,
    *,
    version: int,
    other: str,
    rule: second_look.Rule | None = None,
) -> Attempt:
    """Lock the self-rating and hand the attempt to its coaches: one transaction with its event and its job.

    `rule` says which share of official attempts a second coach looks at as well.
    """
    attempt = open_attempt(session, actor, attempt_id)
    found = sheets.problems(
        lines, limits(library.scenario(attempt.scenario_id)), predicts=predicts(attempt), other=other
    )
    if not attempt.has_evidence:
        found["evidence"] = (
            "Write down what was said, or add a file or a recording, or have a coach watch: "
            "there is nothing to rate yet."
        )
    if found:
        raise InvalidError(found)
    known = limits(library.scenario(attempt.scenario_id))
    save_sheet(session, attempt, actor.id, SELF, {c: lines[c] for c in known}, version=version, lock=True)
    attempt.submitted_at = clock.now()
    attempt.played_on = attempt.played_on or clock.today()
    attempt.version += 1
    _record(session, actor, "attempt:submit", attempt, ratings=len(known))
    session.flush()
    if attempt.kind == OFFICIAL and rule is not None:
        second_look.draw(session, attempt, rule)
    if predicts(attempt):
        jobs.enqueue(session, "feedback.tell_coaches", attempt_id=attempt.id)
    return attempt


def withdraw(session: Session, actor: Actor, attempt_id: int) -> Attempt:
    """Take an attempt back before a coach has locked her rating. It stays counted as withdrawn."""
    attempt = find(session, actor, attempt_id, Action.WRITE_ATTEMPT, lock=True)
    if attempt.revealed_at is not None:
        raise ConflictError(
            "Both ratings are locked and shown. Talk about the gap instead, or say that you see it differently."
        )
    if attempt.withdrawn_at is None:
        attempt.withdrawn_at = clock.now()
        attempt.version += 1
        _record(session, actor, "attempt:withdraw", attempt)
        session.flush()
    return attempt
