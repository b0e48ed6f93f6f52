"""The shelf of library versions. A version is published whole, kept for ever, and served from memory.

Publishing a broken library changes nothing: the site goes on with the last good version. Which version is served is
one mark on one row, set in the transaction that stores the version; so every reader sees one whole version or another.
"""

from __future__ import annotations

import base64
import gc
import json
import threading
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic

import structlog
from sqlalchemy import Index, LargeBinary, String, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from coachkit.domain.content.model import Library
from coachkit.domain.content.parse import Loaded, load, read_again
from coachkit.domain.content.problems import Problem
from coachkit.platform import clock
from coachkit.platform.db import Base
from coachkit.platform.errors import NotFoundError, UnavailableError
from coachkit.platform.library_files import gather
from coachkit.platform.library_reading import packed, stamp, unpacked

KEEP_IN_MEMORY = 8
RARE = 100_000
SHORTEST_NAME = 6
log = structlog.get_logger()


class LibrarySnapshot(Base):
    """One published version: all its files, compressed, and how they were read."""

    __tablename__ = "library_snapshot"

    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    published_at: Mapped[datetime]
    title: Mapped[str] = mapped_column(String(300), default="")
    edition: Mapped[int] = mapped_column(default=0)
    files: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    reader: Mapped[str] = mapped_column(String(64), default="")
    """The stamp of the code that made the reading."""
    reading: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    current: Mapped[bool]

    __table_args__ = (
        Index(
            "ix_library_snapshot_one_current",
            "current",
            unique=True,
            sqlite_where=text('"current"'),
            postgresql_where=text('"current"'),
        ),
    )


@dataclass(frozen=True, slots=True)
class Checked:
    """A folder with its packs, read and judged; nothing is published by that."""

    files: dict[str, bytes]
    loaded: Loaded

    @property
    def library(self) -> Library | None:
        return self.loaded.library


@dataclass(frozen=True, slots=True)
class Version:
    """A published version, without its text."""

    version: str
    published_at: datetime
    title: str
    edition: int
    current: bool


def _pack(files: dict[str, bytes]) -> bytes:
    plain = json.dumps({path: base64.b64encode(data).decode() for path, data in sorted(files.items())})
    return zlib.compress(plain.encode(), 6)


def _unpack(pack: bytes) -> dict[str, bytes]:
    return {path: base64.b64decode(data) for path, data in json.loads(zlib.decompress(pack)).items()}


def check_folder(folder: Path, packs: Iterable[Path] = ()) -> Checked:
    """Read and judge a library. Takes its time, so do it before a transaction begins."""
    gathered = gather(folder, packs)
    with rare_collections():
        loaded = load(gathered.files)
    problems: tuple[Problem, ...] = tuple(map(gathered.at_home, loaded.problems))
    return Checked(gathered.files, Loaded(loaded.library, problems))


def publish(session: Session, folder: Path, packs: Iterable[Path] = ()) -> Loaded:
    """Read `folder`; where it is sound, make it the current version. Returns what was found, problems included."""
    checked = check_folder(folder, packs)
    put(session, checked)
    return checked.loaded


def put(session: Session, checked: Checked) -> bool:
    """Store a sound library and serve it from now on. False where it is broken, or is what is served already."""
    library = checked.library
    if library is None:
        return False
    known = session.scalar(select(LibrarySnapshot.version).where(LibrarySnapshot.version == library.version))
    if known is None:
        session.add(
            LibrarySnapshot(
                version=library.version,
                published_at=clock.now(),
                title=library.title,
                edition=library.edition,
                files=_pack(checked.files),
                reader=stamp(),
                reading=packed(library),
                current=False,
            )
        )
        session.flush()
    return switch(session, library.version)


def switch(session: Session, version: str) -> bool:
    """Serve a version that was published once. False where it is served already."""
    # Whoever comes second waits here, and then sees what the first one did.
    rows = session.scalars(select(LibrarySnapshot.version).where(LibrarySnapshot.current).with_for_update()).all()
    if rows == [version]:
        return False
    if session.scalar(select(LibrarySnapshot.version).where(LibrarySnapshot.version == version)) is None:
        raise NotFoundError
    session.execute(update(LibrarySnapshot).where(LibrarySnapshot.current).values(current=False))
    session.execute(update(LibrarySnapshot).where(LibrarySnapshot.version == version).values(current=True))
    session.flush()
    return True


def versions(session: Session) -> tuple[Version, ...]:
    """Every version that was ever published, the newest first."""
    columns = (
        LibrarySnapshot.version,
        LibrarySnapshot.published_at,
        LibrarySnapshot.title,
        LibrarySnapshot.edition,
        LibrarySnapshot.current,
    )
    newest = select(*columns).order_by(LibrarySnapshot.published_at.desc(), LibrarySnapshot.version)
    return tuple(Version(*row) for row in session.execute(newest))


def called(session: Session, beginning: str) -> str:
    """The one version whose name begins so; NotFoundError where there is none or more than one."""
    found = [each.version for each in versions(session) if each.version.startswith(beginning.lower())]
    if len(beginning) < SHORTEST_NAME or len(found) != 1:
        raise NotFoundError(f"There is no single library version that begins with «{beginning}».")
    return found[0]


def files_of(session: Session, version: str) -> dict[str, bytes]:
    """The files of a version, as they were published."""
    stored = session.scalar(select(LibrarySnapshot.files).where(LibrarySnapshot.version == version))
    if stored is None:
        raise UnavailableError("A library version that this page needs is missing.")
    return _unpack(stored)


def renew_readings(session: Session) -> int:
    """After an upgrade: read every version again with the code of today, so that no page has to. Returns how many."""
    old = session.scalars(select(LibrarySnapshot.version).where(LibrarySnapshot.reader != stamp())).all()
    renewed = 0
    for version in old:
        library = read_again(files_of(session, version))
        if library is None:  # the reading of its own day is all there is, and stays
            continue
        session.execute(
            update(LibrarySnapshot)
            .where(LibrarySnapshot.version == version)
            .values(reader=stamp(), reading=packed(library))
        )
        renewed += 1
    return renewed


@contextmanager
def rare_collections() -> Iterator[None]:
    """While very many objects are made that all stay, looking for lost ones again and again is time lost."""
    usual = gc.get_threshold()
    gc.set_threshold(RARE, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _stored(session: Session, version: str) -> Library:
    """From its reading where the code of today made it, else from its files, else from an older reading."""
    row = session.execute(
        select(LibrarySnapshot.reader, LibrarySnapshot.reading).where(LibrarySnapshot.version == version)
    ).one_or_none()
    if row is None:
        raise UnavailableError("A library version that this page needs is missing.")
    library = unpacked(row.reading) if row.reading is not None and row.reader == stamp() else None
    library = library or read_again(files_of(session, version))
    if library is None and row.reading is not None:
        library = unpacked(row.reading)
    if library is None:
        raise UnavailableError("A library version that this page needs cannot be read by this coachkit.")
    return library


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
            self._turn_to(session, version)
        return self.version(session, self._current or "")

    def _turn_to(self, session: Session, version: str) -> None:
        """Serve another version, once it is here whole; what cannot be read leaves the last one in place."""
        try:
            self.version(session, version)
        except UnavailableError:
            if self._current is None:
                raise
            log.exception("library_unreadable", version=version)
            version = self._current
        with self._lock:
            self._current, self._checked_at = version, monotonic()

    def version(self, session: Session, version: str) -> Library:
        """One particular version, for whatever is pinned to it."""
        with self._lock:
            if version in self._books:
                self._books.move_to_end(version)
                return self._books[version]
            with rare_collections():
                library = _stored(session, version)
            self._books[version] = library
            while len(self._books) > KEEP_IN_MEMORY:
                self._books.popitem(last=False)
            return library
