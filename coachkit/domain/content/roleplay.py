"""Conversations to practise on: scenarios for two, branching dialogues for one, samples for coaches."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from coachkit.domain.content.conditions import Condition, parse_condition
from coachkit.domain.content.fields import (
    Change,
    ContentModel,
    CriterionId,
    DerivedId,
    Flag,
    Hash,
    Level,
    Minutes,
    NodeId,
    OneLine,
    ReferenceLevel,
    RichText,
    Slug,
    SourceCode,
    Status,
    Text,
    Version,
    by_id,
)


class Stakeholder(ContentModel):
    name: OneLine
    role: OneLine
    unit: OneLine


class Line(ContentModel):
    """One turn of a conversation, with the note in the margin where there is one."""

    who: OneLine
    says: Text
    note: Text | None = None


class Script(ContentModel):
    """A model of the critical moment."""

    title: OneLine
    lines: Annotated[tuple[Line, ...], Field(min_length=1)]
    outcome: Text


class Fact(ContentModel):
    """What the partner tells, and only when this was done."""

    fact: Text
    unlock: Text


class TurningPoint(ContentModel):
    when: Text
    then: Text


class ScenarioMinutes(ContentModel):
    prepare: Minutes
    play: Minutes
    debrief: Minutes

    @property
    def total(self) -> int:
        return self.prepare + self.play + self.debrief


class ParallelForm(ContentModel):
    """The same skill on another surface, for the later re-try."""

    title: OneLine
    stakeholder: Stakeholder
    learner_brief: RichText
    partner_brief: RichText
    wants: tuple[Text, ...] = ()
    fears: tuple[Text, ...] = ()
    facts: tuple[Fact, ...] = ()
    turning_points: tuple[TurningPoint, ...] = ()


def limit_of(difficulty: int) -> Level:
    """A cooperative partner gives no room for level 4; from difficulty 4 on the other side can show an effect."""
    if difficulty <= 2:  # noqa: PLR2004 - the scale of the format page
        return 3
    return 4 if difficulty == 3 else 5  # noqa: PLR2004


class Scenario(ContentModel):
    """One role-play for two people."""

    id: Slug
    version: Version
    status: Status
    title: OneLine
    world: Slug
    summary: Text
    difficulty: Annotated[int, Field(ge=1, le=5)]
    minutes: ScenarioMinutes
    criteria: tuple[CriterionId, ...]
    stakeholder: Stakeholder
    learner_brief: RichText
    partner_brief: RichText
    wants: tuple[Text, ...] = ()
    fears: tuple[Text, ...] = ()
    facts: tuple[Fact, ...] = ()
    turning_points: tuple[TurningPoint, ...] = ()
    learning_points: tuple[OneLine, ...]
    critical_moment: Text
    model_poor: Script
    model_good: Script
    debrief_questions: tuple[Text, ...] = ()
    parallel_form: ParallelForm
    sources: tuple[SourceCode, ...] = ()
    content_hash: Hash

    @property
    def limit(self) -> Level:
        """The highest level that a talk of this difficulty gives room to show."""
        return limit_of(self.difficulty)

    def max_level(self, criterion_id: str) -> Level:
        """The highest level that this scenario gives room to show on one of its criteria."""
        if criterion_id not in self.criteria:
            raise KeyError(criterion_id)
        return self.limit


class Choice(ContentModel):
    """Something to do at a node; `d` changes trust, credibility and information, which are story."""

    id: DerivedId  # dialogue, node and position in the file: `bd4-n1-a`
    do: Text
    d: tuple[Change, Change, Change] = (0, 0, 0)
    flags: tuple[Flag, ...] = ()
    misconception: Slug | None = None
    thinks: Text
    point: Text
    to: NodeId

    @property
    def is_best(self) -> bool:
        return self.misconception is None


class Route(ContentModel):
    """Where the story goes on when the condition holds; without a condition always."""

    condition: str | None = None
    to: NodeId

    @cached_property
    def parsed(self) -> Condition | None:
        return None if self.condition is None else parse_condition(self.condition)


class Node(ContentModel):
    """Either a moment with three choices or a silent fork with routes."""

    id: NodeId
    stage: Text | None = None
    says: Text | None = None
    choices: tuple[Choice, ...] = ()
    routes: tuple[Route, ...] = ()

    @property
    def is_fork(self) -> bool:
        return bool(self.routes)

    def choice(self, choice_id: str) -> Choice:
        return by_id(self.choices, choice_id)


class Ending(ContentModel):
    id: NodeId
    title: OneLine
    text: Text
    tone: Literal["good", "mixed", "poor"]


class Dialogue(ContentModel):
    """A solo conversation that branches."""

    id: Slug
    version: Version
    status: Status
    title: OneLine
    scenario: Slug | None = None
    intro: RichText
    learning_points: tuple[OneLine, ...]
    start: NodeId
    nodes: tuple[Node, ...]
    endings: tuple[Ending, ...]
    content_hash: Hash

    @cached_property
    def _node_by_id(self) -> Mapping[str, Node]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def _ending_by_id(self) -> Mapping[str, Ending]:
        return {ending.id: ending for ending in self.endings}

    def node(self, node_id: str) -> Node:
        return self._node_by_id[node_id]

    def ending(self, ending_id: str) -> Ending:
        return self._ending_by_id[ending_id]

    def is_ending(self, node_id: str) -> bool:
        return node_id in self._ending_by_id


class ReferenceRating(ContentModel):
    """What experts noted for one criterion of a sample, and why."""

    criterion: CriterionId
    level: ReferenceLevel
    evidence: Text
    reason: Text


class CalibrationSet(ContentModel):
    """A sample transcript on which coaches train their eye."""

    id: Slug
    version: Version
    status: Status
    skill: Slug
    scenario: Slug
    title: OneLine
    transcript: Annotated[tuple[Line, ...], Field(min_length=1)]
    reference: tuple[ReferenceRating, ...]
    content_hash: Hash
