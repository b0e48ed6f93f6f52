"""Running the site: the web server, and the job worker beside it."""

from __future__ import annotations

import os
import subprocess
import sys

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from coachkit.platform import schema
from coachkit.platform.db import db
from coachkit.platform.settings import Settings


def start_up_problem() -> str | None:
    """Why the site must not be served, in a sentence; None where all is well."""
    settings: Settings = current_app.config["COACHKIT"]
    try:
        if settings.is_sqlite:
            verdict = db.session.connection().exec_driver_sql("PRAGMA quick_check(1)").scalar()
            db.session.remove()
            if verdict != "ok":
                return "The database file is damaged. Restore the newest backup; nothing was changed."
        if not schema.is_current():
            return "The database does not have this version's tables. Run «coachkit init» first."
    except SQLAlchemyError as error:
        return f"The database cannot be reached: {type(error).__name__}."
    return None


def run(host: str, port: int, *, workers: int, with_jobs: bool, watch: bool = False) -> None:
    """Serve until stopped. Each web process builds its own application.

    With `watch`, every save of the library's folder is published and shown at once.
    """
    from granian import Granian  # noqa: PLC0415  costs start-up time that other commands need not pay
    from granian.constants import Interfaces  # noqa: PLC0415

    children = [_start("coachkit.worker", "--parent")] if with_jobs else []
    if watch:
        os.environ |= {"COACHKIT_WATCH": "yes", "COACHKIT_LIBRARY_CHECK_SECONDS": "0"}  # the web processes inherit it
        children.append(_start("coachkit.watcher"))
    server = Granian(
        "coachkit.wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=1,  # with more, threads and SQLite take turns at the interpreter's lock, and pages get slower
        respawn_failed_workers=True,
        log_access=False,
        log_enabled=os.environ.get("COACHKIT_QUIET") != "1",
    )
    try:
        server.serve()
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(timeout=10)


def _start(module: str, *words: str) -> subprocess.Popen[bytes]:
    """A child process that ends when this one is gone."""
    return subprocess.Popen([sys.executable, "-m", module, *words, str(os.getpid())])
