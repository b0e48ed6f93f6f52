"""An organisation lays its own pack over the shipped library: it replaces, adds and hides, and edits nothing."""

import pytest

from coachkit.domain.content.parse import load, version_of
from tests.factories.library import MODULE, changed_library, tiny_library_files

PACK = "packs/01-acme/"
SCENARIO = "scenarios/rp01.yaml"
OWN_MODULE = MODULE.replace("id: m01", "id: m02").replace("title: The first talk", "title: Our own talk")


def over(below: dict[str, bytes] | None = None, pack: str = PACK, **texts: str):
    """The tiny library with a pack; keys are paths with `__` for `/` and `_yaml` and `_md` for the endings."""
    files = dict(below or tiny_library_files())
    for name, text in texts.items():
        path = name.replace("__", "/").replace("_yaml", ".yaml").replace("_md", ".md").replace("_", "-")
        files[pack + path] = text.encode()
    return files


def sound(files: dict[str, bytes]):
    loaded = load(files)
    assert loaded.errors == (), loaded.errors
    return loaded.library


def text_of(path: str) -> str:
    return tiny_library_files()[path].decode()


def module_with(slug: str, number: str, text: str) -> dict[str, bytes]:
    """A further module made of the tiny one's parts."""
    quiz = (
        text_of("modules/first-talk/quiz.yaml").replace("m01-", f"{number}-").replace("Request ", f"{number} request ")
    )
    cards = text_of("modules/first-talk/cards.yaml").replace("m01-", f"{number}-")
    return {
        f"modules/{slug}/module.md": text.encode(),
        f"modules/{slug}/quiz.yaml": quiz.encode(),
        f"modules/{slug}/cards.yaml": cards.encode(),
        f"modules/{slug}/files/one-page.md": b"# One page\n",
    }


def test_a_scenario_of_the_same_id_takes_the_place_of_the_one_below():
    own = text_of(SCENARIO).replace("Eleven ships waited", "Forty trucks waited")
    library = sound(over(scenarios__rp01_yaml=own))
    assert "Forty trucks" in library.scenario("rp01").partner_brief.markdown
    assert len(library.scenarios) == 1


def test_a_new_scenario_stands_beside_those_below():
    own = text_of(SCENARIO).replace("id: rp01", "id: acme-1")
    assert [each.id for each in sound(over(scenarios__acme_1_yaml=own)).scenarios] == ["acme-1", "rp01"]


def test_single_entries_of_a_list_are_replaced_and_added():
    library = sound(
        over(
            glossary_yaml="- id: need\n  term: need\n  meaning: What the yard is after.\n- id: yard\n  term: yard\n"
            "  meaning: Where the trucks stand.\n",
            misconceptions_yaml="- code: rule-shield\n  belief: Our rule ends the talk.\n",
        )
    )
    assert library.term("need").meaning == "What the yard is after."
    assert {term.id for term in library.terms} == {"need", "want", "yard"}
    assert library.misconception("rule-shield").belief == "Our rule ends the talk."
    assert library.misconception("solution-first").belief


def test_the_pack_gives_the_library_its_title_and_its_own_world():
    front = text_of("library.yaml").replace("The tiny programme", "The yard's programme").replace("id: a", "id: yard")
    library = sound(over(library_yaml=front))
    assert library.title == "The yard's programme"
    assert {world.id for world in library.worlds} == {"yard", "a"}


def test_a_module_of_its_own_brings_its_whole_folder():
    files = tiny_library_files()
    files |= {PACK + path: data for path, data in module_with("our-talk", "m02", OWN_MODULE).items()}
    library = sound(files)
    assert [module.title for module in library.modules] == ["The first talk", "Our own talk"]


def test_a_module_of_the_same_id_in_another_folder_takes_the_place_of_the_one_below():
    files = tiny_library_files()
    text = OWN_MODULE.replace("id: m02", "id: m01")
    files |= {PACK + path: data for path, data in module_with("our-talk", "m01", text).items()}
    assert [(module.id, module.slug) for module in sound(files).modules] == [("m01", "our-talk")]


def test_a_file_alone_changes_only_that_file_of_the_module_below():
    own = text_of("modules/first-talk/quiz.yaml").replace("Request 1:", "At the gate:")
    library = sound(over(modules__first_talk__quiz_yaml=own, modules__first_talk__files__one_page_md="Ours."))
    module = library.module("m01")
    assert module.quiz_item("m01-q1").stem.startswith("At the gate:")
    assert module.file("one-page.md").text == "Ours."
    assert module.title == "The first talk"
    assert module.cards


def test_of_two_packs_the_last_one_lies_on_top():
    files = over(scenarios__rp01_yaml=text_of(SCENARIO).replace("title: Wants and needs", "title: First"))
    files = over(files, "packs/02-yard/", scenarios__rp01_yaml=text_of(SCENARIO).replace("Wants and needs", "Second"))
    assert sound(files).scenario("rp01").title == "Second"


def test_what_is_hidden_is_gone_and_what_refers_to_it_still_stands():
    other = module_with("second-talk", "m02", OWN_MODULE.replace("prerequisites: []", "prerequisites: [m01]"))
    text = other["modules/second-talk/module.md"].decode()
    more = "See [the first talk](../first-talk/module.md) and [the play](/scenarios/rp01). A consultant's article on"
    other["modules/second-talk/module.md"] = text.replace("A consultant's article on", more).encode()
    hide = "modules: [m01]\nscenarios: [rp01]\ndialogues: []\ncalibration: [cal-interviewing-1]\nterms: [want]\n"
    library = sound(over(tiny_library_files() | other, hide_yaml=hide))
    assert [module.id for module in library.modules] == ["m02"]
    assert library.module("m02").prerequisites == ()
    assert library.scenarios == library.calibration_sets == ()
    assert library.dialogue("bd1").scenario is None
    assert [term.id for term in library.terms] == ["need"]
    assert library.term("need").see == ()
    reading = library.module("m02").section("further-reading").html
    assert "<span>the first talk</span>" in reading
    assert "the play" in reading
    assert "first-talk/" not in reading


def test_a_later_pack_can_bring_back_what_an_earlier_one_hides():
    files = over(hide_yaml="scenarios: [rp01]\n")
    files = over(files, "packs/02-yard/", scenarios__rp01_yaml=text_of(SCENARIO))
    assert sound(files).dialogue("bd1").scenario == "rp01"


def test_hiding_what_is_not_there_is_told_at_its_line():
    problems = load(over(hide_yaml="modules: [m01]\nscenarios:\n  - rp01\n  - rp99\n")).errors
    assert [str(problem) for problem in problems] == [
        f"{PACK}hide.yaml:4: there is no «rp99» among the scenarios below this pack"
    ]


def test_a_criterion_that_a_replaced_skill_no_longer_has_is_missed_where_it_is_used():
    own = text_of("criteria/trust.yaml").replace("trust.reliability", "trust.word")
    assert {(problem.path, problem.code) for problem in load(over(criteria__trust_yaml=own)).errors} == {
        (SCENARIO, "criterion"),
        ("modules/first-talk/module.md", "criterion"),
    }


@pytest.mark.parametrize(
    ("path", "text", "place"),
    [
        ("scenarios/rp01.yaml", "id: rp01\n", "scenarios/rp01.yaml:1"),
        ("modules/first-talk/quiz.yaml", "- id: m01-q1\n", "modules/first-talk/quiz.yaml:1"),
        ("modules/odd/cards.yaml", "- id: o-1\n  question: A?\n  answer: B.\n", "modules/odd/module.md:1"),
        ("library.yaml", "id: x\n", "library.yaml:1"),
    ],
)
def test_problems_stand_at_the_pack_s_own_files(path, text, place):
    found = {
        f"{problem.path}:{problem.line}"
        for problem in load({**tiny_library_files(), PACK + path: text.encode()}).errors
    }
    assert PACK + place in found


def test_a_broken_pack_leaves_no_library():
    assert load(over(scenarios__rp01_yaml="id: rp01\n")).library is None


def test_each_layer_counts_for_the_version():
    plain = version_of(tiny_library_files())
    packed = version_of(over(scenarios__rp01_yaml=text_of(SCENARIO)))
    assert plain == version_of(changed_library("library.yaml", "id: tiny", "id: tiny")) != packed


def test_hide_yaml_belongs_to_packs_only():
    problems = load({**tiny_library_files(), "hide.yaml": b"modules: [m01]\n"}).problems
    assert "hide.yaml:1: no part of a library stands here" in {str(problem) for problem in problems}


def test_what_is_still_to_do_is_a_warning_at_its_line():
    files = changed_library(SCENARIO, "fears: [Another year of analysis]", "fears: [TODO]")
    loaded = load(files)
    assert loaded.library is not None
    assert [problem.line for problem in loaded.problems if problem.code == "todo"] == [19]
