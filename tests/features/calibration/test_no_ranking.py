"""No ranking by construction: no view and no export lists people by level."""

import json
import re
from html import unescape

import pytest
from sqlalchemy import select

from coachkit.features.decisions.models import Purpose
from coachkit.features.reports import batches
from coachkit.features.reports.models import ReportItem
from coachkit.platform.db import transaction
from tests.factories import calibration as make
from tests.factories import decisions, loop
from tests.factories.routes import paths

pytestmark = [pytest.mark.usefixtures("session"), pytest.mark.calibrated, pytest.mark.one_database]
NAMES = ("Ana Baptiste", "Moe Castellan", "Zed Iturbe")
BY_LEVEL = ("Moe Castellan", "Ana Baptiste", "Zed Iturbe")


def order_of(text):
    """The three people in the order in which they first appear."""
    main = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", text)))
    found = [(main.index(name), name) for name in NAMES if name in main]
    return tuple(name for _place, name in sorted(found))


@pytest.fixture
def everybody(cast):
    decisions.ready()
    decisions.basis(cast)
    purpose_id = decisions.purpose(cast, "zed", "moe", "ana")
    for who in ("ana", "moe", "zed"):
        decisions.released(cast, purpose_id, who)
    decisions.decided(cast, purpose_id)
    values = {who: make.measure(cast.ids[who]).data["together"]["measure"] for who in ("ana", "moe", "zed")}
    assert values["moe"] is None or values["moe"]["value"] > values["zed"]["value"]
    return cast


@pytest.mark.parametrize("who", ["ana", "ben", "eva", "mia", "lea", "cleo", "ada", "otto"])
def test_wherever_people_stand_together_they_stand_by_name(app, everybody, browse, who):
    assert everybody
    somebody, lists = browse(who), 0
    for path in paths(app):
        answer = somebody.get(path)
        if answer.mimetype not in {"text/html", "application/json"} or answer.status_code != 200:
            continue
        order = order_of(answer.text)
        lists += len(order) == 3
        assert order == tuple(sorted(order)), path
        assert order != BY_LEVEL, path
    if who in {"cleo", "ada", "lea"}:
        assert lists


def test_files_of_a_purpose_come_in_the_order_of_people_and_not_of_levels(everybody):
    with transaction() as session:
        purpose_id = session.scalars(select(Purpose.id)).one()
        batch = batches.start_released(session, loop.actor(session, everybody.cleo), purpose_id)
        query = select(ReportItem.person_id).where(ReportItem.batch_id == batch.id).order_by(ReportItem.id)
        asked = list(session.scalars(query))
    assert asked == sorted(everybody.ids[who] for who in ("ana", "moe", "zed"))


def test_an_export_is_about_one_person(everybody, browse):
    export = browse("ana").get("/account/export").text
    assert set(order_of(export)) <= {"Ana Baptiste"}
    assert not re.search(r"rank|percentile|position|place_of", json.dumps(json.loads(export)["measures"]))


def test_nothing_that_is_kept_is_a_probability_or_a_rank(everybody):
    data = make.measure(everybody.ana).data
    words = json.dumps(data)
    assert not re.search(r"probab|chance|percentile|rank", words)
