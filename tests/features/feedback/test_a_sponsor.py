"""The boss as sponsor: sees what the learner shares, by link or account, and is seen looking."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from coachkit.features.feedback.sponsor.models import Sponsor
from coachkit.platform import clock
from coachkit.platform.access_record import AccessRecord
from tests.factories import loop
from tests.factories.mails import link_in, sent
from tests.features.feedback.test_the_field_log import planned

HOURS = "Two hours a week until March."
DATES = "Away from the desk on Thursday afternoons."
PLAN = "If a tool is named, then I will ask for the change"


def name(browser, email: str = "olu@plant.example"):
    return browser.post("/sponsor", name="Olu Adeyemi", email=email)


def share(browser, **changed):
    return browser.post("/sponsor/share", **{"hours": HOURS, "dates": DATES, "send": "1"} | changed)


@pytest.fixture
def link(app, browse):
    """Olu's link to hours and dates."""
    ana = browse("ana")
    assert name(ana).status_code == 303
    assert sent(app) == []
    assert share(ana).status_code == 303
    return link_in(sent(app)[-1])


def test_the_link_shows_what_is_shared_and_the_learner_sees_the_look(browse, app, cast, session, link):
    with app.app_context():
        planned(cast)
    page = browse(None).get(link)
    assert page.status_code == 200
    assert HOURS in page.text
    assert DATES in page.text
    assert PLAN not in page.text
    looks = browse("ana").get("/account/looks").text
    assert "Your sponsor, by the link" in looks
    assert "opened what you share with your sponsor" in looks


def test_plans_are_shown_only_if_shared_and_never_those_from_practice(browse, app, cast, link):
    with app.app_context():
        planned(cast, "practice", "ben")
    share(browse("ana"), plans="y", send="")
    assert PLAN not in browse(None).get(link).text
    with app.app_context():
        planned(cast)
    page = browse(None).get(link).text
    assert PLAN in page
    for secret in (loop.SAID, "Her words show it", "My own line", "In the third minute.", "Rosa"):
        assert secret not in page, secret


def test_taken_back_it_is_gone_at_once(browse, session, link):
    assert browse("ana").post("/sponsor/end").status_code == 303
    assert browse(None).get(link).status_code == 404
    row = session.scalars(select(Sponsor)).one()
    assert (row.token_hash, row.email, row.hours, row.dates) == (None, "", "", "")


def test_after_thirty_days_the_link_is_dead_until_a_new_one_is_sent(browse, app, link):
    with clock.shifted(timedelta(days=29)):
        assert browse(None).get(link).status_code == 200
    with clock.shifted(timedelta(days=30, minutes=1)):
        assert browse(None).get(link).status_code == 404
        assert share(browse("ana")).status_code == 303
        newer = link_in(sent(app)[-1])
        assert newer != link
        assert browse(None).get(newer).status_code == 200
        assert browse(None).get(link).status_code == 404


def test_a_sponsor_with_an_account_needs_no_link(browse, app, cast, session):
    ana = browse("ana")
    name(ana, "ada@tessel.example")
    share(ana)
    assert link_in(sent(app)[-1]) == "/sponsored"
    ada = browse("ada")
    assert HOURS in ada.get("/sponsored").text
    assert session.scalars(select(AccessRecord)).one().viewer_id == cast.ada
    assert HOURS not in browse("cleo").get("/sponsored").text
    ana.post("/sponsor/end")
    assert HOURS not in ada.get("/sponsored").text


@pytest.mark.one_database
def test_no_look_is_answered_without_its_record(browse, link, monkeypatch):
    from coachkit.features.feedback.sponsor import routes
    from coachkit.platform.errors import UnavailableError

    def broken(*_args, **_more):
        raise UnavailableError

    monkeypatch.setattr(routes, "record_look", broken)
    answer = browse(None).get(link)
    assert answer.status_code == 503
    assert HOURS not in answer.text


@pytest.mark.one_database
def test_one_sponsor_at_a_time_and_never_oneself(browse):
    ana = browse("ana")
    assert name(ana, "ana@tessel.example").status_code == 422
    assert name(ana).status_code == 303
    assert name(ana, "bo@plant.example").status_code == 409


@pytest.mark.one_database
def test_the_learner_s_preview_is_what_the_sponsor_sees(browse, link):
    mine = browse("ana").get("/sponsor").text
    assert "Exactly what Olu Adeyemi sees" in mine
    assert HOURS in mine


@pytest.mark.parametrize("who", ["ben", "cleo", "ada", "lea", "otto"])
@pytest.mark.one_database
def test_nobody_names_or_ends_a_sponsor_for_a_learner(browse, session, link, who):
    somebody = browse(who)
    assert somebody.get("/sponsor").status_code == 404
    assert somebody.post("/sponsor/end").status_code == 404
    assert share(somebody).status_code == 404
    assert session.scalars(select(Sponsor)).one().hours == HOURS
