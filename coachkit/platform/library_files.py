"""Reads the files of a library and of its packs from their folders, and nothing beyond them."""

import hashlib
import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from coachkit.domain.content.problems import Problem
from coachkit.domain.content.text_files import MAX_FILE_BYTES, MAX_FILES, MAX_TOTAL_BYTES


def read_folder(folder: Path) -> dict[str, bytes]:
    """Relative path → bytes of every plain file; hidden folders, and links that lead out, are left aside.

    Reads a little more than a library may have, so that whoever parses it can say that it is too large.
    """
    root = Path(folder).resolve(strict=True)
    if not root.is_dir():
        raise NotADirectoryError(f"{folder} is not a folder")
    files: dict[str, bytes] = {}
    total = 0
    for place, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if not _is_inside(path, root):
                continue
            with path.open("rb") as opened:
                data = opened.read(MAX_FILE_BYTES + 1)
            files[path.relative_to(root).as_posix()] = data
            total += len(data)
            if len(files) > MAX_FILES or total > MAX_TOTAL_BYTES:
                return files
    return files


def _is_inside(path: Path, root: Path) -> bool:
    """A plain file (no pipe or device, on which reading could wait for ever) within the folder."""
    try:
        target = path.resolve(strict=True)
        return target.is_relative_to(root) and stat.S_ISREG(target.stat().st_mode)
    except OSError:  # a link to nowhere
        return False


@dataclass(frozen=True, slots=True)
class Gathered:
    """The files of a library and of the packs laid over it, and where each of them really stands."""

    files: dict[str, bytes]
    folders: tuple[tuple[str, Path], ...] = ()
    """The beginning of a path in `files`, and the folder it stands for."""

    def at_home(self, problem: Problem) -> Problem:
        """The same problem at the pack's own file, as its author knows it."""
        for begin, folder in self.folders:
            if problem.path.startswith(begin):
                return replace(problem, path=str(folder / problem.path.removeprefix(begin)))
        return problem


def gather(folder: Path, packs: Iterable[Path] = ()) -> Gathered:
    """A library's folder with packs laid over it, the last one on top."""
    files = read_folder(folder)
    folders = []
    for number, pack in enumerate(packs, 1):
        begin = f"packs/{number:02}-{_plain(pack.name)}/"
        folders.append((begin, pack))
        files |= {begin + path: data for path, data in read_folder(pack).items()}
    return Gathered(files, tuple(folders))


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-") or "pack"


def fingerprint(folders: Iterable[Path]) -> str:
    """Changes when any file in these folders is saved, added, renamed or removed. Reads no file."""
    digest = hashlib.sha256()
    for folder in folders:
        for place, inner, names in os.walk(folder):
            inner[:] = sorted(name for name in inner if not name.startswith("."))
            for name in sorted(names):
                path = Path(place, name)
                try:
                    state = path.stat()
                except OSError:
                    continue
                digest.update(f"{path}\0{state.st_mtime_ns}\0{state.st_size}\0{state.st_ino}\n".encode())
    return digest.hexdigest()
