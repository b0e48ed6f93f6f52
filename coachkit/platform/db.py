"""The database: base class, types, the session, and how a transaction begins.

SQLite is opened with `isolation_level=None`, so that no driver magic starts transactions; an event emits BEGIN, and
BEGIN IMMEDIATE where the work is going to write. A transaction that reads first and writes later cannot be helped by
a busy timeout; one that says so at once waits its turn.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Connection, DateTime, Dialect, Engine, MetaData, TypeDecorator, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column

from coachkit.platform.settings import Settings

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC. A naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A naive datetime was given to the database.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UTCDateTime,
        dict[str, Any]: JSON,
        list[str]: JSON,
    }


db = SQLAlchemy(
    metadata=Base.metadata,
    session_options={"expire_on_commit": False},
    disable_autonaming=True,
)
"""Lends engine and session only; models stand on `Base`."""

PATIENCE = 15
"""Seconds that a writer waits for its turn on SQLite."""
PRIMARY_CODE = 0xFF
"""The part of SQLite's error codes that says what kind of error it is."""
Id = Annotated[int, mapped_column(primary_key=True)]

_writes: ContextVar[bool] = ContextVar("writes", default=False)


@contextmanager
def writing(intent: bool = True) -> Iterator[None]:
    """Transactions that begin inside this block are going to write (or, with False, are not)."""
    token = _writes.set(intent)
    try:
        yield
    finally:
        _writes.reset(token)


@contextmanager
def transaction() -> Iterator[Session]:
    """One writing transaction for a command or a job: commits at the end, rolls back on any error.

    It begins afresh: a read left open before would make it wait for itself.
    """
    db.session.rollback()
    with writing():
        try:
            yield db.session()
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
        finally:
            db.session.remove()


@contextmanager
def own_transaction() -> Iterator[Session]:
    """A short writing transaction beside a reading request, on a connection of its own.

    Never inside a writing request: on SQLite the two would wait for each other.
    """
    with writing(), Session(db.engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def own_reading() -> Iterator[Session]:
    """A reading transaction on a connection of its own, for long work that must hold nobody up."""
    with writing(intent=False), Session(db.engine, expire_on_commit=False) as session:
        yield session


def upsert(session: Session, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that can say what happens when somebody else was faster (`on_conflict_do_…`)."""
    return sqlite.insert(table) if session.get_bind().dialect.name == "sqlite" else postgresql.insert(table)


def engine_options(settings: Settings) -> dict[str, Any]:
    """Options for the engine that fit the settings' database."""
    if settings.is_sqlite:
        return {"connect_args": {"isolation_level": None, "timeout": PATIENCE, "check_same_thread": False}}
    return {"pool_pre_ping": True, "pool_size": 4, "max_overflow": 8}


def watch_engine(engine: Engine, settings: Settings) -> None:
    """Attach the connection set-up and the explicit BEGIN to an SQLite engine."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={settings.sqlite_synchronous}",
            "foreign_keys=ON",
            f"busy_timeout={PATIENCE * 1000}",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if _writes.get():
            _take_turn(connection)
        else:
            connection.exec_driver_sql("BEGIN")


def _take_turn(connection: Connection) -> None:
    """Begin to write as soon as nobody else does, asking every few milliseconds.

    SQLite's own wait asks ever more seldom, up to ten times a second: whoever has waited longest is then the least
    likely to get the next turn, and under many writers somebody waits until his patience is over.
    """
    raw: Any = connection.connection.driver_connection
    until = time.monotonic() + PATIENCE
    raw.execute("PRAGMA busy_timeout=0")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except OperationalError as error:
        code = getattr(error.orig, "sqlite_errorcode", 0)
        if code & PRIMARY_CODE != sqlite3.SQLITE_BUSY:
            raise
        while not _begins(raw):
            if time.monotonic() > until:
                raise
            time.sleep(random.uniform(0.002, 0.008))  # noqa: S311  a pause, no secret
    finally:
        raw.execute(f"PRAGMA busy_timeout={PATIENCE * 1000}")


def _begins(raw: sqlite3.Connection) -> bool:
    try:
        raw.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    return True
