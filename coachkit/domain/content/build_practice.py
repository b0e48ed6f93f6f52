"""Makes scenarios, dialogues and calibration sets out of what their files say."""

from string import ascii_lowercase

from coachkit.domain.content.authored import (
    AuthoredCalibration,
    AuthoredDialogue,
    AuthoredNode,
    AuthoredScenario,
)
from coachkit.domain.content.draft import Placed
from coachkit.domain.content.fields import RichText
from coachkit.domain.content.markdown import RenderContext, Vocabulary, render_brief
from coachkit.domain.content.model import (
    CalibrationSet,
    Choice,
    Dialogue,
    Ending,
    Node,
    ParallelForm,
    Route,
    Scenario,
)
from coachkit.domain.content.problems import Problem
from coachkit.domain.content.text_files import hash_of


def _rich(text: str, line: int, context: RenderContext) -> RichText:
    return RichText(markdown=text, html=render_brief(text, context, line=line))


def scenario_from(placed: Placed[AuthoredScenario], vocabulary: Vocabulary, problems: list[Problem]) -> Scenario:
    """A scenario and its parallel form, their briefs rendered."""
    scenario, lines = placed.value, placed.marked
    context = RenderContext(scenario.id, placed.path, vocabulary, problems)
    parallel = scenario.parallel_form
    own = {"learner_brief", "partner_brief", "parallel_form"}
    return Scenario(
        **scenario.model_dump(exclude=own),
        learner_brief=_rich(scenario.learner_brief, lines.text_line("learner_brief"), context),
        partner_brief=_rich(scenario.partner_brief, lines.text_line("partner_brief"), context),
        parallel_form=ParallelForm(
            **parallel.model_dump(exclude=own),
            learner_brief=_rich(parallel.learner_brief, lines.text_line("parallel_form", "learner_brief"), context),
            partner_brief=_rich(parallel.partner_brief, lines.text_line("parallel_form", "partner_brief"), context),
        ),
        content_hash=hash_of({"scenario": scenario.model_dump_json()}),
    )


def dialogue_from(placed: Placed[AuthoredDialogue], vocabulary: Vocabulary, problems: list[Problem]) -> Dialogue:
    """A dialogue, its choices named by node and place in the file."""
    dialogue = placed.value
    context = RenderContext(dialogue.id, placed.path, vocabulary, problems)
    return Dialogue(
        **dialogue.model_dump(exclude={"intro", "nodes", "endings"}),
        intro=_rich(dialogue.intro, placed.marked.text_line("intro"), context),
        nodes=tuple(_node(dialogue.id, name, node) for name, node in dialogue.nodes.items()),
        endings=tuple(Ending(id=name, **ending.model_dump()) for name, ending in dialogue.endings.items()),
        content_hash=hash_of({"dialogue": dialogue.model_dump_json()}),
    )


def _node(dialogue_id: str, name: str, node: AuthoredNode) -> Node:
    choices = zip(ascii_lowercase, node.choices, strict=False)
    return Node(
        id=name,
        stage=node.stage,
        says=node.says,
        choices=tuple(Choice(id=f"{dialogue_id}-{name}-{letter}", **choice.model_dump()) for letter, choice in choices),
        routes=tuple(Route(condition=route.condition, to=route.to) for route in node.route),
    )


def calibration_set_from(placed: Placed[AuthoredCalibration]) -> CalibrationSet:
    """A sample with its reference ratings."""
    sample = placed.value
    return CalibrationSet(**sample.model_dump(), content_hash=hash_of({"calibration": sample.model_dump_json()}))
