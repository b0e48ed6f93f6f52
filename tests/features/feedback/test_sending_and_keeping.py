"""Some seconds to take a release back, private notes that the law opens, and two taps about the feedback itself."""

from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from coachkit.features.feedback.desk_models import Claim, PrivateNote
from coachkit.features.operations import erasure
from coachkit.features.practice import service as practice
from coachkit.features.practice.models import Attempt
from coachkit.platform import clock, jobs
from coachkit.platform.db import transaction
from tests.factories import loop
from tests.factories.routes import paths


@pytest.fixture
def seconds(app):
    """A house in which a release can be taken back for ten seconds."""
    app.config["COACHKIT"] = replace(app.config["COACHKIT"], undo_seconds=10)


@pytest.fixture
def attempt_id(session, cast):
    return loop.submitted(cast, own="CANARY-OWN")


@pytest.fixture
def form(session):
    return loop.coach_form(loop.scenario(), line="CANARY-SEEN")


def is_out(session, attempt_id: int) -> bool:
    session.rollback()
    return session.get_one(Attempt, attempt_id).revealed_at is not None


def test_for_ten_seconds_nobody_sees_anything_then_both_see_both(browse, app, session, seconds, attempt_id, form):
    ben, ana = browse("ben"), browse("ana")
    assert ben.post(f"/feedback/{attempt_id}", **form).location == f"/feedback/{attempt_id}"
    page = ben.get(f"/feedback/{attempt_id}").text
    assert "goes out" in page
    jobs.run_waiting()
    assert not is_out(session, attempt_id)
    for who in (ben, ana):
        for path in (*paths(app), f"/feedback/{attempt_id}/reveal", f"/feedback/{attempt_id}"):
            other = "CANARY-OWN" if who is ben else "CANARY-SEEN"
            assert other not in who.get(path).text, path
    with clock.shifted(timedelta(seconds=11)):
        jobs.run_waiting()
    assert is_out(session, attempt_id)
    assert "CANARY-OWN" in ben.get(f"/feedback/{attempt_id}/reveal").text
    assert "CANARY-SEEN" in ana.get(f"/feedback/{attempt_id}/reveal").text


def test_what_is_taken_back_is_a_draft_again(browse, session, seconds, attempt_id, form):
    ben = browse("ben")
    ben.post(f"/feedback/{attempt_id}", **form)
    assert ben.post(f"/feedback/{attempt_id}/take-back").location == f"/feedback/{attempt_id}"
    assert "CANARY-SEEN" in ben.get(f"/feedback/{attempt_id}").text
    with clock.shifted(timedelta(seconds=11)):
        jobs.run_waiting()
    assert not is_out(session, attempt_id)


def test_sent_taken_back_and_sent_again_goes_out_once_and_not_early(browse, session, seconds, attempt_id, form):
    ben = browse("ben")
    ben.post(f"/feedback/{attempt_id}", **form)
    ben.post(f"/feedback/{attempt_id}/take-back")
    with clock.shifted(timedelta(seconds=6)):
        assert ben.post(f"/feedback/{attempt_id}", **form | {"version": "1"}).status_code == 303
    with clock.shifted(timedelta(seconds=11)):
        jobs.run_waiting()
        assert not is_out(session, attempt_id)
    with clock.shifted(timedelta(seconds=17)):
        jobs.run_waiting()
        assert is_out(session, attempt_id)


def test_after_the_seconds_it_stays(browse, session, seconds, attempt_id, form):
    ben = browse("ben")
    ben.post(f"/feedback/{attempt_id}", **form)
    with clock.shifted(timedelta(seconds=11)):
        jobs.run_waiting()
    answer = ben.post(f"/feedback/{attempt_id}/take-back")
    assert answer.status_code == 409
    assert "It has gone out" in answer.text
    assert is_out(session, attempt_id)


def test_a_learner_who_withdraws_within_the_seconds_wins(browse, session, cast, seconds, attempt_id, form):
    ben = browse("ben")
    ben.post(f"/feedback/{attempt_id}", **form)
    with transaction() as own:
        practice.withdraw(own, loop.actor(own, cast.ana), attempt_id)
    with clock.shifted(timedelta(seconds=11)):
        jobs.run_waiting()
    assert not is_out(session, attempt_id)


def test_whoever_loses_the_learner_within_the_seconds_sends_nothing(browse, session, cast, seconds, attempt_id, form):
    browse("ben").post(f"/feedback/{attempt_id}", **form)
    loop.uncoached(cast, "ana", "ben")
    with clock.shifted(timedelta(seconds=11)):
        jobs.run_waiting()
    assert not is_out(session, attempt_id)
    session.rollback()
    assert [claim.sends_at for claim in session.scalars(select(Claim))] == [None]


def test_what_is_missing_is_said_at_once_and_not_after_the_seconds(browse, session, seconds, attempt_id, form):
    answer = browse("ben").post(f"/feedback/{attempt_id}", **form | {"change-next_try": ""})
    assert answer.status_code == 422
    assert "Next try is still missing." in answer.text


def test_send_and_open_next_takes_the_next_one_up(browse, session, cast, seconds, attempt_id, form):
    other = loop.submitted(cast, scenario_id="rp19")
    ben = browse("ben")
    assert ben.post(f"/feedback/{attempt_id}", **form, next="1").location == f"/feedback/{other}"
    session.rollback()
    assert session.get_one(Claim, other).coach_id == cast.ben
    assert "goes out at" in ben.get(f"/feedback/{other}").text, "and the last one can still be taken back from there"


def keeps(browser, learner_id: int, text: str, version: int = 0):
    return browser.post(f"/feedback/learners/{learner_id}/private-note", private=text, version=str(version))


def test_a_private_note_is_on_its_coach_s_pages_only(browse, app, session, cast, attempt_id):
    loop.coached(cast, "ana", "mia")
    ben = browse("ben")
    assert keeps(ben, cast.ana, "CANARY-PRIVATE").status_code == 303
    assert "CANARY-PRIVATE" in ben.get(f"/feedback/learners/{cast.ana}").text
    assert "CANARY-PRIVATE" in ben.get(f"/feedback/{attempt_id}").text
    for who in ("ana", "mia", "eva", "lea", "cleo", "ada", "otto"):
        browser = browse(who)
        for path in (*paths(app), f"/feedback/learners/{cast.ana}", f"/feedback/{attempt_id}"):
            if path != "/account/export":
                assert "CANARY-PRIVATE" not in browser.get(path).text, (who, path)


def test_a_page_that_is_behind_overwrites_no_private_note(browse, session, cast):
    ben = browse("ben")
    keeps(ben, cast.ana, "First")
    assert keeps(ben, cast.ana, "Second", version=1).status_code == 303
    answer = keeps(ben, cast.ana, "From an old tab", version=1)
    assert answer.status_code == 409
    assert "From an old tab" in answer.text
    assert session.scalars(select(PrivateNote.text)).all() == ["Second"]


@pytest.mark.one_database
@pytest.mark.parametrize("who", ["ana", "eva", "mia", "lea", "cleo", "ada", "otto"])
def test_nobody_else_writes_one(browse, session, cast, who):
    assert keeps(browse(who), cast.ana, "No").status_code == 404
    assert session.scalars(select(PrivateNote)).all() == []


def test_the_learner_s_export_holds_it_as_the_law_wants(browse, session, cast):
    keeps(browse("ben"), cast.ana, "CANARY-PRIVATE")
    [note] = browse("ana").get("/account/export").json["private_notes_about_you"]
    assert (note["coach"], note["text"]) == ("Ben Tanaka", "CANARY-PRIVATE")
    assert "CANARY-PRIVATE" not in browse("ben").get("/account/export").text


def test_while_an_attempt_waits_the_export_breaks_no_seal(browse, session, cast, attempt_id, form):
    ben, ana = browse("ben"), browse("ana")
    keeps(ben, cast.ana, "CANARY-PRIVATE")
    [note] = ana.get("/account/export").json["private_notes_about_you"]
    assert "CANARY" not in str(note)
    assert "left out until the attempt that she has seen has been answered" in note["withheld"]
    ben.post(f"/feedback/{attempt_id}", **form)
    [note] = ana.get("/account/export").json["private_notes_about_you"]
    assert note["text"] == "CANARY-PRIVATE"


def test_an_attempt_that_came_back_or_was_watched_keeps_the_seal(browse, app, cast, attempt_id):
    ben, ana = browse("ben"), browse("ana")
    keeps(ben, cast.ana, "CANARY-PRIVATE")
    assert ben.post(f"/feedback/{attempt_id}/return", why="The file is of another talk.").status_code == 303
    assert "CANARY-PRIVATE" not in ana.get("/account/export").text
    ana.post(f"/practice/{attempt_id}/withdraw")
    assert "CANARY-PRIVATE" in ana.get("/account/export").text
    with app.app_context():
        loop.watched(cast, loop.started(cast), "“Who decides?”")
    assert "CANARY-PRIVATE" not in ana.get("/account/export").text


@pytest.mark.parametrize("who", ["ana", "ben"])
def test_it_goes_with_either_of_the_two(browse, session, cast, who):
    keeps(browse("ben"), cast.ana, "CANARY-PRIVATE")
    with transaction() as own:
        erasure.erase(own, loop.actor(own, cast.ada), cast.ids[who])
    assert session.scalars(select(PrivateNote)).all() == []


def taps(browser, attempt_id: int, *answers: str) -> None:
    for answer in answers:
        assert browser.post(f"/feedback/{attempt_id}/useful", tap=answer).location.endswith("#useful")


def test_two_taps_are_kept_and_can_be_changed(browse, session, cast):
    attempt_id = loop.revealed(cast)
    ana = browse("ana")
    taps(ana, attempt_id, "useful-1", "fits-0", "fits-1")
    page = ana.get(f"/feedback/{attempt_id}/reveal").text.split('id="useful"')[1].split("</section>")[0]
    assert page.count('aria-pressed="true"') == 2
    assert 'value="fits-1" aria-pressed="true"' in page
    assert ana.post(f"/feedback/{attempt_id}/useful", tap="useful-5").status_code == 422


def test_a_coach_sees_nothing_below_five_answers_and_nobody_else_sees_anything(browse, app, session, cast):
    loop.coached(cast, "dan", "ben")
    ana, dan, ben = browse("ana"), browse("dan"), browse("ben")
    for number in range(4):
        mine = loop.revealed(cast, scenario_id=("rp04", "rp19")[number % 2])
        taps(ana, mine, "useful-1", "fits-1")
    assert "Too few answers yet" in ben.get("/feedback/landed").text
    taps(dan, loop.revealed(cast, learner="dan"), "useful-0", "fits-1")
    page = unescape(ben.get("/feedback/landed").text)
    assert "4 of 5 could use your feedback" in page
    assert "5 of 5 found that it fits" in page
    for who in ("eva", "lea", "cleo", "ada", "otto"):
        browser = browse(who)
        for path in paths(app):
            assert "4 of 5 could use" not in browser.get(path).text, (who, path)


@pytest.mark.one_database
def test_before_the_reveal_there_is_nothing_to_tap(browse, session, attempt_id):
    assert browse("ana").post(f"/feedback/{attempt_id}/useful", tap="useful-1").status_code == 404


@pytest.mark.one_database
@pytest.mark.parametrize("who", ["dan", "ben", "lea", "cleo"])
def test_nobody_taps_for_the_learner(browse, session, cast, who):
    attempt_id = loop.revealed(cast)
    assert browse(who).post(f"/feedback/{attempt_id}/useful", tap="useful-1").status_code == 404
