"""The author's commands: compare, begin, draw, hand over, lay packs over."""

import json
import random

import pytest
from click.testing import CliRunner

from coachkit.cli_content import content
from tests.factories.library import changed_library, tiny_library_files, written

TINY = tiny_library_files()


def run(*words: str):
    return CliRunner().invoke(content, list(words))


@pytest.fixture
def tiny(tmp_path):
    return written(TINY, tmp_path / "tiny")


def test_diff_tells_what_an_edition_changes_for_people_under_way(tiny, tmp_path):
    other = changed_library("criteria/trust.yaml", "Promises without a date.", "Promises no date.")
    result = run("diff", str(tiny), str(written(other, tmp_path / "other")))
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0] == "Criteria"
    assert "changed trust.reliability: anchor 1 changed" in lines[1]
    assert lines[1].endswith("its version was not raised")
    assert "stay readable" in lines[-1]


def test_diff_of_the_same_and_of_a_broken_edition(tiny, tmp_path):
    assert run("diff", str(tiny), str(tiny)).output == "No difference that anybody would see.\n"
    broken = written({"library.yaml": b"id: a"}, tmp_path / "broken")
    assert run("diff", str(tiny), str(broken)).exit_code == 1


@pytest.mark.parametrize(
    ("words", "file"),
    [
        (["module", "m02", "--slug", "second-talk"], "modules/second-talk/module.md"),
        (["module", "m03"], "modules/m03/module.md"),
        (["scenario", "rp02"], "scenarios/rp02.yaml"),
        (["dialogue", "bd2"], "dialogues/bd2.yaml"),
    ],
)
def test_new_writes_a_beginning_that_passes_and_never_writes_over_anything(tiny, words, file):
    result = run("new", *words, "--in", str(tiny))
    assert result.exit_code == 0, result.output
    assert str(tiny / file) in result.output
    assert run("check", str(tiny)).exit_code == 0
    before = (tiny / file).read_bytes()
    assert run("new", *words, "--in", str(tiny)).exit_code == 1
    assert (tiny / file).read_bytes() == before


@pytest.mark.parametrize("name", ["../m02", "M02", "m 2", "m_2", "rp01", "m01"])
def test_new_refuses_a_name_that_is_none_or_is_taken(tiny, name):
    assert run("new", "module", name, "--in", str(tiny)).exit_code == 1
    assert run("new", "module", "m02", "--slug", "first-talk", "--in", str(tiny)).exit_code == 1
    assert sorted(path.name for path in (tiny / "modules").iterdir()) == ["first-talk"]


def test_graph_follows_every_way_and_draws_it(tiny, tmp_path):
    for name in ("bd1", "rp01"):
        result = run("graph", name, str(tiny), "--svg", str(tmp_path / "x.svg"))
        assert result.exit_code == 0, result.output
        assert {
            "nodes             3",
            "dead ends         none",
            "paths             72",
            "ending            e_need (good), met: A first date",
        } <= set(result.output.splitlines()), result.output
    assert (tmp_path / "x.svg").read_text().startswith("<svg ")
    assert run("graph", "bd9", str(tiny)).exit_code == 1


def test_graph_of_an_unfinished_dialogue_says_what_is_missing(tmp_path):
    files = changed_library("dialogues/bd1.yaml", "{to: e_polite}", "{to: e_gone}")
    folder = written(files, tmp_path / "broken")
    result = run("graph", "bd1", str(folder), "--svg", str(tmp_path / "x.svg"))
    assert "targets missing   e_gone" in result.output
    assert "not reached       e_polite" in result.output


def test_a_pack_is_handed_over_as_one_file(tiny, tmp_path):
    written({".git/config": b"secret", "notes.txt": b"mine", "README.md": b"# Read me"}, tiny)
    assert run("export", str(tmp_path / "tiny.zip"), str(tiny)).exit_code == 0
    result = run("import", str(tmp_path / "tiny.zip"), str(tmp_path / "copy"))
    assert result.exit_code == 0, result.output
    assert "the library can be published" in result.output
    copied = {str(path.relative_to(tmp_path / "copy")) for path in (tmp_path / "copy").rglob("*") if path.is_file()}
    assert copied == {*TINY, "README.md"}
    again = run("import", str(tmp_path / "tiny.zip"), str(tmp_path / "copy"))
    assert again.exit_code == 1
    assert "Nothing was written" in again.output


def test_check_and_stats_take_packs(tiny, tmp_path):
    scenario = TINY["scenarios/rp01.yaml"].replace(b"id: rp01", b"id: acme-1")
    pack = written({"scenarios/acme-1.yaml": scenario}, tmp_path / "Acme's own")
    assert json.loads(run("stats", str(tiny), "--json", "--pack", str(pack)).output)["scenarios"] == 2
    written({"scenarios/acme-1.yaml": b"id: acme-1\n"}, pack)
    result = run("check", str(tiny), "--pack", str(pack))
    assert result.exit_code == 1
    assert f"{pack}/scenarios/acme-1.yaml:1: " in result.output


def test_schema_writes_one_file_for_each_kind(tmp_path):
    assert run("schema", str(tmp_path / "schemas")).exit_code == 0
    assert json.loads((tmp_path / "schemas/scenario.json").read_text())["title"].startswith("coachkit: scenarios/")


PIECES = [
    "# Title",
    "Some *words* and [a link](x.md).",
    "- item\n- item\n  - deeper",
    "```python\nprint(1)\n```",
    "> quote",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "<div align=center>\n<img src=x>\n</div>",
    "---\ntitle: Post\ntags: [a, b]\n---",
    "![badge](https://example.org/b.svg)",
    "[ref]: https://example.org",
    "Text[^1]\n\n[^1]: note",
    "$$x^2$$",
    "::: note\nx\n:::",
    "{% include x %}",
    "<!-- comment -->",
    "Setext\n======",
    "[[wiki|link]]",
    "- [ ] task",
    "&nbsp;",
    "\u202eabc",
    "a  \nb",
    "[" * 500,
    "*" * 500,
    "> " * 60,
    "<a>" * 300,
    "word " * 2000,
]
NAMES = [
    "README.md",
    "docs/{}.md",
    "modules/{}/module.md",
    "modules/{}/quiz.yaml",
    "scenarios/{}.yaml",
    "library.yaml",
    "dialogues/{}.yaml",
    "criteria/{}.yaml",
    "glossary.yaml",
    "packs/{}/glossary.yaml",
    "packs/{}/hide.yaml",
    "Ünï {}.md",
    "modules/{}/files/{}.md",
    "calibration/{}.yaml",
    "blog/2020-01-01-{}.markdown",
    "src/{}.py",
    "img/{}.png",
]


@pytest.mark.parametrize("seed", range(12))
def test_a_folder_from_somewhere_else_is_reported_and_neither_crashes_nor_hangs(tmp_path, seed):
    dice = random.Random(seed)
    for number in range(60):
        name = dice.choice(NAMES).replace("{}", f"n{number}")
        text = "\n\n".join(dice.choices(PIECES, k=dice.randint(0, 12)))
        data = dice.randbytes(200) if name.endswith(".png") else text.encode(dice.choice(["utf-8", "utf-8", "utf-16"]))
        written({name: data}, tmp_path)
    result = CliRunner().invoke(content, ["check", str(tmp_path)])
    assert result.exit_code == 1
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.output.splitlines()[-1].endswith("the library cannot be published.")
