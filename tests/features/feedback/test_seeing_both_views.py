"""After both have locked: both views, the learner's answer, and his plan."""

from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from coachkit.features.feedback.models import LearnerAnswer, Plan
from coachkit.platform import clock
from coachkit.platform.audit import AuditEvent
from tests.factories import loop

SOON = (clock.today() + timedelta(days=5)).isoformat()
PLAN = {"cue": "she names a tool", "act": "ask what for", "due_on": SOON, "witness": "Rosa"}


@pytest.fixture
def attempt_id(app, cast):
    with app.app_context():
        return loop.revealed(cast, own="MY-OWN", seen="HER-VIEW")


@pytest.mark.parametrize("who", ["ana", "ben"])
def test_both_see_both_views_the_note_and_what_was_expected(browse, attempt_id, who):
    page = unescape(browse(who).get(f"/feedback/{attempt_id}/reveal").text)
    for words in ("MY-OWN for interviewing.needs.", "HER-VIEW, interviewing.needs.", "You gave a date.", "Expected"):
        assert words in page
    assert "3 or more" in page, "a friendly role-play can show no more"


def test_the_look_is_recorded_for_the_coach_only(browse, attempt_id):
    browse("ben").get(f"/feedback/{attempt_id}/reveal")
    page = browse("ana").get("/account/looks").text
    assert page.count("opened both views") == 1


def test_the_list_and_the_workspace_lead_there(browse, attempt_id):
    assert f'href="/feedback/{attempt_id}/reveal"' in browse("ana").get("/practice").text
    assert browse("ben").get(f"/feedback/{attempt_id}").location == f"/feedback/{attempt_id}/reveal"


@pytest.mark.one_database
@pytest.mark.parametrize("who", ["dan", "eva", "mia", "lea", "cleo", "ada", "otto"])
def test_nobody_else_sees_or_changes_anything(browse, attempt_id, session, who):
    somebody = browse(who)
    assert somebody.get(f"/feedback/{attempt_id}/reveal").status_code == 404
    assert somebody.post(f"/feedback/{attempt_id}/answer", version="5", text="mine").status_code == 404
    assert somebody.post(f"/feedback/{attempt_id}/plan", **PLAN).status_code == 404
    assert session.scalars(select(LearnerAnswer)).all() == session.scalars(select(Plan)).all() == []


def version(browser, attempt_id) -> str:
    return browser.get(f"/feedback/{attempt_id}/reveal").text.split('name="version" value="')[1].split('"')[0]


def test_the_learner_answers_and_the_coach_reads_it(browse, attempt_id, session):
    ana = browse("ana")
    answer = ana.post(f"/feedback/{attempt_id}/answer", version=version(ana, attempt_id), text="I saw it <otherwise>.")
    assert answer.location == f"/feedback/{attempt_id}/reveal#answer"
    assert "I saw it &lt;otherwise&gt;." in browse("ben").get(f"/feedback/{attempt_id}/reveal").text
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "feedback:answer")).one()
    assert "otherwise" not in event.detail


def test_the_answer_can_be_reworded_and_an_overtaken_window_is_told(browse, attempt_id, session):
    ana = browse("ana")
    before = version(ana, attempt_id)
    ana.post(f"/feedback/{attempt_id}/answer", version=before, text="First wording.")
    ana.post(f"/feedback/{attempt_id}/answer", version=version(ana, attempt_id), text="Better wording.")
    stale = ana.post(f"/feedback/{attempt_id}/answer", version=before, text="From the older window.")
    assert stale.status_code == 409
    assert "From the older window." in stale.text
    assert session.scalars(select(LearnerAnswer.text)).all() == ["Better wording."]


@pytest.mark.one_database
def test_an_empty_answer_is_asked_for(browse, attempt_id, session):
    answer = browse("ana").post(f"/feedback/{attempt_id}/answer", version="1", text=" ")
    assert answer.status_code == 422
    assert "Write a sentence first." in answer.text
    assert session.scalars(select(LearnerAnswer)).all() == []


def test_a_plan_is_made_once_and_both_see_it(browse, attempt_id, session):
    ana = browse("ana")
    for _ in range(2):
        answer = ana.post(f"/feedback/{attempt_id}/plan", key="k" * 22, **PLAN)
        assert answer.location == f"/feedback/{attempt_id}/reveal#plan"
    plan = session.scalars(select(Plan)).one()
    assert (plan.cue, plan.act, plan.due_on.isoformat(), plan.witness) == tuple(PLAN.values())
    for who in ("ana", "ben"):
        page = browse(who).get(f"/feedback/{attempt_id}/reveal").text
        assert "If she names a tool, then I will ask what for" in page
    assert len(session.scalars(select(AuditEvent).where(AuditEvent.action == "plan:make")).all()) == 1


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"cue": ""}, "Name the situation."),
        ({"act": " "}, "Name one act."),
        ({"due_on": ""}, "Choose a day"),
        ({"due_on": "2020-01-01"}, "This day has passed."),
        ({"witness": "R" * 121}, "120"),
    ],
    ids=str,
)
def test_a_plan_that_misses_something_comes_back_whole(browse, attempt_id, session, changed, said):
    answer = browse("ana").post(f"/feedback/{attempt_id}/plan", **(PLAN | changed))
    assert answer.status_code == 422
    assert said in answer.text
    for name in ("cue", "act", "witness"):
        assert (PLAN | changed)[name] in answer.text
    assert session.scalars(select(Plan)).all() == []


def test_a_plan_is_closed_with_what_came_of_it(browse, attempt_id, session):
    ana = browse("ana")
    ana.post(f"/feedback/{attempt_id}/plan", **PLAN)
    plan = session.scalars(select(Plan)).one()
    path = f"/feedback/{attempt_id}/plan/{plan.id}"
    assert ana.post(path, outcome="").status_code == 303
    assert session.get(Plan, plan.id).closed_at is None
    assert ana.post(path, outcome="She waited, and he told me.").status_code == 303
    session.expire_all()
    assert session.get(Plan, plan.id).closed_at is not None
    assert "She waited, and he told me." in browse("ben").get(f"/feedback/{attempt_id}/reveal").text
    assert session.scalars(select(AuditEvent.action).where(AuditEvent.action == "plan:close")).all() == ["plan:close"]


def test_nobody_closes_somebody_else_s_plan(browse, app, cast, attempt_id, session):
    ana = browse("ana")
    ana.post(f"/feedback/{attempt_id}/plan", **PLAN)
    plan = session.scalars(select(Plan)).one()
    with app.app_context():
        his = loop.revealed(cast, learner="dan", by="eva")
    for who, through in (("dan", his), ("dan", attempt_id), ("ben", attempt_id)):
        assert browse(who).post(f"/feedback/{through}/plan/{plan.id}", outcome="Mine now.").status_code == 404
    assert session.get(Plan, plan.id).outcome == ""


def test_before_the_reveal_there_is_nothing_to_answer(browse, app, cast, session):
    with app.app_context():
        waiting = loop.submitted(cast)
    ana = browse("ana")
    assert ana.post(f"/feedback/{waiting}/answer", version="3", text="too early").status_code == 404
    assert ana.post(f"/feedback/{waiting}/plan", **PLAN).status_code == 404
    assert session.scalars(select(Plan)).all() == []


def test_the_last_advice_stands_beside_the_next_official_attempt(browse, app, cast, attempt_id):
    with app.app_context():
        following = loop.submitted(cast, scenario_id="rp19")
    assert "Ask who decides." in browse("ben").get(f"/feedback/{following}").text
