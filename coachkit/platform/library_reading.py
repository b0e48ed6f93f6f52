"""A library as it was read, checked and rendered, kept so that no process has to do that work again.

The reading is compressed JSON, which can hold data and nothing that runs. It counts only for the code that made it:
`stamp()` changes with the content engine and with the packages that it rests on.
"""

from __future__ import annotations

import hashlib
import zlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pydantic import ValidationError

from coachkit.domain import content
from coachkit.domain.content.model import Library

PACKAGES = ("markdown", "nh3", "pydantic", "pyyaml")
MAX_READING = 1024 * 1024 * 1024


@cache
def stamp() -> str:
    """A fingerprint of the code that turns files into a library."""
    digest = hashlib.sha256()
    for path in sorted(Path(content.__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    for name in PACKAGES:
        digest.update(f"{name}={version(name)}\0".encode())
    return digest.hexdigest()


def packed(library: Library) -> bytes:
    """The reading, to be stored."""
    return zlib.compress(library.model_dump_json().encode(), 1)


def unpacked(reading: bytes) -> Library | None:
    """The library of a stored reading; None where it does not have the form of today."""
    try:
        plain = zlib.decompressobj().decompress(reading, MAX_READING)
        return Library.model_validate_json(plain)
    except (zlib.error, ValidationError):
        return None
