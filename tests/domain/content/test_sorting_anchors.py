"""Judges sort shuffled anchors; each anchor is told how often it was put at its level."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from coachkit.cli import main
from coachkit.domain.content import anchor_sorting
from coachkit.domain.content.anchor_sorting import SheetError, cards, read_sheet, score, sheet
from coachkit.domain.content.parse import load
from tests.factories.library import tiny_library_files

CRITERIA = {criterion.id: criterion for criterion in load(tiny_library_files()).library.criteria}
NEEDS = CRITERIA["interviewing.needs"]


def filled(put, seed=1) -> str:
    """A sheet with the level that `put` gives to each true level."""
    rows = list(csv.DictReader(io.StringIO(sheet([NEEDS], seed))))
    levels = {letter: level for letter, level, _text in cards(NEEDS, seed)}
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=rows[0].keys())
    writer.writeheader()
    writer.writerows({**row, "level": str(put(levels[row["card"]]))} for row in rows)
    return out.getvalue()


SWAP_3_4 = {1: 1, 2: 2, 3: 4, 4: 3, 5: 5}.get


def test_a_sheet_gives_no_level_away_and_repeats_with_its_seed():
    text = sheet([NEEDS], 7)
    assert text == sheet([NEEDS], 7)
    assert len({tuple(level for _l, level, _t in cards(NEEDS, seed)) for seed in range(20)}) > 5
    assert "As 3" not in text
    assert "As 4" not in text
    assert all(row["level"] == "" for row in csv.DictReader(io.StringIO(text)))


def test_anchors_that_all_find_are_kept_and_those_mixed_up_are_named():
    right = read_sheet(filled(lambda level: level), CRITERIA, 1)
    wrong = read_sheet(filled(SWAP_3_4), CRITERIA, 1)
    found = {result.level: result for result in score([right, right, wrong, wrong])}
    assert [found[level].exact for level in range(1, 6)] == [4, 4, 2, 2, 4]
    assert all(result.within_one == 4 for result in found.values())
    assert found[3].mixed_up_with == (4,)
    assert found[4].mixed_up_with == (3,)
    assert [level for level in range(1, 6) if not found[level].keep] == [3, 4]


def test_one_judge_in_four_mixes_nothing_up():
    right = read_sheet(filled(lambda level: level), CRITERIA, 1)
    wrong = read_sheet(filled(SWAP_3_4), CRITERIA, 1)
    assert all(result.keep and not result.mixed_up_with for result in score([right, right, right, wrong]))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n", "columns"),
        ("criterion,card,level\nno.such,A,1\n", "line 2: there is no criterion"),
        ("criterion,card,level\ninterviewing.needs,A,6\n", "line 2"),
        ("criterion,card,level\ninterviewing.needs,A,1\ninterviewing.needs,A,2\n", "twice"),
        ("criterion,card,level\ninterviewing.needs,A,1\n", "all five"),
    ],
)
def test_a_sheet_that_cannot_be_read_says_why(text, words):
    with pytest.raises(SheetError, match=words):
        read_sheet(text, CRITERIA, 1)


def test_from_the_command_line_and_back(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("COACHKIT_INSTANCE", str(tmp_path))
    run = CliRunner()
    path = tmp_path / "judge.csv"
    made = run.invoke(main, ["anchors", "shuffle", "trust.repair", "--seed", "3", "--out", str(path)])
    assert made.exit_code == 0, made.output
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    assert [row["card"] for row in rows] == ["A", "B", "C", "D", "E"]
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, fieldnames=anchor_sorting.COLUMNS)
        writer.writeheader()
        writer.writerows({**row, "level": str(number)} for number, row in enumerate(rows, start=1))
    plain = run.invoke(main, ["anchors", "score", "--seed", "3", str(path)])
    assert plain.output.count("trust.repair") == 5
    data = json.loads(run.invoke(main, ["anchors", "score", "--seed", "3", "--json", str(path)]).output)
    assert data["judges"] == 1
    assert {row["level"] for row in data["anchors"]} == {1, 2, 3, 4, 5}
    assert run.invoke(main, ["anchors", "shuffle", "no.such"]).exit_code == 1
