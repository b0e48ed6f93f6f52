"""The house's own virus scanner: a command that looks at one file."""

from __future__ import annotations

import shlex
import subprocess
import tempfile

from coachkit.platform.files import FileStore
from coachkit.platform.settings import Settings
from coachkit.platform.stored_files import PIECE

PATIENCE = 240
"""Seconds; less than a job's lease."""
FINE, BAD = 0, 1
REFUSED = "The virus scanner of this installation refused this file. Nobody can open it, and it is being deleted."


class ScannerError(Exception):
    """The scanner could not say; the file stays held back, and the job is tried again."""


def problem_with(settings: Settings, store: FileStore, token: str, size: int) -> str:
    """What is wrong with a file; empty where nothing is, or where the house has set no scanner."""
    if not settings.scan_command:
        return ""
    with tempfile.NamedTemporaryFile(prefix="coachkit-scan-") as copy:
        for number in range(-(-size // PIECE)):
            copy.write(store.get(token, number))
        copy.flush()
        command = [word.replace("{file}", copy.name) for word in shlex.split(settings.scan_command)]
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ScannerError from error
    if done.returncode not in {FINE, BAD}:
        raise ScannerError
    return REFUSED if done.returncode == BAD else ""
