"""From the first administrator's link to an invited person's first page."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from coachkit.features.accounts import service
from coachkit.features.accounts.models import OneTime, Person
from coachkit.platform import clock, jobs
from coachkit.platform.audit import AuditEvent
from coachkit.platform.db import Base, transaction
from coachkit.platform.jobs import Outbox
from coachkit.platform.policy import Role
from tests.factories.browsing import Browser
from tests.factories.mails import link_in, sent

NEW = "seven other dry words"
NOA = {"name": "Noa Levi", "email": "Noa@Tessel.example", "unit": "Returns", "track": "business", "roles": "learner"}


@pytest.fixture
def nobody(session):
    """The same tables without a person."""
    for table in reversed(Base.metadata.sorted_tables):
        if table.name not in {"library_snapshot", "audit_event"}:
            session.execute(table.delete())
    session.commit()
    return session


def invite(browser, **changed):
    return browser.post("/admin/people/new", **(NOA | changed))


def actions(session) -> list[str]:
    return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))


def person(session, email="noa@tessel.example"):
    return session.scalars(select(Person).where(Person.email == email)).one_or_none()


def first_link(session) -> str:
    with transaction() as own:
        return f"/first-admin/{service.first_admin_link(own)}"


def admin_form(**changed):
    return {"name": "Ida Berg", "email": "ida@tessel.example", "password": NEW} | changed


def test_whoever_opens_the_first_link_becomes_administrator(nobody, browse):
    link = first_link(nobody)
    stranger = browse(None)
    assert "You are the first" in stranger.get(link).text
    assert stranger.post(link, **admin_form()).location == "/admin/people"
    assert "Ida Berg" in stranger.get("/admin/people").text
    ida = person(nobody, "ida@tessel.example")
    assert service.roles_of(nobody, ida.id) == {Role.ADMIN}
    assert actions(nobody) == ["person:first-admin"]


def test_the_first_link_works_once(nobody, browse):
    link = first_link(nobody)
    browse(None).post(link, **admin_form())
    late = browse(None)
    assert late.get(link).status_code == 404
    assert late.post(link, **admin_form(email="eve@tessel.example")).status_code == 404
    assert nobody.scalar(select(func.count()).select_from(Person)) == 1


def test_the_first_link_ends_after_seven_days(nobody, browse):
    link = first_link(nobody)
    with clock.shifted(timedelta(days=7, minutes=1)):
        assert browse(None).get(link).status_code == 404


def test_where_people_are_there_is_no_first_link(session):
    assert service.first_admin_link(session) is None


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"password": "too short"}, "At least 15 characters"),
        ({"name": ""}, "Please give your name."),
        ({"email": "ida"}, "does not look like an e-mail address"),
        ({"password": "tessel example berg"}, "made of your name"),
    ],
)
def test_the_first_page_says_what_is_missing_and_keeps_the_rest(nobody, browse, changed, said):
    link = first_link(nobody)
    stranger = browse(None)
    answer = stranger.post(link, **admin_form(**changed))
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="Ida Berg"' in answer.text or changed.get("name") == ""
    assert stranger.get(link).status_code == 200, "the link is not spent"


def test_an_invited_person_comes_in_by_mail(browse, app, session):
    invited = invite(browse("ada"))
    assert invited.status_code == 303
    (mail,) = sent(app)
    assert mail["To"] == "noa@tessel.example"
    assert "Noa Levi" in mail.get_content()
    noa = browse(None)
    link = link_in(mail)
    assert "Welcome to coachkit" in noa.get(link).text
    assert noa.post(link, password=NEW).location == "/"
    assert "Noa Levi" in noa.get("/account").text
    again = Browser(app, None)
    assert again.post("/sign-in", email="noa@tessel.example", password=NEW).status_code == 303
    assert actions(session)[-3:] == ["person:invite", "person:invitation", "session:begin"]


def test_an_invitation_is_used_once(browse, app):
    invite(browse("ada"))
    link = link_in(sent(app)[0])
    browse(None).post(link, password=NEW)
    late = browse(None)
    assert late.get(link).status_code == 404
    assert "This link has ended" in late.get(link).text
    assert late.post(link, password="another long one here").status_code == 404


def test_an_invitation_ends_after_seven_days(browse, app):
    invite(browse("ada"))
    link = link_in(sent(app)[0])
    with clock.shifted(timedelta(days=6, hours=23)):
        assert browse(None).get(link).status_code == 200
    with clock.shifted(timedelta(days=7, minutes=1)):
        assert browse(None).get(link).status_code == 404
        assert browse(None).post(link, password=NEW).status_code == 404


@pytest.mark.one_database
def test_a_link_for_one_purpose_opens_no_other(browse, app):
    invite(browse("ada"))
    token = link_in(sent(app)[0]).rsplit("/", 1)[1]
    for purpose in ("reset", "first-admin"):
        assert browse(None).get(f"/{purpose}/{token}").status_code == 404


def test_the_administrator_can_hand_over_a_link_which_ends_the_mailed_one(browse, app, session):
    ada = browse("ada")
    location = invite(ada).location
    mailed = link_in(sent(app)[0])
    page = ada.post(f"{location}/invitation").text
    handed = page.split("<code>http://127.0.0.1:8000")[1].split("</code>")[0]
    assert browse(None).get(mailed).status_code == 404
    assert browse(None).get(handed).status_code == 200
    assert handed not in ada.get(location).text, "shown only once"
    assert actions(session)[-1] == "person:invite-again"


def test_nobody_gets_a_link_to_an_account_with_a_password(browse, cast, session):
    assert browse("ada").post(f"/admin/people/{cast.ana}/invitation").status_code == 409
    assert session.scalars(select(OneTime)).all() == []


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"email": "ana@tessel.example"}, "has an account already"),
        ({"email": "ANA@Tessel.example "}, "has an account already"),
        ({"name": " "}, "Please give a name."),
        ({"email": "noa@tessel.example\r\nBcc: all@tessel.example"}, "does not look like an e-mail address"),
        ({"roles": ""}, "Choose at least one role."),
        ({"roles": "emperor"}, "not a valid choice"),
        ({"track": "sea"}, "Not a valid choice"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_an_invitation_that_cannot_be_sent_says_why_and_keeps_what_was_typed(browse, session, changed, said):
    form = NOA | changed
    if not form["roles"]:
        del form["roles"]
    answer = browse("ada").post("/admin/people/new", **form)
    assert answer.status_code == 422
    assert said.lower() in answer.text.lower()
    assert 'value="Returns"' in answer.text
    assert person(session) is None
    assert session.scalars(select(Outbox)).all() == []


def test_the_same_invitation_sent_twice_is_one(browse, app, session):
    ada = browse("ada")
    first = invite(ada, key="k" * 22)
    second = invite(ada, key="k" * 22)
    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert len(sent(app)) == 1
    assert actions(session).count("person:invite") == 1


def test_neither_queue_nor_database_holds_a_token(browse, app, session):
    invite(browse("ada"))
    args = session.scalars(select(Outbox.args)).one()
    assert args == {"person_id": person(session).id, "kind": "invitation"}
    session.rollback()
    token = link_in(sent(app)[0]).rsplit("/", 1)[1]
    assert token.encode() not in session.scalars(select(OneTime.token_hash)).one()


def test_a_closed_account_gets_no_mail(browse, app, session, cast):
    with transaction() as own:
        own.get(Person, cast.ana).active = False
        jobs.enqueue(own, "accounts.mail_link", person_id=cast.ana, kind="reset")
    assert sent(app) == []


@pytest.mark.one_database
@pytest.mark.parametrize("who", ["ana", "ben", "lea", "cleo", "otto"])
def test_only_an_administrator_invites(browse, session, who):
    assert invite(browse(who)).status_code == 403
    assert person(session) is None
