"""HR's work sheet: numbers in, words out, and the database as it was."""

import re
from html import unescape

import pytest
from sqlalchemy import inspect, text

from coachkit.platform.db import Base, db
from tests.factories.browsing import Browser

pytestmark = pytest.mark.usefixtures("session")
COUNTS = {"first_chosen": "20", "first_others": "20", "second_chosen": "10", "second_others": "30"}
PROTECTED = re.compile(
    r"\b(sex|gender|age|birth\w*|race|ethnic\w*|origin|religion|disab\w*|nationality|union|pregnan\w*|orientation)\b"
)


@pytest.fixture
def sheet(app, cast, browse):
    """HR's browser on the page that an administrator's link opens."""
    page = browse("ada").post("/admin/fairness").text
    path = re.search(r"/fairness/[\w-]{43}", page)[0]
    return Browser(app, None), path


def everything(session):
    session.rollback()
    with db.engine.connect() as connection:
        names = inspect(db.engine).get_table_names()
        return {name: sorted(map(repr, connection.execute(text(f'SELECT * FROM "{name}"')))) for name in names}


@pytest.mark.parametrize("counts", [COUNTS, {**COUNTS, "second_chosen": "4"}, {**COUNTS, "first_chosen": "x"}])
def test_the_database_is_unchanged_afterwards(sheet, session, counts):
    hr, path = sheet
    before = everything(session)
    assert hr.post(path, **counts).status_code in {200, 422}
    assert everything(session) == before


def test_rates_ratio_and_exact_test_in_plain_words(sheet):
    hr, path = sheet
    found = unescape(hr.post(path, **COUNTS).text)
    assert "The lower rate is 50 % of the higher one." in found
    assert "about 4 of 100" in found
    assert "Neither figure shows that a decision was right or lawful." in found
    assert "pass" not in found.lower()


def test_a_cell_below_five_is_refused_and_the_counts_stay_typed(sheet):
    hr, path = sheet
    answer = hr.post(path, **{**COUNTS, "second_chosen": "4"})
    assert answer.status_code == 422
    assert "nothing is calculated" in answer.text
    assert 'value="30"' in answer.text
    assert "The lower rate" not in answer.text


def test_the_sheet_opens_by_its_link_only_and_whoever_decides_makes_none(app, cast, browse, sheet):
    _hr, path = sheet
    for who in ("cleo", "ana", "ben", "lea", "otto"):
        assert browse(who).post("/admin/fairness").status_code == 403, who
    assert Browser(app, None).get(path[:-1] + ("A" if path[-1] != "A" else "B")).status_code == 404
    assert Browser(app, None).get(path).status_code == 200


@pytest.mark.one_database
def test_no_table_has_a_place_for_a_protected_characteristic():
    columns = {f"{t.name}.{c.name}" for t in Base.metadata.sorted_tables for c in t.columns}
    assert [name for name in columns if PROTECTED.search(name.replace("_", " ").replace(".", " "))] == []
