"""A coach watches while a role-play is played: asked by the learner, notes first, levels after, nothing twice."""

import pytest
from sqlalchemy import select

from coachkit.features.feedback.observation.models import Observation, ObservationNote
from coachkit.features.operations import erasure
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.second_look import candidates
from coachkit.platform.access_record import AccessRecord
from coachkit.platform.idempotency import new_key
from tests.factories import loop

JSON = {"Accept": "application/json"}


@pytest.fixture
def attempt_id(app, cast):
    with app.app_context():
        return loop.started(cast, evidence="What Ana wrote and nobody may see yet")


@pytest.fixture
def watched(browse, cast, attempt_id):
    """Ben is asked, and the talk has begun."""
    browse("ana").post(f"/feedback/{attempt_id}/observer", coach_id=str(cast.ben))
    ben = browse("ben")
    assert ben.post(f"/feedback/{attempt_id}/observe/start").status_code == 303
    return ben, f"/feedback/{attempt_id}/observe"


def send(browser, where, text, *, key, seconds="61", criterion="", receipt=None):
    form = {"csrf_token": browser.token(), "idempotency_key": receipt or key, "key": key}
    form |= {"seconds": seconds, "criterion": criterion, "text": text}
    return browser.client.post(f"{where}/notes", data=form, headers=JSON)


def notes(session) -> list[tuple[int, str]]:
    session.rollback()
    return [(row.seconds, row.text) for row in session.scalars(select(ObservationNote).order_by(ObservationNote.id))]


def test_nobody_watches_who_was_not_asked(browse, attempt_id, session):
    for who in ("ben", "eva", "mia", "lea", "cleo", "ada"):
        assert browse(who).get(f"/feedback/{attempt_id}/observe").status_code in {403, 404}
    assert "Asked to watch" not in browse("ben").get("/feedback/queue").text


def test_a_learner_asks_his_own_coach_and_can_think_better_of_it(browse, cast, attempt_id, session):
    ana = browse("ana")
    assert ana.post(f"/feedback/{attempt_id}/observer", coach_id=str(cast.eva)).status_code == 422
    for _ in range(2):
        assert ana.post(f"/feedback/{attempt_id}/observer", coach_id=str(cast.ben)).status_code == 303
    assert len(session.scalars(select(Observation)).all()) == 1
    assert f"/feedback/{attempt_id}/observe" in browse("ben").get("/feedback/queue").text
    ana.post(f"/feedback/{attempt_id}/observer", nobody="1")
    assert browse("ben").get(f"/feedback/{attempt_id}/observe").status_code == 404


def test_the_watching_page_holds_nothing_that_the_learner_wrote_and_tells_of_the_look(watched, session):
    ben, where = watched
    page = ben.get(where).text
    assert "What Ana wrote" not in page
    assert loop.library().criterion(loop.scenario().criteria[0]).name in page
    assert "to watch it" in session.scalars(select(AccessRecord)).all()[-1].what


def test_without_a_script_a_note_is_a_form_and_its_time_is_kept(watched, session):
    ben, where = watched
    criterion = loop.scenario().criteria[0]
    assert ben.post(f"{where}/notes", text="“Who decides?”", criterion=criterion).status_code == 303
    assert notes(session)[0][1] == "“Who decides?”"
    page = ben.get(where).text
    assert "“Who decides?”" in page
    assert ben.post(f"{where}/notes", text="x" * 1001).status_code == 422
    assert ben.post(f"{where}/notes", text="y", criterion="nobody.knows").status_code == 422


def test_a_note_that_is_sent_again_and_again_is_one_note(watched, session):
    ben, where = watched
    key = new_key()
    first = send(ben, where, "She asked", key=key)
    assert first.json == {"key": key, "clock": "1:01"}
    assert send(ben, where, "She asked", key=key).json == first.json
    assert send(ben, where, "She asked", key=key, receipt=new_key()).json == first.json
    assert notes(session) == [(61, "She asked")]


def test_a_marked_moment_gets_its_words_later(watched, session):
    ben, where = watched
    key = new_key()
    send(ben, where, "", key=key, seconds="9")
    send(ben, where, "He leaned back", key=key, receipt=new_key(), seconds="40")
    assert notes(session) == [(9, "He leaned back")]


def test_a_moment_or_a_guess_opens_no_level_and_a_note_in_words_does(watched, session, cast, attempt_id):
    ben, where = watched
    send(ben, where, "", key=new_key())
    loop.submitted_again(cast, attempt_id)
    page = ben.get(f"/feedback/{attempt_id}").text
    assert "Write down what you saw first" in page
    form = loop.coach_form(loop.scenario())
    for path in (f"/feedback/{attempt_id}/draft", f"/feedback/{attempt_id}"):
        answer = ben.post(path, **form)
        assert answer.status_code == 422
        assert "Write down what you saw first" in answer.text
    send(ben, where, "She asked what should change", key=new_key())
    page = ben.get(f"/feedback/{attempt_id}").text
    assert "Write down what you saw first" not in page
    assert "She asked what should change" in page
    assert ben.post(f"/feedback/{attempt_id}", **form).status_code == 303


def test_notes_are_sealed_until_both_have_locked(browse, watched, session, cast, attempt_id):
    ben, where = watched
    send(ben, where, "CANARY seen live", key=new_key())
    ana = browse("ana")

    def anas_pages() -> str:
        paths = ("/", "/practice", f"/practice/{attempt_id}", f"/feedback/{attempt_id}/observer", "/account/export")
        return "".join(ana.get(path).text for path in paths)

    assert "CANARY" not in anas_pages()
    loop.submitted_again(cast, attempt_id)
    assert "CANARY" not in anas_pages()
    loop.coached(cast, "ana", "mia")
    assert "CANARY" not in browse("mia").get(f"/feedback/{attempt_id}").text
    ben.post(f"/feedback/{attempt_id}", **loop.coach_form(loop.scenario()))
    assert "CANARY seen live" in ana.get(f"/feedback/{attempt_id}/reveal").text
    assert "CANARY seen live" in ana.get("/account/export").text
    assert send(ben, where, "too late", key=new_key()).status_code == 409


def test_a_coach_who_coaches_no_more_watches_no_more(app, watched, cast, session):
    ben, where = watched
    loop.uncoached(cast, "ana", "ben")
    assert ben.get(where).status_code == 404
    assert send(ben, where, "still here", key=new_key()).status_code == 404
    assert notes(session) == []


def test_notes_go_with_the_learner_and_lose_the_name_of_an_erased_coach(watched, session, cast):
    ben, where = watched
    send(ben, where, "She asked", key=new_key())
    erasure.erase(session, loop.actor(session, cast.ada), cast.ben)
    session.commit()
    assert session.scalars(select(Observation)).one().coach_id is None
    erasure.erase(session, loop.actor(session, cast.ada), cast.ana)
    session.commit()
    assert notes(session) == []


def test_what_was_noted_is_evidence_and_only_whoever_noted_it_can_rate_it(app, browse, cast, session):
    with app.app_context():
        bare = loop.started(cast, evidence="")
        loop.watched(cast, bare)
        loop.coached(cast, "ana", "mia")
    ana, ben, mia = browse("ana"), browse("ben"), browse("mia")
    form = loop.self_form(loop.scenario())
    refused = ana.post(f"/practice/{bare}/rate", **form)
    assert refused.status_code == 422
    assert "nothing to rate yet" in refused.text
    send(ben, f"/feedback/{bare}/observe", "She asked what should change", key=new_key())
    assert "A coach watched and noted what she saw" in ana.get(f"/practice/{bare}/rate").text
    assert ana.post(f"/practice/{bare}/rate", **form).status_code == 303
    answer = mia.post(f"/feedback/{bare}", **loop.coach_form(loop.scenario()))
    assert answer.status_code == 422
    assert "only the coach who watched it live can rate it" in answer.text
    assert "your notes stand above" in ben.get(f"/feedback/{bare}").text
    assert ben.post(f"/feedback/{bare}", **loop.coach_form(loop.scenario())).status_code == 303
    assert "She asked what should change" in ana.get(f"/feedback/{bare}/reveal").text


def test_nobody_is_asked_to_look_a_second_time_at_what_she_could_not_see(app, cast, session):
    with app.app_context():
        bare = loop.started(cast, evidence="")
        loop.watched(cast, bare, "She asked what should change")
        loop.submitted_again(cast, bare)
        said = loop.submitted(cast)
    session.rollback()
    assert candidates(session, session.get_one(Attempt, bare)) == ()
    assert candidates(session, session.get_one(Attempt, said)) != ()
