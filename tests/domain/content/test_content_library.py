"""What the rest of coachkit can rely on once a library has been read."""

import pytest
from pydantic import ValidationError

from coachkit.domain.content.model import Library
from coachkit.domain.content.parse import load
from tests.factories.library import changed_library, tiny_library_files

MODULE = "modules/first-talk/module.md"


@pytest.fixture(scope="module")
def library() -> Library:
    loaded = load(tiny_library_files())
    assert loaded.library is not None, loaded.problems
    return loaded.library


def version_of(files: dict[str, bytes]) -> str:
    loaded = load(files)
    assert loaded.library is not None, loaded.problems
    return loaded.library.version


def test_the_tiny_library_has_no_error_and_only_the_warnings_of_a_partial_programme():
    loaded = load(tiny_library_files())

    assert loaded.errors == ()
    assert {problem.code for problem in loaded.problems} == {"coverage-scenario", "coverage-calibration"}


def test_everything_can_be_looked_up_by_the_name_it_has_in_its_file(library):
    assert library.module("m01") is library.module_by_slug("first-talk")
    assert library.scenario("rp01").stakeholder.name == "Amara Diallo"
    assert library.criterion("trust.reliability").anchors[3].startswith("Keeps the date")
    assert library.skill_of("trust.reliability").id == "trust"
    assert library.dialogue("bd1").node("r1").is_fork
    assert library.dialogue("bd1").ending("e_need").tone == "good"
    assert library.dialogue_of("rp01") is library.dialogue("bd1")
    assert library.term("need").see == ("want",)
    assert library.source("SPIN88").mark == "2"
    assert library.calibration_set("cal-interviewing-1").reference[1].level == "not-observed"
    assert library.misconception("rule-shield").belief
    assert library.world("a").name == "Harbour Office"
    assert library.quiz_item("m01-q1").key.key
    assert library.card("m01-c2").question
    with pytest.raises(KeyError):
        library.scenario("rp99")


def test_options_and_choices_are_named_by_their_place_in_the_file(library):
    item = library.module("m01").quiz_item("m01-q1")
    assert [option.id for option in item.options] == ["m01-q1-a", "m01-q1-b", "m01-q1-c"]
    node = library.dialogue("bd1").node("n1")
    assert [choice.id for choice in node.choices] == ["bd1-n1-a", "bd1-n1-b", "bd1-n1-c"]
    assert [choice.is_best for choice in node.choices] == [False, True, False]


@pytest.mark.parametrize(("difficulty", "highest"), [(1, 3), (2, 3), (3, 4), (4, 5), (5, 5)])
def test_a_scenario_can_show_no_level_beyond_what_its_difficulty_gives_room_for(difficulty, highest):
    files = changed_library("scenarios/rp01.yaml", "difficulty: 2", f"difficulty: {difficulty}")
    scenario = load(files).library.scenario("rp01")

    assert scenario.max_level("interviewing.needs") == highest
    with pytest.raises(KeyError):
        scenario.max_level("comm.tone")


def test_nothing_in_a_library_can_be_changed(library):
    with pytest.raises(ValidationError):
        library.module("m01").title = "Another"
    with pytest.raises(ValidationError):
        library.version = "0" * 64


def test_a_library_survives_being_written_and_read_as_json(library):
    assert Library.model_validate_json(library.model_dump_json()) == library


def test_reading_the_same_files_twice_gives_the_same_library():
    first, second = load(tiny_library_files()), load(dict(reversed(tiny_library_files().items())))
    assert first.library == second.library
    assert first.problems == second.problems


def test_line_ends_and_byte_order_marks_make_no_new_version(library):
    windows = {path: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n") for path, data in tiny_library_files().items()}
    assert version_of(windows) == library.version


def test_a_readme_makes_no_new_version_and_any_changed_word_does(library):
    assert version_of({**tiny_library_files(), "README.md": b"Hello"}) == library.version
    assert version_of(changed_library(MODULE, "has a ship", "has one ship")) != library.version


def test_an_edited_section_changes_its_own_fingerprint_and_its_module_s_only(library):
    edited = load(changed_library(MODULE, "has a ship", "has one ship")).library
    before, after = library.module("m01"), edited.module("m01")

    assert before.content_hash != after.content_hash
    changed = {section.id for section in before.sections if section not in after.sections}
    hashes = {
        section.id for section in before.sections if section.content_hash != after.section(section.id).content_hash
    }
    assert changed == hashes == {"why-it-matters"}
    assert library.scenario("rp01").content_hash == edited.scenario("rp01").content_hash


@pytest.mark.parametrize(
    ("path", "old", "new", "fingerprint"),
    [
        (
            "criteria/trust.yaml",
            "Promises without a date.",
            "Promises no date.",
            lambda library: library.criterion("trust.reliability").content_hash,
        ),
        (
            "scenarios/rp01.yaml",
            "You are new.",
            "You are new here.",
            lambda library: library.scenario("rp01").content_hash,
        ),
        (
            "modules/first-talk/cards.yaml",
            "the one page?",
            "that one page?",
            lambda library: library.module("m01").content_hash,
        ),
        (
            "modules/first-talk/files/one-page.md",
            "Want: ",
            "Wants: ",
            lambda library: library.module("m01").content_hash,
        ),
        (
            "modules/first-talk/quiz.yaml",
            "Request 1:",
            "Request one:",
            lambda library: library.quiz_item("m01-q1").content_hash,
        ),
    ],
    ids=["criterion", "scenario", "card", "file", "quiz"],
)
def test_whatever_a_learner_may_have_seen_has_a_fingerprint_that_follows_its_text(library, path, old, new, fingerprint):
    edited = load(changed_library(path, old, new)).library
    assert fingerprint(edited) != fingerprint(library)
    assert edited.criterion("interviewing.needs") == library.criterion("interviewing.needs")


def test_a_section_says_how_long_it_takes_tasks_included(library):
    module = library.module("m01")
    assert module.section("practice").minutes == 31
    assert module.section("why-it-matters").minutes == 1
    assert [(task.id, task.minutes) for task in module.tasks] == [
        ("m01-solo", 10),
        ("m01-partner", 10),
        ("m01-work", 10),
    ]


def test_modules_stand_in_the_order_of_their_numbers():
    files = tiny_library_files()
    for number in (2, 10):
        for name in ("module.md", "quiz.yaml", "cards.yaml", "files/one-page.md"):
            text = files[f"modules/first-talk/{name}"].decode().replace("m01", f"m{number}")
            files[f"modules/a-talk-{number}/{name}"] = text.encode()
    loaded = load(files)
    assert loaded.errors == ()
    assert [module.id for module in loaded.library.modules] == ["m01", "m2", "m10"]


def test_plain_yaml_values_stay_the_words_that_the_author_wrote():
    files = changed_library("scenarios/rp01.yaml", "fears: [Another year of analysis]", "fears: [No, 012, yes]")
    assert load(files).library.scenario("rp01").fears == ("No", "012", "yes")
