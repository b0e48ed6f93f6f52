"""The files' own shapes, as an author writes them; what they become is in `model`."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from coachkit.domain.content.fields import (
    Change,
    ContentModel,
    CriterionId,
    FileName,
    Flag,
    Level,
    Minutes,
    NodeId,
    OneLine,
    Slug,
    SourceCode,
    Status,
    Text,
    Version,
)
from coachkit.domain.content.framework import Mapped, World
from coachkit.domain.content.roleplay import (
    Fact,
    Line,
    ReferenceRating,
    ScenarioMinutes,
    Script,
    Stakeholder,
    TurningPoint,
)

Markdown = Annotated[str, Field(min_length=1, max_length=60_000)]


class AuthoredLibrary(ContentModel):
    id: Slug
    title: OneLine
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    version: Version
    worlds: tuple[World, ...]
    credits: tuple[Text, ...] = ()


class AuthoredHidden(ContentModel):
    """What of the layers below a pack takes away, by id."""

    modules: tuple[Slug, ...] = ()
    scenarios: tuple[Slug, ...] = ()
    dialogues: tuple[Slug, ...] = ()
    calibration: tuple[Slug, ...] = ()
    terms: tuple[Slug, ...] = ()


class AuthoredCriterion(ContentModel):
    id: CriterionId
    name: OneLine
    rated_on: Annotated[tuple[Literal["live", "work-product", "field-log"], ...], Field(min_length=1)]
    version: Version
    status: Status
    sources: tuple[SourceCode, ...] = ()
    anchors: Mapping[Level, Text]
    examples: Mapping[Level, OneLine] = {}
    """One written behaviour for a level, to be seen in coaches' training; no part of the rubric."""

    @model_validator(mode="after")
    def _five_anchors(self) -> "AuthoredCriterion":
        if sorted(self.anchors) != [1, 2, 3, 4, 5]:
            raise ValueError("a criterion has five anchors, 1 to 5")
        return self


class AuthoredSkill(ContentModel):
    id: Slug
    name: OneLine
    kind: Literal["hard", "soft", "role"]
    summary: Text
    criteria: Annotated[tuple[AuthoredCriterion, ...], Field(min_length=1)]
    mapping: tuple[Mapped, ...] = ()


class AuthoredFile(ContentModel):
    name: FileName
    title: OneLine


class AuthoredModule(ContentModel):
    id: Slug
    title: OneLine
    summary: Text
    level: Literal["foundation", "core", "advanced"]
    tracks: Annotated[tuple[Literal["it", "business"], ...], Field(min_length=1)]
    minutes: Minutes
    practice_minutes: Minutes
    prerequisites: tuple[Slug, ...] = ()
    outcomes: Annotated[tuple[Text, ...], Field(min_length=1)]
    criteria: tuple[CriterionId, ...] = ()
    sources: tuple[SourceCode, ...] = ()
    version: Version
    status: Status
    files: tuple[AuthoredFile, ...] = ()


class AuthoredOption(ContentModel):
    text: Text
    key: bool = False
    misconception: Slug | None = None
    feedback: Text


class AuthoredQuizItem(ContentModel):
    id: Slug
    version: Version
    stem: Text
    options: tuple[AuthoredOption, ...]


class _Conversation(ContentModel):
    """What a scenario and its parallel form have in common."""

    title: OneLine
    stakeholder: Stakeholder
    learner_brief: Markdown
    partner_brief: Markdown
    wants: tuple[Text, ...] = ()
    fears: tuple[Text, ...] = ()
    facts: tuple[Fact, ...] = ()
    turning_points: tuple[TurningPoint, ...] = ()


class AuthoredParallel(_Conversation):
    pass


class AuthoredScenario(_Conversation):
    id: Slug
    version: Version
    status: Status
    world: Slug
    summary: Text
    difficulty: Annotated[int, Field(ge=1, le=5)]
    minutes: ScenarioMinutes
    criteria: tuple[CriterionId, ...]
    learning_points: tuple[OneLine, ...]
    critical_moment: Text
    model_poor: Script
    model_good: Script
    debrief_questions: tuple[Text, ...] = ()
    parallel_form: AuthoredParallel
    sources: tuple[SourceCode, ...] = ()


class AuthoredChoice(ContentModel):
    do: Text
    d: tuple[Change, Change, Change] = (0, 0, 0)
    flags: tuple[Flag, ...] = ()
    misconception: Slug | None = None
    thinks: Text
    point: Text
    to: NodeId


class AuthoredRoute(ContentModel):
    condition: Annotated[OneLine | None, Field(alias="if")] = None
    to: NodeId


class AuthoredNode(ContentModel):
    stage: Text | None = None
    says: Text | None = None
    choices: tuple[AuthoredChoice, ...] = ()
    route: tuple[AuthoredRoute, ...] = ()

    @property
    def targets(self) -> tuple[str, ...]:
        return (*(choice.to for choice in self.choices), *(route.to for route in self.route))


class AuthoredEnding(ContentModel):
    title: OneLine
    text: Text
    tone: Literal["good", "mixed", "poor"]


class AuthoredDialogue(ContentModel):
    id: Slug
    version: Version
    status: Status
    title: OneLine
    scenario: Slug | None = None
    intro: Markdown
    learning_points: tuple[OneLine, ...]
    start: NodeId
    nodes: Annotated[Mapping[NodeId, AuthoredNode], Field(max_length=200)]
    endings: Annotated[Mapping[NodeId, AuthoredEnding], Field(max_length=50)]

    @property
    def graph(self) -> Mapping[str, tuple[str, ...]]:
        return {node_id: node.targets for node_id, node in self.nodes.items()}


class AuthoredCalibration(ContentModel):
    id: Slug
    version: Version
    status: Status
    skill: Slug
    scenario: Slug
    title: OneLine
    transcript: Annotated[tuple[Line, ...], Field(min_length=1)]
    reference: tuple[ReferenceRating, ...]
