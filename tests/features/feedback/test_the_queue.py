"""What waits for a coach: her learners' official work and the practice to which she is invited; nothing else."""

from datetime import timedelta

import pytest

from coachkit.platform import clock
from tests.factories import loop
from tests.factories.mails import sent


def waiting(app):
    """The mails that call a coach to her queue."""
    return [mail for mail in sent(app) if mail["Subject"] == "An attempt waits for you"]


def test_the_longest_waiting_comes_first(browse, app, cast):
    with app.app_context():
        loop.coached(cast, "dan", "ben")
        young = loop.submitted(cast, days_ago=1)
        old = loop.submitted(cast, learner="dan", days_ago=6, scenario_id="rp19")
    page = browse("ben").get("/feedback/queue").text
    assert page.index(f'href="/feedback/{old}"') < page.index(f'href="/feedback/{young}"')
    assert "Waits 6 days" in page
    assert "Dan Okoro" in page


def test_a_coach_sees_only_her_own_learners(browse, app, cast):
    with app.app_context():
        loop.submitted(cast)
    for who in ("eva", "mia"):
        page = browse(who).get("/feedback/queue").text
        assert "Ana Baptiste" not in page
        assert "Nothing waits for you." in page


def test_what_is_begun_kept_rated_or_withdrawn_does_not_wait(browse, app, cast):
    with app.app_context():
        loop.started(cast)
        loop.submitted(cast, kind="practice")
        loop.revealed(cast)
    assert "Nothing waits for you." in browse("ben").get("/feedback/queue").text


def test_practice_waits_for_the_invited_coach_only(browse, app, cast):
    with app.app_context():
        loop.coached(cast, "ana", "mia")
        attempt_id = loop.submitted(cast, kind="practice", coach="mia")
    assert f"/feedback/{attempt_id}" in browse("mia").get("/feedback/queue").text
    ben = browse("ben")
    assert "Nothing waits for you." in ben.get("/feedback/queue").text
    for path in (f"/feedback/{attempt_id}", f"/feedback/{attempt_id}/reveal"):
        assert ben.get(path).status_code == 404


def test_every_coach_of_the_learner_is_told_once_and_only_that_there_is_something(app, cast):
    with app.app_context():
        loop.coached(cast, "ana", "mia")
        loop.submitted(cast, evidence="CANARY-SAID", own="CANARY-OWN")
    mails = waiting(app)
    assert sorted(mail["To"] for mail in mails) == ["ben@tessel.example", "mia@tessel.example"]
    for mail in mails:
        text = mail.get_content()
        assert "http://127.0.0.1:8000/feedback/queue" in text
        for word in ("CANARY", "Ana", "Wants and needs", "level"):
            assert word not in text + mail["Subject"]
    assert len(waiting(app)) == 2


def test_only_the_invited_coach_is_told_of_practice(app, cast):
    with app.app_context():
        loop.coached(cast, "ana", "mia")
        loop.submitted(cast, kind="practice", coach="mia")
    assert [mail["To"] for mail in waiting(app)] == ["mia@tessel.example"]


def test_a_coach_who_lost_the_learner_meanwhile_is_not_told(app, cast):
    with app.app_context():
        loop.submitted(cast)
        loop.uncoached(cast, "ana", "ben")
    assert waiting(app) == []


def test_a_coach_loses_everything_at_the_next_request(browse, app, cast):
    with app.app_context():
        waiting = loop.submitted(cast)
        seen = loop.revealed(cast, scenario_id="rp19")
        form = loop.coach_form(loop.scenario())
    ben = browse("ben")
    pages = (f"/feedback/{waiting}", f"/feedback/{seen}/reveal", f"/feedback/learners/{cast.ana}")
    assert [ben.get(path).status_code for path in pages] == [200, 200, 200]
    with app.app_context():
        loop.uncoached(cast, "ana", "ben")
    assert [ben.get(path).status_code for path in pages] == [404, 404, 404]
    assert ben.post(f"/feedback/{waiting}", **form).status_code == 404
    assert ben.post(f"/feedback/{waiting}/draft", **form).status_code == 404
    for path in ("/feedback/queue", "/feedback/learners", "/"):
        assert "Ana Baptiste" not in ben.get(path).text


def test_a_coach_s_learners_are_listed_by_name_and_looking_is_recorded(browse, app, cast):
    with app.app_context():
        loop.coached(cast, "dan", "ben")
        loop.submitted(cast, learner="dan")
    page = browse("ben").get("/feedback/learners").text
    assert page.index("Ana Baptiste") < page.index("Dan Okoro")
    assert "Yours: 1 attempt" in page
    assert "Ben Tanaka" in browse("ana").get("/account/looks").text
    assert "Ben Tanaka" in browse("dan").get("/account/looks").text


def test_a_learner_s_record_holds_official_work_and_no_practice(browse, app, cast):
    with app.app_context():
        loop.coached(cast, "ana", "mia")
        loop.revealed(cast, seen="OFFICIAL-SEEN")
        mine = loop.revealed(cast, kind="practice", coach="mia", by="mia", seen="PRACTICE-SEEN", scenario_id="rp19")
    plan = {"cue": "PRACTICE-CUE", "act": "wait", "due_on": (clock.today() + timedelta(days=5)).isoformat()}
    assert browse("ana").post(f"/feedback/{mine}/plan", **plan).status_code == 303
    ben = browse("ben")
    record = ben.get(f"/feedback/learners/{cast.ana}").text
    assert "OFFICIAL-SEEN" in record
    for path in (f"/feedback/learners/{cast.ana}", "/feedback/learners", "/"):
        assert "PRACTICE" not in ben.get(path).text, path
    assert "wait" not in ben.get("/feedback/learners").text.split("<table")[1].split("</table>")[0]
    assert "opened your record" in browse("ana").get("/account/looks").text


@pytest.mark.one_database
@pytest.mark.parametrize("who", ["dan", "eva", "mia", "lea", "cleo", "ada", "otto"])
def test_nobody_else_comes_to_a_learner_s_record(browse, cast, who):
    assert browse(who).get(f"/feedback/learners/{cast.ana}").status_code == 404


@pytest.mark.one_database
def test_the_lead_coach_sees_how_much_waits_and_nothing_of_what(browse, app, cast):
    with app.app_context():
        loop.submitted(cast, days_ago=9, evidence="CANARY-SAID", own="CANARY-OWN")
        revealed = loop.revealed(cast, evidence="CANARY", own="CANARY", seen="CANARY", scenario_id="rp19")
    lea = browse("lea")
    page = lea.get("/feedback/coaches").text
    row = page.split('id="loads"')[1].split("Ben Tanaka")[1].split("</tr>")[0]
    assert '<td data-label="Waiting" class="num">1</td>' in row
    assert "9 days" in row
    from tests.factories.routes import paths

    for path in paths(app):
        answer = lea.get(path)
        assert "CANARY" not in answer.text, path
        named = "Ana Baptiste" in answer.text
        assert named is (path == "/feedback/coaches"), f"she hands learners over there, and nowhere else: {path}"
    assert "saw that an official attempt of yours waits" in browse("ana").get("/account/looks").text
    assert lea.get(f"/feedback/{revealed}/reveal").status_code == 404


@pytest.mark.one_database
@pytest.mark.parametrize("who", ["ana", "lea", "cleo", "ada", "otto"])
def test_only_coaches_have_a_queue(browse, who):
    somebody = browse(who)
    for path in ("/feedback/queue", "/feedback/learners"):
        assert somebody.get(path).status_code == 403


@pytest.mark.one_database
def test_the_list_of_coaches_is_the_lead_coach_s_only(browse):
    for who in ("ana", "ben", "cleo", "ada"):
        assert browse(who).get("/feedback/coaches").status_code == 403
