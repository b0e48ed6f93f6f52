"""Plays a dialogue in every possible way, conditions included, to see which endings really come about."""

from collections.abc import Iterator
from dataclasses import dataclass

from coachkit.domain.content.authored import AuthoredDialogue, AuthoredNode
from coachkit.domain.content.conditions import ConditionError, parse_condition
from coachkit.domain.content.graph import MAX_VISITS

MAX_MOMENTS = 30_000


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Where plays end, and nodes at which some play has nowhere to go."""

    endings: frozenset[str]
    stuck_at: frozenset[str]
    complete: bool


@dataclass(frozen=True, slots=True)
class _Moment:
    node: str
    flags: frozenset[str] = frozenset()
    state: tuple[int, int, int] = (0, 0, 0)
    visits: tuple[tuple[str, int], ...] = ()


def rehearse(dialogue: AuthoredDialogue) -> Rehearsal:
    """Walk through every story, equal moments once; the dialogue's targets must exist."""
    seen: set[_Moment] = set()
    endings: set[str] = set()
    stuck: set[str] = set()
    waiting = [_arrive(_Moment(dialogue.start), dialogue.start)]
    while waiting:
        moment = waiting.pop()
        if moment.node in dialogue.endings:
            endings.add(moment.node)
            continue
        if moment in seen:
            continue
        seen.add(moment)
        if len(seen) > MAX_MOMENTS:
            return Rehearsal(frozenset(endings), frozenset(stuck), complete=False)
        onward = list(_onward(dialogue.nodes[moment.node], moment))
        if not onward:
            stuck.add(moment.node)
        waiting += onward
    return Rehearsal(frozenset(endings), frozenset(stuck), complete=True)


def _onward(node: AuthoredNode, moment: _Moment) -> Iterator[_Moment]:
    visits = dict(moment.visits)
    for choice in node.choices:
        if visits.get(choice.to, 0) < MAX_VISITS:
            trust, credibility, information = (old + new for old, new in zip(moment.state, choice.d, strict=True))
            flags = moment.flags | frozenset(choice.flags)
            state = (trust, credibility, information)
            yield _arrive(_Moment(moment.node, flags, state, moment.visits), choice.to)
    for route in node.route:
        if route.condition is None or _holds(route.condition, moment):
            if visits.get(route.to, 0) < MAX_VISITS:
                yield _arrive(moment, route.to)
            return


def _arrive(moment: _Moment, node: str) -> _Moment:
    visits = dict(moment.visits)
    visits[node] = visits.get(node, 0) + 1
    return _Moment(node, moment.flags, moment.state, tuple(sorted(visits.items())))


def _holds(condition: str, moment: _Moment) -> bool:
    try:
        parsed = parse_condition(condition)
    except ConditionError:
        return False
    return parsed.holds(moment.flags, dict(zip("TCI", moment.state, strict=True)))
