"""The migrations make exactly the tables that the models describe, on both databases."""

import pytest
from sqlalchemy import text

from coachkit.app import create_app
from coachkit.platform import schema
from coachkit.platform.db import db
from coachkit.platform.settings import read_settings


def test_the_database_has_what_the_models_describe(session):
    assert schema.differences() == []
    assert schema.is_current()


def test_upgrading_again_changes_nothing(session):
    schema.upgrade()
    assert schema.differences() == []


def test_an_older_database_is_told_from_a_current_one(session):
    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
    assert not schema.is_current()


@pytest.mark.one_database
def test_rebuilding_a_table_of_sqlite_cuts_nothing_loose(tmp_path):
    app = create_app(read_settings({}, instance=tmp_path, secret_key="for tests only"))
    with app.app_context():
        schema.upgrade("0001")
        with db.engine.begin() as connection:
            for row in (
                (
                    "person (id, name, email, pseudonym, unit, track, active, created_at)"
                    " VALUES (1, 'A', 'a', 'p', '', 'it', 1, '2026')"
                ),
                "cohort (id, name, starts_on) VALUES (1, 'C', '2026-01-01')",
                """report (id, kind, number, code, person_id, issued_at, document, sha256, pages, engine, problem)
                   VALUES (1, 'progress', 'CK-1', 'X', 1, '2026', '{}', '', 0, '', '')""",
                "report_batch (id, cohort_id, started_at) VALUES (1, 1, '2026')",
                "report_item (id, batch_id, person_id, state, report_id, problem) VALUES (1, 1, 1, 'made', 1, '')",
            ):
                connection.execute(text(f"INSERT INTO {row}"))
        schema.upgrade()
        with db.engine.connect() as connection:
            assert connection.execute(text("SELECT report_id, batch_id FROM report_item")).all() == [(1, 1)]
            assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        db.engine.dispose()
