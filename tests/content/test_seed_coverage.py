"""Every claim the programme was built from is answered by something that exists, or is owed by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from coachkit.app import create_app
from coachkit.platform.settings import read_settings
from tests.content.elements import of_the_library, of_the_product

HERE = Path(__file__).parent
ROWS: list[dict[str, Any]] = yaml.safe_load((HERE / "coverage.yaml").read_text("utf-8"))
OWED: list[dict[str, Any]] = yaml.safe_load((HERE / "owed.yaml").read_text("utf-8"))
OWED_AT_MOST = 4
"""How long the list of what is owed was last time. Lower it with the list; it is never raised."""


@pytest.fixture(scope="module")
def existing(shipped, tmp_path_factory) -> set[str]:
    """Every element there is."""
    settings = read_settings({}, instance=tmp_path_factory.mktemp("coverage"), secret_key="for tests only")
    return of_the_library(shipped) | of_the_product(create_app(settings))


def owed() -> set[str]:
    return {line["element"] for line in OWED}


def test_the_map_has_each_of_the_eighty_two_claims_once_with_a_title():
    assert [row["row"] for row in ROWS] == list(range(1, 83))
    assert all(row["title"] and row["by"] for row in ROWS)
    assert len({row["title"] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"row-{row['row']}")
def test_whatever_answers_a_claim_exists_or_is_owed(row, existing):
    assert not set(row["by"]) - existing - owed()


def test_what_is_owed_does_not_exist_yet(existing):
    assert not owed() & existing, "it is there: take it off owed.yaml and lower OWED_AT_MOST"


def test_what_is_owed_is_named_by_just_the_rows_that_wait_for_it():
    waiting = {line["element"]: {row["row"] for row in ROWS if line["element"] in row["by"]} for line in OWED}
    assert waiting == {line["element"]: set(line["rows"]) for line in OWED}


def test_the_list_of_what_is_owed_only_shrinks():
    assert len(OWED) == len(owed()) == OWED_AT_MOST


def test_every_criterion_dialogue_and_module_answers_some_claim_of_the_seeds(shipped):
    named = {element for row in ROWS for element in row["by"]}
    for kind, things in (("criterion", shipped.criteria), ("dialogue", shipped.dialogues), ("module", shipped.modules)):
        assert {f"{kind} {thing.id}" for thing in things} <= named
