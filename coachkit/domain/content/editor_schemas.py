"""JSON Schemas of the format, with which an editor completes keys and marks mistakes while an author types."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from coachkit.domain.content.authored import (
    AuthoredCalibration,
    AuthoredDialogue,
    AuthoredHidden,
    AuthoredLibrary,
    AuthoredModule,
    AuthoredQuizItem,
    AuthoredScenario,
    AuthoredSkill,
)
from coachkit.domain.content.framework import GlossaryTerm, Misconception, Source
from coachkit.domain.content.lessons import Card

_FILES: Mapping[str, tuple[Any, str]] = {
    "library": (AuthoredLibrary, "library.yaml"),
    "sources": (list[Source], "sources.yaml"),
    "glossary": (list[GlossaryTerm], "glossary.yaml"),
    "misconceptions": (list[Misconception], "misconceptions.yaml"),
    "criteria": (AuthoredSkill, "criteria/<skill>.yaml"),
    "module": (AuthoredModule, "the front matter of modules/<slug>/module.md"),
    "quiz": (list[AuthoredQuizItem], "modules/<slug>/quiz.yaml"),
    "cards": (list[Card], "modules/<slug>/cards.yaml"),
    "scenario": (AuthoredScenario, "scenarios/<id>.yaml"),
    "dialogue": (AuthoredDialogue, "dialogues/<id>.yaml"),
    "calibration": (AuthoredCalibration, "calibration/<id>.yaml"),
    "hide": (AuthoredHidden, "hide.yaml of a pack"),
}


def schemas() -> dict[str, dict[str, Any]]:
    """By name: the schema of each kind of file."""
    return {name: _schema(model, place) for name, (model, place) in _FILES.items()}


def _schema(model: Any, place: str) -> dict[str, Any]:  # noqa: ANN401 - a list of models has no type of its own
    made = TypeAdapter(model).json_schema(by_alias=True)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"coachkit: {place}"}
    return {**head, **{key: value for key, value in made.items() if key != "title"}}
