"""What the database may rely on: aware moments, writers that wait their turn, nothing lost between them."""

import multiprocessing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import StatementError

from coachkit.app import create_app
from coachkit.features.accounts.models import Person
from coachkit.features.practice.models import Attempt
from coachkit.platform import audit
from coachkit.platform.db import db, own_transaction, transaction
from tests.factories.browsing import Browser
from tests.factories.loop import SCENARIO, library
from tests.factories.statements import recorded

WRITERS, SUBMITS = 8, 20


def test_a_naive_moment_is_refused(session, cast):
    session.get(Person, cast.ana).created_at = datetime(2026, 11, 20, 12, 0)  # noqa: DTZ001  that is the point
    with pytest.raises(StatementError, match="naive"):
        session.flush()


def test_a_moment_comes_back_as_the_same_moment_in_utc(session, cast):
    given = datetime(2026, 11, 20, 1, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    session.get(Person, cast.ana).created_at = given
    session.flush()
    session.expire_all()
    found = session.get(Person, cast.ana).created_at
    assert found == given
    assert found.utcoffset() == timedelta()
    assert found.tzinfo is UTC


def test_reading_asks_for_no_write_lock(browse, app, session):
    ana = browse("ana")
    with recorded(db.engine) as sent:
        assert ana.get("/modules").status_code == 200
    assert sent.starting("BEGIN") == ["BEGIN"]
    assert not [s for s in sent.data if s.startswith(("INSERT", "UPDATE", "DELETE"))]


def test_sending_a_form_takes_the_write_lock_before_it_reads(browse, app, session, settings):
    ana = browse("ana")
    with recorded(db.engine) as sent:
        assert ana.post(f"/practice/scenarios/{SCENARIO}/start", kind="official").status_code == 303
    assert sent.all[-1] == "COMMIT"
    begun = [i for i, s in enumerate(sent.all) if s.startswith("BEGIN IMMEDIATE" if settings.is_sqlite else "BEGIN")]
    writes = [i for i, s in enumerate(sent.all) if s.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert max(i for i, s in enumerate(sent.all) if s.startswith("BEGIN")) == begun[-1] < writes[0]


def test_a_failed_transaction_leaves_nothing(session, cast):
    with pytest.raises(ZeroDivisionError), transaction() as own:  # noqa: PT012
        own.get(Person, cast.ana).unit = "Changed"
        own.flush()
        raise ZeroDivisionError
    assert session.get(Person, cast.ana).unit == "Logistics"


def test_a_note_beside_a_reading_request_is_kept_though_the_request_fails(session, cast):
    session.get(Person, cast.ana)
    with own_transaction() as own:
        own.get(Person, cast.dan).unit = "Noted"
    session.rollback()
    assert session.get(Person, cast.dan).unit == "Noted"


def _writer(settings, results) -> None:
    """One process with an application of its own, as a web server runs several."""
    app = create_app(settings)
    ana = Browser(app, "ana")
    ana.get("/practice")  # a server reads the library before its first request
    path = f"/practice/scenarios/{SCENARIO}/start"
    answers = [ana.post(path, kind="official") for _ in range(SUBMITS)]
    results.put([(answer.status_code, answer.location) for answer in answers])
    with app.app_context():
        db.engine.dispose()


def test_many_processes_that_write_at_once_all_get_their_turn(session, settings):
    """Eight processes, twenty submits each: every one is acknowledged, kept once, and in an unbroken chain."""
    library()
    session.remove()
    db.engine.dispose()
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    writers = [
        context.Process(target=_writer, args=(replace(settings, sqlite_synchronous="FULL"), results))
        for _ in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    answers = [answer for _ in writers for answer in results.get(timeout=100)]
    for writer in writers:
        writer.join()
    assert {code for code, _location in answers} == {303}
    assert len({location for _code, location in answers}) == WRITERS * SUBMITS
    assert session.scalar(select(func.count()).select_from(Attempt)) == WRITERS * SUBMITS
    assert audit.verify(session).broken_at is None
