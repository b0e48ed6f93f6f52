"""The reference of a sample is in no page, file or answer before the coach has stored her own rating of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from coachkit.features.licence import service
from coachkit.platform import clock
from coachkit.platform.db import transaction
from tests.factories import loop
from tests.factories.cast import unlicensed
from tests.factories.library import changed_library
from tests.factories.routes import paths
from tests.factories.shelf import published
from tests.factories.training import answers, form

CANARIES = ("CANARY-EVIDENCE", "CANARY-REASON")
SAMPLE = "/licence/rounds/1/cal-interviewing-1"
pytestmark = pytest.mark.one_database


@pytest.fixture(autouse=True)
def canaries(app, cast):
    """The tiny library with canaries in a reference; Ben and Mia coach, Ben is in a round."""
    files = changed_library("calibration/cal-interviewing-1.yaml", "“So what is it for?”, and", CANARIES[0])
    plain = files["calibration/cal-interviewing-1.yaml"].decode()
    files["calibration/cal-interviewing-1.yaml"] = plain.replace("asked for once and dropped", CANARIES[1]).encode()
    published(app, files)
    with app.app_context(), transaction() as session:
        unlicensed(session, cast.ben)
        service.start(session, loop.actor(session, cast.ben), loop.library(), "interviewing")


def leaks(app, browser) -> list[str]:
    """Every address whose answer holds a canary."""
    found = []
    for path in [*paths(app), "/search?q=CANARY", "/search?q=quay", "/licence/skills/interviewing?version="]:
        if path.endswith(("/export", "report.json")) or not path.startswith("/static"):
            answer = browser.get(path)
            if any(canary in answer.text for canary in CANARIES):
                found.append(path)
    return found


@pytest.mark.parametrize("who", ["ben", "mia", "ana", "lea", "ada", "cleo", "otto", None])
def test_nobody_meets_it_anywhere_before(app, browse, who):
    assert leaks(app, browse(who)) == []


def test_neither_does_a_refused_rating_show_it(app, browse, cast):
    ben = browse("ben")
    for answer in (ben.get(SAMPLE), ben.post(SAMPLE), ben.post("/licence/skills/interviewing/start")):
        assert "CANARY" not in answer.text
    assert ben.get(SAMPLE).status_code == 200


def test_afterwards_it_is_shown_to_her_alone(app, browse, cast):
    with app.app_context():
        books = loop.library()
    ben = browse("ben")
    assert ben.post(SAMPLE, **form(answers(books, books.calibration_set("cal-interviewing-1")))).status_code == 303
    assert set(leaks(app, ben)) == {
        SAMPLE,
        "/licence/rounds/1",
        "/licence/skills/interviewing",
        "/licence/skills/interviewing?version=",
    }
    for who in ("mia", "ana", "lea", "ada"):
        assert leaks(app, browse(who)) == []


def test_in_a_second_round_it_is_sealed_again_until_she_has_rated_it_again(app, browse, cast):
    with app.app_context():
        books = loop.library()
        sample = books.calibration_set("cal-interviewing-1")
        with transaction() as session, clock.shifted(timedelta(days=-2)):
            ben = loop.actor(session, cast.ben)
            service.rate(session, ben, 1, sample.id, answers(books, sample))
        with transaction() as session:
            second = service.start(session, ben, books, "interviewing").id
    browser = browse("ben")
    assert leaks(app, browser) == []
    again = browser.get(SAMPLE)
    assert again.status_code == 303
    page = f"/licence/rounds/{second}/{sample.id}"
    assert browser.post(page, **form(answers(books, sample))).status_code == 303
    assert "CANARY-REASON" in browser.get(page).text
    assert "CANARY-REASON" in browser.get(SAMPLE).text
