"""The library for a page: the current version, or the one that something is pinned to."""

from __future__ import annotations

from flask import current_app

from coachkit.domain.content.model import Library
from coachkit.platform.db import db
from coachkit.platform.library import Shelf


def shelf() -> Shelf:
    found: Shelf = current_app.extensions["coachkit_shelf"]
    return found


def current_library() -> Library:
    """The version that new work starts from."""
    return shelf().current(db.session())


def library_of(version: str) -> Library:
    """The version that an attempt saw."""
    return shelf().version(db.session(), version)
