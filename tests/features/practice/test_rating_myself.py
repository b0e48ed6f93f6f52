"""The blind self-rating: drafts, what it takes to lock it, and one submit whatever happens."""

import threading
from html import unescape

import pytest
from sqlalchemy import select

from coachkit.features.practice.models import Attempt, Rating, RatingSheet
from coachkit.platform import audit
from coachkit.platform.audit import AuditEvent
from coachkit.platform.db import db
from coachkit.platform.idempotency import SubmitKey, new_key
from coachkit.platform.jobs import Outbox
from tests.factories import loop
from tests.factories.browsing import Browser
from tests.factories.loop import self_form
from tests.factories.statements import recorded

JSON = {"Accept": "application/json"}


@pytest.fixture
def attempt_id(app, cast):
    with app.app_context():
        return loop.started(cast)


@pytest.fixture
def form(session):
    return self_form(loop.scenario())


def submit(browser, attempt_id, form, **more):
    return browser.post(f"/practice/{attempt_id}/rate", **form, **more)


def sheets(session) -> list[RatingSheet]:
    return list(session.scalars(select(RatingSheet)))


@pytest.mark.one_database
def test_the_page_asks_for_each_criterion_a_level_a_line_and_a_guess(browse, session, attempt_id):
    page = unescape(browse("ana").get(f"/practice/{attempt_id}/rate").text)
    case = loop.scenario()
    for criterion_id in case.criteria:
        for part in ("level", "evidence", "expected"):
            assert f'name="{part}-{criterion_id}"' in page
        for text in loop.library().criterion(criterion_id).anchors.values():
            assert text in page
    assert "What will Ben Tanaka see?" in page


def test_without_somebody_else_there_is_nothing_to_guess(browse, app, cast, form):
    with app.app_context():
        mine = loop.started(cast, kind="practice")
    ana = browse("ana")
    assert "expected-" not in ana.get(f"/practice/{mine}/rate").text
    form = {name: value for name, value in form.items() if not name.startswith("expected-")}
    assert submit(ana, mine, form).status_code == 303
    assert "Kept for yourself" in ana.get(f"/practice/{mine}").text


def test_a_draft_may_be_incomplete_and_comes_back(browse, session, attempt_id):
    ana = browse("ana")
    draft = {"version": "0", "level-interviewing.needs": "2", "evidence-interviewing.needs": "“What for?”"}
    assert ana.post(f"/practice/{attempt_id}/draft", **draft).status_code == 303
    (sheet,) = sheets(session)
    assert (sheet.kind, sheet.locked_at, sheet.version) == ("self", None, 1)
    page = ana.get(f"/practice/{attempt_id}/rate").text
    assert "“What for?”" in page
    assert 'name="level-interviewing.needs" value="2" data-key="2" checked' in page
    assert 'name="version" value="1"' in page


def test_the_page_saves_by_itself_and_learns_the_new_version(browse, attempt_id, session):
    ana = browse("ana")
    data = {"csrf_token": ana.token(), "version": "0", "evidence-interviewing.needs": "“What"}
    path = f"/practice/{attempt_id}/draft"
    answer = ana.client.post(path, data=data, headers=JSON)
    assert (answer.status_code, answer.json) == (200, {"version": 1})
    assert ana.client.post(path, data=data | {"version": "1"}, headers=JSON).json == {"version": 2}
    assert ana.client.post(path, data=data | {"version": "1"}, headers=JSON).status_code == 409


def test_finishing_later_keeps_a_draft_without_complaints(browse, session, attempt_id):
    answer = submit(browse("ana"), attempt_id, {"version": "0", "later": "1", "level-interviewing.needs": "1"})
    assert answer.status_code == 303
    assert sheets(session)[0].locked_at is None


def test_two_windows_do_not_write_over_each_other(browse, session, attempt_id, form):
    ana = browse("ana")
    ana.post(f"/practice/{attempt_id}/draft", **form)
    answer = submit(ana, attempt_id, form | {"evidence-interviewing.needs": "from the older window"})
    assert answer.status_code == 409
    assert "from the older window" in answer.text
    assert {r.evidence for r in session.scalars(select(Rating))} == {"I asked and waited."}


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("level", "Choose a level, or “Not observed”."),
        ("evidence", "Still missing: the words or the act that shows this level."),
        ("expected", "Guess what Ben Tanaka will see."),
    ],
)
def test_it_locks_only_when_nothing_is_missing(browse, session, attempt_id, form, missing, said):
    del form[f"{missing}-interviewing.needs"]
    answer = submit(browse("ana"), attempt_id, form)
    assert answer.status_code == 422
    assert said in unescape(answer.text)
    assert answer.text.count("I asked and waited.") == sum(k.startswith("evidence") for k in form)
    assert sheets(session) == []
    assert session.get(Attempt, attempt_id).submitted_at is None


@pytest.mark.one_database
@pytest.mark.parametrize("part", ["level", "expected"])
@pytest.mark.parametrize("level", ["4", "5"])
def test_a_friendly_role_play_takes_no_higher_level_than_it_can_show(browse, session, attempt_id, form, part, level):
    form[f"{part}-interviewing.needs"] = level
    answer = submit(browse("ana"), attempt_id, form)
    assert answer.status_code == 422
    assert "This scenario can show level 3 at most." in answer.text
    assert sheets(session) == []


@pytest.mark.one_database
@pytest.mark.parametrize("level", ["0", "6", "-1", "2.5", "two", "not observed"])
def test_what_is_no_level_is_nothing(browse, session, attempt_id, form, level):
    form["level-interviewing.needs"] = level
    assert submit(browse("ana"), attempt_id, form).status_code == 422
    assert sheets(session) == []


def test_not_observed_is_a_level_of_its_own_and_needs_its_line(browse, session, attempt_id, form):
    form["level-interviewing.needs"] = "not-observed"
    assert submit(browse("ana"), attempt_id, form).status_code == 303
    row = session.scalars(select(Rating).where(Rating.criterion_id == "interviewing.needs")).one()
    assert (row.level, row.not_observed) == (None, True)


def test_without_a_word_of_what_was_said_there_is_nothing_to_rate(browse, app, cast, session, form):
    with app.app_context():
        empty = loop.started(cast, evidence="")
    answer = submit(browse("ana"), empty, form)
    assert answer.status_code == 422
    assert "Write down what was said, or add a file" in answer.text
    assert sheets(session) == []


@pytest.mark.one_database
def test_criteria_of_other_role_plays_are_not_kept(browse, session, attempt_id, form):
    form |= {"level-trust.repair": "3", "evidence-trust.repair": "smuggled", "expected-trust.repair": "3"}
    submit(browse("ana"), attempt_id, form)
    kept = set(session.scalars(select(Rating.criterion_id)))
    assert kept == set(loop.scenario().criteria)


def test_a_submit_gives_a_receipt_and_waits_for_the_coach(browse, session, attempt_id, form):
    ana = browse("ana")
    assert submit(ana, attempt_id, form).location == f"/practice/{attempt_id}"
    page = ana.get(f"/practice/{attempt_id}").text
    assert f"Receipt {attempt_id:05d}-" in page
    assert "It waits for Ben Tanaka" in page
    assert ana.get(f"/practice/{attempt_id}/rate").location == f"/practice/{attempt_id}"
    assert submit(ana, attempt_id, form | {"version": "1"}).status_code == 409


def test_everything_about_a_submit_stands_in_one_transaction(browse, session, attempt_id, form, settings):
    """Ratings, attempt, event, job and receipt: one BEGIN, one COMMIT."""
    ana = browse("ana")
    ana.token()
    with recorded(db.engine) as sent:
        assert submit(ana, attempt_id, form).status_code == 303
    begin = "BEGIN IMMEDIATE" if settings.is_sqlite else "BEGIN"
    assert sent.starting("BEGIN") == [begin]
    assert sent.starting("COMMIT") == ["COMMIT"]
    assert sent.starting("ROLLBACK") == []
    assert sent.all[-1] == "COMMIT"
    written = {s.split()[2] for s in sent.data if s.startswith("INSERT")}
    assert {"rating_sheet", "rating", "audit_event", "outbox", "submit_key"} <= written
    assert any(s.startswith("UPDATE attempt") for s in sent.data)


@pytest.mark.parametrize("part", ["audit", "jobs"])
def test_if_one_part_of_a_submit_fails_nothing_of_it_is_kept(browse, session, attempt_id, form, monkeypatch, part):
    from coachkit.features.practice import service

    ana = browse("ana")

    def broken(*_args, **_kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr(getattr(service, part), {"audit": "record", "jobs": "enqueue"}[part], broken)
    answer = submit(ana, attempt_id, form)
    assert answer.status_code == 500
    assert "I asked and waited." in answer.text
    assert sheets(session) == []
    assert session.get(Attempt, attempt_id).submitted_at is None
    assert session.scalars(select(Outbox)).all() == session.scalars(select(SubmitKey)).all() == []


def test_a_double_click_is_one_submit(browse, session, attempt_id, form):
    ana = browse("ana")
    answers = [submit(ana, attempt_id, form, key="k" * 22) for _ in range(3)]
    assert {(a.status_code, a.location) for a in answers} == {(303, f"/practice/{attempt_id}")}
    assert len(sheets(session)) == 1
    assert len(session.scalars(select(Outbox)).all()) == 1
    events = session.scalars(select(AuditEvent.action).where(AuditEvent.action == "attempt:submit"))
    assert len(events.all()) == 1


def test_twins_that_arrive_at_the_same_moment_are_one_submit(app, session, attempt_id, form):
    ana = Browser(app, "ana")
    data = form | {"csrf_token": ana.token(), "idempotency_key": new_key()}
    cookie = ana.client.get_cookie("coachkit").value
    gate, answers = threading.Barrier(4), []

    def send() -> None:
        client = app.test_client()
        client.set_cookie("coachkit", cookie)
        gate.wait()
        answer = client.post(f"/practice/{attempt_id}/rate", data=data)
        answers.append((answer.status_code, answer.location))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) == {(303, f"/practice/{attempt_id}")}
    assert len(sheets(session)) == 1
    assert audit.verify(session).broken_at is None


def test_the_event_names_the_attempt_and_nothing_that_was_said(browse, session, attempt_id, form):
    submit(browse("ana"), attempt_id, form)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "attempt:submit")).one()
    assert event.object == f"attempt:{attempt_id}"
    assert event.detail == f'{{"ratings":{len(loop.scenario().criteria)}}}'
    assert event.actor == event.subject
