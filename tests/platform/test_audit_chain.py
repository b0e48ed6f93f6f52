"""The chain of events: it can be read, it cannot be rewritten, and it says where it was tampered with."""

import threading

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from coachkit.platform import audit
from coachkit.platform.audit import AuditEvent
from coachkit.platform.db import db, own_transaction, transaction
from tests.factories.loop import actor

FORGED = {
    "at": "2026-01-01T00:00:00.000000+00:00",
    "actor": "somebody",
    "action": "person:invitE",
    "subject": "0123456789abcdeg",
    "object": "attempt:8",
    "detail": '{"roles":["admin"]}',
    "previous": "1" * 64,
    "hash": "2" * 64,
}


@pytest.fixture
def chain(session, cast):
    """Five events of Ada's."""
    with transaction() as own:
        ada = actor(own, cast.ada)
        for number in range(1, 6):
            audit.record(
                own, ada, "person:invite", subject="0123456789abcdef", about=f"attempt:{number}", roles=["coach"]
            )
    return session


def tamper(sql: str, **values: object) -> None:
    """Change the table as somebody with the database's password could."""
    with db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER IF EXISTS audit_event_no_update"))
            connection.execute(text("DROP TRIGGER IF EXISTS audit_event_no_delete"))
        else:
            connection.execute(text("DROP TRIGGER IF EXISTS audit_event_append_only ON audit_event"))
        connection.execute(text(sql), values)


def test_an_untouched_chain_is_whole(chain):
    assert audit.verify(chain) == audit.Verdict(5, None)


def test_an_empty_chain_is_whole(session):
    assert audit.verify(session) == audit.Verdict(0, None)


@pytest.mark.parametrize("column", FORGED)
def test_one_changed_field_is_found_at_its_event(chain, column):
    tamper(f"UPDATE audit_event SET {column} = :value WHERE seq = 3", value=FORGED[column])
    assert audit.verify(chain).broken_at == 3


def test_moving_a_character_from_one_field_to_the_next_is_found(chain):
    tamper("UPDATE audit_event SET actor = actor || 'p', action = 'erson:invite' WHERE seq = 2")
    assert audit.verify(chain).broken_at == 2


def test_a_removed_event_is_found(chain):
    tamper("DELETE FROM audit_event WHERE seq = 2")
    assert audit.verify(chain).broken_at == 2


def test_removed_last_events_are_found(chain):
    tamper("DELETE FROM audit_event WHERE seq > 3")
    verdict = audit.verify(chain)
    assert (verdict.events, verdict.broken_at) == (3, 4)


def test_a_rewritten_event_with_a_fitting_hash_is_found_by_its_successor(chain):
    event = chain.get(AuditEvent, 3)
    event.subject = "0" * 16
    forged = audit._digest(event)
    chain.rollback()
    tamper("UPDATE audit_event SET subject = :subject, hash = :hash WHERE seq = 3", subject="0" * 16, hash=forged)
    assert audit.verify(chain).broken_at == 4


@pytest.mark.parametrize(
    "sql", ["UPDATE audit_event SET detail = '{}' WHERE seq = 1", "DELETE FROM audit_event WHERE seq = 5"]
)
def test_the_database_itself_refuses_to_rewrite(chain, sql):
    with pytest.raises(DBAPIError, match="append-only"), db.engine.begin() as connection:
        connection.execute(text(sql))
    assert audit.verify(chain) == audit.Verdict(5, None)


def test_what_is_rolled_back_leaves_no_event(session, cast):
    with pytest.raises(ZeroDivisionError), transaction() as own:  # noqa: PT012
        audit.record(own, actor(own, cast.ada), "person:invite")
        raise ZeroDivisionError
    assert audit.verify(session) == audit.Verdict(0, None)


def test_an_event_names_nobody(chain, cast):
    ada = actor(chain, cast.ada)
    for event in chain.scalars(select(AuditEvent)):
        assert event.actor == ada.pseudonym
        assert "Ada" not in f"{event.actor}{event.subject}{event.object}{event.detail}"


def test_two_first_events_at_once_make_one_chain(session, app):
    """Before anything was recorded there is no end of the chain to wait for; both must still get their turn."""
    failures: list[Exception] = []

    def second() -> None:
        with app.app_context():
            try:
                with own_transaction() as own:
                    audit.record(own, None, "test:second")
            except IntegrityError as error:
                failures.append(error)

    session.remove()
    late = threading.Thread(target=second)
    with own_transaction() as own:
        audit.record(own, None, "test:first")
        late.start()
        late.join(timeout=0.3)  # long enough to find the chain empty
        assert late.is_alive()
    late.join()
    assert not failures
    assert audit.verify(session) == audit.Verdict(2, None)
