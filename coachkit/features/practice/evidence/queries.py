"""Files and recordings as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.assessment.media import KINDS
from coachkit.features.practice.evidence.agreements import Agreed, standing
from coachkit.features.practice.evidence.keeping import leaves_on
from coachkit.features.practice.evidence.models import EvidenceFile
from coachkit.features.practice.models import Attempt
from coachkit.platform import stored_files
from coachkit.platform.stored_files import KEPT, OPEN, Limits, StoredFile, megabytes

GONE = {
    "learner": "deleted by the learner",
    "retention": "deleted, as everybody had agreed, after everything about it was settled",
    "agreement": "deleted, since somebody took back the agreement to be recorded",
    "left": "given up, since it never arrived as a whole",
}


@dataclass(frozen=True, slots=True)
class FileView:
    """One file or recording."""

    id: int
    attempt_id: int
    name: str
    words: str
    """Type and size."""
    plays_as: str
    state: str
    """`open`, `checking`, `kept`, `refused` or `gone`."""
    percent: int
    recorded: bool
    added_at: datetime
    leaves_on: datetime | None
    gone_at: datetime | None
    why: str
    """Why it is gone or was refused."""
    url: str
    """Where whoever sees it here may open it."""

    @property
    def here(self) -> bool:
        """Whether it can be opened."""
        return self.state == KEPT


@dataclass(frozen=True, slots=True)
class FilesPart:
    """What the page of an attempt shows about files."""

    attempt_id: int
    files: tuple[FileView, ...]
    agreed: tuple[Agreed, ...]
    largest: str
    free: str
    largest_bytes: int


def _view(session: Session, attempt: Attempt, row: EvidenceFile, stored: StoredFile | None) -> FileView:
    kind = KINDS.get(row.media_type)
    state = "gone" if stored is None else stored.state
    arrived = stored_files.arrived(session, stored.id) if stored is not None and state == OPEN else row.size
    recording = kind is not None and kind.recording
    return FileView(
        id=row.id,
        attempt_id=row.attempt_id,
        name=row.name,
        words=", ".join([*([kind.words] if kind else []), megabytes(row.size)]),
        plays_as=kind.plays_as if kind else "",
        state=state,
        percent=100 * arrived // row.size,
        recorded=row.recorded,
        added_at=row.added_at,
        leaves_on=leaves_on(session, attempt, row.added_at) if recording and state == KEPT else None,
        gone_at=row.gone_at,
        why=GONE.get(row.gone_why, "") if stored is None else stored.problem,
        url=f"/practice/{row.attempt_id}/files/{row.id}/content",
    )


def files_of(session: Session, attempt: Attempt, *, mine: bool) -> tuple[FileView, ...]:
    """An attempt's files, oldest first. Others than its learner see what can be opened, and what no longer can."""
    query = (
        select(EvidenceFile, StoredFile)
        .outerjoin(StoredFile, StoredFile.id == EvidenceFile.file_id)
        .where(EvidenceFile.attempt_id == attempt.id)
        .order_by(EvidenceFile.id)
    )
    views = (_view(session, attempt, row, stored) for row, stored in session.execute(query))
    return tuple(v for v in views if mine or v.here or (v.state == "gone" and v.gone_at and v.why != GONE["left"]))


def shown_files(session: Session, attempt_id: int) -> tuple[FileView, ...]:
    """An attempt's files for somebody who rates it."""
    return files_of(session, session.get_one(Attempt, attempt_id), mine=False)


def files_part(session: Session, attempt: Attempt, allowed: Limits) -> FilesPart:
    """What a learner's page about his attempt says about files."""
    free = max(0, allowed.person_bytes - stored_files.used_by(session, attempt.learner_id))
    return FilesPart(
        attempt.id,
        files_of(session, attempt, mine=True),
        standing(session, attempt.id),
        megabytes(allowed.file_bytes),
        megabytes(free),
        allowed.file_bytes,
    )


@dataclass(frozen=True, slots=True)
class Content:
    """Where the bytes of a file lie, and how they are served."""

    token: str
    size: int
    media_type: str
    ending: str
    digest: str


def content_of(session: Session, evidence: EvidenceFile) -> Content | None:
    """A file's bytes, if anybody may open them."""
    row = session.get(StoredFile, evidence.file_id) if evidence.file_id else None
    if row is None or row.state != KEPT:
        return None
    return Content(row.token, row.size, row.media_type, KINDS[row.media_type].ending, row.digest)
