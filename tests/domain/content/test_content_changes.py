"""What an author reads about a new edition: who is met by which change, and what happens to work under way."""

import pytest

from coachkit.domain.content.changes import Kind, changes
from coachkit.domain.content.parse import load
from tests.factories.library import changed_library, tiny_library_files

MODULE = "modules/first-talk/module.md"
QUIZ = "modules/first-talk/quiz.yaml"


def library(files):
    loaded = load(files)
    assert loaded.library is not None, [str(problem) for problem in loaded.errors]
    return loaded.library


BEFORE = library(tiny_library_files())


def difference(files) -> list[tuple[str, str, Kind]]:
    return [(change.part, change.name, change.kind) for change in changes(BEFORE, library(files))]


def test_the_same_library_differs_in_nothing():
    assert changes(BEFORE, library({**tiny_library_files(), "README.md": b"x"})) == ()


@pytest.mark.parametrize(
    ("path", "old", "new", "part", "name"),
    [
        (MODULE, "has a ship", "has one ship", "Sections", "m01 · why-it-matters"),
        (MODULE, "title: The first talk", "title: A first talk", "Modules", "m01"),
        (QUIZ, "Request 1:", "Request one:", "Quiz", "m01-q1"),
        ("modules/first-talk/cards.yaml", "What belongs on", "What stands on", "Cards", "m01-c2"),
        ("criteria/trust.yaml", "Promises without a date.", "Promises no date.", "Criteria", "trust.reliability"),
        ("scenarios/rp01.yaml", "twenty minutes", "ten minutes", "Scenarios", "rp01"),
        ("dialogues/bd1.yaml", "Papers come late", "Papers are late", "Dialogues", "bd1"),
        ("calibration/cal-interviewing-1.yaml", "For the papers.", "For papers.", "Calibration", "cal-interviewing-1"),
        ("glossary.yaml", "What somebody asks for by name.", "What one asks for.", "Glossary", "want"),
    ],
)
def test_an_edit_is_told_where_it_was_made_and_nowhere_else(path, old, new, part, name):
    assert difference(changed_library(path, old, new)) == [(part, name, Kind.CHANGED)]


def test_a_thing_that_goes_and_one_that_comes_are_told():
    files = tiny_library_files()
    del files["dialogues/bd1.yaml"]
    files["scenarios/rp02.yaml"] = files["scenarios/rp01.yaml"].replace(b"id: rp01", b"id: rp02")
    assert difference(files) == [("Scenarios", "rp02", Kind.NEW), ("Dialogues", "bd1", Kind.GONE)]


def test_of_a_criterion_the_anchors_that_changed_are_named():
    files = changed_library("criteria/trust.yaml", "Promises without a date.", "Promises no date.")
    text = files["criteria/trust.yaml"].decode().replace("misses it without a word", "misses it in silence")
    (change,) = changes(BEFORE, library({**files, "criteria/trust.yaml": text.encode()}))
    assert change.meaning.startswith("anchors 1, 2 changed: attempts under way are rated with the old words")


def test_a_renamed_criterion_with_the_same_anchors_says_so():
    (change,) = changes(BEFORE, library(changed_library("criteria/trust.yaml", "name: Reliability", "name: Word kept")))
    assert change.meaning == "its anchors are the same"
    assert not change.careless


@pytest.mark.parametrize(("version", "careless"), [("version: 1", True), ("version: 2", False)])
def test_a_changed_question_whose_version_was_not_raised_is_marked(version, careless):
    text = tiny_library_files()[QUIZ].decode().replace("Request 1:", "Request one:").replace("version: 1", version, 1)
    (change,) = changes(BEFORE, library({**tiny_library_files(), QUIZ: text.encode()}))
    assert change.careless is careless


def test_options_in_another_order_are_a_changed_question():
    items = tiny_library_files()[QUIZ].decode()
    first = items[: items.index("- id: m01-q2")]
    head, one, two, three = first.split("    - text: ")
    turned = f"{head}    - text: {two}    - text: {one}    - text: {three}"
    assert difference({**tiny_library_files(), QUIZ: items.replace(first, turned).encode()}) == [
        ("Quiz", "m01-q1", Kind.CHANGED)
    ]
