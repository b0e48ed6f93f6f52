"""What somebody tries who has no business here: guessing, flooding, enumerating, and reading over a shoulder."""

import io
import re
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import func, select

from coachkit.features.accounts import secrets
from coachkit.features.accounts.models import Login, OneTime, Throttle
from coachkit.platform import clock, jobs, log
from coachkit.platform.db import transaction
from coachkit.platform.idempotency import SubmitKey
from tests.factories.cast import PASSWORD
from tests.factories.mails import sent

ANA = "ana@tessel.example"
WRONG = "five other wet words"
SOMEBODY = "somebody@tessel.example"


def sign_in(browser, email=ANA, password=PASSWORD, **more):
    return browser.client.post(
        "/sign-in", data={"csrf_token": browser.token(), "email": email, "password": password}, **more
    )


@pytest.mark.one_database
@pytest.mark.parametrize("email", [ANA, "nobody@tessel.example"])
def test_an_unknown_address_costs_as_many_hashes_as_a_known_one(browse, monkeypatch, email):
    stranger = browse(None)
    sign_in(stranger, email="warm@tessel.example", password=WRONG)
    work, made = [], secrets.hasher

    class Counting:
        def __init__(self, settings):
            self._hasher = made(settings)

        def verify(self, *args):
            work.append("verify")
            return self._hasher.verify(*args)

        def hash(self, *args):
            work.append("hash")
            return self._hasher.hash(*args)

    monkeypatch.setattr(secrets, "hasher", Counting)
    sign_in(stranger, email=email, password=WRONG)
    assert work == ["verify"]


@pytest.mark.one_database
def test_a_hash_for_an_unknown_address_needs_one_place_only(browse, monkeypatch):
    """With two guessers at once, each would otherwise wait for the other for ever."""
    places = secrets.threading.Semaphore(1)
    patient = type(
        "Place",
        (),
        {
            "__enter__": lambda _s: None if places.acquire(timeout=2) else pytest.fail("waits for itself"),
            "__exit__": lambda _s, *_a: places.release(),
        },
    )()
    monkeypatch.setattr(secrets, "_hashing", patient)
    monkeypatch.setattr(secrets, "_stand_in", {})
    assert sign_in(browse(None), email="nobody@tessel.example", password=WRONG).status_code == 422


@pytest.mark.one_database
def test_one_household_has_more_addresses_than_anybody_can_count_and_is_one_network(browse):
    attacker = browse(None)
    codes = [
        sign_in(attacker, password=WRONG, environ_base={"REMOTE_ADDR": f"2001:db8::{n:x}:1:2:3"}).status_code
        for n in range(1, 13)
    ]
    assert codes[-1] == 429
    assert sign_in(browse(None), environ_base={"REMOTE_ADDR": "2001:db8:0:7::1"}).status_code == 303


def test_nobody_s_letter_box_is_flooded_from_many_networks(browse, app):
    stranger = browse(None)
    for n in range(30):
        answer = stranger.client.post(
            "/reset",
            data={"csrf_token": stranger.token(), "email": ANA},
            environ_base={"REMOTE_ADDR": f"203.0.{n}.9"},
        )
        assert answer.status_code == 200
        assert "If there is an account with this address" in answer.text
    assert len(sent(app)) == 5
    with clock.shifted(timedelta(minutes=16)):
        stranger.post("/reset", email=ANA)
        assert len(sent(app)) == 6


def test_proving_who_one_is_gives_the_browser_a_new_secret(browse):
    ada = browse("ada")
    before = ada.client.get_cookie("coachkit").value
    assert ada.post("/account/prove", password=PASSWORD).status_code == 303
    thief = browse(None)
    thief.client.set_cookie("coachkit", before)
    assert thief.get("/account").status_code == 303
    assert ada.get("/account").status_code == 200


@pytest.mark.parametrize("who", ["ada"])
def test_a_form_that_asks_for_the_password_first_gives_back_what_was_typed(browse, who):
    admin = browse(who)
    with clock.shifted(timedelta(minutes=11)):
        admin.get("/admin/basis")
        answer = admin.post(
            "/admin/basis", notice="Letter of 3 March.", legal_basis="Works agreement 12.", consultation=""
        )
    assert answer.status_code == 401
    assert "Letter of 3 March." in answer.text
    assert "/account/prove" in answer.text
    assert "Confirm that it is you" in answer.text


def logged(happening) -> str:
    """What the log of a server says of it."""
    out = io.StringIO()
    log.set_up(readable=False)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(out))
    try:
        happening()
    finally:
        log.set_up(readable=False)
    return out.getvalue()


def _fails_with_words(session, *, text: str) -> None:
    from coachkit.features.accounts.service import new_person

    new_person(session, name=text, email=SOMEBODY, roles=[], track="neither")


def test_an_error_in_the_log_shows_code_and_never_what_somebody_wrote(app, monkeypatch):
    monkeypatch.setitem(jobs.HANDLERS, "tests.fails_with_words", _fails_with_words)

    def fail() -> None:
        with app.app_context():
            with transaction() as session:
                jobs.enqueue(session, "tests.fails_with_words", text="SECRETWORDS")
            jobs.run_waiting()

    said = logged(fail)
    assert "job_failed" in said
    assert "IntegrityError" in said
    assert "new_person" in said
    assert "SECRETWORDS" not in said
    assert "tessel.example" not in said


@pytest.mark.one_database
def test_an_unexpected_error_in_the_log_shows_no_message_made_of_words(app, browse, monkeypatch):
    from coachkit.features.home import queries

    def broken(*_args):
        try:
            int("SECRETWORDS")
        except ValueError as error:
            raise RuntimeError("about SECRETWORDS") from error

    monkeypatch.setattr(queries, "learner_home", broken)
    ana = browse("ana")
    said = logged(lambda: ana.get("/"))
    assert "RuntimeError" in said
    assert "ValueError" in said
    assert "in broken" in said
    assert "SECRETWORDS" not in said.replace('int(\\"SECRETWORDS\\")', "").replace('\\"about SECRETWORDS\\"', "")


@pytest.mark.one_database
def test_what_is_written_for_others_on_the_server_is_readable_by_its_owner_only(browse, app):
    browse(None).post("/reset", email=ANA)
    assert sent(app)
    folder = app.config["COACHKIT"].instance / "mail"
    assert folder.stat().st_mode & 0o077 == 0


def test_sessions_links_receipts_and_counts_do_not_outlive_their_use(browse, session):
    browse("ana").post("/practice/scenarios/rp04/start", kind="practice")
    browse(None).post("/reset", email=ANA)
    sign_in(browse(None), password=WRONG)
    with clock.shifted(timedelta(days=31)):
        browse("dan")
    assert session.scalar(select(func.count()).select_from(Login)) == 1
    assert session.scalar(select(func.count()).select_from(OneTime)) == 0
    assert session.scalar(select(func.count()).select_from(SubmitKey)) == 0
    assert session.scalar(select(func.count()).select_from(Throttle)) == 0


def test_a_mail_spells_a_name_as_it_is(browse, app):
    browse("ada").post(
        "/admin/people/new", name="Aoife O'Brien & Co", email="aoife@tessel.example", track="it", roles="learner"
    )
    text = sent(app)[-1].get_content()
    assert "Hello Aoife O'Brien & Co," in text


@pytest.mark.parametrize("value", ["99999999999999999999999", str(2**31), "-5", "x"])
def test_the_audit_page_takes_any_number(browse, value):
    assert browse("otto").get(f"/audit?before={value}").status_code == 200


def test_a_page_says_nothing_about_the_token_of_anybody_else(browse):
    """Pages that are kept for many readers are filled afresh for each."""
    path = "/modules/interviewing-for-needs/why-it-matters"
    pages = {who: browse(who).get(path) for who in ("ana", "dan", "ben")}
    tokens = re.compile(r'(?:csrf_token|idempotency_key)" value="([^"]+)"')
    found = {who: set(tokens.findall(page.text)) for who, page in pages.items()}
    assert all(found.values())
    assert not found["ana"] & found["dan"]
    for who, page in pages.items():
        others = {"ana": "Ana Baptiste", "dan": "Dan Okoro", "ben": "Ben Tanaka"}
        mine = others.pop(who)
        assert mine in page.text
        assert not [name for name in others.values() if name in page.text]
    stolen = browse("dan").get(path, headers={"If-None-Match": pages["ana"].headers["ETag"]})
    assert stolen.status_code == 200
