"""The coach's blind rating and her note: drafts, what it takes to release them, and two coaches at one attempt."""

from html import unescape

import pytest
from sqlalchemy import select

from coachkit.features.feedback.models import FeedbackNote, NotePart
from coachkit.features.practice.models import Attempt, Rating, RatingSheet
from coachkit.platform.access_record import AccessRecord
from coachkit.platform.audit import AuditEvent
from coachkit.platform.db import db
from tests.factories import loop
from tests.factories.loop import coach_form
from tests.factories.mails import sent
from tests.factories.routes import PLAUSIBLE, paths
from tests.factories.statements import recorded

JSON = {"Accept": "application/json"}


@pytest.fixture
def attempt_id(app, cast):
    with app.app_context():
        return loop.submitted(cast, own="CANARY-OWN")


@pytest.fixture
def form(session):
    return coach_form(loop.scenario())


def coach_sheet(session) -> RatingSheet | None:
    return session.scalars(select(RatingSheet).where(RatingSheet.kind == "coach")).one_or_none()


def test_the_workspace_shows_what_was_said_and_both_briefs_and_records_the_look(browse, attempt_id, session, cast):
    page = unescape(browse("ben").get(f"/feedback/{attempt_id}").text)
    assert loop.SAID in page
    for fact in loop.scenario().facts:
        assert fact.fact in page
    look = session.scalars(select(AccessRecord)).one()
    assert (look.person_id, look.viewer_id, look.viewer_role) == (cast.ana, cast.ben, "coach")


def test_where_the_look_cannot_be_recorded_the_page_is_not_shown(browse, attempt_id, monkeypatch):
    from sqlalchemy.exc import OperationalError

    from coachkit.platform import access_record

    ben = browse("ben")

    def refused():
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(access_record, "own_transaction", refused)
    answer = ben.get(f"/feedback/{attempt_id}")
    assert answer.status_code == 503
    assert loop.SAID not in answer.text


def test_a_draft_is_kept_and_comes_back_and_the_learner_sees_nothing_of_it(browse, attempt_id, session, app):
    ben, ana = browse("ben"), browse("ana")
    draft = {"version": "0", "evidence-interviewing.needs": "CANARY-SEEN", "keep-behaviour": "CANARY-NOTE"}
    assert ben.post(f"/feedback/{attempt_id}/draft", **draft).location == "/feedback/queue"
    page = ben.get(f"/feedback/{attempt_id}").text
    assert "CANARY-SEEN" in page
    assert "CANARY-NOTE" in page
    assert "Begun by you" in ben.get("/feedback/queue").text
    assert "Ben Tanaka has begun to rate it." in ana.get(f"/practice/{attempt_id}").text
    for path in paths(app):
        assert "CANARY-SEEN" not in ana.get(path).text, path
        assert "CANARY-NOTE" not in ana.get(path).text, path


def test_the_page_saves_by_itself_and_learns_the_new_version(browse, attempt_id):
    ben = browse("ben")
    data = {"csrf_token": ben.token(), "version": "0", "keep-behaviour": "half a"}
    path = f"/feedback/{attempt_id}/draft"
    assert ben.client.post(path, data=data, headers=JSON).json == {"version": 1}
    assert ben.client.post(path, data=data | {"version": "1"}, headers=JSON).json == {"version": 2}
    stale = ben.client.post(path, data=data | {"version": "1", "keep-behaviour": "from the older tab"}, headers=JSON)
    assert stale.status_code == 409
    assert "from the older tab" in stale.text


@pytest.mark.one_database
@pytest.mark.parametrize("kind", ["official", "practice"])
@pytest.mark.parametrize("reader", ["ben", "ana"])
def test_before_both_have_locked_neither_sees_a_word_or_level_of_the_other(
    browse, app, cast, reader, kind, monkeypatch
):
    """Every page there is, with the ids of the attempt and of its people."""
    with app.app_context():
        attempt_id = loop.submitted(cast, own="CANARY-OF-ANA", kind=kind, coach="ben" if kind == "practice" else None)
        draft = coach_form(loop.scenario(), line="CANARY-OF-BEN") | {"keep-situation": "CANARY-OF-BEN"}
    browse("ben").post(f"/feedback/{attempt_id}/draft", **draft)
    hidden = "CANARY-OF-ANA" if reader == "ben" else "CANARY-OF-BEN"
    shown = "CANARY-OF-BEN" if reader == "ben" else ""
    monkeypatch.setitem(PLAUSIBLE, "attempt_id", (attempt_id,))
    monkeypatch.setitem(PLAUSIBLE, "learner_id", (cast.ana,))
    monkeypatch.setitem(PLAUSIBLE, "person_id", (cast.ana, cast.ben))
    somebody = browse(reader)
    pages = "".join(somebody.get(path).text for path in paths(app))
    assert hidden not in pages
    assert shown in pages
    assert somebody.get(f"/feedback/{attempt_id}/reveal").status_code == 404


def test_a_refused_form_gives_nothing_of_the_other_side_away_either(browse, attempt_id, form):
    answer = browse("ben").post(f"/feedback/{attempt_id}", **(form | {"level-interviewing.needs": ""}))
    assert answer.status_code == 422
    assert "CANARY-OWN" not in answer.text


def test_releasing_locks_rating_and_note_together_and_tells_the_learner(browse, attempt_id, form, session, app, cast):
    answer = browse("ben").post(f"/feedback/{attempt_id}", **form)
    assert answer.location == f"/feedback/{attempt_id}/reveal"
    found = session.get(Attempt, attempt_id)
    assert found.revealed_at == coach_sheet(session).locked_at or found.revealed_at
    assert coach_sheet(session).locked_at is not None
    assert session.scalars(select(FeedbackNote)).one().released_at is not None
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "attempt:reveal")).one()
    assert event.object == f"attempt:{attempt_id}"
    session.rollback()
    mails = [mail for mail in sent(app) if mail["To"] == "ana@tessel.example"]
    assert len(mails) == 1
    text = mails[0].get_content() + mails[0]["Subject"]
    assert f"http://127.0.0.1:8000/feedback/{attempt_id}/reveal" in text
    for word in (*form.values(), "Wants and needs", "Ben", "In place"):
        assert len(word) < 3 or word not in text


def test_everything_about_a_release_stands_in_one_transaction(browse, attempt_id, form, session, settings):
    ben = browse("ben")
    ben.token()
    with recorded(db.engine) as sent_:
        assert ben.post(f"/feedback/{attempt_id}", **form).status_code == 303
    assert sent_.starting("BEGIN") == ["BEGIN IMMEDIATE" if settings.is_sqlite else "BEGIN"]
    assert sent_.starting("COMMIT") == ["COMMIT"]
    assert sent_.all[-1] == "COMMIT"


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("level-interviewing.needs", "", "Choose a level, or “Not observed”."),
        ("level-interviewing.needs", "4", "This scenario can show level 3 at most."),
        ("level-interviewing.needs", "5", "This scenario can show level 3 at most."),
        ("evidence-interviewing.needs", " ", "Still missing"),
        ("evidence-interviewing.needs", "x" * 1001, "At most 1000 characters"),
        ("keep-effect", "", "Effect is still missing."),
        ("change-next_try", "", "Next try is still missing."),
        ("keep-question", "x" * 1001, "At most 1000 characters"),
    ],
    ids=lambda value: value[:30],
)
def test_what_is_missing_is_said_at_its_place_and_nothing_is_sent(
    browse, attempt_id, form, session, field, value, said
):
    answer = browse("ben").post(f"/feedback/{attempt_id}", **(form | {field: value}))
    assert answer.status_code == 422
    page = unescape(answer.text)
    assert f'href="#{field}"' in page
    assert said in page
    assert page.count("She asked and waited.") >= 3
    assert "You gave a date." in page
    assert coach_sheet(session) is None
    assert session.get(Attempt, attempt_id).revealed_at is None


def test_a_rating_without_a_word_is_not_sent(browse, attempt_id, form, session):
    bare = {name: value for name, value in form.items() if not name.startswith(("keep-", "change-"))}
    answer = browse("ben").post(f"/feedback/{attempt_id}", **bare)
    assert answer.status_code == 422
    assert "Write one thing to keep or one to change" in answer.text
    assert coach_sheet(session) is None


def test_one_half_of_a_note_is_enough(browse, attempt_id, form, session):
    half = {name: value for name, value in form.items() if not name.startswith("change-")}
    assert browse("ben").post(f"/feedback/{attempt_id}", **half).status_code == 303
    assert session.scalars(select(NotePart.kind)).all() == ["keep"]


@pytest.mark.one_database
def test_words_about_the_person_are_pointed_out_and_never_block(browse, attempt_id, form):
    ben = browse("ben")
    form |= {"change-behaviour": "You are always too nervous."}
    ben.post(f"/feedback/{attempt_id}/draft", **form)
    page = unescape(ben.get(f"/feedback/{attempt_id}").text)
    assert "“nervous” names a trait." in page
    assert ben.post(f"/feedback/{attempt_id}", **(form | {"version": "1"})).status_code == 303


def test_of_two_coaches_the_later_one_keeps_her_text_and_mixes_nothing(browse, app, cast, attempt_id, form, session):
    with app.app_context():
        loop.coached(cast, "ana", "mia")
    ben, mia = browse("ben"), browse("mia")
    assert mia.get(f"/feedback/{attempt_id}").status_code == 200
    assert ben.post(f"/feedback/{attempt_id}/draft", **form).status_code == 303
    for path in ("", "/draft"):
        answer = mia.post(f"/feedback/{attempt_id}{path}", **(form | {"keep-behaviour": "what Mia saw"}))
        assert answer.status_code == 409
        assert "Ben Tanaka works on this attempt until" in answer.text
        assert "what Mia saw" in answer.text
    page = mia.get(f"/feedback/{attempt_id}").text
    assert "Ben Tanaka has begun to rate this." in page
    assert "She asked and waited." not in page, "nor does she see his draft"
    assert coach_sheet(session).rater_id == cast.ben
    assert "what Mia saw" not in session.scalars(select(NotePart.behaviour)).all()


def test_the_loser_of_a_race_for_release_is_told(browse, app, cast, attempt_id, form, session):
    with app.app_context():
        loop.coached(cast, "ana", "mia")
    assert browse("ben").post(f"/feedback/{attempt_id}", **form).status_code == 303
    answer = browse("mia").post(f"/feedback/{attempt_id}", **(form | {"keep-behaviour": "what Mia saw"}))
    assert answer.status_code == 409
    assert "rated and released already" in answer.text
    assert "what Mia saw" in answer.text
    assert {row.level for row in session.scalars(select(Rating)) if row.evidence == "She asked and waited."} == {3}


def test_a_double_click_releases_once(browse, attempt_id, form, app, session):
    ben = browse("ben")
    answers = [ben.post(f"/feedback/{attempt_id}", key="k" * 22, **form) for _ in range(3)]
    assert {(a.status_code, a.location) for a in answers} == {(303, f"/feedback/{attempt_id}/reveal")}
    events = session.scalars(select(AuditEvent).where(AuditEvent.action == "attempt:reveal")).all()
    assert len(events) == 1
    session.rollback()
    assert len([mail for mail in sent(app) if mail["To"] == "ana@tessel.example"]) == 1


def test_send_and_open_next_goes_down_the_queue(browse, app, cast, attempt_id, form):
    with app.app_context():
        second = loop.submitted(cast, scenario_id="rp19")
    ben = browse("ben")
    assert ben.post(f"/feedback/{attempt_id}", next="1", **form).location == f"/feedback/{second}"


@pytest.mark.one_database
@pytest.mark.parametrize("who", ["ana", "dan", "eva", "mia", "lea", "cleo", "ada", "otto"])
def test_nobody_else_rates(browse, attempt_id, form, session, who):
    somebody = browse(who)
    assert somebody.get(f"/feedback/{attempt_id}").status_code == 404
    assert somebody.post(f"/feedback/{attempt_id}", **form).status_code == 404
    assert somebody.post(f"/feedback/{attempt_id}/draft", **form).status_code == 404
    assert coach_sheet(session) is None


def test_nobody_rates_what_was_not_submitted(browse, app, cast, form, session):
    with app.app_context():
        begun = loop.started(cast)
    ben = browse("ben")
    assert ben.get(f"/feedback/{begun}").status_code == 404
    assert ben.post(f"/feedback/{begun}", **form).status_code == 404
    assert coach_sheet(session) is None


def test_a_coach_who_is_a_learner_too_does_not_rate_herself(browse, app, cast, form, session):
    from coachkit.features.accounts.models import RoleGrant

    session.add(RoleGrant(person_id=cast.ana, role="coach"))
    session.commit()
    with app.app_context():
        own = loop.submitted(cast)
    assert browse("ana").get(f"/feedback/{own}").status_code == 404
    assert browse("ana").post(f"/feedback/{own}", **form).status_code == 404
