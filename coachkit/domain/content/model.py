"""A library that has been read, and the one place from which the rest of coachkit imports its objects."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated

from pydantic import StringConstraints

from coachkit.domain.content.fields import (
    ContentModel,
    Hash,
    Level,
    OneLine,
    RichText,
    Slug,
    Status,
    Text,
    Version,
    by_id,
)
from coachkit.domain.content.framework import (
    Criterion,
    GlossaryTerm,
    Mapped,
    Misconception,
    Skill,
    Source,
    World,
)
from coachkit.domain.content.lessons import (
    Card,
    Module,
    ModuleFile,
    PracticeTask,
    QuizItem,
    QuizOption,
    Section,
)
from coachkit.domain.content.roleplay import (
    CalibrationSet,
    Choice,
    Dialogue,
    Ending,
    Fact,
    Line,
    Node,
    ParallelForm,
    ReferenceRating,
    Route,
    Scenario,
    ScenarioMinutes,
    Script,
    Stakeholder,
    TurningPoint,
)

__all__ = [
    "CalibrationSet",
    "Card",
    "Choice",
    "Criterion",
    "Dialogue",
    "Ending",
    "Fact",
    "GlossaryTerm",
    "Level",
    "Library",
    "Line",
    "Mapped",
    "Misconception",
    "Module",
    "ModuleFile",
    "Node",
    "ParallelForm",
    "PracticeTask",
    "QuizItem",
    "QuizOption",
    "ReferenceRating",
    "RichText",
    "Route",
    "Scenario",
    "ScenarioMinutes",
    "Script",
    "Section",
    "Skill",
    "Source",
    "Stakeholder",
    "Status",
    "TurningPoint",
    "World",
]


class Library(ContentModel):
    """Everything that coachkit teaches, at one version."""

    id: Slug
    title: OneLine
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    edition: Version  # the author's number; `version` identifies the exact text
    worlds: tuple[World, ...]
    credits: tuple[Text, ...] = ()
    sources: tuple[Source, ...] = ()
    terms: tuple[GlossaryTerm, ...] = ()
    misconceptions: tuple[Misconception, ...] = ()
    skills: tuple[Skill, ...] = ()
    modules: tuple[Module, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    dialogues: tuple[Dialogue, ...] = ()
    calibration_sets: tuple[CalibrationSet, ...] = ()
    version: Hash

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        return tuple(criterion for skill in self.skills for criterion in skill.criteria)

    @cached_property
    def _module_by_id(self) -> Mapping[str, Module]:
        return {module.id: module for module in self.modules}

    @cached_property
    def _module_by_slug(self) -> Mapping[str, Module]:
        return {module.slug: module for module in self.modules}

    @cached_property
    def _criterion_by_id(self) -> Mapping[str, Criterion]:
        return {criterion.id: criterion for criterion in self.criteria}

    @cached_property
    def _term_by_id(self) -> Mapping[str, GlossaryTerm]:
        return {term.id: term for term in self.terms}

    @cached_property
    def _source_by_code(self) -> Mapping[str, Source]:
        return {source.code: source for source in self.sources}

    @cached_property
    def _scenario_by_id(self) -> Mapping[str, Scenario]:
        return {scenario.id: scenario for scenario in self.scenarios}

    def world(self, world_id: str) -> World:
        return by_id(self.worlds, world_id)

    def source(self, code: str) -> Source:
        return self._source_by_code[code]

    def term(self, term_id: str) -> GlossaryTerm:
        return self._term_by_id[term_id]

    def misconception(self, code: str) -> Misconception:
        return {belief.code: belief for belief in self.misconceptions}[code]

    def skill(self, skill_id: str) -> Skill:
        return by_id(self.skills, skill_id)

    def criterion(self, criterion_id: str) -> Criterion:
        return self._criterion_by_id[criterion_id]

    def skill_of(self, criterion_id: str) -> Skill:
        return self.skill(self.criterion(criterion_id).skill)

    def module(self, module_id: str) -> Module:
        return self._module_by_id[module_id]

    def module_by_slug(self, slug: str) -> Module:
        return self._module_by_slug[slug]

    def scenario(self, scenario_id: str) -> Scenario:
        return self._scenario_by_id[scenario_id]

    def dialogue(self, dialogue_id: str) -> Dialogue:
        return by_id(self.dialogues, dialogue_id)

    def dialogue_of(self, scenario_id: str) -> Dialogue | None:
        """The solo conversation that prepares for a scenario, where there is one."""
        return next((dialogue for dialogue in self.dialogues if dialogue.scenario == scenario_id), None)

    def calibration_set(self, set_id: str) -> CalibrationSet:
        return by_id(self.calibration_sets, set_id)

    def quiz_item(self, item_id: str) -> QuizItem:
        return by_id((item for module in self.modules for item in module.quiz), item_id)

    def card(self, card_id: str) -> Card:
        return by_id((card for module in self.modules for card in module.cards), card_id)
