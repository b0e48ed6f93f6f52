"""How many right answers show that somebody need not read a module."""

from __future__ import annotations

NEEDED, OF = 7, 8


def passes(right: int, of: int) -> bool:
    """Seven of eight, in any size of quiz."""
    return of > 0 and right * OF >= of * NEEDED


def needed(of: int) -> int:
    """The fewest right answers that pass."""
    return -(-of * NEEDED // OF)
