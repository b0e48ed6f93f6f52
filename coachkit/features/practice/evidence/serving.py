"""Sending the bytes of a file to whoever may open it, by whatever rule."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from flask import Response

from coachkit.features.practice.evidence.queries import Content
from coachkit.platform import stored_files
from coachkit.platform.tools import tools
from coachkit.web.ranges import in_parts

ONE_LOOK = timedelta(minutes=30)
"""Listening to a recording, with all its pauses, is one look."""


def bytes_of(stored: Content, name: str) -> Response:
    """The part of a file that was asked for. Nothing of the database may be kept open meanwhile."""
    read = partial(stored_files.read, tools().files, stored.token)
    return in_parts(read, stored.size, stored.media_type, f"{name}.{stored.ending}", stored.digest[:32])
