"""A module and what it is made of."""

from typing import Literal

from coachkit.domain.content.fields import (
    ContentModel,
    CriterionId,
    DerivedId,
    FileName,
    Hash,
    Minutes,
    OneLine,
    RichText,
    Slug,
    SourceCode,
    Status,
    Text,
    Version,
    by_id,
)


class PracticeTask(RichText):
    """One of a module's three exercises."""

    id: DerivedId  # `m06-solo`
    kind: Literal["solo", "partner", "work"]
    minutes: Minutes
    title: OneLine


class Section(RichText):
    """A level-2 part of a module; its HTML contains its practice tasks too."""

    id: Slug
    title: OneLine
    minutes: int  # reading plus the tasks in it, rounded up
    words: int
    tasks: tuple[PracticeTask, ...] = ()
    content_hash: Hash


class QuizOption(ContentModel):
    id: DerivedId  # item id and position in the file: `m06-q1-a`
    text: Text
    feedback: Text
    key: bool = False
    misconception: Slug | None = None


class QuizItem(ContentModel):
    id: Slug
    version: Version
    stem: Text
    options: tuple[QuizOption, ...]
    content_hash: Hash

    @property
    def key(self) -> QuizOption:
        return next(option for option in self.options if option.key)

    def option(self, option_id: str) -> QuizOption:
        return by_id(self.options, option_id)


class Card(ContentModel):
    """A question and its answer for spaced review."""

    id: Slug
    question: Text
    answer: Text


class ModuleFile(ContentModel):
    """A template to download; plain text, and part of the library."""

    name: FileName
    title: OneLine
    text: str


class Module(ContentModel):
    id: Slug
    slug: Slug
    title: OneLine
    summary: Text
    level: Literal["foundation", "core", "advanced"]
    tracks: tuple[Literal["it", "business"], ...]
    minutes: Minutes
    practice_minutes: Minutes
    prerequisites: tuple[Slug, ...] = ()
    outcomes: tuple[Text, ...]
    criteria: tuple[CriterionId, ...] = ()
    sources: tuple[SourceCode, ...] = ()
    version: Version
    status: Status
    files: tuple[ModuleFile, ...] = ()
    sections: tuple[Section, ...]
    quiz: tuple[QuizItem, ...] = ()
    cards: tuple[Card, ...] = ()
    content_hash: Hash

    def section(self, section_id: str) -> Section:
        return by_id(self.sections, section_id)

    def quiz_item(self, item_id: str) -> QuizItem:
        return by_id(self.quiz, item_id)

    def card(self, card_id: str) -> Card:
        return by_id(self.cards, card_id)

    def file(self, name: str) -> ModuleFile:
        for file in self.files:
            if file.name == name:
                return file
        raise KeyError(name)

    @property
    def tasks(self) -> tuple[PracticeTask, ...]:
        return tuple(task for section in self.sections for task in section.tasks)
