"""Rules for quizzes and cards: three tempting options, none of which gives itself away by its form."""

import re
from collections import Counter
from collections.abc import Iterator

from coachkit.domain.content.authored import AuthoredQuizItem
from coachkit.domain.content.draft import Draft, DraftModule, Placed
from coachkit.domain.content.problems import Problem, Severity

OPTIONS = 3
MIN_ITEMS = 8
MAX_DIFFERENCE = 0.4
MAX_KEY_SPREAD = 2
_LAZY = re.compile(r"\b(?:all|none|both|neither|any) of (?:the |these )?(?:above|these)\b", re.IGNORECASE)


def check_quiz(draft: Draft, module: DraftModule) -> Iterator[Problem]:
    """Everything that can be said about one module's quiz and cards."""
    path = module.quiz_path or f"{module.folder}quiz.yaml"
    if len(module.quiz) < MIN_ITEMS:
        message = f"a quiz has {MIN_ITEMS} items or more, not {len(module.quiz)}"
        yield Problem(path, 1, message, code="quiz-number")
    if not module.cards:
        path_of_cards = f"{module.folder}cards.yaml"
        yield Problem(path_of_cards, 1, "the module has no review cards", Severity.WARNING, "cards")
    for item in module.quiz:
        yield from _item(draft, item)
    yield from _balance(module, path)


def _item(draft: Draft, item: Placed[AuthoredQuizItem]) -> Iterator[Problem]:
    options = item.value.options
    if len(options) != OPTIONS:
        yield item.problem(("options",), f"three options, not {len(options)}", "quiz-options")
    if sum(option.key for option in options) != 1:
        yield item.problem(("options",), "exactly one option is the key", "quiz-key")
    for index, option in enumerate(options):
        place = ("options", index)
        if option.key and option.misconception:
            yield item.problem((*place, "misconception"), "the key has no misconception", "quiz-misconception")
        elif not option.key and not option.misconception:
            yield item.problem(place, "a distractor names the misconception behind it", "quiz-misconception")
        elif option.misconception and not draft.knows("misconception", option.misconception):
            message = f"there is no misconception «{option.misconception}»"
            yield item.problem((*place, "misconception"), message, "misconception")
        if _LAZY.search(option.text):
            message = "no “all of the above” and no “none of the above”"
            yield item.problem((*place, "text"), message, "quiz-lazy")
    yield from _alike(item)


def _alike(item: Placed[AuthoredQuizItem]) -> Iterator[Problem]:
    options = item.value.options
    lengths = [len(option.text) for option in options]
    if lengths and max(lengths) - min(lengths) >= MAX_DIFFERENCE * max(lengths):
        message = f"the options have {min(lengths)} to {max(lengths)} characters; keep them within 40 %"
        yield item.problem(("options",), message, "quiz-length")
    for field in ("text", "feedback"):
        texts = {getattr(option, field) for option in options}
        if len(texts) < len(options):
            yield item.problem(("options",), f"every option has a {field} of its own", "quiz-same")


def _balance(module: DraftModule, path: str) -> Iterator[Problem]:
    places = Counter(index for item in module.quiz for index, option in enumerate(item.value.options) if option.key)
    counts = [places[index] for index in range(OPTIONS)]
    if len(module.quiz) >= MIN_ITEMS and max(counts) - min(counts) > MAX_KEY_SPREAD:
        message = "the key stands first, second and third {} times; keep that about even".format(
            ", ".join(map(str, counts))
        )
        yield Problem(path, 1, message, code="quiz-balance")
