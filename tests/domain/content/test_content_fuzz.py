"""Whatever bytes arrive, reading them ends with a library or with problems, the same ones each time."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coachkit.domain.content.markdown import RenderContext, Vocabulary, render
from coachkit.domain.content.marked_yaml import read_yaml
from coachkit.domain.content.parse import load
from tests.factories.harmless import let_in
from tests.factories.library import tiny_library_files

TINY = tiny_library_files()
CALM = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
PATHS = st.sampled_from([*TINY, "README.md", "modules/other/module.md", "../x", "modules/other/quiz.yaml"])
PIECES = [
    *("[", "]", "(", ")", "*", "_", "`", "<", ">", "&", "#", "\n", "\n\n", " ", "    ", "- ", "1. ", "> ", "|"),
    *('::: script good "a"', "::: points", ":::", "A: b", "[[need]]", "[@K]", "<b>", "javascript:", "```"),
    *("## x {#y}", "### z", "\\", "!", "a", "é", "\u2028", "="),
]
MARKUP = st.lists(st.sampled_from(PIECES), max_size=120).map("".join)


@CALM
@given(st.dictionaries(PATHS, st.binary(max_size=400), max_size=6))
def test_arbitrary_bytes_never_break_the_reader(some):
    loaded = load({**TINY, **some})
    assert (loaded.library is None) == bool(loaded.errors)
    for problem in loaded.problems:
        assert problem.line >= 1
        assert "\n" not in str(problem)


@CALM
@given(st.dictionaries(PATHS, MARKUP, max_size=4))
def test_arbitrary_markup_never_breaks_the_reader_and_is_read_the_same_way_twice(some):
    files = {**TINY, **{path: text.encode() for path, text in some.items()}}
    assert load(files) == load(dict(reversed(files.items())))


@CALM
@given(st.sampled_from(sorted(TINY)), st.data())
def test_a_damaged_library_is_read_to_its_end(path, data):
    whole = TINY[path]
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 60)))
    damaged = whole[:start] + data.draw(st.binary(max_size=8)) + whole[end:]
    loaded = load({**TINY, path: damaged})
    assert (loaded.library is None) == bool(loaded.errors)


@CALM
@given(MARKUP)
def test_arbitrary_markup_comes_out_harmless(text):
    let_in(render(text, RenderContext("m06", "x.md", Vocabulary(), here="needs")))


@CALM
@given(st.text(max_size=300))
def test_arbitrary_text_is_read_as_yaml_or_told_to_be_none(text):
    marked, problems = read_yaml(text, "x.yaml")
    assert marked is not None or problems
    assert all(1 <= problem.line <= text.count("\n") + 2 for problem in problems)
