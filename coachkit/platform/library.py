"""The shelf of library versions. A version is published whole, kept for ever, and served from memory.

Publishing a broken library changes nothing: the site goes on with the last good version.
"""

from __future__ import annotations

import base64
import json
import threading
import zlib
from collections import OrderedDict
from datetime import datetime
from pathlib import Path
from time import monotonic

from sqlalchemy import LargeBinary, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from coachkit.domain.content.model import Library
from coachkit.domain.content.parse import Loaded, load
from coachkit.platform import clock
from coachkit.platform.db import Base
from coachkit.platform.errors import UnavailableError
from coachkit.platform.library_files import read_folder

KEEP_IN_MEMORY = 8


class LibrarySnapshot(Base):
    """One published version: all its files, compressed."""

    __tablename__ = "library_snapshot"

    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    published_at: Mapped[datetime]
    files: Mapped[bytes] = mapped_column(LargeBinary)
    current: Mapped[bool] = mapped_column(index=True)


def _pack(files: dict[str, bytes]) -> bytes:
    plain = json.dumps({path: base64.b64encode(data).decode() for path, data in sorted(files.items())})
    return zlib.compress(plain.encode(), 6)


def _unpack(packed: bytes) -> dict[str, bytes]:
    return {path: base64.b64decode(data) for path, data in json.loads(zlib.decompress(packed)).items()}


def publish(session: Session, folder: Path) -> Loaded:
    """Read `folder`; where it is sound, make it the current version. Returns what was found, problems included."""
    files = read_folder(folder)
    loaded = load(files)
    if loaded.library is None:
        return loaded
    version = loaded.library.version
    session.execute(update(LibrarySnapshot).where(LibrarySnapshot.current).values(current=False))
    known = session.get(LibrarySnapshot, version)
    if known is None:
        known = LibrarySnapshot(version=version, published_at=clock.now(), files=_pack(files), current=True)
        session.add(known)
    known.current = True
    session.flush()
    return loaded


class Shelf:
    """Libraries by version, one shelf a process. Thread-safe."""

    def __init__(self, check_seconds: int) -> None:
        self._check_seconds = check_seconds
        self._books: OrderedDict[str, Library] = OrderedDict()
        self._current: str | None = None
        self._checked_at = 0.0
        self._lock = threading.RLock()

    def current(self, session: Session) -> Library:
        """The version that is served now. Asks the database at most every few seconds."""
        due = monotonic() - self._checked_at >= self._check_seconds
        if self._current is None or due:
            version = session.scalar(select(LibrarySnapshot.version).where(LibrarySnapshot.current))
            if version is None:
                raise UnavailableError("No library has been published yet.")
            with self._lock:
                self._current, self._checked_at = version, monotonic()
        return self.version(session, self._current or "")

    def version(self, session: Session, version: str) -> Library:
        """One particular version, for whatever is pinned to it."""
        with self._lock:
            if version in self._books:
                self._books.move_to_end(version)
                return self._books[version]
            packed = session.scalar(select(LibrarySnapshot.files).where(LibrarySnapshot.version == version))
            if packed is None:
                raise UnavailableError("A library version that this page needs is missing.")
            library = load(_unpack(packed)).library
            if library is None:
                raise UnavailableError("A library version that this page needs cannot be read by this coachkit.")
            self._books[version] = library
            while len(self._books) > KEEP_IN_MEMORY:
                self._books.popitem(last=False)
            return library
