"""Reports in one go: a cohort's, each for its learner, or a purpose's released editions, for its viewer.

Whoever starts a cohort's batch sees counts and failures only.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from coachkit.domain.report.pace import minutes_left
from coachkit.features.accounts.queries import CohortView, cohorts, names
from coachkit.features.decisions.queries import purpose_case, released_ids
from coachkit.features.decisions.service import find_purpose
from coachkit.features.feedback.contest.queries import stands_since
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
    """Empty where it is of a purpose."""
    purpose_id: int | None
    started_by: int | None
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

    @property
    def path(self) -> str:
        """Where its page is."""
        if self.purpose_id is None:
            return f"/admin/reports/{self.id}"
        return f"/decisions/{self.purpose_id}/reports/{self.id}"


def cohort_named(session: Session, name: str) -> CohortView | None:
    """For the command line."""
    return next((cohort for cohort in cohorts(session) if cohort.name == name), None)


def start(session: Session, actor: Actor, cohort_id: int) -> ReportBatch:
    """Ask for everybody's report. While a batch of the cohort is running, that one goes on instead."""
    require(actor, Action.ADMINISTER)
    running = _running(session, ReportBatch.cohort_id == cohort_id)
    return running or _begin_cohort(session, actor, cohort_id, ask=True)


def start_here(session: Session, cohort_id: int) -> ReportBatch:
    """The same for the command line, which does the work itself."""
    running = _running(session, ReportBatch.cohort_id == cohort_id)
    return running or _begin_cohort(session, None, cohort_id, ask=False)


def start_released(session: Session, actor: Actor, purpose_id: int) -> ReportBatch:
    """Ask for the released edition of everybody whose release to this purpose holds now."""
    purpose = find_purpose(session, purpose_id)
    require(actor, Action.READ_PURPOSE, purpose_case(session, purpose))
    running = _running(session, ReportBatch.purpose_id == purpose_id, ReportBatch.started_by == actor.id)
    if running is not None:
        return running
    people = released_ids(session, purpose_id) - {actor.id}
    return _begin(session, actor, sorted(people), purpose_id=purpose_id, ask=True)


def _running(session: Session, *of_what: ColumnElement[bool]) -> ReportBatch | None:
    waiting = select(ReportItem.batch_id).where(ReportItem.state == WAITING)
    query = select(ReportBatch).where(*of_what, ReportBatch.id.in_(waiting))
    return session.scalars(query.order_by(ReportBatch.id.desc()).limit(1)).one_or_none()


def _begin_cohort(session: Session, actor: Actor | None, cohort_id: int, *, ask: bool) -> ReportBatch:
    cohort = next((cohort for cohort in cohorts(session) if cohort.id == cohort_id), None)
    if cohort is None:
        raise NotFoundError
    people = [member.id for member in cohort.members if member.active and Role.LEARNER in member.roles]
    return _begin(session, actor, people, cohort_id=cohort_id, ask=ask)


def _begin(
    session: Session,
    actor: Actor | None,
    people: list[int],
    *,
    ask: bool,
    cohort_id: int | None = None,
    purpose_id: int | None = None,
) -> ReportBatch:
    batch = ReportBatch(
        cohort_id=cohort_id,
        purpose_id=purpose_id,
        started_by=actor.id if actor else None,
        started_at=clock.now(),
        cancelled_at=None,
    )
    session.add(batch)
    session.flush()
    for person_id in people:
        item = ReportItem(batch_id=batch.id, person_id=person_id, state=WAITING, problem="", finished_at=None)
        session.add(item)
        session.flush()
        if ask:
            jobs.enqueue(session, "reports.item", item_id=item.id)
    of_what = {"cohort": cohort_id} if cohort_id is not None else {"purpose": purpose_id}
    audit.record(session, actor, "report-batch:start", about=f"batch:{batch.id}", **of_what)
    return batch


def cancel(session: Session, actor: Actor, batch_id: int) -> None:
    """Stop. What is made stays with its people, and what is being made is finished."""
    batch = _batch(session, actor, batch_id)
    batch.cancelled_at = clock.now()
    untouched = (ReportItem.batch_id == batch_id, ReportItem.state == WAITING, ReportItem.report_id.is_(None))
    session.execute(update(ReportItem).where(*untouched).values(state=CANCELLED, finished_at=clock.now()))
    audit.record(session, actor, "report-batch:cancel", about=f"batch:{batch_id}")


def try_again(session: Session, actor: Actor, batch_id: int) -> None:
    """Once more for those that failed."""
    _batch(session, actor, batch_id)
    failed = select(ReportItem).where(ReportItem.batch_id == batch_id, ReportItem.state == FAILED)
    for item in session.scalars(failed.order_by(ReportItem.id)).all():
        item.state, item.problem, item.finished_at = WAITING, "", None
        jobs.enqueue(session, "reports.item", item_id=item.id)
    audit.record(session, actor, "report-batch:again", about=f"batch:{batch_id}")


def _batch(session: Session, actor: Actor, batch_id: int) -> ReportBatch:
    """A batch that the actor may steer: an administrator a cohort's, a viewer the one that he asked for."""
    batch = session.get(ReportBatch, batch_id)
    if batch is None:
        raise NotFoundError
    if batch.purpose_id is None:
        require(actor, Action.ADMINISTER)
        return batch
    require(actor, Action.READ_PURPOSE, purpose_case(session, find_purpose(session, batch.purpose_id)))
    if batch.started_by != actor.id:
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
    query = select(Report.number, Report.pdf, Report.person_id, Report.issued_at).join(
        ReportItem, ReportItem.report_id == Report.id
    )
    written = 0
    for number, data, person_id, issued_at in session.execute(query.where(*made)):
        path = folder / f"{number}.pdf"
        if data is None or path.exists() or not stands_since(session, person_id, issued_at):
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
    """The latest ones of cohorts, newest first."""
    query = select(ReportBatch).where(ReportBatch.purpose_id.is_(None)).order_by(ReportBatch.id.desc()).limit(most)
    return tuple(_view(session, batch) for batch in session.scalars(query))


def of_purpose(session: Session, actor: Actor, purpose_id: int, most: int = 10) -> tuple[BatchView, ...]:
    """The latest ones of a purpose that the actor asked for, newest first."""
    mine = (ReportBatch.purpose_id == purpose_id, ReportBatch.started_by == actor.id)
    query = select(ReportBatch).where(*mine).order_by(ReportBatch.id.desc()).limit(most)
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
        batch.purpose_id,
        batch.started_by,
        batch.started_at,
        total,
        made,
        tuple(sorted((ItemView(called.get(i, ""), problem) for i, problem in rows), key=lambda v: v.name.lower())),
        counts.get(CANCELLED, 0),
        minutes_left(over, total, (clock.now() - batch.started_at).total_seconds()),
    )
