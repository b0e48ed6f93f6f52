"""Beginnings for authors, and the drawing of a dialogue."""

import xml.etree.ElementTree as ET

import pytest

from coachkit.domain.content.drawing import draw
from coachkit.domain.content.layers import read_layers
from coachkit.domain.content.parse import load
from coachkit.domain.content.skeletons import NothingToBuildOnError, dialogue_files, module_files, scenario_files
from coachkit.domain.content.text_files import text_files
from tests.factories.library import DIALOGUE, changed_library, tiny_library_files

TINY = tiny_library_files()
LIBRARY = load(TINY).library
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    "made",
    [
        module_files(LIBRARY, "m02", "second-talk"),
        scenario_files(LIBRARY, "rp02"),
        dialogue_files(LIBRARY, "bd2"),
    ],
    ids=["module", "scenario", "dialogue"],
)
def test_a_beginning_passes_the_check_and_only_says_what_is_still_to_do(made):
    before = set(load(TINY).problems)
    loaded = load(TINY | {path: text.encode() for path, text in made.items()})
    assert loaded.errors == ()
    assert {problem.code for problem in loaded.problems if problem not in before} == {"todo"}
    marked = {(problem.path, problem.line) for problem in loaded.problems if problem.code == "todo"}
    lines = {
        (path, number)
        for path, text in made.items()
        for number, line in enumerate(text.split("\n"), 1)
        if "TODO" in line
    }
    assert marked <= lines
    assert len(marked) >= min(len(lines), 60)


def test_without_the_beliefs_or_criteria_that_it_would_name_a_beginning_is_refused():
    bare = LIBRARY.model_copy(update={"misconceptions": (), "skills": (), "worlds": ()})
    for make in (
        lambda: module_files(bare, "m02", "m02"),
        lambda: dialogue_files(bare, "bd2"),
        lambda: scenario_files(bare, "rp02"),
    ):
        with pytest.raises(NothingToBuildOnError):
            make()


def dialogue(text: str = DIALOGUE):
    files = {**TINY, "dialogues/bd1.yaml": text.encode()}
    return read_layers(text_files(files, []), []).dialogues[0].value


def words(svg: str) -> str:
    return " ".join(ET.fromstring(svg).itertext())


def test_every_node_and_ending_is_in_the_drawing_and_every_way_leads_somewhere():
    svg = draw(dialogue())
    tree = ET.fromstring(svg)
    assert len(tree.findall(f"{SVG}g")) == 6
    assert len(tree.findall(f"{SVG}path")) == 1 + 2 + 3
    assert len([path for path in tree.findall(f"{SVG}path") if path.get("stroke-dasharray")]) == 1
    for name in ("n1", "n2", "r1", "e_need", "e_polite", "e_order", "3 nodes, 3 endings"):
        assert name in words(svg)
    assert tree.find(f"{SVG}title").text == "Wants and needs"


def test_an_unfinished_dialogue_is_drawn_with_what_nothing_leads_to():
    broken = DIALOGUE.replace("start: n1", "start: gone").replace("to: n2", "to: nowhere")
    assert "n1" in words(draw(dialogue(broken)))


def test_an_author_s_text_cannot_become_part_of_the_drawing():
    svg = draw(dialogue(DIALOGUE.replace("“Papers come late.”", "</text><script>alert(1)</script>&amp;")))
    assert "<script" not in svg
    assert "<script>" in words(svg).replace(" ", "")


def test_a_drawing_needs_no_style_and_no_script():
    svg = draw(dialogue())
    assert not any(word in svg for word in ("<style", "style=", "<script", "href", "onload"))


def test_the_skeleton_s_rules_are_those_of_the_check():
    """A change of the format that breaks the beginnings is noticed here, with a library of another size."""
    files = changed_library(
        "misconceptions.yaml", "- code: rule-shield\n  belief: Citing a rule settles a request.\n", ""
    )
    one = LIBRARY.model_copy(update={"misconceptions": LIBRARY.misconceptions[:1]})
    made = {path: text.encode() for path, text in module_files(one, "m02", "m02").items()}
    errors = [problem for problem in load(files | made).errors if problem.path.startswith("modules/m02")]
    assert errors == []
