"""A module as somebody sees it: the text, where he is, what he answered."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from sqlalchemy import BindParameter, bindparam, literal, select
from sqlalchemy.orm import Session

from coachkit.domain.content.model import (
    Card,
    Criterion,
    GlossaryTerm,
    Library,
    Module,
    QuizItem,
    QuizOption,
    Scenario,
    Section,
    Skill,
)
from coachkit.domain.learning_path.quiz_first import needed
from coachkit.domain.learning_path.tracks import on_track, prerequisites
from coachkit.features.learning.models import QuizAnswer, SectionNote, SectionRead

QUIZ = "quiz"
CARDS = "cards"
LEVELS = {"foundation": "Foundation", "core": "Core", "advanced": "Advanced"}


@dataclass(frozen=True, slots=True)
class Step:
    """One stop of a module: a section, the quiz or the cards."""

    id: str
    title: str
    minutes: int
    url: str
    done: bool
    updated: bool
    """Read before, in an earlier wording."""
    known: bool
    """Skipped, after the quiz came first; not read."""
    current: bool


@dataclass(frozen=True, slots=True)
class ModuleCard:
    """A module in the list."""

    slug: str
    number: str
    title: str
    summary: str
    level: str
    minutes: int
    done: int
    steps: int
    state: str
    """`new`, `begun` or `done`."""
    known: bool
    """Whether all of its reading was skipped as known."""
    status: str
    needs: tuple[str, ...]
    """Titles of modules that should come first and are not done."""
    skills: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModulesPage:
    """All modules by level."""

    levels: tuple[tuple[str, tuple[ModuleCard, ...]], ...]
    next: ModuleCard | None


@dataclass(frozen=True, slots=True)
class OptionView:
    id: str
    text: str
    feedback: str
    key: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class ItemView:
    """A question, before or after the learner's latest answer."""

    id: str
    number: int
    stem: str
    options: tuple[OptionView, ...]
    answered: bool
    correct: bool
    tries: int


@dataclass(frozen=True, slots=True)
class ModulePage:
    """One step of one module."""

    module: Module
    number: str
    level: str
    step: Step
    steps: tuple[Step, ...]
    previous: Step | None
    next: Step | None
    section: Section | None
    quiz: tuple[ItemView, ...]
    cards: tuple[Card, ...]
    minutes_left: int
    answered: int
    right: int
    misconceptions: tuple[str, ...]
    """Beliefs behind the learner's latest wrong answers; for him alone."""
    scenarios: tuple[Scenario, ...]
    """Role-plays that exercise what the module teaches."""
    note: str
    """The reader's own note beside this section."""
    note_version: int

    @property
    def fresh(self) -> bool:
        """At the first step, with nothing done yet: the moment to take the quiz first."""
        return self.previous is None and bool(self.module.quiz) and not any(step.done for step in self.steps)

    @property
    def needed(self) -> int:
        """How many right answers skip the reading."""
        return needed(len(self.module.quiz))


_MINE: dict[str, BindParameter[Any]] = {"person": bindparam("person"), "module": bindparam("module")}
_STATE_IN_MODULE = (
    select(literal(0).label("id"), SectionRead.section_id, SectionRead.section_hash, SectionRead.known)
    .where(SectionRead.person_id == _MINE["person"], SectionRead.module_id == _MINE["module"])
    .union_all(
        select(-SectionNote.version, SectionNote.section_id, SectionNote.text, literal(False)).where(  # noqa: FBT003
            SectionNote.person_id == _MINE["person"], SectionNote.module_id == _MINE["module"]
        ),
        select(QuizAnswer.id, QuizAnswer.item_id, QuizAnswer.option_id, QuizAnswer.correct).where(
            QuizAnswer.person_id == _MINE["person"], QuizAnswer.module_id == _MINE["module"]
        ),
    )
    .order_by("id")
)
"""Notes (ids below 0, their versions), sections read (id 0) and answers given, oldest first. Reading is what people do
most: one statement, built once."""


def number_of(module: Module) -> str:
    """«6» for m06, «3-B» for m03-b."""
    return module.id.removeprefix("m").lstrip("0").upper()


def _read(session: Session, person_id: int) -> dict[tuple[str, str], bool]:
    """Sections that are done; True for those that were skipped as known."""
    rows = session.execute(
        select(SectionRead.module_id, SectionRead.section_id, SectionRead.known).where(
            SectionRead.person_id == person_id
        )
    )
    return {(module_id, section_id): known for module_id, section_id, known in rows}


def _answered_items(session: Session, person_id: int) -> dict[str, set[str]]:
    rows = session.execute(
        select(QuizAnswer.module_id, QuizAnswer.item_id).where(QuizAnswer.person_id == person_id).distinct()
    )
    found: dict[str, set[str]] = {}
    for module_id, item_id in rows:
        found.setdefault(module_id, set()).add(item_id)
    return found


def _done_steps(module: Module, read: dict[tuple[str, str], bool], answered: set[str]) -> int:
    sections = sum((module.id, section.id) in read for section in module.sections)
    quiz = bool(module.quiz) and {item.id for item in module.quiz} <= answered
    return sections + quiz


def module_cards(session: Session, library: Library, person_id: int, track: str) -> tuple[ModuleCard, ...]:
    """All modules with this person's state; what should come first depends on the entry track."""
    read, answered = _read(session, person_id), _answered_items(session, person_id)
    done = {m.id: _done_steps(m, read, answered.get(m.id, set())) for m in library.modules}
    steps = {m.id: len(m.sections) + bool(m.quiz) for m in library.modules}
    cards = []
    for module in library.modules:
        complete = done[module.id] >= steps[module.id]
        needs = [p for p in prerequisites(library, module, track) if done[p] < steps[p]]
        skills = dict.fromkeys(library.skill_of(criterion).name for criterion in module.criteria)
        cards.append(
            ModuleCard(
                module.slug,
                number_of(module),
                module.title,
                module.summary,
                LEVELS[module.level],
                module.minutes,
                done[module.id],
                steps[module.id],
                "done" if complete else "begun" if done[module.id] else "new",
                complete and all(read.get((module.id, section.id), False) for section in module.sections),
                module.status,
                tuple(library.module(p).title for p in needs),
                tuple(skills),
            )
        )
    return tuple(cards)


def modules_page(session: Session, library: Library, person_id: int, track: str) -> ModulesPage:
    """The list, with the module that comes next for this person."""
    cards = module_cards(session, library, person_id, track)
    slugs = {module.slug for module in on_track(library, track)}
    levels = tuple(
        (level, tuple(card for card in cards if card.level == level and card.slug in slugs))
        for level in LEVELS.values()
    )
    return ModulesPage(levels, next_module(cards, slugs))


def next_module(cards: tuple[ModuleCard, ...], slugs: set[str]) -> ModuleCard | None:
    """The first one begun, or else the first new one whose needs are met."""
    open_cards = [card for card in cards if card.slug in slugs and card.state != "done"]
    begun = [card for card in open_cards if card.state == "begun"]
    ready = [card for card in open_cards if not card.needs]
    return next(iter(begun or ready or open_cards), None)


def _steps(module: Module, current: str, state: ModuleState, *, quiz_done: bool) -> tuple[Step, ...]:
    """The sections with quiz and cards before the last one, which is for further reading."""
    read = {section_id: stamp for section_id, stamp, _ in state.read}
    skipped = {section_id for section_id, _, known in state.read if known}

    def step(step_id: str, title: str, minutes: int, *, done: bool = False, updated: bool = False) -> Step:
        url = f"/modules/{module.slug}/{step_id}"
        return Step(step_id, title, minutes, url, done, updated, step_id in skipped, step_id == current)

    sections = [
        step(
            section.id,
            section.title,
            section.minutes,
            done=section.id in read,
            updated=section.id in read and read[section.id] != section.content_hash,
        )
        for section in module.sections
    ]
    tests = [step(QUIZ, "Quiz", len(module.quiz), done=quiz_done)] if module.quiz else []
    tests += [step(CARDS, "Review cards", 3)] if module.cards else []
    last = [s for s in sections if s.id == "further-reading"]
    return (*(s for s in sections if s not in last), *tests, *last)


def _items(module: Module, person_id: int, rows: list[tuple[str, str, bool]]) -> tuple[ItemView, ...]:
    latest = {item_id: (option_id, correct) for item_id, option_id, correct in rows}
    tries: dict[str, int] = {}
    for item_id, _option, _correct in rows:
        tries[item_id] = tries.get(item_id, 0) + 1
    views = []
    for number, item in enumerate(module.quiz, start=1):
        chosen, correct = latest.get(item.id, ("", False))
        options = tuple(OptionView(o.id, o.text, o.feedback, o.key, o.id == chosen) for o in shuffled(item, person_id))
        views.append(ItemView(item.id, number, item.stem, options, bool(chosen), correct, tries.get(item.id, 0)))
    return tuple(views)


def shuffled(item: QuizItem, person_id: int) -> list[QuizOption]:
    """An order of this person's own, the same each time he comes back."""
    options = list(item.options)
    Random(f"{item.id}:{person_id}").shuffle(options)  # noqa: S311  an order of options is no secret
    return options


@dataclass(frozen=True, slots=True)
class ModuleState:
    """What one person has done in one module. Hashable, so that a rendered page can be kept for it."""

    read: tuple[tuple[str, str, bool], ...]
    """Section ids with the wording that was read, and whether it was skipped as known instead."""
    answers: tuple[tuple[str, str, bool], ...]
    """Item id, option id, whether it was the key; oldest first."""
    notes: tuple[tuple[str, str, int], ...] = ()
    """Section id, the person's own note, its version."""

    def latest(self) -> dict[str, tuple[str, bool]]:
        """The newest answer to each item."""
        return {item_id: (option_id, correct) for item_id, option_id, correct in self.answers}

    def note(self, section_id: str) -> tuple[str, int]:
        """The note beside a section and its version; nothing and 0 where there is none."""
        return next(((text, version) for where, text, version in self.notes if where == section_id), ("", 0))


def module_state(session: Session, person_id: int, module_id: str) -> ModuleState:
    """Read in one statement."""
    found = session.connection().execute(_STATE_IN_MODULE, {"person": person_id, "module": module_id}).all()
    return ModuleState(
        tuple((section_id, stamp, bool(known)) for row_id, section_id, stamp, known in found if row_id == 0),
        tuple((item_id, option_id, bool(correct)) for row_id, item_id, option_id, correct in found if row_id > 0),
        tuple((section_id, text, -row_id) for row_id, section_id, text, _ in found if row_id < 0),
    )


def module_page(
    library: Library, module: Module, state: ModuleState, person_id: int, step_id: str
) -> ModulePage | None:
    """One step of a module; None where there is no such step."""
    latest = state.latest()
    quiz_done = bool(module.quiz) and all(item.id in latest for item in module.quiz)
    steps = _steps(module, step_id, state, quiz_done=quiz_done)
    at = next((index for index, step in enumerate(steps) if step.current), None)
    if at is None:
        return None
    on_quiz = step_id == QUIZ
    known = {s.id: s for s in module.sections}
    return ModulePage(
        module=module,
        number=number_of(module),
        level=LEVELS[module.level],
        step=steps[at],
        steps=steps,
        previous=steps[at - 1] if at else None,
        next=steps[at + 1] if at + 1 < len(steps) else None,
        section=known.get(step_id),
        quiz=_items(module, person_id, list(state.answers)) if on_quiz else (),
        cards=module.cards if step_id == CARDS else (),
        minutes_left=min(module.minutes, sum(step.minutes for step in steps if not step.done)),
        answered=len(latest),
        right=sum(correct for _option, correct in latest.values()),
        misconceptions=_misconceptions(library, module, latest) if on_quiz else (),
        scenarios=_scenarios(library, module) if step_id == "practice" else (),
        note=state.note(step_id)[0],
        note_version=state.note(step_id)[1],
    )


def _misconceptions(library: Library, module: Module, latest: dict[str, tuple[str, bool]]) -> tuple[str, ...]:
    codes = dict.fromkeys(
        module.quiz_item(item_id).option(option_id).misconception
        for item_id, (option_id, correct) in latest.items()
        if not correct and any(item.id == item_id for item in module.quiz)
    )
    return tuple(library.misconception(code).belief for code in codes if code)


def _scenarios(library: Library, module: Module) -> tuple[Scenario, ...]:
    wanted = set(module.criteria)
    return tuple(s for s in library.scenarios if len(wanted & set(s.criteria)) > 1)[:3]


@dataclass(frozen=True, slots=True)
class CriteriaPage:
    """The framework: skills with their criteria and anchors."""

    skills: tuple[Skill, ...]


@dataclass(frozen=True, slots=True)
class SkillPage:
    """One skill."""

    skill: Skill
    criteria: tuple[Criterion, ...]
    modules: tuple[Module, ...]
    scenarios: tuple[Scenario, ...]


def skill_page(library: Library, skill_id: str) -> SkillPage | None:
    """A skill with where it is taught and practised."""
    try:
        skill = library.skill(skill_id)
    except KeyError:
        return None
    ids = {criterion.id for criterion in skill.criteria}
    return SkillPage(
        skill,
        skill.criteria,
        tuple(m for m in library.modules if ids & set(m.criteria)),
        tuple(s for s in library.scenarios if ids & set(s.criteria)),
    )


@dataclass(frozen=True, slots=True)
class TermView:
    term: GlossaryTerm
    see: tuple[GlossaryTerm, ...]


def glossary(library: Library) -> tuple[TermView, ...]:
    """All terms in alphabetical order."""
    known = {term.id: term for term in library.terms}
    return tuple(
        TermView(term, tuple(known[i] for i in term.see if i in known))
        for term in sorted(library.terms, key=lambda t: t.term.lower())
    )


def minutes_read(session: Session, library: Library, person_id: int) -> int:
    """Stated minutes of the sections that somebody has marked as read; what was skipped as known was not read."""
    read = {key for key, known in _read(session, person_id).items() if not known}
    return sum(s.minutes for m in library.modules for s in m.sections if (m.id, s.id) in read)
