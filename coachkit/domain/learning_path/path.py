"""What comes next, why, and how long it takes: from what somebody has done, and nothing about how well.

Three facts lead: what was begun is finished first; a role-play is proposed for criteria that nobody has had a chance to
see yet, once the module that teaches them is done; and what was played some weeks ago comes back on another surface.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from coachkit.domain.content.model import Library, Module, Scenario
from coachkit.domain.learning_path.tracks import on_track, prerequisites

COMES_BACK_AFTER = timedelta(days=21)
"""Long enough to have forgotten the words, short enough for the next quarter."""
DIALOGUE_MINUTES = 10
MOST = 6


@dataclass(frozen=True, slots=True)
class Progress:
    """What is left of a module."""

    done: int
    steps: int
    minutes_left: int

    @property
    def complete(self) -> bool:
        return self.done >= self.steps


@dataclass(frozen=True, slots=True)
class Facts:
    """What a learner has done. No level and no rating is among it."""

    track: str
    modules: Mapping[str, Progress]
    tried: Mapping[str, int] = field(default_factory=dict)
    """Submitted attempts by criterion."""
    played: Mapping[str, date] = field(default_factory=dict)
    """The latest day on which a scenario was played, whatever its form."""
    again: frozenset[str] = frozenset()
    """Scenarios whose parallel form was played."""
    cards: int = 0
    card_minutes: int = 0


@dataclass(frozen=True, slots=True)
class NextStep:
    """One proposal."""

    kind: str
    title: str
    why: str
    minutes: int
    url: str


def next_steps(library: Library, facts: Facts, today: date) -> tuple[NextStep, ...]:
    """At most six, the nearest first. Any other order is allowed."""
    found = [*_cards(facts), *_again(library, facts, today), *_reading(library, facts), *_plays(library, facts)]
    order = {"Review": 0, "Go on reading": 1, "Role-play": 2, "Alone first": 2, "Play again": 3, "Read": 4}
    return tuple(sorted(found, key=lambda step: order[step.kind])[:MOST])


def _cards(facts: Facts) -> Iterator[NextStep]:
    if facts.cards:
        cards = f"{facts.cards} card{'' if facts.cards == 1 else 's'}"
        yield NextStep(
            "Review",
            cards,
            "Due today. Testing yourself at growing gaps keeps what reading again would not.",
            facts.card_minutes,
            "/cards",
        )


def _reading(library: Library, facts: Facts) -> Iterator[NextStep]:
    track = on_track(library, facts.track)
    for module in track:
        state = facts.modules[module.id]
        if state.done and not state.complete:
            why = f"You have begun it; {state.steps - state.done} of {state.steps} steps are left."
            yield NextStep("Go on reading", module.title, why, state.minutes_left, f"/modules/{module.slug}")
    fresh = [m for m in track if not facts.modules[m.id].done and not _waits_for(library, m, facts)]
    for module in fresh[:2]:
        minutes = facts.modules[module.id].minutes_left
        yield NextStep("Read", module.title, _why_read(library, module, facts), minutes, f"/modules/{module.slug}")


def _waits_for(library: Library, module: Module, facts: Facts) -> list[str]:
    needs = prerequisites(library, module, facts.track)
    return [need for need in needs if not facts.modules[need].complete]


def _why_read(library: Library, module: Module, facts: Facts) -> str:
    untried = [library.criterion(c).name for c in module.criteria if not facts.tried.get(c)]
    opens = [m.title for m in on_track(library, facts.track) if module.id in prerequisites(library, m, facts.track)]
    if untried:
        return f"It teaches {_listed(untried)}, which you have not tried yet."
    if opens:
        return f"It is the ground for {_listed([f'“{title}”' for title in opens])}."
    return "It is the next one on your track."


def _listed(names: list[str]) -> str:
    if len(names) > 3:  # noqa: PLR2004 - a sentence carries three
        return f"{', '.join(names[:2])} and {len(names) - 2} more"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def _plays(library: Library, facts: Facts) -> Iterator[NextStep]:
    taught = {c for m in library.modules if facts.modules[m.id].complete for c in m.criteria}

    def untried(scenario: Scenario) -> list[str]:
        return [c for c in scenario.criteria if c in taught and not facts.tried.get(c)]

    fresh = [s for s in library.scenarios if s.id not in facts.played and untried(s)]
    best = min(fresh, key=lambda s: (s.difficulty, -len(untried(s)), s.id), default=None)
    if best is None:
        return
    names = _listed([library.criterion(c).name for c in untried(best)])
    dialogue = library.dialogue_of(best.id)
    if dialogue is not None:
        why = f"Ten minutes alone, before you play “{best.title}” with somebody."
        yield NextStep("Alone first", dialogue.title, why, DIALOGUE_MINUTES, f"/practice/dialogues/{dialogue.id}")
    why = f"It gives the chance for {names}. You have read about it, and nobody has seen it yet."
    yield NextStep("Role-play", best.title, why, best.minutes.total, f"/practice/scenarios/{best.id}")


def _again(library: Library, facts: Facts, today: date) -> Iterator[NextStep]:
    old = [
        scenario
        for scenario in library.scenarios
        if scenario.id in facts.played
        and scenario.id not in facts.again
        and today - facts.played[scenario.id] >= COMES_BACK_AFTER
    ]
    oldest = min(old, key=lambda s: (facts.played[s.id], s.id), default=None)
    if oldest is not None:
        day = facts.played[oldest.id]
        why = f"You played “{oldest.title}” on {day.day} {day:%B}. Another house, the same skill: see what has stayed."
        url = f"/practice/scenarios/{oldest.id}"
        yield NextStep("Play again", oldest.parallel_form.title, why, oldest.minutes.total, url)
