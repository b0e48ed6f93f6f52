"""The apprentice's ladder. The learner says himself where he stands on it; nobody and nothing else does."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rung:
    id: str
    name: str
    text: str


LADDER = (
    Rung("observe", "Observe", "You sit in while somebody else leads, and watch one thing."),
    Rung("co-lead", "Co-lead", "You lead a part that was agreed before."),
    Rung("lead-with-coach", "Lead with a coach", "You lead; your coach is in the room and speaks afterwards."),
    Rung("lead", "Lead", "You lead, and tell your coach about it."),
)
RUNGS = frozenset(rung.id for rung in LADDER)
