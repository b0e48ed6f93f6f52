"""A library or a pack as one zip file: written the same for the same content, and opened with distrust.

Whoever sends a zip decides about every byte in it. So nothing of it touches the disk before all of it was judged: the
names, the kinds of entries, how large they say they are, and how large they turn out to be.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import stat
import struct
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from coachkit.domain.content.text_files import MAX_FILE_BYTES, MAX_FILES, MAX_TOTAL_BYTES, printable

MAX_ARCHIVE_BYTES = MAX_TOTAL_BYTES
MAX_PATH = 200
MAX_DEPTH = 8
_CHUNK = 64 * 1024
_ENTRY = b"PK\x01\x02"  # begins each entry of a zip's table of contents
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_PART = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._ -]*[A-Za-z0-9_-])?")
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{kind}{n}" for kind in ("com", "lpt") for n in range(10))})
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1
# what Python's reader is known to raise for bytes that are no zip, or were damaged on the way
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError),
    *(EOFError, IndexError, OSError, OverflowError, RuntimeError, ValueError),
)


class ArchiveError(Exception):
    """The zip file is refused; the sentence says why, and nothing was written."""


def write_archive(files: Mapping[str, bytes], target: Path) -> None:
    """Put files into a zip. The same files make the same bytes, whoever packs them and when."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, _LONG_AGO)
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            entry.create_system = 3
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[path])


def read_archive(source: Path) -> dict[str, bytes]:
    """The files in a zip, or ArchiveError for anything that an honest pack does not have."""
    if source.stat().st_size > MAX_ARCHIVE_BYTES:
        raise ArchiveError(f"The file is larger than {MAX_ARCHIVE_BYTES:,} bytes.")
    data = source.read_bytes()
    if data.count(_ENTRY) > 2 * MAX_FILES:
        raise ArchiveError(f"There are more than {MAX_FILES:,} entries.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive)
    except _UNREADABLE as error:
        raise ArchiveError(f"This is not a zip file that can be read: {error}") from error


def _read(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = [entry for entry in archive.infolist() if not _is_folder(entry)]
    if len(archive.infolist()) > MAX_FILES:
        raise ArchiveError(f"There are more than {MAX_FILES:,} entries.")
    if not entries:
        raise ArchiveError("There is no file in it.")
    _judge_names([entry.filename for entry in entries])
    for entry in entries:
        _judge(entry)
    if sum(entry.file_size for entry in entries) > MAX_TOTAL_BYTES:
        raise ArchiveError(f"Unpacked it says to have more than {MAX_TOTAL_BYTES:,} bytes.")
    files: dict[str, bytes] = {}
    left = MAX_TOTAL_BYTES
    for entry in entries:
        files[entry.filename] = _unpacked(archive, entry, min(left, MAX_FILE_BYTES))
        left -= len(files[entry.filename])
    return files


def _is_folder(entry: zipfile.ZipInfo) -> bool:
    """A folder's own entry, which says nothing; its name is judged like any other."""
    if not entry.filename.endswith("/"):
        return False
    _judge_names([entry.filename.rstrip("/")])
    return True


def _judge_names(names: list[str]) -> None:
    seen: dict[str, str] = {}
    for name in names:
        _judge_name(name)
        # What one file system tells apart is one file to another.
        key = unicodedata.normalize("NFKC", name).casefold()
        if key in seen:
            raise ArchiveError(f"«{printable(name)}» and «{printable(seen[key])}» would be one file.")
        seen[key] = name
    for key, name in seen.items():
        parts = key.split("/")
        for depth in range(1, len(parts)):
            if "/".join(parts[:depth]) in seen:
                raise ArchiveError(f"«{printable(name)}» lies in something that is a file itself.")


def _judge_name(name: str) -> None:
    shown = printable(name)
    parts = name.split("/")
    if "\\" in name or ":" in name:
        raise ArchiveError(f"«{shown}» is written for one kind of computer only.")
    if name.startswith("/") or ".." in parts:
        raise ArchiveError(f"«{shown}» leads out of the folder.")
    if len(name) > MAX_PATH or len(parts) > MAX_DEPTH:
        raise ArchiveError(f"«{shown}» is too long or lies too deep.")
    for part in parts:
        if not _PART.fullmatch(part):
            raise ArchiveError(f"«{shown}» has signs that a file of a library does not have in its name.")
        if part.split(".", 1)[0].casefold().strip() in _DEVICES:
            raise ArchiveError(f"«{shown}» is the name of a device on some computers.")


def _judge(entry: zipfile.ZipInfo) -> None:
    shown = printable(entry.filename)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in {0, stat.S_IFREG}:
        raise ArchiveError(f"«{shown}» is no plain file.")
    if entry.flag_bits & _ENCRYPTED:
        raise ArchiveError(f"«{shown}» is encrypted.")
    if entry.compress_type not in _METHODS:
        raise ArchiveError(f"«{shown}» is packed in an unusual way.")
    if entry.file_size > MAX_FILE_BYTES:
        raise ArchiveError(f"«{shown}» says to have more than {MAX_FILE_BYTES:,} bytes.")


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """Counts what really comes out; what an entry says about its size may be a lie."""
    pieces, size = [], 0
    with archive.open(entry) as opened:
        while piece := opened.read(_CHUNK):
            size += len(piece)
            if size > most:
                raise ArchiveError(f"«{printable(entry.filename)}» unpacks to more than it may.")
            pieces.append(piece)
    return b"".join(pieces)


def write_folder(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files into a folder that is not there yet or empty: all of them, or none."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ArchiveError(f"«{folder}» is there already and is not empty.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".coachkit-", dir=folder.parent))
    try:
        for path, data in files.items():
            target = beside / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        beside.chmod(0o755)
        os.replace(beside, folder)  # noqa: PTH105  replaces an empty folder, which Path.rename does not promise
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
