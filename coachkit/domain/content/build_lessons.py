"""Makes modules and skills out of what their files say."""

import math

from coachkit.domain.content.authored import (
    AuthoredCriterion,
    AuthoredModule,
    AuthoredQuizItem,
    AuthoredSkill,
)
from coachkit.domain.content.blocks import SectionText, TaskBlock
from coachkit.domain.content.draft import DraftModule, Placed
from coachkit.domain.content.markdown import RenderContext, Vocabulary, render_blocks, render_brief
from coachkit.domain.content.model import (
    Criterion,
    Module,
    ModuleFile,
    PracticeTask,
    QuizItem,
    QuizOption,
    Section,
    Skill,
)
from coachkit.domain.content.problems import Problem
from coachkit.domain.content.text_files import hash_of
from coachkit.domain.content.wording import WORDS_A_MINUTE, count_words


def skill_from(authored: AuthoredSkill) -> Skill:
    """A skill with its criteria."""
    return Skill(
        id=authored.id,
        name=authored.name,
        kind=authored.kind,
        summary=authored.summary,
        criteria=tuple(_criterion(authored.id, criterion) for criterion in authored.criteria),
        mapping=authored.mapping,
    )


def _criterion(skill_id: str, authored: AuthoredCriterion) -> Criterion:
    return Criterion(
        id=authored.id,
        name=authored.name,
        rated_on=authored.rated_on,
        version=authored.version,
        status=authored.status,
        sources=authored.sources,
        anchors=dict(sorted(authored.anchors.items())),
        examples=dict(sorted(authored.examples.items())),
        skill=skill_id,
        content_hash=hash_of({"criterion": authored.model_dump_json()}),
    )


def sections_from(module: DraftModule, vocabulary: Vocabulary, problems: list[Problem]) -> tuple[Section, ...]:
    """A module's sections, rendered as parts of one page so that no identifier stands there twice."""
    owner = module.front.value.id if module.front else module.slug
    context = RenderContext(owner, module.path, vocabulary, problems, module.slug)
    return tuple(_section(section, context) for section in module.sections)


def _section(section: SectionText, context: RenderContext) -> Section:
    tasks = tuple(_task(block, context) for block in section.blocks if isinstance(block, TaskBlock))
    words = count_words(f"{section.title}\n{section.text}")
    return Section(
        id=section.id,
        title=section.title,
        markdown=section.text.strip("\n"),
        html=render_blocks(section.blocks, context),
        minutes=math.ceil(words / WORDS_A_MINUTE) + sum(task.minutes for task in tasks),
        words=words,
        tasks=tasks,
        content_hash=hash_of({"id": section.id, "title": section.title, "text": section.text.strip("\n")}),
    )


def _task(block: TaskBlock, page: RenderContext) -> PracticeTask:
    """A task on its own; its problems are those of the section, which is rendered too."""
    task_id = f"{page.owner}-{block.kind}"
    alone = RenderContext(task_id, page.path, page.vocabulary, [], page.here)
    return PracticeTask(
        id=task_id,
        kind=block.kind,
        minutes=block.minutes,
        title=block.title,
        markdown=block.body.text,
        html=render_brief(block.body.text, alone, line=block.body.line),
    )


def module_from(module: DraftModule, front: AuthoredModule, sections: tuple[Section, ...]) -> Module:
    """A module with its quiz, cards and files; for drafts without errors."""
    quiz = tuple(_quiz_item(item) for item in module.quiz)
    cards = tuple(card.value for card in module.cards)
    files = tuple(ModuleFile(name=file.name, title=file.title, text=module.files[file.name]) for file in front.files)
    parts = {
        "front": front.model_dump_json(),
        **{f"section {section.id}": section.content_hash for section in sections},
        **{f"quiz {item.id}": item.content_hash for item in quiz},
        **{f"card {card.id}": card.model_dump_json() for card in cards},
        **{f"file {file.name}": file.text for file in files},
    }
    return Module(
        **front.model_dump(exclude={"files"}),
        slug=module.slug,
        files=files,
        sections=sections,
        quiz=quiz,
        cards=cards,
        content_hash=hash_of(parts),
    )


def _quiz_item(placed: Placed[AuthoredQuizItem]) -> QuizItem:
    item = placed.value
    options = tuple(
        QuizOption(
            id=f"{item.id}-{letter}",
            text=option.text,
            feedback=option.feedback,
            key=option.key,
            misconception=option.misconception,
        )
        for letter, option in zip("abc", item.options, strict=True)
    )
    return QuizItem(
        id=item.id,
        version=item.version,
        stem=item.stem,
        options=options,
        content_hash=hash_of({"item": item.model_dump_json()}),
    )
