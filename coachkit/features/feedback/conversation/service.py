"""What the two do in an interest-and-care conversation. Only the learner begins one, shares it, or deletes it."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from coachkit.features.accounts.queries import coach_ids_of, pseudonym_of
from coachkit.features.feedback.conversation.guide import ABOUT, FIND_OUT, OUTCOMES, SOURCES, STEP_ASIDE
from coachkit.features.feedback.conversation.models import FitConversation, FitQuote, FitShare
from coachkit.features.practice.service import STALE
from coachkit.platform import audit, clock, jobs
from coachkit.platform.errors import ConflictError, InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor, LearnerCase, require

AGAIN_AFTER = timedelta(days=90)
NOTES_LIFE = timedelta(days=30)
LONGEST_STATEMENT = 150
"""Words."""
DONE = "Both of you have agreed on how this conversation ended. It stays as it is."


def case_of(session: Session, row: FitConversation) -> LearnerCase:
    """Its learner, and the one coach whom he asked, for as long as she coaches him."""
    return LearnerCase(row.learner_id, coach_ids_of(session, row.learner_id) & {row.coach_id or 0})


def find(
    session: Session, actor: Actor, conversation_id: int, action: Action, *, lock: bool = False
) -> FitConversation:
    """The conversation, if the actor may do this with it; otherwise it does not exist."""
    query = select(FitConversation).where(FitConversation.id == conversation_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFoundError
    require(actor, action, case_of(session, row))
    return row


def again_on(session: Session, learner_id: int) -> date | None:
    """From which day on another one may be begun; None where that is today or was long ago."""
    query = (
        select(FitConversation.held_on)
        .where(FitConversation.learner_id == learner_id, FitConversation.held_on.is_not(None))
        .order_by(FitConversation.held_on.desc())
        .limit(1)
    )
    last = session.scalar(query)
    return last + AGAIN_AFTER if last and last + AGAIN_AFTER > clock.today() else None


def begin(session: Session, actor: Actor, coach_id: int) -> FitConversation:
    """Ask one of one's coaches for the conversation."""
    require(actor, Action.OWN_RECORD, LearnerCase(actor.id))
    if coach_id not in coach_ids_of(session, actor.id):
        raise InvalidError({"coach_id": "Choose one of your own coaches."})
    still_open = select(FitConversation.id).where(
        FitConversation.learner_id == actor.id, FitConversation.held_on.is_(None)
    )
    if session.scalar(still_open) is not None:
        raise ConflictError("A conversation is open already. Finish it, or delete it, before you begin another.")
    if again_on(session, actor.id):
        raise ConflictError("You have held one within the last three months. Interests do not change that fast.")
    row = FitConversation(
        learner_id=actor.id,
        coach_id=coach_id,
        begun_at=clock.now(),
        notes_until=None,
        find_out_until=None,
        proposed_by=None,
        held_on=None,
        version=1,
    )
    session.add(row)
    session.flush()
    _record(session, actor, "conversation:begin", row)
    jobs.enqueue(session, "feedback.ask_for_conversation", conversation_id=row.id)
    return row


def _record(session: Session, actor: Actor, what: str, row: FitConversation) -> None:
    learner = pseudonym_of(session, row.learner_id)
    audit.record(session, actor, what, subject=learner, about=f"conversation:{row.id}")


def _open(session: Session, actor: Actor, conversation_id: int, version: int | None = None) -> FitConversation:
    row = find(session, actor, conversation_id, Action.HOLD_CONVERSATION, lock=True)
    if row.held_on is not None:
        raise ConflictError(DONE)
    if version is not None and version != row.version:
        raise ConflictError(STALE)
    row.version += 1
    return row


def say(session: Session, actor: Actor, conversation_id: int, statement: str, *, version: int) -> None:
    """Keep the statement of whoever writes. What was proposed before it stands no more: it was about other words."""
    row = _open(session, actor, conversation_id, version)
    words = len(statement.split())
    if words > LONGEST_STATEMENT:
        raise InvalidError({"statement": f"At most {LONGEST_STATEMENT} words, please; these are {words}."})
    if actor.id == row.learner_id:
        row.own_statement = statement
    else:
        row.coach_statement = statement
    row.proposed_by = None
    session.flush()


def keep_notes(session: Session, actor: Actor, conversation_id: int, notes: str, *, version: int) -> None:
    """Notes for the talk. They are deleted after thirty days, whatever becomes of the conversation."""
    row = _open(session, actor, conversation_id, version)
    if row.notes_until is None or row.notes_until <= clock.today():
        row.notes_until = clock.today() + NOTES_LIFE
        jobs.enqueue(session, "feedback.forget_talk_notes", delay=NOTES_LIFE, conversation_id=row.id)
    row.notes = notes
    session.flush()


def forget_notes(session: Session, conversation_id: int) -> None:
    """Delete the notes of a talk whose thirty days are over."""
    row = session.get(FitConversation, conversation_id)
    if row is not None and row.notes_until is not None and row.notes_until <= clock.today():
        row.notes, row.notes_until = "", None


def quote(session: Session, actor: Actor, conversation_id: int, *, about: str, source: str, text: str) -> FitQuote:
    """Add something that was said or done."""
    row = _open(session, actor, conversation_id)
    found = {}
    if about not in ABOUT:
        found["about"] = "Choose what it is about."
    if source not in SOURCES:
        found["source"] = "Choose where it was seen."
    if found:
        raise InvalidError(found)
    added = FitQuote(conversation_id=row.id, person_id=actor.id, about=about, source=source, text=text, at=clock.now())
    session.add(added)
    row.proposed_by = None
    session.flush()
    return added


def strike(session: Session, actor: Actor, conversation_id: int, quote_id: int) -> None:
    """Take back what one has written down oneself."""
    row = _open(session, actor, conversation_id)
    found = session.get(FitQuote, quote_id)
    if found is None or found.conversation_id != row.id or found.person_id != actor.id:
        raise NotFoundError
    session.delete(found)
    row.proposed_by = None
    session.flush()


def propose(
    session: Session,
    actor: Actor,
    conversation_id: int,
    *,
    version: int,
    outcome: str,
    find_out: str,
    find_out_until: date | None,
    next_role: str,
) -> None:
    """Say how it ends, for the other to agree or to propose something else."""
    row = _open(session, actor, conversation_id, version)
    found = {}
    if outcome not in OUTCOMES:
        found["outcome"] = "Choose one of the three."
    if outcome == FIND_OUT and not find_out:
        found["find_out"] = "Say what has to be found out."
    if outcome == FIND_OUT and (find_out_until is None or find_out_until <= clock.today()):
        found["find_out_until"] = "Choose a day to come."
    if outcome == STEP_ASIDE and not next_role:
        found["next_role"] = "Say which role you have talked about."
    if not row.own_statement:
        found["outcome"] = "The learner's own statement is still missing. It weighs most."
    if found:
        raise InvalidError(found)
    asks = outcome == FIND_OUT
    row.outcome, row.proposed_by = outcome, actor.id
    row.find_out, row.find_out_until = (find_out, find_out_until) if asks else ("", None)
    row.next_role = next_role if outcome == STEP_ASIDE else ""
    session.flush()


def agree(session: Session, actor: Actor, conversation_id: int, *, version: int) -> None:
    """The other's yes makes the outcome joint, and ends the conversation."""
    row = _open(session, actor, conversation_id, version)
    if row.proposed_by is None or row.proposed_by == actor.id:
        raise ConflictError("There is nothing of the other's to agree to.")
    row.held_on = clock.today()
    _record(session, actor, "conversation:end", row)
    session.flush()


def discard(session: Session, actor: Actor, conversation_id: int) -> None:
    """The learner deletes all of it, at any time and without a reason. No page shows that there was one."""
    row = find(session, actor, conversation_id, Action.OWN_RECORD, lock=True)
    _record(session, actor, "conversation:delete", row)
    session.delete(row)
    session.flush()


def share(session: Session, actor: Actor, conversation_id: int, purpose_id: int, *, statement_attached: bool) -> None:
    """Show the outcome to a purpose. That the purpose asks this person is for the room of purposes to check."""
    row = find(session, actor, conversation_id, Action.OWN_RECORD, lock=True)
    if row.held_on is None:
        raise ConflictError("There is no outcome yet that could be shared.")
    session.merge(
        FitShare(
            conversation_id=row.id,
            purpose_id=purpose_id,
            shared_at=clock.now(),
            statement_attached=statement_attached,
        )
    )
    _record(session, actor, "conversation:share", row)
    session.flush()


def unshare(session: Session, actor: Actor, conversation_id: int, purpose_id: int) -> None:
    """Take the outcome back from a purpose. From the next page on it is not there."""
    row = find(session, actor, conversation_id, Action.OWN_RECORD, lock=True)
    session.execute(delete(FitShare).where(FitShare.conversation_id == row.id, FitShare.purpose_id == purpose_id))
    _record(session, actor, "conversation:unshare", row)
    session.flush()
