"""Reset links: who gets one, how long it works, and what it ends."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from coachkit.features.accounts.models import Login, Person
from coachkit.platform import clock
from coachkit.platform.db import transaction
from tests.factories.cast import PASSWORD
from tests.factories.mails import link_in, sent

NEW = "seven other dry words"
ANA = "ana@tessel.example"


def ask(browser, email=ANA, **more):
    return browser.client.post("/reset", data={"csrf_token": browser.token(), "email": email}, **more)


def link(browse, app) -> str:
    ask(browse(None))
    return link_in(sent(app)[-1])


def test_the_new_password_counts_and_the_old_one_does_not(browse, app):
    path = link(browse, app)
    ana = browse(None)
    assert ana.post(path, password=NEW).location == "/"
    assert ana.get("/account").status_code == 200
    assert browse(None).post("/sign-in", email=ANA, password=PASSWORD).status_code == 422
    assert browse(None).post("/sign-in", email=ANA, password=NEW).status_code == 303


def test_every_browser_is_signed_out(browse, app):
    before = browse("ana")
    browse(None).post(link(browse, app), password=NEW)
    assert before.get("/account").status_code == 303


def test_a_link_works_once(browse, app):
    path = link(browse, app)
    browse(None).post(path, password=NEW)
    assert browse(None).get(path).status_code == 404
    assert browse(None).post(path, password=PASSWORD).status_code == 404


def test_a_link_works_for_thirty_minutes(browse, app):
    path = link(browse, app)
    with clock.shifted(timedelta(minutes=29)):
        assert browse(None).get(path).status_code == 200
    with clock.shifted(timedelta(minutes=31)):
        assert browse(None).get(path).status_code == 404
        assert browse(None).post(path, password=NEW).status_code == 404


def test_a_newer_link_ends_the_older_one(browse, app):
    first, second = link(browse, app), link(browse, app)
    assert browse(None).get(first).status_code == 404
    assert browse(None).get(second).status_code == 200


def test_a_refused_password_does_not_spend_the_link(browse, app):
    path = link(browse, app)
    ana = browse(None)
    answer = ana.post(path, password="short")
    assert answer.status_code == 422
    assert "At least 15 characters" in answer.text
    assert ana.post(path, password=NEW).status_code == 303


@pytest.mark.one_database
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "localhost"},
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Proto": "https"},
        {"Forwarded": "host=evil.example"},
    ],
    ids=str,
)
def test_the_link_leads_to_the_configured_address_whatever_the_request_says(browse, app, headers):
    assert ask(browse(None), headers=headers).status_code == 200
    assert "http://127.0.0.1:8000/reset/" in sent(app)[0].get_content()
    assert "evil" not in sent(app)[0].get_content()


@pytest.mark.one_database
def test_a_request_for_another_host_is_refused(browse, app):
    assert ask(browse(None), headers={"Host": "evil.example"}).status_code == 400
    assert sent(app) == []


def test_an_unknown_address_gets_no_mail(browse, app):
    assert ask(browse(None), email="nobody@tessel.example").status_code == 200
    assert sent(app) == []


def test_nobody_can_be_flooded_with_mails(browse, app):
    codes = [ask(browse(None)).status_code for _ in range(12)]
    assert codes[-1] == 429
    assert len(sent(app)) <= 10


def test_a_closed_account_cannot_be_opened_by_a_link(browse, app, cast, session):
    path = link(browse, app)
    with transaction() as own:
        own.get(Person, cast.ana).active = False
    assert browse(None).post(path, password=NEW).status_code == 404
    ask(browse(None))
    assert len(sent(app)) == 1


def test_the_old_password_works_until_the_new_one_is_set(browse, app, session):
    link(browse, app)
    assert browse(None).post("/sign-in", email=ANA, password=PASSWORD).status_code == 303
    assert session.scalar(select(func.count()).select_from(Login)) == 1


def test_changing_the_password_ends_an_open_reset_link(browse, app):
    path = link(browse, app)
    changed = browse("ana").post("/account/password", password=PASSWORD, new_password=NEW)
    assert changed.status_code == 303
    assert browse(None).get(path).status_code == 404
