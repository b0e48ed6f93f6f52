"""For authors: publishes every sound save of the library's folder, and notes what is wrong with the others."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from coachkit.app import create_app
from coachkit.features.operations import publishing
from coachkit.platform import library, log, watch_state
from coachkit.platform.db import transaction
from coachkit.platform.library_files import fingerprint
from coachkit.platform.settings import Settings
from coachkit.platform.watch_state import MOST, Seen, WatchState

PACE = 0.3
logger = structlog.get_logger()


class Watcher:
    """Looks at the folder and its packs, again and again."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._settings: Settings = app.config["COACHKIT"]
        self._seen = ""

    def look(self) -> bool:
        """Whether anything was saved since the last look; then it is served, or its problems are noted."""
        folders = [self._settings.content, *self._settings.packs]
        saved = fingerprint(folders)
        if saved == self._seen:
            return False
        with self._app.app_context():
            checked = library.check_folder(self._settings.content, self._settings.packs)
            if checked.library is not None:
                with transaction() as session:
                    publishing.publish(session, None, checked)
        worst_first = sorted(checked.loaded.problems, key=lambda problem: not problem.is_error)
        problems = tuple(Seen(f"{each.path}:{each.line}", each.message, each.is_error) for each in worst_first[:MOST])
        watch_state.write(self._settings.instance, WatchState(saved, problems))
        self._seen = saved
        return True


def run(parent: int) -> None:
    """Look until the parent process is gone."""
    log.set_up(readable=False)
    watcher = Watcher(create_app())
    while os.getppid() == parent:
        try:
            with suppress(
                FileNotFoundError
            ):  # a file that was there a moment ago; the next look sees what became of it
                watcher.look()
        except SQLAlchemyError as error:
            logger.warning("watch_cannot_publish", kind=type(error).__name__)
        time.sleep(PACE)


if __name__ == "__main__":
    run(int(sys.argv[1]))
