"""Reads the files of a library from a folder, and nothing beyond it."""

import os
import stat
from pathlib import Path

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
