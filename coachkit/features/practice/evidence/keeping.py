"""How long recordings stay, what keeps them longer, and taking away what nobody needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from coachkit.domain.assessment.retention import kept_until
from coachkit.features.accounts.queries import pseudonym_of
from coachkit.features.practice.evidence.models import EvidenceFile
from coachkit.features.practice.evidence.service import end, refresh
from coachkit.features.practice.models import Attempt, SecondLook
from coachkit.features.practice.service import predicts, sheet_of
from coachkit.platform import audit, clock, stored_files
from coachkit.platform.stored_files import CHECKING, DOOMED, StoredFile

Matters = Callable[[Session, int], Iterable[datetime | None]]
"""Of an attempt: when each second rating and objection was settled, or None for one that is open."""
MATTERS: list[Matters] = []


def matters(ask: Matters) -> Matters:
    """Register what else needs the recordings of an attempt; for rooms above, such as the one that hears objections."""
    MATTERS.append(ask)
    return ask


def _second_look(session: Session, attempt_id: int) -> Iterable[datetime | None]:
    look = session.get(SecondLook, attempt_id)
    if look is None:
        return ()
    sheet = sheet_of(session, attempt_id, "second")
    return ((sheet.locked_at if sheet else None) or look.lapsed_at,)


def leaves_on(session: Session, attempt: Attempt, added_at: datetime) -> datetime | None:
    """When this attempt's recordings are deleted by themselves; None while somebody needs them."""
    return kept_until(
        added_at,
        submitted_at=attempt.submitted_at,
        withdrawn_at=attempt.withdrawn_at,
        revealed_at=attempt.revealed_at,
        rated_by_others=predicts(attempt),
        settled=tuple(moment for ask in (_second_look, *MATTERS) for moment in ask(session, attempt.id)),
    )


def end_what_is_due(session: Session) -> int:
    """End recordings whose time is over, and uploads that were begun and left. Returns how many."""
    left = set(stored_files.forgotten(session))
    recording = or_(EvidenceFile.media_type.like("audio/%"), EvidenceFile.media_type.like("video/%"))
    query = select(EvidenceFile.id, EvidenceFile.attempt_id).where(
        EvidenceFile.gone_at.is_(None), or_(recording, EvidenceFile.file_id.in_(left))
    )
    ended = []
    for evidence_id, attempt_id in session.execute(query).all():
        attempt = session.get_one(Attempt, attempt_id, with_for_update=True, populate_existing=True)
        evidence = session.get_one(EvidenceFile, evidence_id, populate_existing=True)
        why = _why_it_ends(session, attempt, evidence)
        if why:
            end(session, evidence, why)
            refresh(session, attempt)
            ended.append((attempt, evidence))
    for attempt, evidence in ended:  # at the end: whoever holds an attempt may be waiting for the chain
        subject, about = pseudonym_of(session, attempt.learner_id), f"attempt:{attempt.id}"
        audit.record(session, None, "evidence:expire", subject=subject, about=about, file=evidence.id)
    return len(ended)


def _why_it_ends(session: Session, attempt: Attempt, evidence: EvidenceFile) -> str:
    """Asked with the attempt held: the learner may have gone on, or have deleted it, a moment ago."""
    if evidence.file_id is None:
        return ""
    row = stored_files.lock(session, evidence.file_id)
    if stored_files.was_left(row):
        return "left"
    due = leaves_on(session, attempt, evidence.added_at)
    over = row.media_type.startswith(("audio/", "video/")) and due is not None and due <= clock.now()
    return "retention" if over else ""


def end_ownerless(session: Session) -> None:
    """End files to which no evidence points, since their attempt was erased."""
    pointed = select(EvidenceFile.file_id).where(EvidenceFile.file_id.is_not(None))
    for row in session.scalars(
        select(StoredFile).where(StoredFile.id.not_in(pointed), StoredFile.state != DOOMED)
    ).all():
        stored_files.doom(row)
    session.flush()


def held_back(session: Session) -> tuple[int, ...]:
    """Files that still wait to be looked at."""
    return tuple(session.scalars(select(StoredFile.id).where(StoredFile.state == CHECKING)))
