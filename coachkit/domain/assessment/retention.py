"""How long the bytes of an attempt's evidence stay."""

from __future__ import annotations

from datetime import datetime, timedelta

WINDOW = timedelta(days=14)
"""How long a rating can be contested; evidence outlives every matter of its attempt by this."""
LEFT_LYING = timedelta(days=90)
"""Evidence of an attempt that was never sent to anybody."""


def kept_until(
    added_at: datetime,
    *,
    submitted_at: datetime | None,
    withdrawn_at: datetime | None,
    revealed_at: datetime | None,
    rated_by_others: bool,
    settled: tuple[datetime | None, ...] = (),
) -> datetime | None:
    """When the evidence goes; None while somebody still needs it.

    `settled` holds, for a second rating and each objection, when it was settled, or None while it is open.
    """
    if withdrawn_at is not None:
        return withdrawn_at + WINDOW
    if submitted_at is None:
        return added_at + LEFT_LYING
    if not rated_by_others:
        return submitted_at + WINDOW
    if revealed_at is None or None in settled:
        return None
    return max([revealed_at, *(moment for moment in settled if moment is not None)]) + WINDOW
