"""The rules for quizzes and cards, each seen failing."""

import pytest

from coachkit.domain.content.parse import load
from tests.factories.library import tiny_library_files
from tests.factories.slips import QUIZ, Slip, assert_told

SLIPS = [
    Slip(
        "misconception",
        QUIZ,
        'Request 2: somebody asks for a portal. What do you say first?"\n  options:\n'
        '    - text: "“I have to tell you that portals are not on our roadmap.”"\n'
        "      misconception: rule-shield",
        'Request 2"\n  options:\n    - text: "“I have to tell you that portals are not on our roadmap.”"\n'
        "      misconception: nobody-knows",
        "misconception: nobody-knows",
    ),
]


@pytest.mark.parametrize("slip", SLIPS, ids=str)
def test_a_broken_rule_is_told_at_its_line(slip):
    assert_told(slip)


def quiz_with(**changes: str) -> dict[str, bytes]:
    """The tiny library with a quiz in which each given passage is replaced everywhere."""
    files = tiny_library_files()
    text = files[QUIZ].decode()
    for old, new in changes.values():
        text = text.replace(old, new)
    return {**files, QUIZ: text.encode()}


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("quiz-length", "I have to tell you that portals are not on our roadmap.", "No."),
        (
            "quiz-lazy",
            "I have to tell you that portals are not on our roadmap.",
            "All of the above, at once and as one.",
        ),
        ("quiz-misconception", "      misconception: rule-shield\n", ""),
        ("quiz-misconception", "      key: true\n", "      key: true\n      misconception: rule-shield\n"),
        ("quiz-key", "      key: true\n", "      misconception: rule-shield\n"),
        ("quiz-same", "True, and the talk is over.", "Courteous, and the portal is now the plan."),
        ("schema-missing", '      feedback: "True, and the talk is over."\n', ""),
    ],
)
def test_a_quiz_item_whose_form_gives_it_away_is_refused(code, old, new):
    found = [problem for problem in load(quiz_with(change=(old, new))).problems if problem.code == code]
    assert len(found) == 8
    assert all(problem.is_error and problem.path == QUIZ for problem in found)


@pytest.mark.parametrize("path", ["sources.yaml", "glossary.yaml", QUIZ])
@pytest.mark.parametrize("text", ["", "a: b", "just words", "- a\n- 3", "[]" * 3])
def test_a_list_file_that_is_no_list_of_things_is_told(path, text):
    loaded = load({**tiny_library_files(), path: text.encode()})
    assert path in {problem.path for problem in loaded.errors}


def test_a_fourth_option_is_refused():
    key = '      feedback: "True, and the talk is over."\n'
    extra = '    - text: "“And what else can I do for you on this fine day of ours?”"\n'
    extra += '      misconception: rule-shield\n      feedback: "More."\n'
    found = load(quiz_with(change=(key, key + extra))).problems
    assert sum(problem.code == "quiz-options" for problem in found) == 8


def test_a_key_that_always_stands_first_is_refused():
    files = tiny_library_files()
    item = files[QUIZ].decode().split("- id: ")[3]
    assert item.index("key: true") < item.index("misconception")
    items = [item.replace("m01-q3", f"m01-q{number}") for number in range(1, 9)]
    files[QUIZ] = "".join(f"- id: {text}" for text in items).encode()
    assert [problem.code for problem in load(files).errors] == ["quiz-balance"]


def test_seven_items_are_too_few():
    files = tiny_library_files()
    text = files[QUIZ].decode()
    files[QUIZ] = text[: text.index("- id: m01-q8")].encode()
    assert [problem.code for problem in load(files).errors] == ["quiz-number"]


def test_a_module_without_cards_is_warned_about():
    files = tiny_library_files()
    del files["modules/first-talk/cards.yaml"]
    assert "cards" in {problem.code for problem in load(files).problems}
    assert load(files).library is not None
