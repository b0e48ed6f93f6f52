"""Text that somebody typed is never lost: whatever goes wrong, it stands in the answer."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import event

from coachkit.features.practice.models import Attempt
from coachkit.platform import clock
from coachkit.platform import db as database
from coachkit.platform.db import db
from tests.factories import loop

TEXT = "«What is it for?», I asked.\n\nShe said: “eleven ships & <b>no</b> papers” 🚢"
AREAS = re.compile(r"<textarea[^>]*>\r?\n?(.*?)</textarea>", re.DOTALL)


def kept(answer) -> list[str]:
    return [unescape(text) for text in AREAS.findall(answer.text)]


@pytest.fixture
def attempt_id(app, cast):
    with app.app_context():
        return loop.started(cast, evidence="")


def send(browser, attempt_id, **changed):
    return browser.post(f"/practice/{attempt_id}/evidence", **({"version": "1", "evidence": TEXT} | changed))


def test_a_form_that_needs_another_look_comes_back_with_its_text(browse, attempt_id):
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    answer = send(browse("ana"), attempt_id, played_on=tomorrow)
    assert answer.status_code == 422
    assert "This day is still to come." in answer.text
    assert TEXT in kept(answer)


def test_after_the_session_has_ended(browse, attempt_id, session):
    ana = browse("ana")
    ana.token()
    with clock.shifted(timedelta(hours=13)):
        answer = send(ana, attempt_id)
    assert answer.status_code == 401
    assert "You are signed out" in answer.text
    assert TEXT in kept(answer)
    assert session.get(Attempt, attempt_id).evidence == ""


def test_from_a_page_that_another_window_has_overtaken(browse, attempt_id, session):
    ana = browse("ana")
    assert send(ana, attempt_id, evidence="The other window was first.").status_code == 303
    answer = send(ana, attempt_id)
    assert answer.status_code == 409
    assert "changed in another window" in answer.text
    assert TEXT in kept(answer)
    assert session.get(Attempt, attempt_id).evidence == "The other window was first."


def test_with_a_token_that_does_not_count(browse, attempt_id):
    answer = send(browse("ana"), attempt_id, csrf_token="old")
    assert answer.status_code == 400
    assert TEXT in kept(answer)


def test_secrets_are_not_given_back(browse):
    answer = browse("ana").client.post("/account/password", data={"password": "the old one", "new_password": "new one"})
    assert answer.status_code == 400
    assert "the old one" not in answer.text
    assert "new one" not in answer.text


def test_after_an_error_of_ours(browse, attempt_id, app, monkeypatch):
    from coachkit.features.practice import service

    def broken(*_args, **_kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr(service, "save_evidence", broken)
    answer = send(browse("ana"), attempt_id)
    assert answer.status_code == 500
    assert TEXT in kept(answer)
    assert "ZeroDivisionError" not in answer.text


def assert_out_of_order(answer) -> None:
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "storage" in answer.text
    assert TEXT in kept(answer)


def test_while_somebody_holds_the_database(browse, attempt_id, app, settings, session, monkeypatch):
    """Reading goes on; a form is answered with its text, and counts when it is sent again."""
    if not settings.is_sqlite:
        pytest.skip("only SQLite has one lock for everything")
    monkeypatch.setattr(database, "PATIENCE", 0.1)
    ana = browse("ana")
    token = ana.token()
    db.engine.dispose()
    holder = db.engine.connect()
    session.remove()
    with database.writing(), holder.begin():
        assert ana.get("/practice").status_code == 200
        assert_out_of_order(send(ana, attempt_id, csrf_token=token))
    holder.close()
    assert send(ana, attempt_id, csrf_token=token).status_code == 303


def test_while_the_database_takes_nothing(browse, attempt_id, app, settings, session, request):
    """A full or read-only disk, or a standby server."""
    ana = browse("ana")
    token = ana.token()
    refuse = "PRAGMA query_only=ON" if settings.is_sqlite else "SET default_transaction_read_only = on"

    engine = db.engine

    @event.listens_for(engine, "connect")
    def read_only(connection, _record):
        connection.execute(refuse)
        connection.commit()

    request.addfinalizer(lambda: event.remove(engine, "connect", read_only))
    session.remove()
    engine.dispose()
    assert ana.get("/practice").status_code == 200
    assert_out_of_order(send(ana, attempt_id, csrf_token=token))


def test_while_the_database_cannot_be_reached(browse, attempt_id, app, session):
    ana = browse("ana")
    token = ana.token()

    engine = db.engine

    @event.listens_for(engine, "do_connect")
    def gone(_dialect, _record, _args, _kwargs):
        raise engine.dialect.loaded_dbapi.OperationalError("gone")

    session.remove()
    engine.dispose()
    assert_out_of_order(send(ana, attempt_id, csrf_token=token))
    assert ana.get("/practice").status_code == 503
    event.remove(engine, "do_connect", gone)
    assert send(ana, attempt_id, csrf_token=token).status_code == 303
