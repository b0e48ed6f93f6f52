"""Another library for an application: the tiny one, or any change of it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Flask

from coachkit.platform import library
from coachkit.platform.db import transaction
from tests.factories.library import tiny_library_files


def published(app: Flask, files: dict[str, bytes] | None = None) -> str:
    """Publish these files (the tiny library, if none are given); the next page is made from them."""
    with tempfile.TemporaryDirectory() as folder:
        for path, data in (files or tiny_library_files()).items():
            target = Path(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        with app.app_context(), transaction() as session:
            loaded = library.publish(session, Path(folder))
            assert loaded.library is not None, [str(problem) for problem in loaded.problems]
    shelf = app.extensions["coachkit_shelf"]
    shelf._checked_at = float("-inf")
    return loaded.library.version
