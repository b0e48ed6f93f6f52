"""Rules for scenarios, branching dialogues and calibration sets."""

import re
from collections.abc import Iterator

from coachkit.domain.content.authored import AuthoredCalibration, AuthoredDialogue, AuthoredScenario
from coachkit.domain.content.check_lessons import check_points, check_sentences
from coachkit.domain.content.conditions import ConditionError, parse_condition
from coachkit.domain.content.draft import Draft, Placed
from coachkit.domain.content.graph import dead_ends, reachable, walk
from coachkit.domain.content.problems import Problem
from coachkit.domain.content.rehearsal import rehearse
from coachkit.domain.content.roleplay import limit_of

CRITERIA = range(4, 7)
CHOICES = 3
MIN_ENDINGS = 3
MIN_REFERENCES = 2
_POLITE = re.compile(
    r"\b(?:thanks?|thank you|sorry|please|glad|happy to|of course|certainly|afraid|apolog\w+|appreciate|"
    r"understand|welcome|pleasure|kind of you|gladly|promise)\b",
    re.IGNORECASE,
)


def check_roleplay(draft: Draft) -> Iterator[Problem]:
    """Everything that can be said about practice material."""
    for scenario in draft.scenarios:
        yield from _scenario(draft, scenario)
    for dialogue in draft.dialogues:
        yield from _dialogue(draft, dialogue)
    limits = {scenario.value.id: limit_of(scenario.value.difficulty) for scenario in draft.scenarios}
    of_skill = {skill.value.id: {criterion.id for criterion in skill.value.criteria} for skill in draft.skills}
    for sample in draft.calibrations:
        yield from _calibration(draft, sample, of_skill.get(sample.value.skill, set()))
        yield from _reference_limits(sample, limits.get(sample.value.scenario, 5))


def _points(thing: Placed[AuthoredScenario] | Placed[AuthoredDialogue]) -> Iterator[Problem]:
    points = thing.value.learning_points
    lines = tuple(thing.marked.line("learning_points", index) for index in range(len(points)))
    yield from check_points(points, thing.path, lines, thing.marked.line("learning_points"))


def _scenario(draft: Draft, scenario: Placed[AuthoredScenario]) -> Iterator[Problem]:
    value = scenario.value
    if len(value.criteria) not in CRITERIA:
        message = f"a scenario shows four to six criteria, not {len(value.criteria)}"
        yield scenario.problem(("criteria",), message, "scenario-criteria")
    if len(set(value.criteria)) < len(value.criteria):
        yield scenario.problem(("criteria",), "a criterion stands here twice", "scenario-criteria")
    if not draft.knows("world", value.world):
        yield scenario.problem(("world",), f"there is no world «{value.world}»", "world")
    yield from _points(scenario)
    briefs = {"learner_brief": value.learner_brief, "partner_brief": value.partner_brief}
    for field, text in briefs.items():
        yield from check_sentences(text, scenario.path, scenario.marked.line(field))


def _dialogue(draft: Draft, dialogue: Placed[AuthoredDialogue]) -> Iterator[Problem]:
    value = dialogue.value
    if value.scenario is not None and not draft.knows("scenario", value.scenario):
        yield dialogue.problem(("scenario",), f"there is no scenario «{value.scenario}»", "scenario")
    yield from _points(dialogue)
    shape = list(_nodes(draft, dialogue))
    yield from shape
    yield from _balance(dialogue)
    if len(value.endings) < MIN_ENDINGS:
        message = f"three endings or more, not {len(value.endings)}"
        yield dialogue.problem(("endings",), message, "dialogue-endings")
    if not any(problem.code in {"dialogue-target", "dialogue-condition"} for problem in shape):
        yield from _ways(dialogue)


def _nodes(draft: Draft, dialogue: Placed[AuthoredDialogue]) -> Iterator[Problem]:
    value = dialogue.value
    if value.start not in value.nodes:
        yield dialogue.problem(("start",), f"there is no node «{value.start}»", "dialogue-target")
    for name in sorted(set(value.nodes) & set(value.endings)):
        message = f"«{name}» is a node and an ending"
        yield dialogue.problem(("endings", name), message, "dialogue-target")
    for name, node in value.nodes.items():
        place = ("nodes", name)
        if bool(node.choices) == bool(node.route):
            yield dialogue.problem(place, "a node has three choices, or a route", "dialogue-node")
        if node.choices and len(node.choices) != CHOICES:
            message = f"three choices, not {len(node.choices)}"
            yield dialogue.problem((*place, "choices"), message, "dialogue-choices")
        if node.choices and node.says is None:
            yield dialogue.problem(place, "nobody says anything here (`says`)", "dialogue-node")
        yield from _choices(draft, dialogue, name)
        yield from _routes(dialogue, name)


def _choices(draft: Draft, dialogue: Placed[AuthoredDialogue], name: str) -> Iterator[Problem]:
    choices = dialogue.value.nodes[name].choices
    best = [choice for choice in choices if choice.misconception is None]
    if choices and len(best) != 1:
        message = f"exactly one choice has no misconception and is the best, not {len(best)}"
        yield dialogue.problem(("nodes", name, "choices"), message, "dialogue-best")
    for index, choice in enumerate(choices):
        place = ("nodes", name, "choices", index)
        yield from _target(dialogue, (*place, "to"), choice.to)
        if choice.misconception and not draft.knows("misconception", choice.misconception):
            message = f"there is no misconception «{choice.misconception}»"
            yield dialogue.problem((*place, "misconception"), message, "misconception")


def _routes(dialogue: Placed[AuthoredDialogue], name: str) -> Iterator[Problem]:
    routes = dialogue.value.nodes[name].route
    nodes = dialogue.value.nodes.values()
    raised = {flag for node in nodes for choice in node.choices for flag in choice.flags}
    for index, route in enumerate(routes):
        place = ("nodes", name, "route", index)
        yield from _target(dialogue, (*place, "to"), route.to)
        is_last = index == len(routes) - 1
        if route.condition is None:
            if not is_last:
                yield dialogue.problem(place, "only the last route is without a condition", "dialogue-route")
            continue
        if is_last:
            yield dialogue.problem(place, "the last route has no condition", "dialogue-route")
        try:
            condition = parse_condition(route.condition)
        except ConditionError as error:
            yield dialogue.problem((*place, "if"), str(error), "dialogue-condition")
            continue
        for flag in sorted(condition.flags - raised):
            yield dialogue.problem((*place, "if"), f"no choice raises the flag «{flag}»", "dialogue-flag")


def _target(dialogue: Placed[AuthoredDialogue], where: tuple[str | int, ...], name: str) -> Iterator[Problem]:
    if name not in dialogue.value.nodes and name not in dialogue.value.endings:
        yield dialogue.problem(where, f"there is no node or ending «{name}»", "dialogue-target")


def _balance(dialogue: Placed[AuthoredDialogue]) -> Iterator[Problem]:
    """The best choice must not give itself away, neither by its length nor by being the only polite one."""
    spoken = [node for node in dialogue.value.nodes.values() if node.choices]
    longest = 0
    polite = False
    for node in spoken:
        best = [len(choice.do) for choice in node.choices if choice.misconception is None]
        others = [choice.do for choice in node.choices if choice.misconception is not None]
        longest += bool(best) and max(best) > max(map(len, others), default=0)
        polite = polite or any(_POLITE.search(text) for text in others)
    if longest * 3 > len(spoken):
        message = f"the best choice is the longest at {longest} of {len(spoken)} nodes; at most a third"
        yield dialogue.problem(("nodes",), message, "dialogue-longest")
    if spoken and not polite:
        message = "no choice is polite and wrong (no “thank you”, “of course”, “I am afraid” …)"
        yield dialogue.warning(("nodes",), message, "dialogue-polite")


def _ways(dialogue: Placed[AuthoredDialogue]) -> Iterator[Problem]:
    value = dialogue.value
    reached = reachable(value.graph, value.start)
    for kind, names in (("nodes", value.nodes), ("endings", value.endings)):
        for name in names:
            if name not in reached:
                yield dialogue.problem((kind, name), f"nothing leads to «{name}»", "dialogue-unreached")
    dead = dead_ends(value.graph, value.endings)
    for name in sorted(dead):
        yield dialogue.problem(("nodes", name), f"no ending can be reached from «{name}»", "dialogue-dead-end")
    if not dead:
        yield from _plays(dialogue, reached)


def _plays(dialogue: Placed[AuthoredDialogue], reached: frozenset[str]) -> Iterator[Problem]:
    value = dialogue.value
    plays = walk(value.graph, value.start, value.endings)
    rehearsal = rehearse(value)
    for name in sorted(plays.stuck_at | rehearsal.stuck_at):
        message = f"a play that has passed the others twice gets stuck at «{name}»"
        yield dialogue.problem(("nodes", name), message, "dialogue-stuck")
    if not (plays.complete and rehearsal.complete):
        yield dialogue.warning(("nodes",), "too many ways lead through; not all were tried", "dialogue-size")
        return
    for name in value.endings:
        if name in reached and name not in rehearsal.endings:
            message = f"no play meets the conditions that lead to «{name}»"
            yield dialogue.problem(("endings", name), message, "dialogue-unmet")


def _calibration(draft: Draft, sample: Placed[AuthoredCalibration], of_skill: set[str]) -> Iterator[Problem]:
    value = sample.value
    if not draft.knows("skill", value.skill):
        yield sample.problem(("skill",), f"there is no skill «{value.skill}»", "skill")
    if not draft.knows("scenario", value.scenario):
        # a warning: the sample reads without it, and the scenario may be published later
        message = f"the scenario «{value.scenario}» is not in this library"
        yield sample.warning(("scenario",), message, "scenario")
    if len(value.reference) < MIN_REFERENCES:
        yield sample.problem(("reference",), "two reference ratings or more", "calibration-reference")
    seen: set[str] = set()
    for index, rating in enumerate(value.reference):
        place = ("reference", index, "criterion")
        if of_skill and rating.criterion not in of_skill:
            message = f"«{rating.criterion}» is not a criterion of «{value.skill}»"
            yield sample.problem(place, message, "calibration-criterion")
        if rating.criterion in seen:
            yield sample.problem(place, f"«{rating.criterion}» stands here twice", "calibration-criterion")
        seen.add(rating.criterion)


def _reference_limits(sample: Placed[AuthoredCalibration], limit: int) -> Iterator[Problem]:
    """A reference that its scenario cannot show could be met by no coach: her sheet ends at that level."""
    for index, rating in enumerate(sample.value.reference):
        if isinstance(rating.level, int) and rating.level > limit:
            message = f"level {rating.level}, but «{sample.value.scenario}» can show level {limit} at most"
            yield sample.problem(("reference", index, "level"), message, "calibration-limit")
