"""Bringing a database to this version's tables, and asking whether it is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection

from coachkit.platform.db import Base, db, writing
from coachkit.platform.search import WORDS_TABLE
from coachkit.platform.settings import PACKAGE


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(PACKAGE / "migrations"))
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    config.attributes["metadata"] = Base.metadata
    config.attributes["include_name"] = _is_described
    return config


def upgrade(to: str = "head") -> None:
    """Run all migrations that are missing. Needs an application context."""
    with writing(), db.engine.connect() as connection, _rebuilding(connection), connection.begin():
        command.upgrade(_config(connection), to)
        if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise RuntimeError("A migration left rows that point at nothing. Nothing was changed.")


@contextmanager
def _rebuilding(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making a new one and dropping the old. With foreign keys on, dropping it would delete
    or cut loose every row elsewhere that points into it; they are checked at the end of the transaction instead.
    """
    raw = connection.connection.driver_connection
    if connection.dialect.name != "sqlite" or raw is None:
        yield
        return
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def is_current() -> bool:
    """Whether the database has every migration of this version."""
    with db.engine.connect() as connection:
        heads = set(ScriptDirectory.from_config(_config(connection)).get_heads())
        return set(MigrationContext.configure(connection).get_current_heads()) == heads


def _is_described(name: str | None, kind: str, _parents: Mapping[str, str | None]) -> bool:
    """SQLite's full-text index brings tables that no model describes; see `search.py`."""
    return kind != "table" or not (name or "").startswith(WORDS_TABLE)


def differences() -> list[object]:
    """What the tables lack or have too much, against the models."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": _is_described})
        return list(compare_metadata(context, Base.metadata))


def new_migration(message: str) -> Path:
    """For developers: write the next migration, with what the models have and the database lacks."""
    with writing(), db.engine.connect() as connection, connection.begin():
        config = _config(connection)
        latest = max(revision.revision for revision in ScriptDirectory.from_config(config).walk_revisions())
        number = f"{int(latest) + 1:04}"
        written = command.revision(config, message, autogenerate=True, rev_id=number)
    if not isinstance(written, Script):
        raise TypeError("Alembic wrote no single migration.")
    return Path(written.path)
