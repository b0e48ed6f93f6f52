"""After the reveal a rating changes only with new evidence and a reason; and where two texts meet, both are shown."""

from html import unescape

import pytest
from sqlalchemy import select

from coachkit.features.calibration import inputs
from coachkit.features.practice.models import Rating, RatingChange
from coachkit.features.practice.queries import observed
from coachkit.platform.audit import AuditEvent
from coachkit.platform.db import db
from coachkit.web.library import library_of
from tests.factories import loop

NEEDS = "interviewing.needs"
CHANGE = {"level": "2", "evidence": "He recalls the date came first.", "reason": "We read the minute aloud."}


@pytest.fixture
def attempt_id(app, cast):
    with app.app_context():
        return loop.revealed(cast, own="MY-OWN", seen="HER-VIEW")


def version(browser, attempt_id) -> str:
    page = browser.get(f"/feedback/{attempt_id}/change/{NEEDS}").text
    return page.split('name="version" value="')[1].split('"')[0]


def send(browser, attempt_id, **more):
    form = {"version": version(browser, attempt_id)} | CHANGE | more
    return browser.post(f"/feedback/{attempt_id}/change/{NEEDS}", **form)


@pytest.mark.parametrize("who", ["ana", "ben"])
def test_either_changes_her_own_and_the_first_rating_stays_beside_it(browse, attempt_id, session, who):
    first = session.scalars(select(Rating.level).order_by(Rating.id)).all()
    assert send(browse(who), attempt_id).status_code == 303
    for reader in ("ana", "ben"):
        page = unescape(browse(reader).get(f"/feedback/{attempt_id}/reveal").text)
        for words in (f"MY-OWN for {NEEDS}.", f"HER-VIEW, {NEEDS}.", CHANGE["evidence"], CHANGE["reason"]):
            assert words in page
    session.rollback()
    assert session.scalars(select(Rating.level).order_by(Rating.id)).all() == first
    assert session.scalars(select(AuditEvent.action).where(AuditEvent.action == "rating:change")).all() == [
        "rating:change"
    ]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"evidence": ""}, "only with evidence"),
        ({"evidence": f"HER-VIEW, {NEEDS}."}, "only with evidence"),
        ({"reason": " "}, "what made you change it"),
        ({"level": ""}, "Choose a level"),
    ],
    ids=str,
)
def test_without_new_evidence_and_a_reason_nothing_changes(browse, attempt_id, session, changed, said):
    answer = send(browse("ben"), attempt_id, **changed)
    assert answer.status_code == 422
    assert said in unescape(answer.text)
    assert (CHANGE | changed)["reason"] in unescape(answer.text)
    assert session.scalars(select(RatingChange)).all() == []


@pytest.mark.one_database
def test_pages_show_the_change_and_the_calibration_the_blind_rating(browse, app, cast, attempt_id):
    send(browse("ben"), attempt_id)
    with app.test_request_context():
        rows = inputs.gather(db.session(), loop.library(), library_of).rows
        seen = {o.criterion_id: o for o in observed(db.session(), library_of, [cast.ana])[cast.ana]}
    assert {row["level"] for row in rows} == {3}
    assert (seen[NEEDS].coach.value, seen[NEEDS].coach_evidence) == (2, CHANGE["evidence"])


@pytest.mark.one_database
@pytest.mark.parametrize("who", ["dan", "eva", "mia", "lea", "cleo", "ada", "otto"])
def test_nobody_changes_somebody_else_s(browse, attempt_id, session, who):
    somebody = browse(who)
    assert somebody.get(f"/feedback/{attempt_id}/change/{NEEDS}").status_code == 404
    assert somebody.post(f"/feedback/{attempt_id}/change/{NEEDS}", version="5", **CHANGE).status_code == 404
    assert session.scalars(select(RatingChange)).all() == []


def test_before_the_reveal_there_is_nothing_to_change(browse, app, cast, session):
    with app.app_context():
        waits = loop.submitted(cast)
    for who in ("ana", "ben"):
        answer = browse(who).post(f"/feedback/{waits}/change/{NEEDS}", version="3", **CHANGE)
        assert answer.status_code == 404


def test_two_tabs_of_one_coach_meet_on_a_page_with_both_texts(browse, app, cast, session):
    with app.app_context():
        waits = loop.submitted(cast)
    ben, form = browse("ben"), loop.coach_form(loop.scenario(), line="From the first tab.")
    assert ben.post(f"/feedback/{waits}/draft", **(form | {"keep-behaviour": "First note."})).status_code == 303
    late = loop.coach_form(loop.scenario(), line="From the second tab.", level="2") | {"keep-behaviour": "Second note."}
    for path in ("", "/draft"):
        answer = ben.post(f"/feedback/{waits}{path}", **late)
        assert answer.status_code == 409
        for words in ("From the first tab.", "From the second tab.", "First note.", "Second note."):
            assert words in answer.text
    assert "From the first tab." in ben.get(f"/feedback/{waits}").text, "nothing was written over"


def test_two_tabs_of_a_learner_meet_too(browse, app, cast, session):
    with app.app_context():
        begun = loop.started(cast)
    ana = browse("ana")
    assert ana.post(f"/practice/{begun}/evidence", version="2", evidence="The first window.").status_code == 303
    answer = ana.post(f"/practice/{begun}/evidence", version="2", evidence="The second window.")
    assert answer.status_code == 409
    assert "The first window." in answer.text
    assert "The second window." in answer.text


def test_two_coaches_on_one_agreed_sheet_see_both_wordings(browse, app, cast, session):
    with app.app_context():
        differing = loop.looked_twice(cast)
    form = loop.second_form(loop.scenario(), level="2", line="Ben's wording.")
    assert browse("ben").post(f"/feedback/{differing}/agreed", **form).status_code == 303
    late = browse("mia").post(f"/feedback/{differing}/agreed", **loop.second_form(loop.scenario(), line="Mia's."))
    assert late.status_code == 409
    for words in ("Ben's wording.", "Mia's."):
        assert words in unescape(late.text)


def test_a_colleague_s_sealed_draft_is_not_among_the_texts(browse, app, cast, session):
    with app.app_context():
        loop.coached(cast, "ana", "mia")
        waits = loop.submitted(cast)
    form = loop.coach_form(loop.scenario(), line="SEALED-DRAFT")
    assert browse("ben").post(f"/feedback/{waits}/draft", **form).status_code == 303
    answer = browse("mia").post(f"/feedback/{waits}/draft", **loop.coach_form(loop.scenario()))
    assert answer.status_code == 409
    assert "SEALED-DRAFT" not in answer.text
