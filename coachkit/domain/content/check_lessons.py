"""Rules for modules: their sections, models, points, tasks, claims and time."""

import re
from collections.abc import Iterator, Mapping

from coachkit.domain.content.authored import AuthoredModule
from coachkit.domain.content.blocks import (
    Block,
    DocumentBlock,
    PointsBlock,
    Prose,
    ScriptBlock,
    SectionText,
    TaskBlock,
)
from coachkit.domain.content.check_quiz import check_quiz
from coachkit.domain.content.draft import SECTION_ORDER, Draft, DraftModule, Placed
from coachkit.domain.content.problems import Problem, Severity
from coachkit.domain.content.wording import (
    WORDS_A_MINUTE,
    count_words,
    mean_sentence_length,
    overclaim,
    paragraphs,
)

POINTS = range(3, 6)
MAX_POINT_WORDS = 12
MAX_SENTENCE_WORDS = 25
MINUTES_TOLERANCE = 0.1
_CITED = re.compile(r"\[@([A-Za-z0-9][^\]\n]{0,200})\]")


def check_lessons(draft: Draft) -> Iterator[Problem]:
    """Everything that can be said about the modules."""
    marks = {source.value.code: source.value.mark for source in draft.sources}
    for module in draft.modules.values():
        yield from _sections(module)
        for section in module.sections:
            yield from _section(module, section, marks)
        yield from _models(module)
        yield from check_quiz(draft, module)
        if module.front is None:
            if not module.sections:
                yield Problem(module.path, 1, "the folder has no readable module.md", code="module-missing")
            continue
        yield from _tasks(module, module.front)
        yield from _files(module, module.front)
        yield from _minutes(module, module.front)
        yield from _cited(module, module.front)
    yield from _prerequisites(draft)


def check_points(points: tuple[str, ...], path: str, lines: tuple[int, ...], line: int) -> Iterator[Problem]:
    """Learning points: three to five rules short enough to carry away."""
    if len(points) not in POINTS:
        message = f"{len(points)} learning points; three to five can be kept in mind"
        yield Problem(path, line, message, code="points-number")
    for point, where in zip(points, lines, strict=True):
        words = count_words(point)
        if words > MAX_POINT_WORDS:
            message = f"a learning point of {words} words; at most {MAX_POINT_WORDS} can be said from memory"
            yield Problem(path, where, message, code="points-length")


def _sections(module: DraftModule) -> Iterator[Problem]:
    names = [section.id for section in module.sections]
    missing = [name for name in SECTION_ORDER if name not in names]
    if missing:
        message = f"sections are missing: {', '.join(missing)}"
        yield Problem(module.path, 1, message, code="section-missing")
    seen: set[str] = set()
    expected = iter(name for name in SECTION_ORDER if name in names)
    following = next(expected, None)
    open_to_more = False
    for section in module.sections:
        if section.id in seen:
            message = f"the section id «{section.id}» stands here twice"
            yield Problem(module.path, section.line, message, code="section-twice")
        elif section.id not in SECTION_ORDER and not open_to_more:
            message = f"«{section.id}»: further sections stand between key-facts and learning-points"
            yield Problem(module.path, section.line, message, code="section-place")
        elif section.id in SECTION_ORDER and section.id != following:
            message = f"«{section.id}» stands too early; the next one here is «{following}»"
            yield Problem(module.path, section.line, message, code="section-order")
        seen.add(section.id)
        while following in seen:
            following = next(expected, None)
        open_to_more = "key-facts" in seen and "learning-points" not in seen


def _section(module: DraftModule, section: SectionText, marks: Mapping[str, str]) -> Iterator[Problem]:
    if not section.blocks:
        yield Problem(module.path, section.line, "this section is empty", code="section-empty")
    if section.id == "learning-points" and not any(section.of(PointsBlock)):
        message = "the learning points stand in a block `::: points`"
        yield Problem(module.path, section.line, message, code="points-block")
    for block in section.blocks:
        if isinstance(block, PointsBlock):
            texts = tuple(point.text for point in block.points)
            lines = tuple(point.line for point in block.points)
            yield from check_points(texts, module.path, lines, block.line)
    yield from check_claims(section.text, section.line + 1, module.path, marks)
    yield from check_sentences("\n\n".join(map(_prose_of, section.blocks)), module.path, section.line)


def _prose_of(block: Block) -> str:
    if isinstance(block, Prose):
        return block.text
    return block.body.text if isinstance(block, DocumentBlock | TaskBlock) else ""


def check_sentences(text: str, path: str, line: int) -> Iterator[Problem]:
    """A warning where sentences are longer than a reader at B2 follows with ease."""
    mean = mean_sentence_length(text)
    if mean > MAX_SENTENCE_WORDS:
        message = f"{mean:.0f} words a sentence on average; at most {MAX_SENTENCE_WORDS} read with ease"
        yield Problem(path, line, message, Severity.WARNING, "sentence-length")


def check_claims(text: str, line: int, path: str, marks: Mapping[str, str]) -> Iterator[Problem]:
    """No “research shows” over a source that nobody has read."""
    for start, paragraph in paragraphs(text, line):
        claim = overclaim(paragraph)
        if claim is None:
            continue
        unread = [code for code, mark in marks.items() if mark != "V" and _cites(paragraph, code)]
        if unread:
            message = (
                f"“{claim}”, and {', '.join(unread)} was not read in the original; "
                "say “is reported” or “is widely taught”"
            )
            yield Problem(path, start, message, code="claim")


def _cites(paragraph: str, code: str) -> bool:
    return f"@{code}]" in paragraph or f"@{code};" in paragraph or f"@{code}," in paragraph


def _models(module: DraftModule) -> Iterator[Problem]:
    blocks = [block for section in module.sections for block in section.blocks]
    models = [block for block in blocks if isinstance(block, ScriptBlock | DocumentBlock)]
    poor = next((block for block in models if block.tone == "poor"), None)
    if poor is not None and not any(block.tone == "good" for block in models):
        yield Problem(module.path, poor.line, "a poor model, and no good one in this module", code="model-alone")


def _tasks(module: DraftModule, front: Placed[AuthoredModule]) -> Iterator[Problem]:
    tasks = [task for section in module.sections for task in section.of(TaskBlock)]
    kinds = sorted(task.kind for task in tasks if isinstance(task, TaskBlock))
    if kinds != ["partner", "solo", "work"]:
        practice = next((section.line for section in module.sections if section.id == "practice"), 1)
        message = f"a module has three tasks (solo, partner, work), not {', '.join(kinds) or 'none'}"
        yield Problem(module.path, practice, message, code="tasks-number")
    minutes = sum(task.minutes for task in tasks if isinstance(task, TaskBlock))
    if minutes != front.value.practice_minutes:
        message = f"practice_minutes is {front.value.practice_minutes}, the tasks add up to {minutes}"
        yield front.problem(("practice_minutes",), message, "tasks-minutes")


def _files(module: DraftModule, front: Placed[AuthoredModule]) -> Iterator[Problem]:
    listed = {file.name for file in front.value.files}
    for index, file in enumerate(front.value.files):
        if file.name not in module.files:
            yield front.problem(("files", index), f"there is no file files/{file.name}", "file-missing")
    for name in sorted(set(module.files) - listed):
        path = f"{module.folder}files/{name}"
        message = "the module's front matter does not list this file"
        yield Problem(path, 1, message, Severity.WARNING, "file-unlisted")


def _minutes(module: DraftModule, front: Placed[AuthoredModule]) -> Iterator[Problem]:
    words = sum(count_words(f"{section.title}\n{section.text}") for section in module.sections)
    reading, stated = words / WORDS_A_MINUTE, front.value.minutes
    needed = reading + len(module.quiz) + front.value.practice_minutes
    if abs(stated - needed) > max(1.0, MINUTES_TOLERANCE * needed):
        message = (
            f"minutes is {stated}; reading takes {reading:.0f} ({words} words), the quiz {len(module.quiz)}, "
            f"practice {front.value.practice_minutes}, together {needed:.0f}"
        )
        yield front.problem(("minutes",), message, "minutes")


def _cited(module: DraftModule, front: Placed[AuthoredModule]) -> Iterator[Problem]:
    """A warning where the text cites what the front matter does not list."""
    listed = set(front.value.sources)
    for section in module.sections:
        for offset, line in enumerate(section.text.split("\n"), 1):
            for cited in _CITED.findall(line):
                for code in set(re.split(r"[;,] ?@", cited)) - listed:
                    listed.add(code)
                    message = f"«{code}» is cited here and missing in the front matter's sources"
                    where = section.line + offset
                    yield Problem(module.path, where, message, Severity.WARNING, "source-unlisted")


def _prerequisites(draft: Draft) -> Iterator[Problem]:
    needs = {front.value.id: front for _, front in draft.whole_modules}
    for front in needs.values():
        for index, needed in enumerate(front.value.prerequisites):
            if not draft.knows("module", needed):
                # a warning: the rest of the programme may be published later
                message = f"the module «{needed}» is not in this library"
                yield front.warning(("prerequisites", index), message, "prerequisite")
        if front.value.id in _before(front.value.id, needs):
            message = f"«{front.value.id}» comes before itself"
            yield front.problem(("prerequisites",), message, "prerequisite-circle")


def _before(start: str, needs: dict[str, Placed[AuthoredModule]]) -> set[str]:
    """All modules that somebody needs before this one."""
    found: set[str] = set()
    waiting = list(needs[start].value.prerequisites)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += needs[name].value.prerequisites if name in needs else ()
    return found
