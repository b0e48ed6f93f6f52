"""Work for later. A row is committed with the work that asks for it; after the commit, and again by a periodic sweep,
it is handed to huey. Handlers are idempotent: a row may be delivered twice, its work happens once.

A handler that waits for something outside, such as a mail server or a PDF, commits first: on SQLite nobody else could
write meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import Flask, current_app
from huey import Huey, PostgresHuey, SqliteHuey
from sqlalchemy import String, Text, event, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from coachkit.platform import clock
from coachkit.platform.db import Base, Id, db, transaction, writing
from coachkit.platform.settings import Settings

log = structlog.get_logger()


class SupersededError(Exception):
    """Another worker took the job over, since this one held it for longer than its lease."""


Handler = Callable[..., None]
HANDLERS: dict[str, Handler] = {}
GIVEN_UP: dict[str, Handler] = {}
"""What still has to be said when the last try of a job has failed."""
LEASE = timedelta(minutes=5)
"""How long a worker holds a job before another may take it over."""
LONG_LEASES: dict[str, timedelta] = {}
"""Jobs that may rightly take longer."""
MAX_TRIES = 3
SWEEP = timedelta(minutes=1)
"""How often what was missed is looked for."""


class Outbox(Base):
    """One piece of work."""

    __tablename__ = "outbox"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(60))
    args: Mapped[dict[str, Any]]
    """Ids and numbers only."""
    created_at: Mapped[datetime]
    not_before: Mapped[datetime] = mapped_column(index=True)
    lease_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(Text, default="")


def job(name: str, *, given_up: Handler | None = None, lease: timedelta | None = None) -> Callable[[Handler], Handler]:
    """Register the handler for jobs of this name. It is called as `handler(session, **args)`.

    `given_up` is called in the same way when the last try has failed or its worker died, so that whoever waits for the
    work learns that it will not come by itself.
    """

    def register(handler: Handler) -> Handler:
        if name in HANDLERS:
            raise ValueError(f"Two handlers for the job «{name}».")
        HANDLERS[name] = handler
        if given_up is not None:
            GIVEN_UP[name] = given_up
        if lease is not None:
            LONG_LEASES[name] = lease
        return handler

    return register


def enqueue(session: Session, name: str, *, delay: timedelta = timedelta(), **args: int | str) -> None:
    """Write the job into the caller's transaction."""
    now = clock.now()
    row = Outbox(name=name, args=dict(args), created_at=now, not_before=now + delay, tries=0, problem="")
    session.add(row)
    session.flush()
    session.info.setdefault("enqueued", []).append((row.id, delay))


def make_huey(settings: Settings) -> Huey:
    """The queue beside the settings' database: a file for SQLite, tables for PostgreSQL."""
    if settings.is_sqlite:
        return SqliteHuey("coachkit", filename=str(settings.instance / "jobs.sqlite"), fsync=True, results=False)
    return PostgresHuey("coachkit", dsn=settings.database_url, results=False)


def run(job_id: int) -> bool:
    """Do one piece of work now, if it is due and nobody else is doing it. True where it was done here."""
    now = clock.now()
    free = or_(Outbox.lease_until.is_(None), Outbox.lease_until < now)
    with transaction() as session:
        claimed = session.execute(
            update(Outbox)
            .where(Outbox.id == job_id, Outbox.done_at.is_(None), free, Outbox.tries < MAX_TRIES)
            .where(Outbox.not_before <= now)
            .values(lease_until=now + LEASE, tries=Outbox.tries + 1)
            .returning(Outbox.name, Outbox.args, Outbox.tries)
        ).one_or_none()
        if claimed is not None and claimed.name in LONG_LEASES:
            longer = now + LONG_LEASES[claimed.name]
            session.execute(update(Outbox).where(Outbox.id == job_id).values(lease_until=longer))
    if claimed is None:
        return False
    name, args, tries = claimed
    try:
        with transaction() as session:
            HANDLERS[name](session, **args)
            mine = (Outbox.id == job_id, Outbox.done_at.is_(None), Outbox.tries == tries)
            done = update(Outbox).where(*mine).values(done_at=clock.now(), problem="").returning(Outbox.id)
            if session.scalar(done) is None:
                raise SupersededError  # noqa: TRY301  rolls the handler's work back
    except SupersededError:
        log.warning("job_superseded", job=name, job_id=job_id)
        return False
    except Exception as error:
        log.exception("job_failed", job=name, job_id=job_id)
        _let_go(job_id, tries, type(error).__name__)
        return False
    return True


def _let_go(job_id: int, tries: int, problem: str) -> None:
    """Leave a job that failed to a later try; after the last one, say so to whoever waits."""
    with transaction() as session:
        mine = (Outbox.id == job_id, Outbox.done_at.is_(None), Outbox.tries == tries, Outbox.lease_until.is_not(None))
        row = session.execute(
            update(Outbox)
            .where(*mine)
            .values(lease_until=None, problem=problem, not_before=clock.now() + timedelta(seconds=10 * tries))
            .returning(Outbox.name, Outbox.args)
        ).one_or_none()
    if row is None or tries < MAX_TRIES or row.name not in GIVEN_UP:
        return
    try:
        with transaction() as session:
            GIVEN_UP[row.name](session, **row.args)
    except Exception:
        log.exception("job_not_given_up", job=row.name, job_id=job_id)


def give_up_on_the_dead() -> None:
    """Jobs whose last try ended with its worker: nobody was left to let them go."""
    with writing(intent=False):
        lost = select(Outbox.id, Outbox.tries).where(
            Outbox.done_at.is_(None), Outbox.tries >= MAX_TRIES, Outbox.lease_until < clock.now()
        )
        rows = db.session().execute(lost.limit(200)).all()
        db.session.remove()
    for job_id, tries in rows:
        _let_go(job_id, tries, "WorkerDied")


def waiting(session: Session, limit: int = 200) -> list[int]:
    """Ids of work that is due and that nobody holds."""
    now = clock.now()
    query = (
        select(Outbox.id)
        .where(Outbox.done_at.is_(None), Outbox.tries < MAX_TRIES, Outbox.not_before <= now)
        .where(or_(Outbox.lease_until.is_(None), Outbox.lease_until < now))
        .order_by(Outbox.id)
        .limit(limit)
    )
    return list(session.scalars(query))


def run_waiting() -> int:
    """Do all work that is due, in this process. For tests, commands and the sweep."""
    give_up_on_the_dead()
    done = 0
    while True:
        with writing(intent=False):
            ids = waiting(db.session())
            db.session.remove()
        results = [run(job_id) for job_id in ids]
        done += sum(results)
        if not any(results):
            return done


class Queue:
    """Hands committed work to huey, and gives huey's worker its task."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.huey = make_huey(settings)

        @self.huey.task(name="run_job")  # type: ignore[untyped-decorator]
        def run_job(job_id: int) -> None:
            with app.app_context():
                run(job_id)

        @self.huey.periodic_task(lambda _moment: True, name="sweep")  # type: ignore[untyped-decorator]
        def sweep() -> None:
            with app.app_context():
                run_waiting()

        self._run_job = run_job
        app.extensions["coachkit_queue"] = self

    def hand_over(self, job_id: int, after: timedelta = timedelta()) -> None:
        """Work that is due within a minute is timed; what is due later is found by the sweep."""
        if not after:
            self._run_job(job_id)
        elif after <= SWEEP:
            self._run_job.schedule(args=(job_id,), delay=after.total_seconds())


@event.listens_for(db.session, "after_commit")
def _hand_over(session: Session) -> None:
    queue = current_app.extensions.get("coachkit_queue")
    for job_id, delay in session.info.pop("enqueued", []):
        if queue is None:
            return
        try:
            queue.hand_over(job_id, delay)
        except Exception:  # noqa: BLE001  the row is committed; the sweep will find it
            log.warning("handover_failed", job_id=job_id)


@event.listens_for(db.session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("enqueued", None)
