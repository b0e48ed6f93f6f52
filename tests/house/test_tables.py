"""The migrations make exactly the tables that the models describe, on both databases."""

from sqlalchemy import text

from coachkit.platform import schema
from coachkit.platform.db import db


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
