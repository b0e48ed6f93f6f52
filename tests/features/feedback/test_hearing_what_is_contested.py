"""Whoever looks again at something contested hears what was recorded, by the contest's rule, as long as it lasts."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from coachkit.features.feedback.contest import service
from coachkit.features.feedback.contest.models import Contest
from coachkit.features.practice.evidence.keeping import leaves_on
from coachkit.features.practice.evidence.models import RecordingAgreement
from coachkit.features.practice.models import Attempt
from coachkit.platform import clock
from coachkit.platform.access_record import AccessRecord
from coachkit.platform.db import transaction
from tests.factories import loop, uploads
from tests.factories.cast import unlicensed
from tests.factories.mails import link_in, sent

pytestmark = pytest.mark.one_database
NEEDS = "interviewing.needs"
SOUND = uploads.blob(300_000, uploads.SOUND)
SEEN = {"level": "2", "wording": "One question, after the date.", "reasons": "The second question is missing."}


def contested(cast, *, outside: bool = False, text_version: int = 2) -> None:
    """Ana contests a rating of an attempt that is nothing but a recording (file 1)."""
    attempt_id = loop.started(cast, evidence="")
    uploads.agreed(cast, attempt_id, "Rosa", text_version=2)
    uploads.add(cast, attempt_id, SOUND, name="Ana Baptiste and Rosa")
    with transaction() as session:
        for row in session.scalars(select(RecordingAgreement)):
            row.text_version = text_version
        for coach in (cast.eva, cast.mia) if outside else ():
            unlicensed(session, coach)
    loop.submitted_again(cast, attempt_id)
    loop.released(cast, attempt_id)
    loop.contested(cast, attempt_id, NEEDS)


def asked(cast, session) -> str:
    """The coach who looks again."""
    session.rollback()
    reviewer = session.scalars(select(Contest.reviewer_id)).one()
    return next(name for name, number in cast.ids.items() if number == reviewer)


def part(browser, path: str, wanted: str = "bytes=0-99"):
    return browser.get(path, headers={"Range": wanted})


@pytest.fixture
def link(app, cast) -> str:
    """Kim, from outside, was asked."""
    with app.app_context():
        contested(cast, outside=True)
        invited(cast)
    return link_in(next(mail for mail in sent(app) if mail["To"] == "kim@elsewhere.example"))


def invited(cast) -> None:
    with transaction() as session:
        service.invite_outsider(
            session, loop.actor(session, cast.lea), 1, name="Kim Frei", email="kim@elsewhere.example"
        )


def test_a_second_coach_hears_it_in_parts_and_each_listening_is_one_look(app, browse, cast, session):
    contested(cast)
    looks = browse(asked(cast, session))
    page = unescape(looks.get("/feedback/contests/1").text)
    assert 'src="/feedback/contests/1/files/1"' in page
    assert "Ana Baptiste" not in page.split("<main")[1], "not even as the name of a file"
    answer = part(looks, "/feedback/contests/1/files/1")
    assert (answer.status_code, answer.data) == (206, SOUND[:100])
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    part(looks, "/feedback/contests/1/files/1", "bytes=1000-")
    session.rollback()
    told = session.scalars(select(AccessRecord.what)).all()
    assert told.count("opened a file or recording, to look at something you contest") == 1
    assert part(looks, "/practice/1/files/1/content").status_code == 404, "by the rule of the contest alone"
    assert looks.get("/feedback/contests/1/files/2").status_code == 404


def test_nobody_else_hears_it_by_that_address(browse, cast, session):
    contested(cast)
    others = {"ana", "ben", "eva", "mia", "dan", "lea", "cleo", "ada", "otto"} - {asked(cast, session)}
    for who in others:
        assert browse(who).get("/feedback/contests/1/files/1").status_code == 404, who


@pytest.mark.parametrize("end", ["decided", "taken back"])
def test_it_ends_with_the_contest(browse, cast, session, end):
    contested(cast)
    looks = browse(asked(cast, session))
    assert looks.get("/feedback/contests/1/files/1").status_code == 200
    if end == "decided":
        assert looks.post("/feedback/contests/1", **SEEN).status_code == 303
    else:
        browse("ana").post("/feedback/contests/1/withdraw")
    assert part(looks, "/feedback/contests/1/files/1").status_code == 404


def test_somebody_from_outside_hears_it_by_the_link_until_it_is_decided(browse, session, link):
    stranger = browse(None)
    page = unescape(stranger.get(link).text)
    assert f'src="{link}/files/1"' in page
    for wanted in ("bytes=0-99", "bytes=100-199"):
        assert part(stranger, f"{link}/files/1", wanted).status_code == 206
    assert stranger.get("/look-again/guessed/files/1").status_code == 404
    looks = browse("ana").get("/account/looks").text
    assert looks.count("opened a file or recording, to look at something you contest") == 1
    assert "Somebody from outside, asked for a second look" in looks
    assert stranger.post(link, **SEEN).status_code == 200
    assert part(stranger, f"{link}/files/1").status_code == 404


def test_who_agreed_before_second_looks_were_named_is_not_heard_in_one(app, browse, cast, session):
    with app.app_context():
        contested(cast, text_version=1)
    looks = browse(asked(cast, session))
    assert "have not agreed that whoever looks again hears it" in unescape(looks.get("/feedback/contests/1").text)
    assert part(looks, "/feedback/contests/1/files/1").status_code == 404


def test_nor_by_somebody_from_outside(app, browse, cast):
    with app.app_context():
        contested(cast, outside=True, text_version=1)
        invited(cast)
    link = link_in(next(mail for mail in sent(app) if mail["To"] == "kim@elsewhere.example"))
    stranger = browse(None)
    page = unescape(stranger.get(link).text)
    assert "have not agreed that whoever looks again hears it" in page
    assert "<audio" not in page
    assert stranger.get(f"{link}/files/1").status_code == 404


def test_an_objection_to_a_report_keeps_the_recordings_it_rests_on(app, browse, cast, session):
    with app.app_context():
        attempt_id = loop.started(cast, evidence="")
        uploads.agreed(cast, attempt_id, "Rosa")
        uploads.add(cast, attempt_id, SOUND, name="Rosa")
        loop.submitted_again(cast, attempt_id)
        loop.released(cast, attempt_id)
        with transaction() as own, clock.shifted(timedelta(days=1)):
            assert leaves_on(own, own.get_one(Attempt, attempt_id), clock.now()) is not None
    said = {"text": "I asked twice.", "evidence": "Minute three."}
    form = said | {"sentence": "Two questions, no date.", "skill_id": "interviewing"}
    assert browse("ana").post("/feedback/differ", **form).status_code == 303
    session.rollback()
    assert leaves_on(session, session.get_one(Attempt, attempt_id), clock.now()) is None


def test_the_text_that_is_read_aloud_says_who_may_hear_it(app, browse, cast):
    with app.app_context():
        attempt_id = loop.started(cast)
    page = unescape(browse("ana").get(f"/practice/{attempt_id}/agreement").text)
    assert "one coach who looks again" in page
    assert "one person from outside" in page
