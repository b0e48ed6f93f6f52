"""What an author sees on the command line, and what of a folder is read at all."""

import json
import os

import pytest
from click.testing import CliRunner

from coachkit.cli_content import content
from coachkit.domain.content.text_files import MAX_FILE_BYTES
from coachkit.platform.library_files import read_folder
from tests.factories.library import changed_library, tiny_library_files, written


def test_a_folder_is_read_as_it_stands(tmp_path):
    assert read_folder(written(tiny_library_files(), tmp_path)) == tiny_library_files()


def test_links_that_lead_out_of_the_folder_are_not_followed(tmp_path):
    outside = written({"secret.md": b"secret"}, tmp_path / "outside")
    library = written({"library.yaml": b"id: a"}, tmp_path / "library")
    (library / "leak.md").symlink_to(outside / "secret.md")
    (library / "modules").symlink_to(outside, target_is_directory=True)
    (library / "nowhere.md").symlink_to(library / "gone.md")
    (library / "same.md").symlink_to(library / "library.yaml")
    assert read_folder(library) == {"library.yaml": b"id: a", "same.md": b"id: a"}


def test_pipes_and_hidden_folders_are_left_aside(tmp_path):
    library = written({"library.yaml": b"id: a", ".git/config": b"x"}, tmp_path)
    os.mkfifo(library / "pipe.md")
    assert list(read_folder(library)) == ["library.yaml"]


def test_no_more_is_read_of_a_huge_file_than_shows_that_it_is_too_large(tmp_path):
    library = written({"library.yaml": b"#" * (MAX_FILE_BYTES + 5_000)}, tmp_path)
    assert len(read_folder(library)["library.yaml"]) == MAX_FILE_BYTES + 1


def test_a_folder_that_is_none_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_folder(tmp_path / "gone")
    (tmp_path / "file").write_text("x")
    with pytest.raises(NotADirectoryError):
        read_folder(tmp_path / "file")


def run(*words: str):
    return CliRunner().invoke(content, list(words))


def test_check_lists_every_problem_and_a_summary_and_fails(tmp_path):
    files = changed_library("criteria/trust.yaml", "Promises without a date.", "Promises well.")
    result = run("check", str(written(files, tmp_path)))
    lines = result.output.splitlines()
    assert result.exit_code == 1
    assert "criteria/trust.yaml:13: «well» judges; an anchor says what somebody can be seen to do" in lines
    assert "criteria/trust.yaml:1: no calibration set trains coaches in «trust» (warning)" in lines
    assert lines[-1] == "1 error, 5 warnings: the library cannot be published."


def test_check_of_a_sound_library_succeeds_with_its_warnings(tmp_path):
    result = run("check", str(written(tiny_library_files(), tmp_path)))
    assert result.exit_code == 0
    assert result.output.splitlines()[-1] == "0 errors, 5 warnings: the library can be published."


def test_stats_count_what_there_is(tmp_path):
    result = run("stats", str(written(tiny_library_files(), tmp_path)), "--json")
    counts = json.loads(result.output)
    words = counts.pop("words")
    assert 200 < words < 400
    assert counts == {
        "modules": 1,
        "scenarios": 1,
        "dialogues": 1,
        "quiz_items": 8,
        "criteria": 4,
        "minutes": 40,
        "anchors": 20,
        "calibration_sets": 1,
    }


def test_stats_for_people_has_one_line_for_each_count(tmp_path):
    result = run("stats", str(written(tiny_library_files(), tmp_path)))
    assert "quiz items               8" in result.output.splitlines()


def test_stats_of_a_broken_library_fails(tmp_path):
    assert run("stats", str(written({"library.yaml": b"id: a"}, tmp_path))).exit_code == 1
