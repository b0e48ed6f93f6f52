"""What the programme rests on: its sources, its words, and the skills with their criteria and anchors."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from coachkit.domain.content.fields import (
    ContentModel,
    CriterionId,
    Hash,
    Level,
    OneLine,
    Slug,
    SourceCode,
    Status,
    Text,
    Version,
    WebAddress,
)


class World(ContentModel):
    """A fictional organisation in which scenarios play."""

    id: Slug
    name: OneLine
    summary: Text


class Source(ContentModel):
    """A publication, with how far it was verified: `V` read, `2` a secondary page, `M` from memory."""

    code: SourceCode
    short: OneLine
    title: Text
    mark: Literal["V", "2", "M"]
    url: WebAddress | None = None
    note: Text | None = None


class GlossaryTerm(ContentModel):
    id: Slug
    term: OneLine
    meaning: Text
    example: Text | None = None
    see: tuple[Slug, ...] = ()


class Misconception(ContentModel):
    """A belief behind wrong answers."""

    code: Slug
    belief: Text


class Criterion(ContentModel):
    """One thing that somebody can be seen to do, with five cumulative anchors."""

    id: CriterionId
    name: OneLine
    rated_on: Annotated[tuple[Literal["live", "work-product", "field-log"], ...], Field(min_length=1)]
    version: Version
    status: Status
    sources: tuple[SourceCode, ...] = ()
    anchors: Mapping[Level, Text]
    examples: Mapping[Level, OneLine] = {}
    """For coaches in training: one written behaviour for a level, where an author has written one."""
    skill: Slug
    content_hash: Hash


class Mapped(ContentModel):
    """Where an outside framework has something like this skill; by code and link only."""

    scheme: OneLine
    code: OneLine
    url: WebAddress


class Skill(ContentModel):
    id: Slug
    name: OneLine
    kind: Literal["hard", "soft", "role"]
    summary: Text
    criteria: tuple[Criterion, ...]
    mapping: tuple[Mapped, ...] = ()
