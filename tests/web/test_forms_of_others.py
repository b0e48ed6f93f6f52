"""A form counts only if our own page made it, for this browser."""

import pytest
from sqlalchemy import func, select

from coachkit.features.accounts.models import Login
from coachkit.platform.idempotency import new_key
from tests.factories.loop import SCENARIO
from tests.factories.routes import paths

pytestmark = pytest.mark.one_database
BY_MAIL_PROGRAMS = "/notices/stop/"
"""One click in a mail program (RFC 8058): it can hold no token of ours, so the address itself is the secret."""
START = f"/practice/scenarios/{SCENARIO}/start"


def send(browser, path=START, *, token=None, **headers):
    data = {"kind": "practice", "idempotency_key": new_key(), "cue": "she names a tool at once"}
    if token is not None:
        data["csrf_token"] = token
    return browser.client.post(path, data=data, headers=headers)


def attempts(session) -> int:
    from coachkit.features.practice.models import Attempt

    return session.scalar(select(func.count()).select_from(Attempt))


def test_without_a_token_nothing_happens_and_the_text_comes_back(browse, session):
    answer = send(browse("ana"))
    assert answer.status_code == 400
    assert "she names a tool at once" in answer.text
    assert attempts(session) == 0


@pytest.mark.parametrize("whose", ["ana", "dan", None])
def test_the_token_of_another_session_is_none(browse, session, whose):
    """Also one's own token from another browser."""
    answer = send(browse("ana"), token=browse(whose).token())
    assert answer.status_code == 400
    assert attempts(session) == 0


def test_a_token_in_the_address_is_none(browse, session):
    ana = browse("ana")
    assert send(ana, f"{START}?csrf_token={ana.token()}").status_code == 400
    assert attempts(session) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1.evil.example"},
        {"Origin": "https://localhost"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
def test_a_form_on_another_site_is_refused_even_with_the_token(browse, session, headers):
    ana = browse("ana")
    answer = send(ana, token=ana.token(), **headers)
    assert answer.status_code == 403
    assert "she names a tool at once" in answer.text
    assert attempts(session) == 0


def test_our_own_page_may_send(browse, session):
    ana = browse("ana")
    own = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert send(ana, token=ana.token(), **own).status_code == 303
    assert attempts(session) == 1


def test_a_foreign_page_cannot_sign_somebody_in(browse, session):
    stranger = browse(None)
    data = {"email": "dan@tessel.example", "password": "four small dry words"}
    assert stranger.client.post("/sign-in", data=data).status_code == 400
    assert session.scalar(select(func.count()).select_from(Login)) == 0


@pytest.mark.parametrize("who", ["ana", "ben", "ada", "cleo", None])
def test_no_route_takes_a_form_without_a_token(who, app, browse):
    somebody = browse(who)
    for path in paths(app, "POST"):
        if path.startswith(BY_MAIL_PROGRAMS):
            assert somebody.client.post(path).status_code == 404, path
            continue
        refused = {400} if who else {400, 401}  # a stranger's upload is not even read
        assert somebody.client.post(path, data={"idempotency_key": new_key()}).status_code in refused, path


def test_another_method_in_disguise_changes_nothing(browse, session):
    ana = browse("ana")
    assert ana.client.get(START, headers={"X-HTTP-Method-Override": "POST"}).status_code == 405
    assert ana.client.get(f"{START}?_method=POST").status_code == 405
    assert ana.client.put(START, data={"kind": "official"}).status_code in {400, 405}
    assert ana.client.open("/practice", method="TRACE").status_code in {400, 405}
    assert attempts(session) == 0


def test_json_is_no_form(browse, session):
    ana = browse("ana")
    body = '{"kind": "official", "csrf_token": "x"}'
    for kind in ("application/json", "text/plain"):
        answer = ana.client.post(START, data=body, content_type=kind)
        assert answer.status_code == 400
    assert attempts(session) == 0


def test_without_a_receipt_number_a_form_is_refused_and_its_text_comes_back(browse, session):
    ana = browse("ana")
    answer = ana.client.post(START, data={"csrf_token": ana.token(), "kind": "official", "cue": "he is late again"})
    assert answer.status_code == 409
    assert "he is late again" in answer.text
    assert attempts(session) == 0


@pytest.mark.one_database
@pytest.mark.parametrize(
    "path", ["/modules?page=1&page=2", "/admin/people?search=a&search=b", "/sign-in?next=/&next=/x"]
)
def test_an_argument_given_twice_is_refused(browse, path):
    assert browse("ada").get(path).status_code == 400
