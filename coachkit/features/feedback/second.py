"""The second coach's blind rating, and the sheet on which two coaches agree where they differ."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy.orm import Session

from coachkit.domain.assessment import sheet as sheets
from coachkit.domain.assessment.second_look import to_agree
from coachkit.domain.assessment.sheet import Sheet
from coachkit.domain.content.model import Library
from coachkit.features.accounts.queries import pseudonym_of
from coachkit.features.feedback import claims
from coachkit.features.feedback.desk_models import Lease
from coachkit.features.feedback.models import Agreement
from coachkit.features.feedback.service import reveal_if_complete
from coachkit.features.practice.licences import require_licence
from coachkit.features.practice.models import Attempt, RatingSheet, SecondLook
from coachkit.features.practice.queries import lines_of
from coachkit.features.practice.service import COACH, STALE, find, limits, save_sheet, sheet_of, what_stands
from coachkit.platform import audit, clock, jobs
from coachkit.platform.errors import ConflictError, InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor

SECOND, AGREED = claims.SECOND, "agreed"
LONGEST_DISSENT = 1000
OVER = "The views on this attempt are shown already. What you wrote is below; nothing is asked of you any more."


def _open(session: Session, actor: Actor, attempt_id: int) -> Attempt:
    attempt = find(session, actor, attempt_id, Action.RATE_SECOND, lock=True)
    if attempt.withdrawn_at is not None:
        raise ConflictError(
            "The learner has withdrawn this attempt. What you wrote is below; nothing is asked of you any more."
        )
    if attempt.revealed_at is not None:
        raise ConflictError(OVER)
    claims.hold(session, actor, attempt, SECOND)
    return attempt


def keep(session: Session, actor: Actor, attempt_id: int) -> Lease:
    """Take the second view up, or go on with it."""
    attempt = _open(session, actor, attempt_id)
    sheet = sheet_of(session, attempt_id, SECOND)
    if sheet is not None and sheet.locked_at is not None:
        raise ConflictError("Your rating is locked already. It stays as it is.")
    return claims.hold(session, actor, attempt, SECOND)


def save_draft(session: Session, actor: Actor, library: Library, attempt_id: int, lines: Sheet, *, version: int) -> int:
    """Keep a second coach's unfinished rating. Returns the new version."""
    attempt = _open(session, actor, attempt_id)
    found = sheets.too_long(lines)
    if found:
        raise InvalidError(found)
    known = limits(library.scenario(attempt.scenario_id))
    kept = {criterion_id: line for criterion_id, line in lines.items() if criterion_id in known}
    return save_sheet(session, attempt, actor.id, SECOND, kept, version=version, lock=False).version


def lock(session: Session, actor: Actor, library: Library, attempt_id: int, lines: Sheet, *, version: int) -> Attempt:
    """Lock the second coach's rating. If hers was the last, everybody sees everything from now on."""
    attempt = _open(session, actor, attempt_id)
    known = limits(library.scenario(attempt.scenario_id))
    found = sheets.problems(lines, known, predicts=False, other="")
    if found:
        raise InvalidError(found)
    save_sheet(session, attempt, actor.id, SECOND, {c: lines[c] for c in known}, version=version, lock=True)
    learner = pseudonym_of(session, attempt.learner_id)
    audit.record(
        session, actor, "attempt:rate-second", subject=learner, about=f"attempt:{attempt.id}", ratings=len(known)
    )
    claims.settle(session, attempt.id, SECOND)
    reveal_if_complete(session, actor, attempt)
    return attempt


def lapse(session: Session, attempt_id: int) -> None:
    """The second coach's time is over: the learner waits no longer."""
    look = session.get(SecondLook, attempt_id, with_for_update=True)
    if look is None or look.lapsed_at is not None or look.due_at > clock.now():
        return
    sheet = sheet_of(session, attempt_id, SECOND)
    if sheet is not None and sheet.locked_at is not None:
        return
    attempt = session.get_one(Attempt, attempt_id, with_for_update=True)
    if attempt.submitted_at is None:  # it went back to the learner; her time begins anew when it is sent again
        return
    look.lapsed_at = clock.now()
    claims.settle(session, attempt_id, SECOND)
    session.flush()
    subject = pseudonym_of(session, attempt.learner_id)
    audit.record(session, None, "second-look:lapse", subject=subject, about=f"attempt:{attempt_id}")
    reveal_if_complete(session, None, attempt)


def compare(session: Session, attempt_id: int, always: Collection[str]) -> None:
    """After the reveal: ask for an agreed sheet where the two coaches are far apart."""
    first, second = _both(session, attempt_id)
    if first is None or second is None or session.get(Agreement, attempt_id) is not None:
        return
    criteria = to_agree(lines_of(session, first.id), lines_of(session, second.id), always)
    if not criteria:
        return
    session.add(
        Agreement(
            attempt_id=attempt_id,
            criteria=list(criteria),
            asked_at=clock.now(),
            answered_by=None,
            answered_at=None,
            dissent="",
        )
    )
    audit.record(session, None, "agreement:ask", about=f"attempt:{attempt_id}", criteria=len(criteria))
    jobs.enqueue(session, "feedback.tell_both_coaches", attempt_id=attempt_id)
    session.flush()


def _both(session: Session, attempt_id: int) -> tuple[RatingSheet | None, RatingSheet | None]:
    found = [sheet_of(session, attempt_id, kind) for kind in (COACH, SECOND)]
    first, second = (sheet if sheet is not None and sheet.locked_at else None for sheet in found)
    return first, second


def agreement_for(session: Session, actor: Actor, attempt_id: int, *, lock: bool = False) -> tuple[Attempt, Agreement]:
    """The agreement that one of the two coaches is asked for; for everybody else there is none."""
    attempt = find(session, actor, attempt_id, Action.READ_ATTEMPT, lock=lock)
    raters = {sheet.rater_id for sheet in _both(session, attempt_id) if sheet is not None}
    row = session.get(Agreement, attempt_id)
    if row is None or attempt.revealed_at is None or actor.id not in raters:
        raise NotFoundError
    return attempt, row


def write_agreed(
    session: Session, actor: Actor, library: Library, attempt_id: int, lines: Sheet, *, version: int
) -> int:
    """One coach writes down what both see now; the other has the last word. Either may reword it until then."""
    attempt, row = agreement_for(session, actor, attempt_id, lock=True)
    _not_answered(row)
    most = limits(library.scenario(attempt.scenario_id))
    known = {criterion_id: most[criterion_id] for criterion_id in row.criteria}
    found = sheets.problems(lines, known, predicts=False, other="")
    if found:
        raise InvalidError(found)
    sheet = sheet_of(session, attempt_id, AGREED)
    if sheet is not None and sheet.version != version:
        raise ConflictError(STALE, what_stands(session, sheet))
    if sheet is not None:
        sheet.rater_id = actor.id
    _record(session, actor, attempt, "agreement:write")
    return save_sheet(
        session, attempt, actor.id, AGREED, {c: lines[c] for c in known}, version=version, lock=False
    ).version


def answer_agreed(session: Session, actor: Actor, attempt_id: int, *, dissent: str, version: int) -> None:
    """The other coach agrees, or says in her words what she still sees differently. That closes the sheet."""
    attempt, row = agreement_for(session, actor, attempt_id, lock=True)
    _not_answered(row)
    sheet = sheet_of(session, attempt_id, AGREED)
    if sheet is None or sheet.rater_id == actor.id:
        raise ConflictError("Your colleague has not written anything that you could answer.")
    if sheet.version != version:
        raise ConflictError(STALE)
    if len(dissent) > LONGEST_DISSENT:
        raise InvalidError({"dissent": f"At most {LONGEST_DISSENT} characters, please."})
    require_licence(session, attempt, actor.id)
    sheet.locked_at, sheet.licensed = clock.now(), True
    row.answered_at = sheet.locked_at
    row.answered_by, row.dissent = actor.id, dissent
    attempt.version += 1
    _record(session, actor, attempt, "agreement:dissent" if dissent else "agreement:agree")
    session.flush()


def _not_answered(row: Agreement) -> None:
    if row.answered_at is not None:
        raise ConflictError("The agreed sheet is closed. It stays as it is.")


def _record(session: Session, actor: Actor, attempt: Attempt, what: str) -> None:
    subject = pseudonym_of(session, attempt.learner_id)
    audit.record(session, actor, what, subject=subject, about=f"attempt:{attempt.id}")


def agreed_lines(session: Session, attempt_id: int) -> Mapping[str, sheets.Line]:
    """What both coaches stand by, once the other has answered."""
    sheet = sheet_of(session, attempt_id, AGREED)
    return lines_of(session, sheet.id) if sheet is not None and sheet.locked_at is not None else {}
