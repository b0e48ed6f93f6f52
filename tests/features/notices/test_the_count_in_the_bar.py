"""How many notices are new stands in the bar of every page, in words, and costs no page a statement."""

import re
from datetime import timedelta

import pytest

from coachkit.features.feedback import telling
from coachkit.features.notices import service
from coachkit.features.practice import service as practice
from coachkit.platform import clock, jobs
from coachkit.platform.db import db, transaction
from tests.factories import loop
from tests.factories.statements import recorded

pytestmark = pytest.mark.usefixtures("session")
STEP = "/modules/how-to-practise/why-it-matters"


def bar(page) -> str:
    """What the bar says of notices, as it is read out."""
    found = re.search(r'<a class="news" href="/notices">(.*?)</a>', page.text, re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[1]) if found else ""


@pytest.fixture
def attempt_id(cast):
    """Ana has sent an attempt, and Ben was told."""
    found = loop.submitted(cast)
    jobs.run_waiting()
    return found


@pytest.mark.parametrize("path", ["/", "/feedback/queue", "/account", "/notices", STEP, "/nothing-here"])
def test_every_page_says_in_words_how_many_are_new(browse, cast, path):
    ben = browse("ben")
    assert bar(ben.get(path)) == ""
    loop.submitted(cast)
    jobs.run_waiting()
    assert bar(ben.get(path)) == "1 new notice"
    loop.submitted(cast, scenario_id="rp19")
    jobs.run_waiting()
    assert bar(ben.get(path)) == "2 new notices"
    assert bar(browse("dan").get(path)) == "", "somebody else's count"


def test_a_page_that_is_kept_by_a_browser_is_sent_again_when_the_count_has_changed(browse, cast):
    ben = browse("ben")
    tag = ben.get(STEP).headers["ETag"]
    assert ben.get(STEP, headers={"If-None-Match": tag}).status_code == 304
    loop.submitted(cast)
    jobs.run_waiting()
    assert bar(ben.get(STEP, headers={"If-None-Match": tag})) == "1 new notice"


def test_the_count_costs_no_statement(browse, attempt_id):
    ben = browse("ben")
    ben.get(STEP)
    with recorded(db.engine) as sent:
        assert bar(ben.get(STEP)) == "1 new notice"
    assert len(sent.data) <= 3, sent.data


def test_what_somebody_has_just_done_leaves_her_count(browse, cast, attempt_id):
    """Ben sends his rating from the queue and never opens the notice that sent him there."""
    ben = browse("ben")
    form = loop.coach_form(loop.scenario())
    assert ben.post(f"/feedback/{attempt_id}", **form).status_code == 303
    assert bar(ben.get("/")) == ""


def test_a_second_view_that_was_given_leaves_her_count_while_the_first_is_awaited(browse, cast, attempt_id):
    loop.asked_second(cast, attempt_id, "mia")
    jobs.run_waiting()
    mia = browse("mia")
    assert bar(mia.get("/")) == "1 new notice"
    mia.post(f"/feedback/{attempt_id}/second", **loop.second_form(loop.scenario()))
    assert bar(mia.get("/")) == ""


@pytest.mark.one_database
def test_whoever_leaves_many_unread_saves_as_fast_as_others(app, browse, cast, monkeypatch):
    monkeypatch.setattr(service, "AT_ONCE", 2)
    ben, cost = browse("ben"), []
    for number in range(4):
        about = loop.submitted(cast)
        with transaction() as own:
            service.tell(own, app.config["COACHKIT"], [cast.ben], telling.ANSWERED, about)
        with recorded(db.engine) as sent:
            assert ben.post("/notices/mails", mails="each").status_code == 303
        cost.append(len(sent.data))
        assert bar(ben.get("/")) == f"{number + 1} new notice{'s' if number else ''}"
    assert cost[3] == cost[1]


def test_what_others_did_is_said_in_the_list_and_can_be_cleared(browse, cast, attempt_id):
    with transaction() as own:
        practice.withdraw(own, loop.actor(own, cast.ana), attempt_id)
    ben = browse("ben")
    page = ben.get("/notices")
    assert bar(page) == "1 new notice"
    assert "1 more notice concerns you no longer." in page.text
    ben.post("/notices/read")
    page = ben.get("/notices")
    assert bar(page) == ""
    assert "no longer" not in page.text


@pytest.mark.one_database
def test_strangers_and_sign_in_pages_have_no_count(browse, attempt_id):
    for path in ("/sign-in", "/reset"):
        assert bar(browse(None).get(path)) == ""


@pytest.mark.one_database
def test_reading_one_takes_it_off(browse, attempt_id):
    ben = browse("ben")
    with clock.shifted(timedelta(minutes=1)):
        ben.post("/notices/1")
    assert bar(ben.get("/")) == ""
