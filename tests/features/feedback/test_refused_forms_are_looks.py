"""A form that is refused shows again what was said, so it is a look: nobody reads an attempt by sending half a form."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from coachkit.features.feedback.contest import service
from coachkit.features.feedback.contest.models import Contest
from coachkit.platform.access_record import AccessRecord
from coachkit.platform.db import transaction
from tests.factories import loop
from tests.factories.cast import unlicensed
from tests.factories.mails import link_in, sent

pytestmark = pytest.mark.one_database
NEEDS = "interviewing.needs"
CONTEST = "/feedback/contests/1"


def looks(session) -> list[tuple[str, int | None]]:
    session.rollback()
    return [tuple(row) for row in session.execute(select(AccessRecord.what, AccessRecord.viewer_id))]


def refused(browser, path: str, **form: str) -> None:
    """Twice, as a page that saves by itself would."""
    for _ in range(2):
        answer = browser.post(path, **form)
        assert answer.status_code == 422
        assert loop.SAID.split(".")[0] in answer.text


@pytest.mark.parametrize("act", ["", "/draft", "/return"])
def test_the_first_coach_s(browse, cast, session, act):
    attempt_id = loop.submitted(cast)
    refused(browse("ben"), f"/feedback/{attempt_id}{act}", version="0", **{"keep-effect": "x" * 9000})
    assert [(what[:6], who) for what, who in looks(session)] == [("opened", cast.ids["ben"])]


def test_the_second_coach_s(browse, cast, session):
    attempt_id = loop.submitted(cast)
    loop.asked_second(cast, attempt_id, "mia")
    refused(browse("mia"), f"/feedback/{attempt_id}/second", version="0")
    [(what, who)] = looks(session)
    assert "as the second coach" in what
    assert who == cast.ids["mia"]


def test_that_of_whoever_looks_again(browse, cast, session):
    attempt_id = loop.revealed(cast)
    loop.contested(cast, attempt_id, NEEDS)
    reviewer_id = session.scalars(select(Contest.reviewer_id)).one()
    who = next(name for name, number in cast.ids.items() if number == reviewer_id)
    refused(browse(who), CONTEST)
    assert looks(session) == [("opened what was said, to look at something you contest", reviewer_id)]


def test_that_of_somebody_from_outside(app, browse, cast, session):
    attempt_id = loop.revealed(cast)
    with transaction() as own:
        for coach in (cast.eva, cast.mia):
            unlicensed(own, coach)
    loop.contested(cast, attempt_id, NEEDS)
    with transaction() as own:
        service.invite_outsider(own, loop.actor(own, cast.lea), 1, name="Kim Frei", email="kim@elsewhere.example")
    link = link_in(next(mail for mail in sent(app) if mail["To"] == "kim@elsewhere.example"))
    refused(browse(None), link)
    assert looks(session) == [("opened what was said, to look at something you contest", None)]
