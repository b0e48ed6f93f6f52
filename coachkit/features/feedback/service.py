"""What a coach does with a submitted attempt, and what the learner makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from coachkit.domain.assessment import sheet as sheets
from coachkit.domain.assessment.sheet import Sheet
from coachkit.domain.content.model import Library
from coachkit.features.accounts.queries import pseudonym_of
from coachkit.features.feedback import claims, follow_up
from coachkit.features.feedback.follow_up import FollowUp
from coachkit.features.feedback.models import FeedbackNote, LearnerAnswer, NotePart, Plan
from coachkit.features.feedback.observation.service import too_early
from coachkit.features.practice import second_look
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.service import COACH, STALE, find, limits, save_sheet, sheet_of
from coachkit.platform import audit, clock, jobs
from coachkit.platform.errors import ConflictError, InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor

KEEP, CHANGE = "keep", "change"
PARTS = {
    "situation": "Situation",
    "behaviour": "Behaviour",
    "effect": "Effect",
    "question": "Question",
    "next_try": "Next try",
}
NEEDED = ("situation", "behaviour", "effect")
LONGEST_PART = 1000


@dataclass(frozen=True, slots=True)
class PartText:
    """One half of a note."""

    situation: str = ""
    behaviour: str = ""
    effect: str = ""
    question: str = ""
    next_try: str = ""

    @property
    def begun(self) -> bool:
        return any(getattr(self, name) for name in PARTS)


Note = Mapping[str, PartText]
"""`keep` and `change`."""


def note_problems(note: Note) -> dict[str, str]:
    """What keeps a note from being released: field → sentence. One keep and one change at most."""
    found: dict[str, str] = {}
    begun = [kind for kind in (KEEP, CHANGE) if note.get(kind, PartText()).begun]
    if not begun:
        found["keep-situation"] = "Write one thing to keep or one to change: a rating without a word teaches little."
    for kind in begun:
        part = note[kind]
        for name in (*NEEDED, *(("next_try",) if kind == CHANGE else ())):
            if not getattr(part, name).strip():
                found[f"{kind}-{name}"] = f"{PARTS[name]} is still missing."
    return found | too_long(note)


def too_long(note: Note) -> dict[str, str]:
    """Fields that are too long even for a draft."""
    return {
        f"{kind}-{name}": f"At most {LONGEST_PART} characters, please."
        for kind, part in note.items()
        for name in PARTS
        if len(getattr(part, name)) > LONGEST_PART
    }


def open_for_rating(session: Session, actor: Actor, attempt_id: int) -> Attempt:
    """An attempt that still waits for this coach, locked."""
    attempt = find(session, actor, attempt_id, Action.RATE_ATTEMPT, lock=True)
    if attempt.withdrawn_at is not None:
        raise ConflictError(
            "The learner has withdrawn this attempt. What you wrote is below; nothing is asked of you any more."
        )
    if attempt.revealed_at is not None:
        raise ConflictError("This attempt has been rated and released already.")
    claims.hold(session, actor, attempt)
    return attempt


def _save(
    session: Session,
    actor: Actor,
    attempt: Attempt,
    lines: Sheet,
    note: Note,
    *,
    version: int,
    followed: FollowUp | None,
    lock: bool,
) -> int:
    try:
        sheet = save_sheet(session, attempt, actor.id, COACH, lines, version=version, lock=lock)
    except ConflictError as error:
        if not error.stands:  # a colleague's draft is not hers to read
            raise
        raise ConflictError(error.sentence, {**error.stands, **_note_stands(session, attempt.id)}) from error
    row = session.scalars(select(FeedbackNote).where(FeedbackNote.attempt_id == attempt.id)).one_or_none()
    if row is None:
        row = FeedbackNote(attempt_id=attempt.id, coach_id=actor.id, saved_at=clock.now(), released_at=None)
        session.add(row)
        session.flush()
    session.execute(delete(NotePart).where(NotePart.note_id == row.id))
    session.add_all(
        NotePart(note_id=row.id, kind=kind, **{name: getattr(part, name) for name in PARTS})
        for kind, part in note.items()
        if part.begun
    )
    if followed is not None:
        kept = follow_up.valid(session, attempt, followed)
        row.advice_id, row.fixed = kept.advice_id, kept.fixed or None
    row.saved_at = clock.now()
    session.flush()
    return sheet.version


def _note_stands(session: Session, attempt_id: int) -> dict[str, str]:
    """The stored note by the names of the form's fields."""
    query = select(NotePart).join(FeedbackNote, FeedbackNote.id == NotePart.note_id)
    rows = {part.kind: part for part in session.scalars(query.where(FeedbackNote.attempt_id == attempt_id))}
    stands = {f"{kind}-{name}": getattr(rows.get(kind), name, "") for kind in (KEEP, CHANGE) for name in PARTS}
    row = session.scalars(select(FeedbackNote).where(FeedbackNote.attempt_id == attempt_id)).one_or_none()
    return stands | ({follow_up.FIELD: f"{row.fixed}-{row.advice_id}"} if row is not None and row.fixed else {})


def save_draft(
    session: Session,
    actor: Actor,
    library: Library,
    attempt_id: int,
    lines: Sheet,
    note: Note,
    *,
    version: int,
    followed: FollowUp | None = None,
) -> int:
    """Keep a coach's unfinished rating and note; the first save takes the attempt up. Returns the new version."""
    attempt = open_for_rating(session, actor, attempt_id)
    found = sheets.too_long(lines) | too_long(note) | too_early(session, attempt.id, actor.id, lines)
    if found:
        raise InvalidError(found)
    known = limits(library.scenario(attempt.scenario_id))
    lines = {criterion_id: line for criterion_id, line in lines.items() if criterion_id in known}
    return _save(session, actor, attempt, lines, note, version=version, followed=followed, lock=False)


def check(session: Session, actor: Actor, library: Library, attempt_id: int, lines: Sheet, note: Note) -> Attempt:
    """Everything that a release takes; raises what is missing."""
    attempt = open_for_rating(session, actor, attempt_id)
    known = limits(library.scenario(attempt.scenario_id))
    found = sheets.problems(lines, known, predicts=False, other="") | note_problems(note)
    found |= too_early(session, attempt.id, actor.id, lines)
    if found:
        raise InvalidError(found)
    own = sheet_of(session, attempt.id, "self")
    if own is None or own.locked_at is None:
        raise ConflictError("The learner has not locked his own rating yet.")
    return attempt


def release(
    session: Session,
    actor: Actor,
    library: Library,
    attempt_id: int,
    lines: Sheet,
    note: Note,
    *,
    version: int,
    followed: FollowUp | None = None,
) -> Attempt:
    """Lock the coach's rating and her note in one act. Then both see both, unless a second coach still rates.

    Without `followed`, what she has said about the last advice stays.
    """
    attempt = check(session, actor, library, attempt_id, lines, note)
    known = limits(library.scenario(attempt.scenario_id))
    kept = {c: lines[c] for c in known}
    _save(session, actor, attempt, kept, note, version=version, followed=followed, lock=True)
    learner = pseudonym_of(session, attempt.learner_id)
    audit.record(session, actor, "attempt:rate", subject=learner, about=f"attempt:{attempt.id}", ratings=len(known))
    claims.settle(session, attempt.id)
    reveal_if_complete(session, actor, attempt)
    return attempt


def reveal_if_complete(session: Session, actor: Actor | None, attempt: Attempt) -> bool:
    """Show everybody's view to everybody, once nobody owes one any more. True where that is now."""
    locked = all(
        sheet is not None and sheet.locked_at is not None
        for sheet in (sheet_of(session, attempt.id, kind) for kind in ("self", COACH))
    )
    if not locked or attempt.withdrawn_at or attempt.revealed_at or second_look.is_awaited(session, attempt.id):
        return False
    attempt.revealed_at = clock.now()
    attempt.version += 1
    session.execute(
        update(FeedbackNote).where(FeedbackNote.attempt_id == attempt.id).values(released_at=attempt.revealed_at)
    )
    learner = pseudonym_of(session, attempt.learner_id)
    audit.record(session, actor, "attempt:reveal", subject=learner, about=f"attempt:{attempt.id}")
    jobs.enqueue(session, "feedback.tell_learner", attempt_id=attempt.id)
    jobs.enqueue(session, "feedback.compare_coaches", attempt_id=attempt.id)
    jobs.enqueue(session, "calibration.update", attempt_id=attempt.id)
    session.flush()
    return True


def _revealed(session: Session, actor: Actor, attempt_id: int) -> Attempt:
    attempt = find(session, actor, attempt_id, Action.WRITE_ATTEMPT, lock=True)
    if attempt.revealed_at is None:
        raise NotFoundError
    return attempt


def answer(session: Session, actor: Actor, attempt_id: int, text: str, *, version: int) -> LearnerAnswer:
    """What the learner says to the feedback; he may reword it."""
    attempt = _revealed(session, actor, attempt_id)
    if not text.strip():
        raise InvalidError({"text": "Write a sentence first."})
    row = session.scalars(select(LearnerAnswer).where(LearnerAnswer.attempt_id == attempt.id)).one_or_none()
    if attempt.version != version:
        raise ConflictError(STALE, {"text": row.text} if row else None)
    if row is None:
        row = LearnerAnswer(attempt_id=attempt.id, person_id=actor.id, text=text, at=clock.now())
        session.add(row)
    row.text, row.at = text, clock.now()
    attempt.version += 1
    coach_id = session.scalar(select(FeedbackNote.coach_id).where(FeedbackNote.attempt_id == attempt.id))
    if coach_id is not None:
        jobs.enqueue(session, "feedback.tell_answered", attempt_id=attempt.id, coach_id=coach_id)
    audit.record(session, actor, "feedback:answer", subject=actor.pseudonym, about=f"attempt:{attempt.id}")
    session.flush()
    return row


def make_plan(
    session: Session, actor: Actor, attempt_id: int, *, cue: str, act: str, due_on: date, witness: str
) -> Plan:
    """If this happens, then I will do that."""
    attempt = _revealed(session, actor, attempt_id)
    if due_on < clock.today():
        raise InvalidError({"due_on": "This day has passed. Choose one within the next days."})
    plan = Plan(
        attempt_id=attempt.id,
        person_id=actor.id,
        cue=cue,
        act=act,
        due_on=due_on,
        witness=witness,
        created_at=clock.now(),
        outcome="",
        closed_at=None,
    )
    session.add(plan)
    audit.record(session, actor, "plan:make", subject=actor.pseudonym, about=f"attempt:{attempt.id}")
    session.flush()
    return plan


def close_plan(session: Session, actor: Actor, plan_id: int, outcome: str) -> Plan:
    """What came of a plan, in the learner's words."""
    plan = session.get(Plan, plan_id)
    if plan is None or plan.person_id != actor.id:
        raise NotFoundError
    _revealed(session, actor, plan.attempt_id)
    if not outcome.strip():
        raise InvalidError({"outcome": "Say in a sentence what came of it, also if it was nothing."})
    plan.outcome, plan.closed_at = outcome, clock.now()
    audit.record(session, actor, "plan:close", subject=actor.pseudonym, about=f"plan:{plan.id}")
    session.flush()
    return plan
