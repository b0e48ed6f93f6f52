"""Choosing a role-play and starting it: what is decided then, and what cannot be."""

from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from coachkit.features.practice import service
from coachkit.features.practice.models import Attempt
from coachkit.platform import clock
from coachkit.platform.audit import AuditEvent
from coachkit.platform.errors import ForbiddenError
from tests.factories import loop
from tests.factories.loop import SCENARIO

PAGE = f"/practice/scenarios/{SCENARIO}"


def start(browser, **form):
    return browser.post(f"{PAGE}/start", **({"kind": "official"} | form))


def attempts(session) -> list[Attempt]:
    return list(session.scalars(select(Attempt)))


@pytest.mark.one_database
def test_role_plays_are_listed_from_friendly_to_hard(browse, session):
    page = unescape(browse("ana").get("/practice").text)
    scenarios = sorted(loop.library().scenarios, key=lambda s: (s.difficulty, s.id))
    positions = [page.index(f"/practice/scenarios/{s.id}") for s in scenarios]
    assert positions == sorted(positions)


@pytest.mark.one_database
def test_a_role_play_shows_what_will_be_looked_at_and_nothing_of_the_partner(browse, session):
    case = loop.scenario()
    page = unescape(browse("ana").get(PAGE).text)
    for criterion in case.criteria:
        assert loop.library().criterion(criterion).name in page
    for fact in case.facts:
        assert fact.fact not in page
    assert browse("ana").get(f"{PAGE}/partner").status_code == 403


@pytest.mark.one_database
@pytest.mark.parametrize("who", ["ben", "lea"])
def test_coaches_have_the_partner_s_card(browse, session, who):
    page = unescape(browse(who).get(f"{PAGE}/partner").text)
    for fact in loop.scenario().facts:
        assert fact.fact in page


def test_an_official_attempt_is_pinned_and_recorded(browse, session, cast):
    answer = start(browse("ana"), focus=["interviewing.needs"], cue="she names a tool", act="ask what for")
    (found,) = attempts(session)
    assert answer.location == f"/practice/{found.id}"
    assert (found.kind, found.learner_id, found.coach_id, found.parallel) == ("official", cast.ana, None, False)
    assert found.library_version == loop.library().version
    assert found.focus == ["interviewing.needs"]
    assert (found.cue, found.act) == ("she names a tool", "ask what for")
    (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "attempt:start"))
    assert (event.object, event.detail) == (f"attempt:{found.id}", '{"official":true}')


def test_practice_may_invite_one_of_ones_own_coaches_or_nobody(browse, session, cast):
    ana = browse("ana")
    start(ana, kind="practice", coach_id=cast.ben)
    start(ana, kind="practice", coach_id="")
    assert [a.coach_id for a in attempts(session)] == [cast.ben, None]


@pytest.mark.one_database
@pytest.mark.parametrize("coach", ["eva", "mia", "lea", "ana", "ada"])
def test_somebody_who_is_not_ones_coach_cannot_be_invited(browse, session, cast, coach):
    answer = start(browse("ana"), kind="practice", coach_id=cast.ids[coach], cue="he is late")
    assert answer.status_code == 422
    assert "Choose one of your own coaches." in answer.text
    assert "he is late" in answer.text
    assert attempts(session) == []


def test_a_coach_named_for_an_official_attempt_is_ignored(browse, session, cast):
    start(browse("ana"), coach_id=cast.eva)
    assert attempts(session)[0].coach_id is None


def test_without_a_coach_nothing_is_official(browse, session, cast, app):
    with app.app_context():
        loop.uncoached(cast, "ana", "ben")
    ana = browse("ana")
    answer = start(ana)
    assert answer.status_code == 422
    assert "You have no coach yet" in answer.text
    assert "You have no coach yet" in ana.get("/practice").text
    assert start(ana, kind="practice").status_code == 303


@pytest.mark.one_database
def test_two_criteria_to_mind_at_most(browse, session):
    case = loop.scenario()
    answer = start(browse("ana"), focus=list(case.criteria[:3]))
    assert answer.status_code == 422
    assert "Two at most." in answer.text
    assert answer.text.count('name="focus" value') == len(case.criteria)
    assert answer.text.count(" checked") >= 3
    assert start(browse("ana"), focus=list(case.criteria[:2])).status_code == 303


@pytest.mark.one_database
def test_criteria_of_other_role_plays_are_left_out(browse, session):
    start(browse("ana"), focus=["trust.reliability", "nothing", "interviewing.needs"])
    assert attempts(session)[0].focus == ["interviewing.needs"]


@pytest.mark.one_database
@pytest.mark.parametrize("kind", ["", "private", "OFFICIAL"])
def test_the_kind_is_chosen_by_the_learner(browse, session, kind):
    answer = start(browse("ana"), kind=kind)
    assert answer.status_code == 422
    assert "Choose what kind of attempt this is." in answer.text
    assert attempts(session) == []


@pytest.mark.one_database
def test_a_plan_that_is_too_long_comes_back(browse, session):
    answer = start(browse("ana"), cue="x" * 301)
    assert answer.status_code == 422
    assert "x" * 301 in answer.text
    assert attempts(session) == []


def test_the_parallel_form_has_its_own_brief(browse, session, cast):
    ana = browse("ana")
    start(ana)
    assert loop.scenario().parallel_form.title in unescape(ana.get(PAGE).text)
    second = start(ana, parallel="1")
    page = unescape(ana.get(second.location).text)
    assert loop.scenario().parallel_form.title in page
    assert attempts(session)[1].parallel


@pytest.mark.one_database
def test_a_role_play_that_does_not_exist_is_not_found(browse, session):
    ana = browse("ana")
    assert ana.get("/practice/scenarios/nothing").status_code == 404
    assert ana.post("/practice/scenarios/nothing/start", kind="practice").status_code == 404


def test_starting_twice_with_one_form_is_one_attempt(browse, session):
    ana = browse("ana")
    first, second = start(ana, key="k" * 22), start(ana, key="k" * 22)
    assert first.location == second.location
    assert len(attempts(session)) == 1
    assert len(session.scalars(select(AuditEvent).where(AuditEvent.action == "attempt:start")).all()) == 1


@pytest.mark.one_database
@pytest.mark.parametrize("who", ["ben", "lea", "cleo", "ada", "otto"])
def test_only_learners_start(browse, session, cast, who):
    assert start(browse(who)).status_code == 403
    assert browse(who).get("/practice").status_code == 403
    with pytest.raises(ForbiddenError):
        service.start(session, loop.actor(session, cast.ids[who]), loop.library(), SCENARIO, kind="practice")


def test_my_attempts_are_listed_newest_first_and_nobody_else_s(browse, app, cast):
    with app.app_context():
        old = loop.started(cast, days_ago=3)
        new = loop.started(cast, scenario_id="rp19")
        hers = loop.started(cast, learner="dan")
    page = browse("ana").get("/practice").text
    assert page.index(f'href="/practice/{new}"') < page.index(f'href="/practice/{old}"')
    assert f'href="/practice/{hers}"' not in page


def test_a_session_that_ended_meanwhile_keeps_the_plan(browse, session):
    ana = browse("ana")
    ana.token()
    with clock.shifted(timedelta(hours=13)):
        answer = start(ana, cue="she names a tool")
    assert answer.status_code == 401
    assert "she names a tool" in answer.text
    assert attempts(session) == []
