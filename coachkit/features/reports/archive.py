"""A batch of released editions as one zip, written while it is read: no more than one file is held at a time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from coachkit.domain.report.progress import ProgressReport
from coachkit.features.decisions.queries import open_release, released_ids
from coachkit.features.feedback.contest.queries import stands_since
from coachkit.features.reports.models import MADE, Report, ReportItem
from coachkit.platform.db import writing

File = tuple[str, datetime, bytes]


class _Stream(io.RawIOBase):
    """What a zip writes to: bytes are taken away as soon as they are there."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        self._parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


def zipped(files: Iterable[File]) -> Iterator[bytes]:
    """The zip, piece by piece. PDFs are compressed already, so they are only stored."""
    stream = _Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as whole:
        for name, at, data in files:
            whole.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), data)
            yield stream.taken()
    yield stream.taken()


def _made(session: Session, batch_id: int) -> list[tuple[int, int]]:
    """Report and person of every finished item."""
    query = (
        select(Report.id, ReportItem.person_id)
        .join(ReportItem, ReportItem.report_id == Report.id)
        .where(ReportItem.batch_id == batch_id, ReportItem.state == MADE)
    )
    return [(report_id, person_id) for report_id, person_id in session.execute(query.order_by(Report.id))]


def people_in(session: Session, purpose_id: int, batch_id: int) -> frozenset[int]:
    """Whose reports a download would hold now: made, and still released."""
    return released_ids(session, purpose_id) & {person_id for _report_id, person_id in _made(session, batch_id)}


def files(
    engine: Engine, purpose_id: int, batch_id: int, people: frozenset[int], *, figures: bool = True
) -> Iterator[File]:
    """The files of those people, one after the other. Whoever withdraws meanwhile is left out; without `figures`, also
    files that were made while this house still showed measures.

    The answer is written after the request's own session is gone, so each file is read with one of its own.
    """
    with writing(intent=False), Session(engine) as session:
        wanted = _made(session, batch_id)
    for report_id, person_id in wanted:
        if person_id not in people:
            continue
        with writing(intent=False), Session(engine) as session:
            held = open_release(session, purpose_id, person_id)
            row = session.execute(
                select(Report.number, Report.issued_at, Report.pdf, Report.document).where(Report.id == report_id)
            ).one_or_none()
            stands = row is not None and stands_since(session, person_id, row.issued_at)
        if held is None or row is None or row.pdf is None or not stands:
            continue
        if figures or ProgressReport.from_json(row.document).measures is None:
            yield f"{row.number}.pdf", row.issued_at, row.pdf
