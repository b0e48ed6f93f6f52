"""A cohort's reports in one go. Each learner gets his own; whoever started the batch sees counts and failures only."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from coachkit.domain.report.pace import minutes_left
from coachkit.features.accounts.queries import CohortView, cohorts, names
from coachkit.features.reports.models import CANCELLED, FAILED, MADE, WAITING, Report, ReportBatch, ReportItem
from coachkit.platform import audit, clock, jobs
from coachkit.platform.access_record import AccessRecord
from coachkit.platform.errors import NotFoundError
from coachkit.platform.policy import Action, Actor, Role, require


@dataclass(frozen=True, slots=True)
class ItemView:
    """A person in a batch whose report needs attention."""

    name: str
    problem: str


@dataclass(frozen=True, slots=True)
class BatchView:
    """How far a batch is."""

    id: int
    cohort: str
    started_at: datetime
    total: int
    made: int
    failed: tuple[ItemView, ...]
    cancelled: int
    minutes_left: int | None

    @property
    def waiting(self) -> int:
        return self.total - self.made - len(self.failed) - self.cancelled

    @property
    def over(self) -> bool:
        return self.waiting == 0


def cohort_named(session: Session, name: str) -> CohortView | None:
    """For the command line."""
    return next((cohort for cohort in cohorts(session) if cohort.name == name), None)


def start(session: Session, actor: Actor, cohort_id: int) -> ReportBatch:
    """Ask for everybody's report. While a batch of the cohort is running, that one goes on instead."""
    require(actor, Action.ADMINISTER)
    running = _running(session, cohort_id)
    return running or _begin(session, actor, cohort_id, ask=True)


def start_here(session: Session, cohort_id: int) -> ReportBatch:
    """The same for the command line, which does the work itself."""
    return _running(session, cohort_id) or _begin(session, None, cohort_id, ask=False)


def _running(session: Session, cohort_id: int) -> ReportBatch | None:
    waiting = select(ReportItem.batch_id).where(ReportItem.state == WAITING)
    query = select(ReportBatch).where(ReportBatch.cohort_id == cohort_id, ReportBatch.id.in_(waiting))
    return session.scalars(query.order_by(ReportBatch.id.desc()).limit(1)).one_or_none()


def _begin(session: Session, actor: Actor | None, cohort_id: int, *, ask: bool) -> ReportBatch:
    cohort = next((cohort for cohort in cohorts(session) if cohort.id == cohort_id), None)
    if cohort is None:
        raise NotFoundError
    started_by = actor.id if actor else None
    batch = ReportBatch(cohort_id=cohort_id, started_by=started_by, started_at=clock.now(), cancelled_at=None)
    session.add(batch)
    session.flush()
    for member in cohort.members:
        if member.active and Role.LEARNER in member.roles:
            item = ReportItem(batch_id=batch.id, person_id=member.id, state=WAITING, problem="", finished_at=None)
            session.add(item)
            session.flush()
            if ask:
                jobs.enqueue(session, "reports.item", item_id=item.id)
    audit.record(session, actor, "report-batch:start", about=f"batch:{batch.id}", cohort=cohort_id)
    return batch


def cancel(session: Session, actor: Actor, batch_id: int) -> None:
    """Stop. What is made stays with its people, and what is being made is finished."""
    require(actor, Action.ADMINISTER)
    batch = _batch(session, batch_id)
    batch.cancelled_at = clock.now()
    untouched = (ReportItem.batch_id == batch_id, ReportItem.state == WAITING, ReportItem.report_id.is_(None))
    session.execute(update(ReportItem).where(*untouched).values(state=CANCELLED, finished_at=clock.now()))
    audit.record(session, actor, "report-batch:cancel", about=f"batch:{batch_id}")


def try_again(session: Session, actor: Actor, batch_id: int) -> None:
    """Once more for those that failed."""
    require(actor, Action.ADMINISTER)
    _batch(session, batch_id)
    failed = select(ReportItem).where(ReportItem.batch_id == batch_id, ReportItem.state == FAILED)
    for item in session.scalars(failed.order_by(ReportItem.id)).all():
        item.state, item.problem, item.finished_at = WAITING, "", None
        jobs.enqueue(session, "reports.item", item_id=item.id)
    audit.record(session, actor, "report-batch:again", about=f"batch:{batch_id}")


def _batch(session: Session, batch_id: int) -> ReportBatch:
    batch = session.get(ReportBatch, batch_id)
    if batch is None:
        raise NotFoundError
    return batch


def waiting_items(session: Session, batch_id: int) -> list[int]:
    """What is still to do, for the command line."""
    query = select(ReportItem.id).where(ReportItem.batch_id == batch_id, ReportItem.state == WAITING)
    return list(session.scalars(query.order_by(ReportItem.id)))


def write_files(session: Session, batch_id: int, folder: Path) -> int:
    """Write the finished PDFs, by number, readable by this user only; each person is told. Answers how many."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = (ReportItem.batch_id == batch_id, ReportItem.state == MADE)
    query = select(Report.number, Report.pdf, Report.person_id).join(ReportItem, ReportItem.report_id == Report.id)
    written = 0
    for number, data, person_id in session.execute(query.where(*made)):
        path = folder / f"{number}.pdf"
        if data is None or path.exists():
            continue
        session.add(
            AccessRecord(
                at=clock.now(),
                person_id=person_id,
                viewer_id=None,
                viewer_role="operator",
                what="wrote your report into a file on the server",
                purpose="",
            )
        )
        session.flush()
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(data)
        written += 1
    audit.record(session, None, "report-batch:write-files", about=f"batch:{batch_id}", files=written)
    return written


def view(session: Session, batch_id: int) -> BatchView | None:
    """How far it is."""
    batch = session.get(ReportBatch, batch_id)
    return _view(session, batch) if batch else None


def all_batches(session: Session, most: int = 30) -> tuple[BatchView, ...]:
    """The latest ones, newest first."""
    query = select(ReportBatch).order_by(ReportBatch.id.desc()).limit(most)
    return tuple(_view(session, batch) for batch in session.scalars(query))


def _view(session: Session, batch: ReportBatch) -> BatchView:
    counted = select(ReportItem.state, func.count()).where(ReportItem.batch_id == batch.id).group_by(ReportItem.state)
    counts: dict[str, int] = dict(session.execute(counted).all())
    made, total = counts.get(MADE, 0), sum(counts.values())
    over = made + counts.get(FAILED, 0) + counts.get(CANCELLED, 0)
    failed = select(ReportItem.person_id, ReportItem.problem).where(
        ReportItem.batch_id == batch.id, ReportItem.state == FAILED
    )
    rows = session.execute(failed).all()
    called = names(session, (person_id for person_id, _problem in rows))
    cohort = next((cohort.name for cohort in cohorts(session) if cohort.id == batch.cohort_id), "")
    return BatchView(
        batch.id,
        cohort,
        batch.started_at,
        total,
        made,
        tuple(sorted((ItemView(called.get(i, ""), problem) for i, problem in rows), key=lambda v: v.name.lower())),
        counts.get(CANCELLED, 0),
        minutes_left(over, total, (clock.now() - batch.started_at).total_seconds()),
    )
