"""The shape of a branching dialogue: what can be reached, where it gets stuck, how many ways lead through."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

MAX_VISITS = 2  # a bad start can be repaired once
MAX_STEPS = 50_000

Graph = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Walk:
    """All plays in which no node is passed more than twice, counted."""

    paths: int
    stuck_at: frozenset[str]  # nodes at which some play cannot go on
    complete: bool  # False where there were too many to count


def reachable(graph: Graph, start: str) -> frozenset[str]:
    """Every node and ending that some play comes to."""
    seen = {start}
    waiting = [start]
    while waiting:
        for target in graph.get(waiting.pop(), ()):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return frozenset(seen)


def dead_ends(graph: Graph, endings: Collection[str]) -> frozenset[str]:
    """Nodes from which no ending can be reached."""
    sources: dict[str, set[str]] = {}
    for node, targets in graph.items():
        for target in targets:
            sources.setdefault(target, set()).add(node)
    living = set(endings)
    waiting = list(endings)
    while waiting:
        for node in sources.get(waiting.pop(), ()):
            if node not in living:
                living.add(node)
                waiting.append(node)
    return frozenset(set(graph) - living)


def walk(graph: Graph, start: str, endings: Collection[str], *, max_steps: int = MAX_STEPS) -> Walk:
    """Count the different plays, conditions left aside; a node passed twice is closed for the rest of it."""
    paths = steps = 0
    stuck: set[str] = set()
    visits: dict[str, int] = {start: 1}
    trail: list[tuple[str, Iterable[str]]] = [(start, iter(_open(graph, start, visits)))]
    while trail:
        node, ways = trail[-1]
        target = next(iter(ways), None)
        if target is None:
            trail.pop()
            visits[node] -= 1
            continue
        steps += 1
        if steps > max_steps:
            return Walk(paths, frozenset(stuck), complete=False)
        if target in endings:
            paths += 1
            continue
        visits[target] = visits.get(target, 0) + 1
        onward = _open(graph, target, visits)
        if not onward:
            stuck.add(target)
        trail.append((target, iter(onward)))
    return Walk(paths, frozenset(stuck), complete=True)


def _open(graph: Graph, node: str, visits: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(target for target in graph.get(node, ()) if visits.get(target, 0) < MAX_VISITS)
