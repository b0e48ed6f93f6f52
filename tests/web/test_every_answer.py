"""What holds for every answer, whatever its page: headers, no inline code, a title and one heading."""

import re

import pytest

from tests.factories import loop
from tests.factories.routes import paths

EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PEOPLE = ("ana", "ben", "lea", "cleo", "ada", "otto", None)
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE)
TAGS = re.compile(r"<[^>]*>")


def policy(answer) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


def assert_guarded(answer) -> None:
    for name, value in EXPECTED.items():
        assert answer.headers.get_all(name) == [value], name
    found = policy(answer)
    assert found["default-src"] == "'none'"
    assert found["script-src"] == found["style-src"] == found["img-src"] == found["form-action"] == "'self'"
    assert found["base-uri"] == found["object-src"] == found["frame-ancestors"] == "'none'"
    assert found["require-trusted-types-for"] == "'script'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert not [name for name, _value in answer.headers if name.startswith("Access-Control-")]
    assert answer.headers["Content-Type"].startswith(
        ("text/", "application/json", "font/", "image/", "application/pdf")
    )
    if answer.mimetype.startswith("text/"):
        assert "charset=utf-8" in answer.headers["Content-Type"]


def assert_plain(answer) -> None:
    """No inline code, and the frame that readers and screen readers rely on."""
    html = answer.text
    for tag in TAGS.findall(html):
        assert not INLINE.search(tag), tag
    assert re.search(r"<title>[^<]*\S[^<]* · coachkit</title>", html), html[:400]
    assert len(re.findall(r"<h1[ >]", html)) == 1
    assert '<html lang="en-GB">' in html


@pytest.fixture
def lived_in(app, cast):
    """One attempt that both have rated, one that waits, one that is begun."""
    with app.app_context():
        loop.revealed(cast)
        loop.submitted(cast, scenario_id="rp19")
        loop.started(cast, scenario_id="rp18")


@pytest.mark.usefixtures("lived_in")
@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_carries_the_headers_and_no_inline_code(who, app, browse):
    somebody = browse(who)
    seen = set()
    for path in paths(app):
        answer = somebody.get(path)
        assert answer.status_code < 500, (path, answer.text[-400:])
        seen.add(answer.status_code)
        assert_guarded(answer)
        if answer.mimetype == "text/html" and not 300 <= answer.status_code < 400:
            assert_plain(answer)
        if who and not path.startswith(("/static", "/modules/", "/healthz")):
            assert "no-store" in answer.headers["Cache-Control"], path
    assert {200, 404} <= seen


@pytest.mark.parametrize(
    ("code", "method", "path", "sent"),
    [
        (404, "GET", "/nowhere", {}),
        (404, "GET", "/practice/<script>alert(1)</script>", {}),
        (405, "POST", "/glossary", {}),
        (400, "GET", "/modules?a=1&a=2", {}),
        (400, "POST", "/account/password", {"data": {"password": "x"}}),
        (413, "POST", "/sign-in", {"data": {"email": "x" * 300_000}}),
        (422, "POST", "/sign-in", {"data": {"email": "", "csrf_token": "mine"}}),
        (401, "POST", "/account/end-others", {"data": {"csrf_token": "mine"}}),
        (403, "POST", "/sign-in", {"headers": {"Origin": "https://evil.example"}}),
        (400, "GET", "/sign-in", {"headers": {"Host": "evil.example"}}),
    ],
)
@pytest.mark.one_database
def test_refusals_carry_the_headers_too(code, method, path, sent, browse):
    stranger = browse(None)
    if sent.get("data", {}).get("csrf_token") == "mine":
        sent["data"]["csrf_token"] = stranger.token()
    answer = stranger.client.open(path, method=method, **sent)
    assert answer.status_code == code, answer.text
    assert_guarded(answer)
    assert_plain(answer)


def test_an_address_is_shown_as_text(browse):
    page = browse("ada").get('/admin/people?search="><script>alert(1)</script>')
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert" in page.text


@pytest.mark.one_database
def test_over_https_browsers_are_told_to_stay_there(settings):
    from dataclasses import replace

    from coachkit.app import create_app

    app = create_app(replace(settings, base_url="https://coachkit.example"))
    answer = app.test_client().get("/sign-in", base_url="https://coachkit.example")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-coachkit=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    with app.app_context():
        from coachkit.platform.db import db

        db.engine.dispose()


@pytest.mark.one_database
def test_static_files_may_be_kept_for_ever_under_their_own_address(app, browse):
    page = browse(None).get("/sign-in").text
    address = re.search(r'href="(/static/css/site\.css\?v=\w+)"', page)[1]
    stranger = browse(None)
    assert "immutable" in stranger.get(address).headers["Cache-Control"]
    assert stranger.get("/static/css/site.css?v=older").headers["Cache-Control"] == "no-cache"
    for way_out in ("/static/../app.py", "/static/%2e%2e/app.py", "/static//etc/passwd", "/static/..%2fapp.py"):
        assert stranger.get(way_out).status_code in {404, 308}, way_out


@pytest.mark.one_database
def test_two_people_behind_one_cache_never_get_each_other_s_page(browse):
    for who in ("ana", "dan"):
        answer = browse(who).get("/modules")
        assert "Cookie" in answer.headers["Vary"]
        assert "no-store" in answer.headers["Cache-Control"]
