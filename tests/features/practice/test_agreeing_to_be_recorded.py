"""Nobody is recorded who has not said yes: who, when and to which text is kept, and taking it back ends everything."""

import pytest
from sqlalchemy import select

from coachkit.domain.assessment.agreement import CURRENT, TEXTS
from coachkit.features.operations import erasure
from coachkit.features.practice.evidence.models import RecordingAgreement
from coachkit.platform.audit import AuditEvent
from tests.factories import loop
from tests.factories.uploads import SOUND, add, blob, send_whole


@pytest.fixture
def attempt_id(app, cast):
    with app.app_context():
        return loop.started(cast)


def agree(browser, attempt_id, **more):
    sent = {"others": "Rosa Lind\n Ben Tanaka \nRosa Lind", "said_yes": "y", "text_version": str(CURRENT)} | more
    return browser.post(f"/practice/{attempt_id}/agreement", **{k: v for k, v in sent.items() if v is not None})


def test_everybody_is_named_with_the_moment_and_the_text(browse, session, attempt_id):
    ana = browse("ana")
    page = ana.get(f"/practice/{attempt_id}/record", follow_redirects=True).text
    assert all(sentence in page for sentence in TEXTS[CURRENT][2:3])
    assert "Rosa</textarea>" in page
    assert agree(ana, attempt_id).location == f"/practice/{attempt_id}/record"
    rows = session.scalars(select(RecordingAgreement).order_by(RecordingAgreement.id)).all()
    assert [(row.name, row.learner, row.text_version) for row in rows] == [
        ("Ana Baptiste", True, CURRENT),
        ("Rosa Lind", False, CURRENT),
        ("Ben Tanaka", False, CURRENT),
    ]
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "recording:agree")).one()
    assert "Rosa" not in event.detail
    exported = erasure.export(session, loop.actor(session, rows[0].attempt_id))["attempts"][0]["files"]["agreements"]
    assert [row["name"] for row in exported] == ["Ana Baptiste", "Rosa Lind", "Ben Tanaka"]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"said_yes": None}, "ask everybody first"),
        ({"others": ""}, "say that it is only you"),
        ({"alone": "y"}, "say that it is only you"),
        ({"text_version": "0"}, "read it again"),
        ({"others": "\n".join(f"Person {n}" for n in range(9))}, "At most 8 names"),
    ],
)
def test_half_an_agreement_is_none(browse, session, attempt_id, sent, sentence):
    answer = agree(browse("ana"), attempt_id, **sent)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert session.scalars(select(RecordingAgreement)).all() == []
    assert browse("ana").get(f"/practice/{attempt_id}/record").status_code == 303


@pytest.mark.one_database
def test_only_the_page_that_records_may_ask_for_the_microphone(browse, attempt_id):
    ana = browse("ana")
    agree(ana, attempt_id, others="", alone="y")
    answer = ana.get(f"/practice/{attempt_id}/record")
    assert answer.status_code == 200
    assert answer.headers.get_all("Permissions-Policy") == [
        "camera=(self), microphone=(self), geolocation=(), browsing-topics=()"
    ]
    assert "microphone=()" in ana.get(f"/practice/{attempt_id}/files").headers["Permissions-Policy"]


def test_whoever_takes_it_back_ends_every_recording_at_once(app, browse, session, cast, attempt_id):
    ana = browse("ana")
    agree(ana, attempt_id)
    with app.app_context():
        add(cast, attempt_id, blob(500, SOUND))
        add(cast, attempt_id, blob(500))
    assert ana.post(f"/practice/{attempt_id}/agreement/end").status_code == 303
    assert ana.get(f"/practice/{attempt_id}/files/1/content").status_code == 404
    assert ana.get(f"/practice/{attempt_id}/files/2/content").status_code == 200
    assert "somebody took back" in ana.get(f"/practice/{attempt_id}/files").text
    assert send_whole(ana, attempt_id, blob(500, SOUND)).status_code == 422
    rows = session.scalars(select(RecordingAgreement)).all()
    assert all(row.taken_back_at for row in rows)
