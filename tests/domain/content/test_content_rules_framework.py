"""The rules for sources, words and criteria, and what is said about a library as a whole."""

import pytest

from coachkit.domain.content.parse import load
from tests.factories.library import changed_library, tiny_library_files
from tests.factories.slips import MODULE, SCENARIO, SKILL, Slip, assert_told

SLIPS = [
    Slip("schema-extra_forbidden", SKILL, "summary: F", "sumary: F", "sumary: F"),
    Slip("schema-missing", SKILL, "summary: F", "sumary: F", "id: interviewing"),
    Slip("schema-literal_error", SKILL, "kind: hard", "kind: harsh", "kind: harsh"),
    Slip(
        "schema-value_error",
        SKILL,
        "      5: As 4, and sends a page the same day; the other side answers it in writing.\n",
        "",
        "- id: interviewing.confirm",
    ),
    Slip("schema-literal_error", SKILL, "      5: As 4, and sends", "      6: As 4, and sends", "6: As 4"),
    Slip("anchor-word", SKILL, "Ends without a summary.", "Ends well.", "Ends well."),
    Slip("anchor-word", SKILL, "Ends without a summary.", "Ends Effectively.", "Ends Effectively."),
    Slip("anchor-cumulative", SKILL, "As 3, and names", "As 3 and names", "As 3 and names"),
    Slip("anchor-cumulative", SKILL, "As 4, and sends", "And sends", "And sends"),
    Slip("anchor-verb", SKILL, "Ends without", "The liaison ends without", "The liaison"),
    Slip("anchor-verb", SKILL, "Ends without", "Never ends without", "Never", warning=True),
    Slip("criterion-name", SKILL, "id: interviewing.confirm", "id: asking.confirm", "id: asking"),
    Slip("file-name", SKILL, "id: interviewing\n", "id: asking\n", "id: asking"),
    Slip(
        "duplicate-id",
        SKILL,
        "id: interviewing.confirm",
        "id: interviewing.needs",
        "- id: interviewing.needs\n    name: Conf",
    ),
    Slip("source", SKILL, "sources: [S003]", "sources: [S99]", "sources: [S99]"),
    Slip("term", "glossary.yaml", "see: [want]", "see: [wish]", "see: [wish]"),
    Slip("duplicate-id", "glossary.yaml", "- id: want", "- id: need", "- id: need\n  term: want"),
    Slip("duplicate-id", "sources.yaml", "code: SPIN88", "code: S003", "code: S003\n  short: Rackham"),
    Slip(
        "duplicate-id",
        "misconceptions.yaml",
        "rule-shield",
        "solution-first",
        "- code: solution-first\n  belief: Cit",
    ),
    Slip("yaml-duplicate", "library.yaml", "title: The tiny", "id: again\ntitle: The tiny", "id: again"),
    Slip("yaml-alias", "library.yaml", "title: The", "title: &a The", "title"),
    Slip("yaml-alias", "library.yaml", "title: The tiny programme", "title: *a", "title"),
    Slip("yaml-tag", "library.yaml", "title: The", "title: !!str The", "title"),
    Slip("yaml-key", "library.yaml", "title: The", "? [a]\n: The", "? [a]"),
    Slip("yaml-syntax", "library.yaml", "title: The", "title: a: The", "title"),
    Slip("yaml-documents", "library.yaml", "title: The", "---\ntitle: The", "---"),
    Slip("schema-string_pattern_mismatch", "library.yaml", "id: a\n", "id: A b\n", "- id: A b"),
]


@pytest.mark.parametrize("slip", SLIPS, ids=str)
def test_a_broken_rule_is_told_at_its_line(slip):
    assert_told(slip)


@pytest.mark.parametrize("gone", ["library.yaml", "sources.yaml", "glossary.yaml", MODULE, "criteria/trust.yaml"])
def test_a_library_without_one_of_its_files_says_so(gone):
    files = tiny_library_files()
    del files[gone]
    loaded = load(files)
    assert loaded.library is None
    assert loaded.errors


@pytest.mark.parametrize(
    "gone",
    ["scenarios/rp01.yaml", "dialogues/bd1.yaml", "calibration/cal-interviewing-1.yaml"],
)
def test_part_of_a_programme_can_be_published(gone):
    files = tiny_library_files()
    if gone.startswith("scenarios"):
        del files["dialogues/bd1.yaml"]
    del files[gone]
    assert load(files).errors == ()


def test_all_problems_of_all_files_are_told_at_once():
    files = changed_library(SKILL, "Ends without a summary.", "Ends well.")
    files[SCENARIO] = files[SCENARIO].replace(b"difficulty: 2", b"difficulty: 9")
    files[MODULE] = files[MODULE].replace(b"[@KD96].", b"[@KD97].")
    files["glossary.yaml"] += b"- term: nameless\n"
    told = {problem.path for problem in load(files).errors}
    assert told == {SKILL, SCENARIO, MODULE, "glossary.yaml"}


def test_a_broken_source_is_told_once_and_not_at_every_place_that_cites_it():
    files = changed_library("sources.yaml", "mark: 2", "mark: 3")
    assert [(problem.path, problem.code) for problem in load(files).errors] == [
        ("sources.yaml", "schema-literal_error")
    ]


def test_a_problem_reads_as_path_line_and_sentence():
    files = changed_library(SKILL, "Ends without a summary.", "Ends well.")
    (problem,) = load(files).errors
    assert str(problem) == f"{SKILL}:37: «well» judges; an anchor says what somebody can be seen to do"


def test_stray_files_are_warned_about_and_a_readme_is_not():
    files = {
        **tiny_library_files(),
        "README.md": b"x",
        ".git/config": b"x",
        "notes/todo.md": b"x",
        "a\nb.md": b"",
    }
    found = [problem for problem in load(files).problems if problem.code == "stray-file"]
    assert [(problem.path, problem.is_error) for problem in found] == [
        ("a�b.md", False),
        ("notes/todo.md", False),
    ]


@pytest.mark.parametrize(
    ("ways", "scenarios_asked_for"), [("live, field-log", True), ("work-product, field-log", False)]
)
def test_only_what_is_rated_live_has_to_be_met_in_two_scenarios(ways, scenarios_asked_for):
    trust = "criteria/trust.yaml"
    files = changed_library(trust, "rated_on: [live, field-log]", f"rated_on: [{ways}]")
    found = {(one.path, one.code) for one in load(files).problems}
    assert ((trust, "coverage-scenario") in found) is scenarios_asked_for


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"\xff\xfe", "encoding", 1),
        (b"id: a\ntitle: \xe9", "encoding", 2),
        (b"id: a\ntitle: \x00", "control-character", 2),
        ("id: a\n\ntitle: \u202eabc".encode(), "control-character", 3),
        (b"#" * (1024 * 1024 + 1), "too-large", 1),
    ],
)
def test_a_file_that_is_no_clean_text_is_refused(data, code, line):
    problems = load({**tiny_library_files(), "library.yaml": data}).errors
    assert ("library.yaml", line, code) in {(one.path, one.line, one.code) for one in problems}
