"""Sessions: how they begin, what ends them, and that nothing but the right secret opens one."""

import re
from base64 import b64encode
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from coachkit.features.accounts import secrets
from coachkit.features.accounts.models import Login
from coachkit.platform import clock
from coachkit.platform.audit import AuditEvent
from tests.factories.cast import PASSWORD

ANA = "ana@tessel.example"
WRONG = "five other wet words"


def sign_in(browser, email=ANA, password=PASSWORD, **more):
    return browser.client.post(
        "/sign-in",
        data={"csrf_token": browser.token(), "email": email, "password": password, **more.pop("data", {})},
        **more,
    )


def cookie(browser) -> str:
    return browser.client.get_cookie("coachkit").value


def is_in(browser) -> bool:
    return browser.get("/account").status_code == 200


def test_a_right_password_opens_the_home_page_and_is_recorded(browse, session):
    stranger = browse(None)
    answer = sign_in(stranger)
    assert (answer.status_code, answer.location) == (303, "/")
    assert is_in(stranger)
    assert [e.action for e in session.scalars(select(AuditEvent))] == ["session:begin"]


@pytest.mark.one_database
def test_a_wrong_password_is_said_and_the_address_stays(browse):
    answer = sign_in(browse(None), password=WRONG)
    assert answer.status_code == 422
    assert "do not belong together" in answer.text
    assert f'value="{ANA}"' in answer.text
    assert WRONG not in answer.text


@pytest.mark.one_database
def test_upper_case_and_space_around_an_address_do_not_matter(browse):
    assert sign_in(browse(None), email="  ANA@Tessel.Example ").status_code == 303


@pytest.mark.one_database
def test_a_stranger_is_sent_to_sign_in_and_then_to_where_he_wanted(browse):
    stranger = browse(None)
    answer = stranger.get("/practice?x=1")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/practice?x%3D1")
    assert 'name="next" value="/practice?x=1"' in stranger.get(answer.location).text
    assert sign_in(stranger, data={"next": "/practice?x=1"}).location == "/practice?x=1"


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " https://evil.example",
    "https:evil.example",
    "https:///evil.example",
    "javascript:alert(1)",
    "data:text/html,<b>",
    "/%2f/evil.example",
    "/%5cevil.example",
    "/..//evil.example",
    "/.evil.example",
    "@evil.example",
    "/sign-out",
    "/nowhere-at-all",
    "",
]


@pytest.mark.one_database
@pytest.mark.parametrize("target", ELSEWHERE, ids=repr)
def test_signing_in_leads_to_our_own_pages_only(browse, target):
    answer = sign_in(browse(None), data={"next": target})
    assert answer.status_code == 303
    assert answer.location == "/"


@pytest.mark.one_database
@pytest.mark.parametrize("target", ["/practice", "/modules?x=1", "/feedback/learners/1", "/account/looks"])
def test_signing_in_leads_back_to_a_page_of_ours(browse, target):
    assert sign_in(browse(None), data={"next": target}).location == target


def test_twenty_wrong_passwords_from_one_network_are_slowed_down_and_others_are_not(browse):
    attacker = browse(None)
    codes = [sign_in(attacker, password=f"{WRONG} {n}").status_code for n in range(20)]
    assert set(codes) == {422, 429}
    assert codes == sorted(codes)
    refused = sign_in(attacker)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 15 * 60
    elsewhere = browse(None)
    assert sign_in(elsewhere, environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code == 303
    with clock.shifted(timedelta(minutes=16)):
        assert sign_in(attacker).status_code == 303


def test_a_network_that_tries_many_accounts_is_slowed_down_as_well(browse):
    attacker = browse(None)
    codes = [sign_in(attacker, email=f"p{n}@tessel.example", password=WRONG).status_code for n in range(61)]
    assert codes[-1] == 429
    assert codes[:60] == [422] * 60


@pytest.mark.one_database
def test_the_address_in_a_forwarded_header_is_not_believed(browse):
    attacker = browse(None)
    for n in range(12):
        answer = sign_in(attacker, password=WRONG, headers={"X-Forwarded-For": f"198.51.{n}.1"})
    assert answer.status_code == 429


def test_the_count_of_tries_is_kept_where_every_process_sees_it(browse, app, settings):
    from coachkit.app import create_app
    from coachkit.platform.db import db
    from tests.factories.browsing import Browser

    other = create_app(settings)
    first, second = Browser(app, None), Browser(other, None)
    for n in range(10):
        sign_in((first, second)[n % 2], password=WRONG)
    assert sign_in(first).status_code == sign_in(second).status_code == 429
    with other.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("known", [True, False])
def test_a_stranger_cannot_tell_whether_an_address_has_an_account(browse, monkeypatch, known):
    """The same words and the same number of password hashes."""
    email = ANA if known else "nobody@tessel.example"
    hashes = []
    hasher = secrets.hasher

    class Counting:
        def __init__(self, settings):
            self._hasher = hasher(settings)

        def verify(self, *args):
            hashes.append("verify")
            return self._hasher.verify(*args)

        def __getattr__(self, name):
            return getattr(self._hasher, name)

    stranger = browse(None)
    sign_in(stranger, email="warm@tessel.example", password=WRONG)
    monkeypatch.setattr(secrets, "hasher", Counting)
    answer = sign_in(stranger, email=email, password=WRONG)
    assert (answer.status_code, hashes) == (422, ["verify"])
    assert "This address and password do not belong together." in answer.text
    reset = stranger.post("/reset", email=email)
    assert reset.status_code == 200
    assert "If there is an account with this address" in reset.text


@pytest.mark.one_database
def test_both_answers_to_an_unknown_and_a_known_address_are_the_same_page(browse):
    def neutral(page: str) -> str:
        page = re.sub(r'(csrf_token" value=|Reference )"?[\w.-]+', r"\1", page)
        return page.replace(ANA, "X").replace("nobody@tessel.example", "X")

    pages = {
        path: [
            neutral(browse(None).post(path, email=email, password=WRONG).text)
            for email in (ANA, "nobody@tessel.example")
        ]
        for path in ("/sign-in", "/reset")
    }
    for known, unknown in pages.values():
        assert known == unknown


def test_what_a_browser_had_before_is_dead_after_signing_in(browse, app):
    ana = browse("ana")
    before = cookie(ana)
    sign_in_again = ana.client.post("/sign-in", data={"csrf_token": ana.token(), "email": ANA, "password": PASSWORD})
    assert sign_in_again.status_code == 303
    thief = browse(None)
    thief.client.set_cookie("coachkit", before)
    assert not is_in(thief)
    assert is_in(ana)


@pytest.mark.one_database
def test_a_cookie_set_by_somebody_else_is_not_the_session_afterwards(browse):
    attacker = browse(None)
    attacker.token()
    planted = cookie(attacker)
    victim = browse(None)
    victim.client.set_cookie("coachkit", planted)
    assert sign_in(victim).status_code == 303
    assert not is_in(attacker)


def test_signing_out_ends_the_session_for_a_copied_cookie_too(browse):
    ana, thief = browse("ana"), browse(None)
    thief.client.set_cookie("coachkit", cookie(ana))
    assert is_in(thief)
    answer = ana.post("/sign-out")
    assert answer.status_code == 303
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_in(thief)
    assert not is_in(ana)


@pytest.mark.one_database
def test_what_the_database_knows_of_a_session_opens_nothing(browse, app, session):
    browse("ana")
    stored = session.scalars(select(Login.token_hash)).one()
    signer = app.session_interface.get_signing_serializer(app)
    for value in (stored.hex(), b64encode(stored).decode(), stored.decode("latin-1")):
        thief = browse(None)
        thief.client.set_cookie("coachkit", signer.dumps({"sid": value}))
        assert not is_in(thief)


@pytest.mark.one_database
def test_a_changed_cookie_opens_nothing(browse):
    thief = browse(None)
    payload, _, rest = cookie(browse("ana")).partition(".")
    thief.client.set_cookie("coachkit", f"{payload[:-2]}AA.{rest}")
    assert not is_in(thief)


@pytest.mark.one_database
@pytest.mark.parametrize(("who", "minutes"), [("ana", 120), ("ben", 120), ("cleo", 30), ("ada", 30), ("otto", 30)])
def test_an_idle_session_ends_sooner_for_those_who_see_more(browse, who, minutes):
    somebody = browse(who)
    with clock.shifted(timedelta(minutes=minutes - 1)):
        assert is_in(somebody)
    with clock.shifted(timedelta(minutes=2 * minutes - 2)):
        assert is_in(somebody), "using it keeps it alive"
    with clock.shifted(timedelta(minutes=3 * minutes)):
        assert not is_in(somebody)


def test_after_twelve_hours_everybody_signs_in_again(browse):
    ana = browse("ana")
    for hours in range(1, 12):
        with clock.shifted(timedelta(hours=hours)):
            assert is_in(ana)
    with clock.shifted(timedelta(hours=12, minutes=1)):
        assert not is_in(ana)


def test_each_browser_has_a_session_of_its_own(browse, session):
    browse("ana"), browse("ana")
    assert session.scalar(select(func.count()).select_from(Login)) == 2
