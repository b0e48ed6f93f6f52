"""The files of what is contested, for whoever looks again: part of the artefact, and open as long as it is."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from coachkit.domain.assessment.agreement import lets_second_looks_hear
from coachkit.features.feedback.contest.models import Contest
from coachkit.features.feedback.contest.service import artefacts
from coachkit.features.practice.evidence.agreements import standing
from coachkit.features.practice.evidence.models import EvidenceFile
from coachkit.features.practice.evidence.queries import Content, FileView, content_of, files_of
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.queries import LibraryOf
from coachkit.platform.errors import NotFoundError

MOST_ATTEMPTS = 3
"""Of those a sentence of a report rests on, the newest."""


def attempts_of(session: Session, library_of: LibraryOf, row: Contest) -> list[Attempt]:
    """What there is to look at."""
    if row.attempt_id is not None:
        return [session.get_one(Attempt, row.attempt_id)]
    return artefacts(session, library_of, row.person_id, row.item)[:MOST_ATTEMPTS]


def may_hear(session: Session, attempt: Attempt) -> bool:
    """Whether everybody who can be heard has agreed to somebody who looks again."""
    return lets_second_looks_hear([agreed.text_version for agreed in standing(session, attempt.id)])


def files_for(session: Session, attempt: Attempt, address: str) -> tuple[FileView, ...]:
    """An attempt's files as whoever looks again sees them: without the names that the learner gave them."""
    shown = files_of(session, attempt, mine=False)
    if not may_hear(session, attempt):
        shown = tuple(view for view in shown if not view.plays_as)
    return tuple(
        replace(view, name=f"{'Recording' if view.plays_as else 'Document'} {number}", url=f"{address}/files/{view.id}")
        for number, view in enumerate(shown, 1)
    )


def content_for(session: Session, library_of: LibraryOf, row: Contest, file_id: int) -> Content:
    """The bytes of one of these files; any other does not exist."""
    for attempt in attempts_of(session, library_of, row):
        if any(view.id == file_id and view.here for view in files_for(session, attempt, "")):
            found = content_of(session, session.get_one(EvidenceFile, file_id))
            if found is not None:
                return found
    raise NotFoundError
