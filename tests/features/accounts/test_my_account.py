"""One's own account: where one is signed in, the password, and who has looked."""

import pytest
from sqlalchemy import select

from coachkit.features.accounts import secrets
from coachkit.platform.audit import AuditEvent
from tests.factories import loop
from tests.factories.cast import PASSWORD

NEW = "seven other dry words"


def test_it_says_who_i_am_and_who_coaches_me(browse):
    page = browse("ana").get("/account").text
    for part in ("Ana Baptiste", "learner", "Logistics", "ana@tessel.example", "Ben Tanaka"):
        assert part in page
    assert "Eva Lindholm" not in page


def test_i_can_sign_out_every_other_browser(browse):
    here, there, dan = browse("ana"), browse("ana"), browse("dan")
    assert "Sign out everywhere else" in here.get("/account").text
    assert here.post("/account/end-others").status_code == 303
    assert there.get("/account").status_code == 303
    assert here.get("/account").status_code == 200
    assert dan.get("/account").status_code == 200


def test_a_new_password_signs_out_the_others_and_not_me(browse, session):
    here, there = browse("ana"), browse("ana")
    assert here.post("/account/password", password=PASSWORD, new_password=NEW).status_code == 303
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 303
    assert browse(None).post("/sign-in", email="ana@tessel.example", password=NEW).status_code == 303
    assert "person:change-password" in session.scalars(select(AuditEvent.action)).all()


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("not the right one", NEW, "This is not your present password."),
        (PASSWORD, "short", "At least 15 characters"),
        (PASSWORD, "ana baptiste tessel", "made of your name"),
        (PASSWORD, "passwordpassword123", "guessing list"),
        (PASSWORD, "x" * 1025, "At most 1,024 characters"),
        ("", NEW, "Please give a password."),
    ],
)
def test_a_password_that_cannot_be_taken_says_why(browse, old, new, said):
    answer = browse("ana").post("/account/password", password=old, new_password=new)
    assert answer.status_code == 422
    assert said in answer.text
    assert browse(None).post("/sign-in", email="ana@tessel.example", password=PASSWORD).status_code == 303


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("password", "fine"),
    [
        ("x7" * 7, False),
        ("correct horse battery staple", False),
        ("four small dry words", True),
        ("ünï cödé pässwörter", True),
        ("aaaaaaaaaaaaaaaaaaaa", False),
        ("Tessel Components 1", False),
        ("a" * 500 + "bcdefgh" * 60, True),
        ("brm liaison 4 the win", True),
    ],
)
def test_length_counts_and_guessable_ones_are_refused(settings, password, fine):
    assert (secrets.password_problem(settings, password) is None) is fine


@pytest.mark.one_database
def test_a_password_is_never_cut_off(settings):
    stored = secrets.hash_password(settings, "a" * 100 + "b")
    assert secrets.hasher(settings).verify(stored, "a" * 100 + "b")
    with pytest.raises(Exception, match="does not match"):
        secrets.hasher(settings).verify(stored, "a" * 100 + "c")


def test_wrong_present_passwords_are_slowed_down(browse):
    ana = browse("ana")
    codes = [ana.post("/account/password", password=f"wrong one {n}", new_password=NEW).status_code for n in range(12)]
    assert codes[0] == 422
    assert codes[-1] == 429


def test_nobody_has_looked_yet(browse):
    assert "Nobody has looked" in browse("ana").get("/account/looks").text


def test_each_look_stands_there_with_who_and_what(browse, app, cast):
    with app.app_context():
        attempt_id = loop.submitted(cast)
    assert browse("ben").get(f"/feedback/{attempt_id}").status_code == 200
    page = browse("ana").get("/account/looks").text
    assert "Ben Tanaka" in page
    assert "opened your attempt" in page
    assert "Wants and needs" in page
    assert "Nobody has looked" in browse("dan").get("/account/looks").text


def test_looking_at_my_own_things_is_no_look(browse, app, cast):
    with app.app_context():
        attempt_id = loop.revealed(cast)
    ana = browse("ana")
    assert ana.get(f"/feedback/{attempt_id}/reveal").status_code == 200
    assert "Nobody has looked" in ana.get("/account/looks").text


@pytest.mark.one_database
def test_a_stranger_has_no_account_page(browse):
    for path in ("/account", "/account/looks", "/account/prove"):
        assert browse(None).get(path).location.startswith("/sign-in?next=/account")
