"""An attempt that cannot be rated goes back with a sentence why, counts nowhere, and may come again."""

import pytest
from sqlalchemy import select

from coachkit.features.feedback.comments.models import EvidenceComment
from coachkit.features.feedback.models import FeedbackNote
from coachkit.features.practice.models import Attempt, AttemptReturn, RatingSheet, SecondLook
from coachkit.platform.audit import AuditEvent
from tests.factories import loop
from tests.factories.mails import sent

WHY = "I read three lines, and none of them shows how you asked."


@pytest.fixture
def attempt_id(app, cast):
    with app.app_context():
        return loop.submitted(cast)


def sheets(session) -> list[tuple[str, bool]]:
    session.rollback()
    return [(row.kind, row.locked_at is not None) for row in session.scalars(select(RatingSheet))]


def test_it_leaves_the_queue_and_everything_begun_on_it_goes(app, browse, attempt_id, session):
    ben, where = browse("ben"), f"/feedback/{attempt_id}"
    comment = {"comment-criterion": "interviewing.needs", "comment-passage": "1", "comment-text": "thin"}
    ben.post(f"{where}/comments", version="0", **comment, **{"keep-behaviour": "half a note"})
    assert ben.post(f"{where}/return", why=WHY).location == "/feedback/queue"
    assert "Nothing waits for you" in ben.get("/feedback/queue").text
    assert ben.get(where).status_code == 404
    assert sheets(session) == [("self", False)]
    assert session.scalars(select(FeedbackNote)).all() == []
    assert session.scalars(select(EvidenceComment)).all() == []
    assert "attempt:return" in session.scalars(select(AuditEvent.action)).all()
    assert [m["Subject"] for m in sent(app) if m["To"] == "ana@tessel.example"][-1] == "An attempt came back"
    assert all("three lines" not in m.get_content() for m in sent(app))


def test_the_learner_reads_why_adds_evidence_and_submits_again(browse, cast, app, attempt_id, session):
    ben, ana = browse("ben"), browse("ana")
    ben.post(f"/feedback/{attempt_id}/return", why=WHY)
    page = ana.get(f"/practice/{attempt_id}").text
    assert WHY in page
    assert WHY in ana.get("/account/export").text
    for path in ("/practice", "/", "/practice/scenarios/rp04"):
        assert "It came back: add what is missing, and send it again" in ana.get(path).text
    assert WHY in ana.get("/practice").text
    version = session.get_one(Attempt, attempt_id).version
    more = {"version": str(version), "evidence": loop.SAID + "\nShe said who decides."}
    assert ana.post(f"/practice/{attempt_id}/evidence", **more).status_code == 303
    session.rollback()
    own = session.scalars(select(RatingSheet)).one()
    form = loop.self_form(loop.scenario()) | {"version": str(own.version)}
    assert ana.post(f"/practice/{attempt_id}/rate", **form).status_code == 303
    assert sheets(session) == [("self", True)]
    assert "It came back" not in ana.get("/practice").text
    page = ben.get(f"/feedback/{attempt_id}").text
    assert "She said who decides." in page
    assert "came back" in page
    assert ben.post(f"/feedback/{attempt_id}", **loop.coach_form(loop.scenario())).status_code == 303
    assert browse("ana").get(f"/feedback/{attempt_id}/reveal").status_code == 200


def test_a_sentence_is_needed_and_what_was_typed_comes_back(browse, attempt_id, session):
    answer = browse("ben").post(f"/feedback/{attempt_id}/return", why="thin")
    assert answer.status_code == 422
    assert ">thin</textarea>" in answer.text
    assert session.scalars(select(AttemptReturn)).all() == []


def test_nobody_returns_what_a_colleague_has_begun_or_a_second_coach_has_locked(app, browse, cast, session):
    with app.app_context():
        loop.coached(cast, "ana", "mia")
        begun = loop.submitted(cast)
        looked = loop.submitted(cast, scenario_id="rp04")
        loop.asked_second(cast, looked, "eva")
    browse("mia").post(f"/feedback/{begun}/draft", version="0", **{"keep-behaviour": "mine"})
    assert browse("ben").post(f"/feedback/{begun}/return", why=WHY).status_code == 409
    browse("eva").post(f"/feedback/{looked}/second", **loop.second_form(loop.scenario()))
    assert browse("ben").post(f"/feedback/{looked}/return", why=WHY).status_code == 409
    assert session.scalars(select(AttemptReturn)).all() == []


def test_a_second_look_that_was_asked_for_is_asked_for_again(app, browse, cast, attempt_id, session):
    with app.app_context():
        loop.asked_second(cast, attempt_id, "eva")
    browse("eva").post(f"/feedback/{attempt_id}/second/draft", version="0")
    browse("ben").post(f"/feedback/{attempt_id}/return", why=WHY)
    eva = browse("eva")
    assert "Nothing waits for you" in eva.get("/feedback/queue").text
    assert eva.get(f"/feedback/{attempt_id}/second").status_code == 404
    before = session.scalars(select(SecondLook.due_at)).one()
    own = session.scalars(select(RatingSheet)).one()
    form = loop.self_form(loop.scenario()) | {"version": str(own.version)}
    assert browse("ana").post(f"/practice/{attempt_id}/rate", **form).status_code == 303
    session.rollback()
    assert session.scalars(select(SecondLook.due_at)).one() > before
    assert eva.get(f"/feedback/{attempt_id}/second").status_code == 200
