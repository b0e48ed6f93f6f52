"""What the product has, by the names that coverage.yaml uses."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from coachkit.domain.content.model import Library
from coachkit.domain.decision.questions import BY_ID
from coachkit.platform.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]


def of_the_library(library: Library) -> set[str]:
    """Everything of the library that can answer a claim."""
    found = {f"module {module.id}" for module in library.modules}
    found |= {f"section {module.id}#{section.id}" for module in library.modules for section in module.sections}
    found |= {f"file {module.id}/{file.name}" for module in library.modules for file in module.files}
    for kind, things in (
        ("scenario", library.scenarios),
        ("dialogue", library.dialogues),
        ("criterion", library.criteria),
        ("term", library.terms),
    ):
        found |= {f"{kind} {thing.id}" for thing in things}
    found |= {f"misconception {one.code}" for one in library.misconceptions}
    return found | {f"source {source.code}" for source in library.sources}


def of_the_product(app: Flask) -> set[str]:
    """Pages, templates, readiness questions and settings."""
    templates = PROJECT / "templates"
    found = {f"route {rule.rule}" for rule in app.url_map.iter_rules()}
    found |= {f"template {path.relative_to(templates).as_posix()}" for path in templates.rglob("*.html")}
    found |= {f"readiness {question}" for question in BY_ID}
    return found | {f"setting {name}" for name in Settings.__dataclass_fields__}
