"""Looking at files before anybody can open them, and taking bytes away that nobody needs."""

from __future__ import annotations

from sqlalchemy.orm import Session

from coachkit.features.practice.evidence import keeping, service
from coachkit.features.practice.evidence.upkeep import expect_tidying
from coachkit.platform import jobs, scanning, stored_files
from coachkit.platform.jobs import job
from coachkit.platform.stored_files import CHECKING, StoredFile
from coachkit.platform.tools import tools


@job("practice.scan_file")
def scan_file(session: Session, *, file_id: int) -> None:
    """Have the house's scanner look at a file that is held back. Where it cannot say, the file stays held back."""
    row = session.get(StoredFile, file_id)
    if row is None or row.state != CHECKING:
        return
    token, size, settings = row.token, row.size, tools().settings
    session.commit()  # others write while the scanner takes its time
    problem = scanning.problem_with(settings, tools().files, token, size)
    service.passed(session, file_id, problem)


@job("practice.remove_bytes")
def remove_bytes(session: Session) -> None:
    """Take away the bytes of files that ended, and only then what is known of them."""
    leaving = stored_files.leaving(session)
    session.commit()
    for file in leaving:
        tools().files.remove(file.token, file.numbers)
    stored_files.forget(session, [file.id for file in leaving])


@job("practice.tidy_evidence")
def tidy_evidence(session: Session) -> None:
    """Every hour: end what is due or was left lying, scan what was not, and remove the bytes of what ended."""
    keeping.end_what_is_due(session)
    keeping.end_ownerless(session)
    for file_id in keeping.held_back(session):
        jobs.enqueue(session, "practice.scan_file", file_id=file_id)
    expect_tidying(session)
    remove_bytes(session)
