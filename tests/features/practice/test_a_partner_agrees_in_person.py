"""A partner says by the own link whether a talk may be recorded; a no is a no, whatever the learner writes down."""

from __future__ import annotations

from html import unescape

import pytest
from sqlalchemy import select

from coachkit.domain.assessment.agreement import CURRENT, TEXTS
from coachkit.features.operations import erasure
from coachkit.features.practice.evidence.models import EvidenceFile, RecordingAgreement
from coachkit.platform.audit import AuditEvent
from coachkit.platform.db import transaction
from tests.factories import loop, uploads
from tests.factories.mails import link_in, sent

TEXT = str(CURRENT)


@pytest.fixture
def attempt_id(app, cast):
    with app.app_context():
        return loop.started(cast, evidence="")


@pytest.fixture
def link(app, browse, attempt_id):
    """The address behind Rosa's link."""
    browse("ana").post(f"/practice/{attempt_id}/partner", name="Rosa", email="rosa@plant.example")
    return link_in(sent(app)[-1])


def says(browser, link, word, version=TEXT):
    return browser.post(f"{link}/recording", recording=word, text_version=version)


def agree(browser, attempt_id, **more):
    return browser.post(f"/practice/{attempt_id}/agreement", **{"said_yes": "y", "text_version": TEXT} | more)


def standing(session) -> list[tuple[str, bool]]:
    session.rollback()
    rows = session.scalars(select(RecordingAgreement).where(RecordingAgreement.taken_back_at.is_(None)))
    return sorted((row.name, row.invitation_id is not None) for row in rows)


def test_the_partner_reads_the_whole_text_and_agrees_and_the_learner_adds_only_the_own_yes(
    browse, session, attempt_id, link
):
    rosa, ana = browse(None), browse("ana")
    assert "read what that means, and say yes or no" in rosa.get(link).text
    page = unescape(rosa.get(f"{link}/recording").text)
    assert all(sentence in page for sentence in TEXTS[CURRENT])
    for _ in range(2):
        assert says(rosa, link, "yes").status_code == 303
    assert standing(session) == [("Rosa", True)]
    assert "You agreed" in rosa.get(f"{link}/recording").text
    assert ana.get(f"/practice/{attempt_id}/record").status_code == 303, "one yes is not everybody's"
    page = ana.get(f"/practice/{attempt_id}/agreement").text
    assert "Rosa agrees" in page
    assert agree(ana, attempt_id, alone="y").status_code == 422
    assert agree(ana, attempt_id, others="rosa\nBen Tanaka").status_code == 303
    assert standing(session) == [("Ana Baptiste", False), ("Ben Tanaka", False), ("Rosa", True)]
    assert agree(ana, attempt_id).status_code == 303, "a new list leaves what she said herself"
    assert standing(session) == [("Ana Baptiste", False), ("Rosa", True)]
    assert ana.get(f"/practice/{attempt_id}/record").status_code == 200
    assert "in person through the link" in ana.get(f"/practice/{attempt_id}/files").text
    assert "recording:partner-agrees" in session.scalars(select(AuditEvent.action)).all()


def test_a_no_stands_against_whatever_the_learner_writes_down(browse, session, attempt_id, link):
    rosa, ana = browse(None), browse("ana")
    assert says(rosa, link, "no").status_code == 303
    assert "You said no" in rosa.get(f"{link}/recording").text
    answer = agree(ana, attempt_id, others="Rosa")
    assert answer.status_code == 422
    assert "Rosa has said no through the link" in answer.text
    assert standing(session) == []
    says(rosa, link, "yes")
    assert agree(ana, attempt_id).status_code == 303


def test_thinking_again_ends_every_recording_at_once(app, browse, cast, session, attempt_id, link):
    rosa, ana = browse(None), browse("ana")
    says(rosa, link, "yes")
    agree(ana, attempt_id)
    with app.app_context():
        uploads.add(cast, attempt_id, uploads.blob(900, uploads.SOUND))
    assert ana.get(f"/practice/{attempt_id}/files/1/content").status_code == 200
    assert says(rosa, link, "no").status_code == 303
    assert ana.get(f"/practice/{attempt_id}/files/1/content").status_code == 404
    session.rollback()
    assert session.scalars(select(EvidenceFile.gone_why)).all() == ["agreement"]
    assert standing(session) == []


@pytest.mark.one_database
def test_an_older_text_an_ended_link_and_a_partner_who_does_not_play_settle_nothing(browse, session, attempt_id, link):
    rosa, ana = browse(None), browse("ana")
    answer = says(rosa, link, "yes", version="1")
    assert answer.status_code == 422
    assert "read it again" in answer.text
    assert says(rosa, "/partner/guessed", "yes").status_code == 404
    assert rosa.get("/partner/guessed/recording").status_code == 404
    says(rosa, link, "no")
    ana.post(f"/practice/{attempt_id}/partner/end")
    assert says(rosa, link, "yes").status_code == 404
    assert standing(session) == []
    assert agree(ana, attempt_id, others="Somebody else").status_code == 303


@pytest.mark.one_database
def test_a_partner_with_an_account_takes_it_away_and_is_forgotten(app, browse, cast, session, attempt_id):
    browse("ana").post(f"/practice/{attempt_id}/partner", name="Dan", email="dan@tessel.example")
    link = link_in(sent(app)[-1])
    says(browse(None), link, "no")
    assert browse("dan").get("/account/export").json["asked_to_play"][0]["no_recording_at"]
    says(browse(None), link, "yes")
    assert browse("dan").get("/account/export").json["asked_to_play"][0]["no_recording_at"] is None
    assert [row["text_version"] for row in browse("dan").get("/account/export").json["agreed_to_be_recorded"]] == [
        CURRENT
    ]
    with transaction() as own:
        erasure.erase(own, loop.actor(own, cast.ada), cast.dan)
    assert standing(session) == [("Somebody who has left", True)]
