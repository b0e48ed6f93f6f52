"""A play of a branching dialogue, told anew from the moves that were made.

The same rule as in `content/rehearsal.py`: a node that was passed twice is closed for the rest of the play, so that a
bad start can be repaired once and nobody walks in circles. Trust, credibility and information belong to the tale;
they say nothing about whoever plays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from random import Random

from coachkit.domain.content.graph import MAX_VISITS
from coachkit.domain.content.model import Choice, Dialogue, Ending, Node

STATE = ("Trust", "Credibility", "Information")
_LETTERS = "TCI"
State = tuple[int, int, int]
START: State = (0, 0, 0)


class OffPathError(ValueError):
    """A move that is not open at that moment of the play."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What was said, the move that answered it, and how the story stood before and after."""

    node: Node
    choice: Choice
    before: State
    after: State


@dataclass(frozen=True, slots=True)
class Position:
    """Where a play stands: at a moment with open moves, or at an ending."""

    turns: tuple[Turn, ...]
    node: Node | None
    ending: Ending | None
    open: tuple[Choice, ...]
    state: State

    @property
    def ended(self) -> bool:
        """Nothing is left to choose."""
        return not self.open


@dataclass(frozen=True, slots=True)
class _Moment:
    """Everything that the rest of a play depends on."""

    at: str
    state: State = START
    flags: frozenset[str] = frozenset()
    visits: tuple[tuple[str, int], ...] = ()

    def passed(self, name: str) -> int:
        return dict(self.visits).get(name, 0)


def play(dialogue: Dialogue, path: Iterable[str]) -> Position:
    """Where these moves lead; raises OffPathError for one that is not open."""
    return _told(dialogue, path)[0]


def reachable_endings(dialogue: Dialogue, path: Iterable[str], *, most: int = 4_000) -> frozenset[str] | None:
    """The endings to which a play can still come after these moves; None where there is too much to try."""
    seen: set[_Moment] = set()
    endings: set[str] = set()
    waiting = [_told(dialogue, path)[1]]
    while waiting:
        moment = waiting.pop()
        if dialogue.is_ending(moment.at):
            endings.add(moment.at)
        elif moment not in seen:
            seen.add(moment)
            if len(seen) > most:
                return None
            waiting += [_chosen(dialogue, moment, choice) for choice in _open(dialogue, moment)]
    return frozenset(endings)


def turning_point(dialogue: Dialogue, path: Sequence[str]) -> int | None:
    """The turn (from 0) after which most other endings were out of reach; None for a play without one.

    Among equals the one that moved the story furthest, and then the earliest.
    """
    turns = play(dialogue, path).turns
    left = [reachable_endings(dialogue, path[:count]) for count in range(len(path) + 1)]
    weights = []
    for index, turn in enumerate(turns):
        before, after = left[index], left[index + 1]
        lost = len(before - after) if before is not None and after is not None else 0
        moved = sum(abs(new - old) for old, new in zip(turn.before, turn.after, strict=True))
        weights.append((lost, moved, -index))
    if not weights or max(weights)[:2] == (0, 0):
        return None
    return -max(weights)[2]


def least_turns(dialogue: Dialogue, path: Sequence[str]) -> int:
    """How many turns the shortest way to an ending has from here, those already made included."""
    start = _told(dialogue, path)[1]
    waiting, count, seen = [start], len(path), {start}
    while waiting:
        if any(dialogue.is_ending(moment.at) for moment in waiting):
            return count
        onward = {_chosen(dialogue, m, choice) for m in waiting for choice in _open(dialogue, m)} - seen
        seen |= onward
        waiting, count = list(onward), count + 1
    return len(path)


def shuffled(choices: Iterable[Choice], seed: int, turn: int) -> tuple[Choice, ...]:
    """The moves in this play's own order, the same each time one looks."""
    order = list(choices)
    Random(f"{seed}:{turn}").shuffle(order)  # noqa: S311  an order of moves is no secret
    return tuple(order)


def _told(dialogue: Dialogue, path: Iterable[str]) -> tuple[Position, _Moment]:
    moment = _arrived(dialogue, _Moment(dialogue.start), dialogue.start)
    turns: list[Turn] = []
    for choice_id in path:
        choice = next((c for c in _open(dialogue, moment) if c.id == choice_id), None)
        if choice is None:
            raise OffPathError(choice_id)
        node, before = dialogue.node(moment.at), moment.state
        moment = _chosen(dialogue, moment, choice)
        turns.append(Turn(node, choice, before, moment.state))
    over = dialogue.is_ending(moment.at)
    position = Position(
        turns=tuple(turns),
        node=None if over else dialogue.node(moment.at),
        ending=dialogue.ending(moment.at) if over else None,
        open=_open(dialogue, moment),
        state=moment.state,
    )
    return position, moment


def _open(dialogue: Dialogue, moment: _Moment) -> tuple[Choice, ...]:
    if dialogue.is_ending(moment.at):
        return ()
    choices = dialogue.node(moment.at).choices
    return tuple(choice for choice in choices if moment.passed(choice.to) < MAX_VISITS)


def _chosen(dialogue: Dialogue, moment: _Moment, choice: Choice) -> _Moment:
    trust, credibility, information = (old + new for old, new in zip(moment.state, choice.d, strict=True))
    moved = replace(moment, state=(trust, credibility, information), flags=moment.flags | frozenset(choice.flags))
    return _arrived(dialogue, moved, choice.to)


def _arrived(dialogue: Dialogue, moment: _Moment, name: str) -> _Moment:
    """At `name`, or where its forks lead. A fork whose way is closed keeps the play; the check finds such dialogues."""
    while True:
        visits = dict(moment.visits)
        visits[name] = visits.get(name, 0) + 1
        moment = replace(moment, at=name, visits=tuple(sorted(visits.items())))
        onward = None if dialogue.is_ending(name) else _fork(dialogue.node(name), moment)
        if onward is None or moment.passed(onward) >= MAX_VISITS:
            return moment
        name = onward


def _fork(node: Node, moment: _Moment) -> str | None:
    state = dict(zip(_LETTERS, moment.state, strict=True))
    for route in node.routes:
        if route.parsed is None or route.parsed.holds(moment.flags, state):
            return route.to
    return None
