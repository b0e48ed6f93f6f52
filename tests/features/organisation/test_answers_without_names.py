"""Nobody can be joined with an answer: not by a row, a number, a moment, an event or an order."""

import re

import pytest
from sqlalchemy import inspect, select, text

from coachkit.features.accounts.models import Login
from coachkit.features.organisation.models import Round, RoundLink
from coachkit.platform.audit import AuditEvent
from coachkit.platform.db import db
from tests.factories.organisation import answer, begun, levels

pytestmark = pytest.mark.usefixtures("session")


def everything(session) -> dict[str, list[tuple]]:
    """Every row of every table."""
    session.rollback()
    names = inspect(db.engine).get_table_names()
    with db.engine.connect() as connection:
        return {name: sorted(map(repr, connection.execute(text(f'SELECT * FROM "{name}"')))) for name in names}


def changed(before, after) -> set[str]:
    return {name for name in after if before[name] != after[name]}


def test_an_answer_changes_two_tables_and_leaves_no_row_of_its_own(app, cast, browse, session):
    tokens = begun(browse("cleo"), browse("ada"))
    before = everything(session)

    answer(app, tokens[0], **levels(3))

    after = everything(session)
    assert changed(before, after) == {"inquiry_round", "inquiry_link"}
    assert len(after["inquiry_round"]) == len(before["inquiry_round"]) == 1
    assert set(after["inquiry_link"]) < set(before["inquiry_link"])
    assert len(before["inquiry_link"]) - len(after["inquiry_link"]) == 1


def test_no_column_of_a_round_or_a_link_knows_a_respondent_or_the_moment_of_an_answer(app, cast, browse, session):
    token = begun(browse("cleo"), browse("ada"))[0]
    row = session.get(Round, 1)
    kept = (row.begun_by, row.begun_at, row.closed_at, row.cio, row.cio_id, row.version)
    answer(app, token, **levels())
    session.expire_all()
    assert kept == (row.begun_by, row.begun_at, row.closed_at, row.cio, row.cio_id, row.version)
    assert set(RoundLink.__table__.columns.keys()) == {"token_hash", "round_id", "for_group", "expires_at"}
    assert len({link.expires_at for link in session.scalars(select(RoundLink))}) == 1


def test_the_order_in_which_sheets_came_cannot_be_read(app, cast, browse, session):
    sheets = [levels(0, RC_1=3), levels(3), levels(1), levels(2)]
    found = []
    for order in (sheets, sheets[::-1]):
        cleo = browse("cleo")
        for token, sheet in zip(begun(cleo, browse("ada"), liaisons=2), order, strict=True):
            answer(app, token, **sheet)
        session.rollback()
        row = session.scalars(select(Round).where(Round.closed_at.is_(None))).one()
        found.append((row.tally, row.answered, row.remarks))
        cleo.post("/readiness/stop")
    assert found[0] == found[1]


def test_which_answers_were_given_together_cannot_be_told(app, cast, browse, session):
    """Two pairs of sheets with the same counts leave the same row."""
    found = []
    for pair in ([levels(0), levels(3)], [levels(0, RC_1=3, RC_7=3), levels(3, RC_1=0, RC_7=0)]):
        cleo = browse("cleo")
        for token, sheet in zip(begun(cleo, browse("ada"), heads=1, liaisons=1), pair, strict=True):
            answer(app, token, **sheet)
        session.rollback()
        found.append(session.scalars(select(Round.tally).where(Round.closed_at.is_(None))).one())
        cleo.post("/readiness/stop")
    assert found[0] == found[1]


def test_heads_and_liaisons_cannot_be_told_apart_in_the_counts(app, cast, browse, session):
    found = []
    for first, second in ((levels(0), levels(3)), (levels(3), levels(0))):
        cleo = browse("cleo")
        tokens = begun(cleo, browse("ada"), heads=1, liaisons=1)
        answer(app, tokens[0], **first)
        answer(app, tokens[1], **second)
        session.rollback()
        found.append(session.scalars(select(Round.tally).where(Round.closed_at.is_(None))).one())
        cleo.post("/readiness/stop")
    assert found[0] == found[1]


def test_the_chain_of_events_says_nothing_about_an_answer(app, cast, browse, session):
    tokens = begun(browse("cleo"), browse("ada"))
    before = session.scalars(select(AuditEvent.seq)).all()
    for token in tokens:
        answer(app, token, **levels())
    session.rollback()
    assert session.scalars(select(AuditEvent.seq)).all() == before


def test_a_link_works_once_and_two_sends_at_once_count_once(app, cast, browse, session):
    token = begun(browse("cleo"), browse("ada"))[0]
    answer(app, token, **levels())
    again = answer(app, token, status=404, **levels(0))
    assert "If you have just sent your answers, they are counted." in again.text
    session.rollback()
    assert session.get(Round, 1).answered == {"head": 1}
    assert session.get(Round, 1).tally["RC-1"] == [0, 0, 1, 0]


def test_somebody_who_is_signed_in_leaves_no_trace_of_it(app, cast, browse, session):
    token = begun(browse("cleo"), browse("ada"))[0]
    ana = browse("ana")
    before = everything(session)
    assert ana.post(f"/answer/{token}", **levels()).status_code == 303
    assert changed(before, everything(session)) == {"inquiry_round", "inquiry_link"}
    assert session.scalars(select(Login)).first()


def test_nobody_sees_answers_before_the_check_is_closed(app, cast, browse):
    def pages(level: int) -> tuple[str, ...]:
        cleo, ada = browse("cleo"), browse("ada")
        tokens = begun(cleo, ada)
        for token in tokens[:4]:
            answer(app, token, **levels(level))
        paths = ("/", "/readiness", "/readiness/check")
        seen = tuple(re.sub(r'value="[^"]*"', "", who.get(path).text) for who in (cleo, ada) for path in paths)
        cleo.post("/readiness/stop")
        cleo.get("/readiness")
        return seen

    assert pages(0) == pages(3)


@pytest.mark.one_database
def test_the_table_of_links_keeps_no_hidden_order(session):
    if db.engine.dialect.name == "sqlite":
        made = session.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'inquiry_link'"))
        assert "WITHOUT ROWID" in made.upper()
