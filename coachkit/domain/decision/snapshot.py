"""What was seen at the moment of deciding, in one spelling, so that a fingerprint shows any later change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def canonical(snapshot: Mapping[str, Any]) -> str:
    """The same text for the same content, whatever the order of its keys and whichever database kept it."""
    return json.dumps(snapshot, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def fingerprint(snapshot: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(snapshot).encode()).hexdigest()
