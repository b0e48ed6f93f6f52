"""Reading a library and writing it out again gives the same library, whatever an author may have written in it."""

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coachkit.domain.content.parse import load
from coachkit.domain.content.serialise import files_of
from tests.factories.library import tiny_library_files

CALM = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
SIGNS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffe\uffff").filter(
    lambda sign: not ("\u202a" <= sign <= "\u202e" or "\u2066" <= sign <= "\u2069")
)
NASTY = st.sampled_from(
    ["yes", "no", "null", "~", "12", "1.5", "2026-01-31", "- a", "a: b", "a #b", "'", '"', "{", "*x", "&x"]
)
LINES = st.one_of(NASTY, st.text(SIGNS, min_size=1, max_size=60).filter(str.strip))
TEXTS = st.lists(LINES, min_size=1, max_size=4).map("\n".join)
PLAIN = {"rp01": "summary", "bd1": "title"}


def without_version(library):
    return library.model_copy(update={"version": "0" * 64})


def assert_same_again(files: dict[str, bytes]) -> None:
    first = load(files)
    assert first.library is not None, [str(problem) for problem in first.errors]
    written = files_of(first.library)
    second = load(written)
    assert second.errors == ()
    assert without_version(second.library) == without_version(first.library)
    assert files_of(second.library) == written


def test_the_tiny_library_survives_being_written_and_read():
    assert_same_again(tiny_library_files())


def test_blank_lines_around_a_section_are_no_change_of_it():
    files = tiny_library_files()
    module = files["modules/first-talk/module.md"]
    files["modules/first-talk/module.md"] = module.replace(b"\n\n## ", b"\n\n\n\n## ").replace(b"}\n\n", b"}\n\n\n")
    assert_same_again(files)


@CALM
@given(TEXTS, TEXTS, LINES)
def test_whatever_a_text_field_holds_it_survives(summary, outcome, title):
    files = tiny_library_files()
    scenario = yaml.safe_load(files["scenarios/rp01.yaml"])
    scenario["summary"], scenario["model_good"]["outcome"], scenario["model_poor"]["title"] = summary, outcome, title
    files["scenarios/rp01.yaml"] = yaml.safe_dump(scenario, allow_unicode=True).encode()
    belief = [{"code": code, "belief": text} for code, text in (("solution-first", summary), ("rule-shield", outcome))]
    files["misconceptions.yaml"] = yaml.safe_dump(belief).encode()
    if load(files).library is not None:  # a title may be too much for one line
        assert_same_again(files)


@CALM
@given(
    st.lists(
        st.sampled_from(["para", "- item", "> quote", "| a | b |\n|---|--:|\n| 1 | 2 |", "```\n## x\n```", "### h"]),
        max_size=8,
    )
)
def test_whatever_markdown_a_section_holds_it_survives(parts):
    files = tiny_library_files()
    module = files["modules/first-talk/module.md"].decode()
    body = "\n\n".join(["Some words.", *parts])
    text = module.replace("- You answer a question that nobody asked.\n- You promise before you know.", body)
    assert_same_again({**files, "modules/first-talk/module.md": text.encode()})
