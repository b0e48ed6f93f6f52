"""The last advice opens the next review: the coach says in one word whether it was fixed, sealed like the rest."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from coachkit.features.feedback.desk import hand_over
from coachkit.features.feedback.models import FeedbackNote
from coachkit.platform import clock, jobs
from coachkit.platform.db import transaction
from tests.factories import loop
from tests.factories.routes import paths

ADVICE = loop.NOTE["change"].next_try
ASKED = "Was it fixed?"


@pytest.fixture
def advised(app, session, cast):
    with app.app_context():
        return loop.revealed(cast, days_ago=3)


@pytest.fixture
def following(app, cast, advised):
    with app.app_context():
        return loop.submitted(cast, scenario_id="rp19")


def answer(word: str, advised: int, scenario_id: str = "rp19") -> dict[str, str]:
    return loop.coach_form(loop.scenario(scenario_id)) | {"was_it_fixed": f"{word}-{advised}"}


def stored(session) -> list[tuple[int | None, str | None]]:
    session.rollback()
    return [tuple(row) for row in session.execute(select(FeedbackNote.advice_id, FeedbackNote.fixed).order_by("id"))]


def test_the_answer_is_sealed_and_then_stands_beside_the_advice_for_both(
    app, browse, cast, session, advised, following
):
    ben, ana = browse("ben"), browse("ana")
    page = ben.get(f"/feedback/{following}").text
    asked = page.split('id="advice"')[1].split("</fieldset>")[0]
    assert ASKED in asked
    assert ADVICE in asked
    form = answer("partly", advised)
    assert ben.post(f"/feedback/{following}/draft", **form).status_code == 303
    assert f'value="partly-{advised}" data-key="2" checked' in ben.get(f"/feedback/{following}").text
    for path in (*paths(app), f"/feedback/{advised}/reveal"):
        assert ASKED not in ana.get(path).text, path
    assert ana.get("/account/export").json["advice_followed_up"] == []
    ben.post(f"/feedback/{following}", **form | {"version": "1"})
    for who in (ana, ben):
        assert f"{ASKED} Partly" in who.get(f"/feedback/{advised}/reveal").text
        new = who.get(f"/feedback/{following}/reveal").text
        assert f"{ASKED} Partly." in new
        assert f'href="/feedback/{advised}/reveal"' in new
    assert f"{ASKED} Partly" in ben.get(f"/feedback/learners/{cast.ana}").text
    exported = ana.get("/account/export").json["advice_followed_up"]
    assert exported == [{"attempt": following, "advice_of_attempt": advised, "fixed": "partly"}]


def test_it_is_kept_through_the_seconds_in_which_it_can_be_taken_back(app, browse, session, advised, following):
    app.config["COACHKIT"] = replace(app.config["COACHKIT"], undo_seconds=10)
    browse("ben").post(f"/feedback/{following}", **answer("yes", advised))
    with app.app_context(), clock.shifted(timedelta(seconds=11)):
        jobs.run_waiting()
    assert stored(session)[-1] == (advised, "yes")
    assert f"{ASKED} Yes" in browse("ana").get(f"/feedback/{advised}/reveal").text


@pytest.mark.one_database
def test_no_answer_is_demanded_and_what_is_no_answer_is_none(browse, session, advised, following):
    ben = browse("ben")
    for number, word in enumerate(("excellent", "yes")):
        other = advised if number == 0 else 999
        form = answer(word, other) | {"version": str(number)}
        assert ben.post(f"/feedback/{following}/draft", **form).status_code == 303
        assert stored(session)[-1] == (None, None)
    assert ben.post(f"/feedback/{following}", **answer("", 0) | {"version": "2"}).status_code == 303
    assert ASKED not in browse("ana").get(f"/feedback/{following}/reveal").text


@pytest.mark.one_database
def test_what_is_missing_elsewhere_does_not_lose_it(browse, advised, following):
    page = browse("ben").post(f"/feedback/{following}", **answer("not-seen", advised) | {"keep-situation": ""})
    assert page.status_code == 422
    assert f'value="not-seen-{advised}" data-key="3" checked' in page.text


@pytest.mark.one_database
def test_advice_that_came_after_the_play_is_not_asked_about(app, browse, cast):
    with app.app_context():
        first, second = loop.submitted(cast), loop.submitted(cast, scenario_id="rp19")
        loop.released(cast, first)
    assert ASKED not in browse("ben").get(f"/feedback/{second}").text


@pytest.mark.one_database
def test_contested_advice_is_not_asked_about(app, browse, cast, advised, following):
    with app.app_context():
        older = loop.revealed(cast, days_ago=5, scenario_id="rp13")
        loop.contested(cast, advised, "change")
    page = browse("ben").get(f"/feedback/{following}").text
    assert f'value="yes-{older}"' in page
    assert f'value="yes-{advised}"' not in page


@pytest.mark.one_database
def test_advice_from_practice_stays_in_practice_with_the_same_coach(app, browse, session, cast):
    with app.app_context():
        private = loop.revealed(cast, kind="practice", coach="ben", days_ago=3)
        loop.coached(cast, "ana", "mia")
        official = loop.submitted(cast)
        with_mia = loop.submitted(cast, kind="practice", coach="mia")
        again = loop.submitted(cast, kind="practice", coach="ben")
    ben, mia, ana = browse("ben"), browse("mia"), browse("ana")
    assert ASKED not in ben.get(f"/feedback/{official}").text
    assert ASKED not in mia.get(f"/feedback/{with_mia}").text
    ben.post(f"/feedback/{again}", **answer("yes", private, loop.SCENARIO))
    assert f"{ASKED} Yes" in ben.get(f"/feedback/{private}/reveal").text
    assert f"{ASKED} Yes" in ana.get(f"/feedback/{private}/reveal").text


@pytest.mark.one_database
def test_an_answer_given_in_practice_is_on_no_page_of_another_coach(app, browse, cast, advised):
    with app.app_context():
        loop.coached(cast, "ana", "mia")
        again = loop.submitted(cast, kind="practice", coach="ben")
    browse("ben").post(f"/feedback/{again}", **answer("yes", advised, loop.SCENARIO))
    assert ASKED in browse("ben").get(f"/feedback/{advised}/reveal").text
    for path in (f"/feedback/{advised}/reveal", f"/feedback/learners/{cast.ana}"):
        assert ASKED not in browse("mia").get(path).text


@pytest.mark.one_database
def test_nobody_else_reads_it(app, browse, cast, advised, following):
    assert browse("ben").post(f"/feedback/{following}", **answer("yes", advised)).status_code == 303
    for who in ("dan", "eva", "lea", "cleo", "ada", "otto"):
        browser = browse(who)
        for path in (*paths(app), f"/feedback/{following}/reveal", f"/feedback/learners/{cast.ana}"):
            assert ASKED not in browser.get(path).text, (who, path)


@pytest.mark.one_database
def test_a_coach_to_whom_only_this_attempt_was_handed_is_asked_nothing(app, browse, cast, advised):
    with app.app_context():
        attempt_id = loop.submitted(cast)
        with transaction() as session:
            lead = loop.actor(session, cast.lea)
            hand_over.attempt(session, app.config["COACHKIT"], lead, attempt_id=attempt_id, to_id=cast.ids["mia"])
    page = browse("mia").get(f"/feedback/{attempt_id}")
    assert page.status_code == 200
    assert ASKED not in page.text
    assert ADVICE not in page.text


@pytest.mark.one_database
def test_it_is_put_aside_with_the_draft_and_comes_back(app, browse, cast, session, advised, following):
    with app.app_context():
        loop.coached(cast, "ana", "mia")
    ben, mia = browse("ben"), browse("mia")
    ben.post(f"/feedback/{following}/draft", **answer("partly", advised))
    with clock.shifted(timedelta(minutes=31)):
        assert mia.post(f"/feedback/{following}/claim").status_code == 303
        assert " checked" not in mia.get(f"/feedback/{following}").text.split('id="advice"')[1].split("</fieldset>")[0]
        mia.post(f"/feedback/{following}/give-back")
        ben.post(f"/feedback/{following}/claim")
        assert f'value="partly-{advised}" data-key="2" checked' in ben.get(f"/feedback/{following}").text
