"""Adding a file or a recording to an attempt, piece by piece, and taking it away again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from coachkit.domain.assessment.media import ALLOWED, Kind, kind_of
from coachkit.features.accounts.queries import hold
from coachkit.features.practice.evidence import agreements
from coachkit.features.practice.evidence.models import EvidenceFile
from coachkit.features.practice.evidence.upkeep import expect_tidying
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.service import find, open_attempt
from coachkit.platform import audit, clock, jobs, stored_files
from coachkit.platform.errors import ConflictError, InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor
from coachkit.platform.settings import Settings
from coachkit.platform.stored_files import CHECKING, KEPT, OPEN, PIECE, Limits, StoredFile

MOST_FILES = 10
NOT_TAKEN = f"This is none of the types that are taken: {ALLOWED}. What counts is what is in it, not its name."


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a file has come; what an interrupted sender asks for."""

    id: int
    state: str
    size: int
    arrived: int
    problem: str


def limits(settings: Settings) -> Limits:
    """What the house allows, in bytes."""
    return Limits(settings.upload_limit_mb * 1_000_000, settings.upload_quota_mb * 1_000_000)


def begin(
    session: Session,
    actor: Actor,
    attempt_id: int,
    *,
    receipt: str,
    name: str,
    size: int,
    recorded: bool,
    allowed: Limits,
) -> EvidenceFile:
    """Begin a file; the same receipt leads to the same one."""
    attempt = open_attempt(session, actor, attempt_id)
    hold(session, actor.id)
    row = stored_files.begin(session, actor.id, receipt, size, allowed)
    known = session.scalars(select(EvidenceFile).where(EvidenceFile.file_id == row.id)).one_or_none()
    if known is not None:
        if known.attempt_id != attempt.id:
            raise ConflictError
        return known
    standing = select(func.count()).where(EvidenceFile.attempt_id == attempt.id, EvidenceFile.gone_at.is_(None))
    if (session.scalar(standing) or 0) >= MOST_FILES:
        raise InvalidError(
            {"file": f"At most {MOST_FILES} files per attempt. Delete one that you no longer need first."}
        )
    evidence = EvidenceFile(
        attempt_id=attempt.id,
        file_id=row.id,
        name=name,
        recorded=recorded,
        size=size,
        added_at=clock.now(),
        gone_at=None,
    )
    session.add(evidence)
    expect_tidying(session)
    session.flush()
    return evidence


def find_file(
    session: Session, actor: Actor, attempt_id: int, evidence_id: int, action: Action, *, lock: bool = False
) -> EvidenceFile:
    """A file of this attempt, if the actor may do `action` with the attempt."""
    attempt = find(session, actor, attempt_id, action, lock=lock)
    evidence = session.get(EvidenceFile, evidence_id, populate_existing=lock)
    if evidence is None or evidence.attempt_id != attempt.id:
        raise NotFoundError
    return evidence


def _stored(session: Session, evidence: EvidenceFile) -> StoredFile:
    if evidence.file_id is None:
        raise ConflictError("This file has been deleted.")
    return stored_files.lock(session, evidence.file_id)


def progress(session: Session, evidence: EvidenceFile) -> Progress:
    """How far it has come."""
    row = session.get(StoredFile, evidence.file_id) if evidence.file_id else None
    if row is None:
        return Progress(evidence.id, "gone", evidence.size, 0, "")
    return Progress(evidence.id, row.state, row.size, stored_files.arrived(session, row.id), row.problem)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece belongs."""

    file_id: int
    token: str
    number: int


def announce(
    session: Session, actor: Actor, attempt_id: int, evidence_id: int, offset: int, data: bytes
) -> Place | None:
    """Take note of a piece before it is written; None where there is nothing to write.

    The first piece says what the file is. A type that is not taken, or a recording without everybody's agreement, ends
    here: nothing of it is written.
    """
    evidence = find_file(session, actor, attempt_id, evidence_id, Action.WRITE_ATTEMPT, lock=True)
    row = _stored(session, evidence)
    if row.state == OPEN:
        open_attempt(session, actor, attempt_id)
    if not stored_files.announce(session, row, offset, data):
        return None
    problem = _look_at(session, evidence, row, data) if offset == 0 else ""
    if problem:
        stored_files.refuse(row, problem)
        session.flush()
        return None
    return Place(row.id, row.token, offset // PIECE)


def _look_at(session: Session, evidence: EvidenceFile, row: StoredFile, head: bytes) -> str:
    """Why a file that begins like this is not taken; empty where it is."""
    kind: Kind | None = kind_of(head, whole=row.size == len(head))
    if kind is None:
        return NOT_TAKEN
    if kind.recording and not agreements.may_record(session, evidence.attempt_id):
        return agreements.NEEDED
    row.media_type = evidence.media_type = kind.media_type
    return ""


def finish(
    session: Session, actor: Actor, attempt_id: int, evidence_id: int, digest: str, *, hold_back: bool
) -> StoredFile:
    """All pieces are there. With `hold_back` nobody can open the file until it was looked at."""
    evidence = find_file(session, actor, attempt_id, evidence_id, Action.WRITE_ATTEMPT, lock=True)
    row = _stored(session, evidence)
    before = row.state
    if before == OPEN:
        attempt = open_attempt(session, actor, attempt_id)
    stored_files.finish(session, row, digest, hold=hold_back)
    if before != OPEN:
        return row
    _record(session, actor, "evidence:add", evidence, bytes=row.size)
    if row.state == CHECKING:
        jobs.enqueue(session, "practice.scan_file", file_id=row.id)
    refresh(session, attempt)
    return row


def refresh(session: Session, attempt: Attempt) -> None:
    """Say anew whether a file stands as evidence of this attempt."""
    kept = (
        select(EvidenceFile.id)
        .join(StoredFile, StoredFile.id == EvidenceFile.file_id)
        .where(EvidenceFile.attempt_id == attempt.id, StoredFile.state == KEPT)
        .limit(1)
    )
    attempt.filed = session.scalar(kept) is not None
    session.flush()


def passed(session: Session, file_id: int, problem: str) -> None:
    """What the scan said about a file that was held back."""
    evidence = session.scalars(select(EvidenceFile).where(EvidenceFile.file_id == file_id)).one_or_none()
    if evidence is None:
        return
    attempt = session.get_one(Attempt, evidence.attempt_id, with_for_update=True)
    row = stored_files.lock(session, file_id)
    if row.state != CHECKING:
        return
    if problem:
        stored_files.refuse(row, problem)
    else:
        row.state = KEPT
    session.flush()
    refresh(session, attempt)


def end(session: Session, evidence: EvidenceFile, why: str) -> None:
    """From now on nobody can open this file, and its bytes go. Its row stays, with the day and the reason."""
    row = _stored(session, evidence)
    stored_files.doom(row)
    evidence.file_id, evidence.gone_at, evidence.gone_why = None, clock.now(), why
    jobs.enqueue(session, "practice.remove_bytes", delay=stored_files.wait_for(row))
    session.flush()


def delete(session: Session, actor: Actor, attempt_id: int, evidence_id: int) -> None:
    """The learner deletes a file of his; a second time changes nothing."""
    evidence = find_file(session, actor, attempt_id, evidence_id, Action.WRITE_ATTEMPT, lock=True)
    if evidence.gone_at is not None:
        return
    end(session, evidence, "learner")
    refresh(session, session.get_one(Attempt, attempt_id))
    _record(session, actor, "evidence:delete", evidence)


def _record(session: Session, actor: Actor, action: str, evidence: EvidenceFile, **detail: Any) -> None:  # noqa: ANN401
    about = f"attempt:{evidence.attempt_id}"
    audit.record(session, actor, action, subject=actor.pseudonym, about=about, file=evidence.id, **detail)


def stop_recordings(session: Session, actor: Actor, attempt_id: int) -> None:
    """Somebody took the agreement back: every recording of the attempt goes at once."""
    agreements.take_back(session, actor, attempt_id)
    end_recordings(session, attempt_id)


def end_recordings(session: Session, attempt_id: int) -> None:
    """Every recording goes; what was written down, and documents, stay."""
    rows = session.scalars(
        select(EvidenceFile).where(EvidenceFile.attempt_id == attempt_id, EvidenceFile.gone_at.is_(None))
    )
    for evidence in rows.all():
        if evidence.media_type.startswith(("audio/", "video/")):
            end(session, evidence, "agreement")
    refresh(session, session.get_one(Attempt, attempt_id))
