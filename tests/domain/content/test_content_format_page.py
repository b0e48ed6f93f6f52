"""The page for authors tells the truth: each of its examples, put into the tiny library, passes the check."""

import json
import re
from pathlib import Path

import pytest

from coachkit.cli_content import schema_texts
from coachkit.domain.content.editor_schemas import schemas
from coachkit.domain.content.parse import load
from tests.factories.library import MODULE, tiny_library_files

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "content-format.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"^```(yaml|markdown)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^###? (.+)$", re.MULTILINE)
PACK = "packs/01-page/"
CARDS = "- id: m06-c0\n  question: Q?\n  answer: A.\n"
SCENARIO = tiny_library_files()["scenarios/rp01.yaml"].replace(b"id: rp01", b"id: rp04")


def examples() -> list[tuple[str, str]]:
    """Each fenced example with the heading that it stands under."""
    found = []
    for match in EXAMPLE.finditer(PAGE):
        heading = [each[1] for each in HEADING.finditer(EXAMPLE.sub("", PAGE[: match.start()]))][-1].replace(
            "&lt;", "<"
        )
        found.append((heading.replace("&gt;", ">"), match[2]))
    return found


EXAMPLES = examples()


def quiz(first: str = "") -> bytes:
    """Eight items for m06, of which the page may show the first."""
    items = (
        tiny_library_files()["modules/first-talk/quiz.yaml"].decode().replace("m01-", "m06-").replace("Request", "Item")
    )
    if not first:
        return items.encode()
    return (first + items[items.index("- id: m06-q2") :]).encode()


def module(text: str = "", **parts: bytes) -> dict[str, bytes]:
    text = text or next(example for heading, example in EXAMPLES if heading.endswith("module.md"))
    folder = "modules/from-want-to-need/"
    return {
        folder + "module.md": text.encode(),
        folder + "quiz.yaml": parts.get("quiz", quiz()),
        folder + "cards.yaml": parts.get("cards", CARDS.encode()),
        folder + "files/confirmation-page.md": b"# Confirmation\n",
    }


def as_pack(heading: str, text: str) -> dict[str, bytes]:
    """The files of a pack in which the example has its place."""
    if heading.endswith("module.md") and text.startswith("---\n"):
        return module(text)
    if heading.endswith("module.md"):
        cut = "## Where it goes wrong {#common-mistakes}"
        if text.startswith("::: task"):
            body = MODULE.replace(
                '::: task solo 10 "Three requests"\nWrite one question for each of three requests.\n:::', text
            )
            body = body.replace("practice_minutes: 30", "practice_minutes: 35").replace("minutes: 40", "minutes: 45")
        else:
            body = MODULE.replace(cut, f"{cut}\n\n{text}", 1)
        return {"modules/first-talk/module.md": body.encode()} | {
            path: data
            for path, data in tiny_library_files().items()
            if path.startswith("modules/first-talk/") and not path.endswith("module.md")
        }
    if heading.endswith("quiz.yaml"):
        return module(quiz=quiz(text))
    if heading.endswith("cards.yaml"):
        return module(cards=text.encode())
    if heading == "hide.yaml":
        return {"hide.yaml": text.encode(), **module()}
    own = re.search(r"^id: (\S+)", text, re.MULTILINE)
    path = re.sub("<(skill|id)>", own[1] if own else "", heading)
    return {path: text.encode(), "scenarios/rp04.yaml": SCENARIO, **({path: text.encode()} if own else {})}


@pytest.mark.parametrize(
    ("heading", "text"), EXAMPLES, ids=[f"{n}-{heading}" for n, (heading, _) in enumerate(EXAMPLES)]
)
def test_an_example_of_the_page_passes_the_check(heading, text):
    pack = {PACK + path: data for path, data in as_pack(heading, text).items()}
    below = tiny_library_files()
    if heading.startswith("criteria"):  # the example shows one criterion of the skill; the tiny library uses three
        pack[PACK + "criteria/interviewing.yaml"] = with_its_sisters(text).encode()
    loaded = load(below | pack)
    assert loaded.errors == (), [str(problem) for problem in loaded.errors]
    assert not {problem.code for problem in loaded.problems} & {"stray-file", "todo"}


def with_its_sisters(skill: str) -> str:
    """The example's skill with the criteria that others in the tiny library refer to."""
    whole = tiny_library_files()["criteria/interviewing.yaml"].decode()
    others = whole[whole.index("  - id: interviewing.questions") : whole.index("mapping:")]
    return skill.replace("mapping:", others + "mapping:", 1)


def test_the_page_shows_every_kind_of_file():
    headings = {heading for heading, _ in EXAMPLES}
    for kind in (
        "library",
        "sources",
        "glossary",
        "misconceptions",
        "criteria",
        "module",
        "quiz",
        "cards",
        "scenarios",
    ):
        assert any(kind in heading for heading in headings), kind
    assert any("dialogues" in heading for heading in headings)
    assert any("calibration" in heading for heading in headings)


def test_the_schemas_beside_the_page_are_those_of_the_code():
    stored = {path.name: path.read_text(encoding="utf-8") for path in (DOCS / "schemas").iterdir()}
    assert stored == schema_texts()


def test_a_schema_knows_the_keys_of_its_file_and_no_others():
    dialogue = schemas()["dialogue"]
    assert {"id", "start", "nodes", "endings"} <= set(dialogue["required"])
    assert dialogue["additionalProperties"] is False
    assert "if" in json.dumps(schemas()["dialogue"]["$defs"]["AuthoredRoute"]["properties"])
    assert schemas()["quiz"]["type"] == "array"
