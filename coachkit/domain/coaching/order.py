"""The order of a coach's queue: the longest waiting first, and inside a day an order of her own.

Whoever is always read third is rated in the light of the two before him. Each coach therefore reads what was sent on
one day in another order, always the same for her, so that the effect of the order differs from coach to coach.
"""

from __future__ import annotations

from datetime import date
from hashlib import sha256


def place(coach_id: int, sent: date, attempt_id: int) -> tuple[date, str]:
    """Sorts a coach's queue."""
    return sent, sha256(f"{coach_id} {attempt_id}".encode()).hexdigest()
