"""A second try beside the first, in words: how many criteria were seen higher, the same, lower. No figure, no trend."""

from __future__ import annotations

from collections.abc import Mapping


def words(first: Mapping[str, int], again: Mapping[str, int]) -> str:
    """For levels by criterion of two tries at the same thing; empty where no criterion was seen in both."""
    both = [(first[criterion_id], again[criterion_id]) for criterion_id in first if criterion_id in again]
    if not both:
        return ""
    counts = {
        "higher": sum(new > old for old, new in both),
        "the same": sum(new == old for old, new in both),
        "lower": sum(new < old for old, new in both),
    }
    parts = [f"{number} {word}" for word, number in counts.items() if number]
    return f"of {len(both)} criteria, " + ", ".join(parts)
