"""The kinds of values that an author may write, by name."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Literal, Protocol, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints


def _number_if_level(value: object) -> object:
    """Let `level: 3` be read as the number although the loader hands out text."""
    return int(value) if isinstance(value, str) and value in {"1", "2", "3", "4", "5"} else value


SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
OneLine = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=r"^[^\n]*$")]
Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=80)]
CriterionId = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)
]
SourceCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9./-]*$", max_length=40)]
NodeId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=40)]
Flag = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=40)]
FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*\.(md|csv|txt)$", max_length=80)]
Minutes = Annotated[int, Field(ge=0, le=600)]
Version = Annotated[int, Field(ge=1, le=100_000)]
Level = Annotated[Literal[1, 2, 3, 4, 5], BeforeValidator(_number_if_level)]
ReferenceLevel = Annotated[
    Literal[1, 2, 3, 4, 5, "not-observed"], BeforeValidator(_number_if_level)
]  # what an expert noted for one criterion of a sample
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Change = Annotated[int, Field(ge=-5, le=5)]
WebAddress = Annotated[str, StringConstraints(pattern=r"^https?://[^\s\"<>]+$", max_length=500)]
DerivedId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=140)]


class Status(StrEnum):
    """How far a piece of content has come."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    FIELD_TESTED = "field-tested"


class ContentModel(BaseModel):
    """Frozen, and strict about unknown keys, so that a misspelt key is found."""

    model_config = ConfigDict(frozen=True, extra="forbid", revalidate_instances="never")


class RichText(ContentModel):
    """An author's Markdown with the cleaned HTML it was rendered to, once, when the library was read."""

    markdown: str
    html: str

    def __html__(self) -> str:
        """Tell a template engine that this has been cleaned and needs no escaping."""
        return self.html


class HasId(Protocol):
    """Anything in a library that can be looked up."""

    @property
    def id(self) -> str: ...


Thing = TypeVar("Thing", bound=HasId)


def by_id(things: Iterable[Thing], wanted: str) -> Thing:
    """The one with this id, or KeyError."""
    for thing in things:
        if thing.id == wanted:
            return thing
    raise KeyError(wanted)
