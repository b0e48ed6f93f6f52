"""A learner's path: what comes next and why, where he left off, and the ladder on which he stands by his own word."""

import pytest
from sqlalchemy import func, select

from coachkit.features.operations import erasure
from coachkit.features.practice.models import LadderStep
from coachkit.platform.audit import AuditEvent
from coachkit.platform.idempotency import new_key
from tests.factories import loop


def climb(browser, key: str | None = None, **rungs: str):
    data = {"csrf_token": browser.token(), "idempotency_key": key or new_key()}
    return browser.client.post("/path/ladder", data=data | {f"step-{skill}": rung for skill, rung in rungs.items()})


def rungs(session) -> dict[str, str]:
    session.expire_all()
    return {row.skill_id: row.step for row in session.scalars(select(LadderStep))}


def read_all(browser, slug: str) -> None:
    module = loop.library().module_by_slug(slug)
    for section in module.sections:
        browser.post(f"/modules/{slug}/{section.id}/read")
    for item in module.quiz:
        browser.post(f"/modules/{slug}/quiz/{item.id}", option=item.key.id)


def test_somebody_new_is_shown_a_first_module_with_a_reason_and_its_length(browse, session):
    page = browse("ana").get("/path").text
    first = loop.library().module("m01")
    assert first.title in page
    assert f"{first.minutes} minutes" in page
    assert "It teaches" in page


def test_what_was_read_brings_a_role_play_for_what_nobody_has_seen(browse, session):
    ana = browse("ana")
    read_all(ana, "interviewing-for-needs")
    page = ana.get("/path").text
    assert "Role-play" in page
    assert "nobody has seen it yet" in page
    assert "cards" in page


def test_what_was_played_three_weeks_ago_comes_back_in_its_parallel_form(browse, session, cast):
    loop.revealed(cast, days_ago=30)
    page = browse("ana").get("/path").text
    assert "Play again" in page
    assert loop.scenario().parallel_form.title in page


def test_the_table_says_what_was_tried_and_seen_and_no_level(browse, session, cast):
    loop.revealed(cast, days_ago=3, scenario_id="rp04")
    page = browse("ana").get("/path").text
    row = page.partition('href="/criteria/interviewing"')[2].partition("</tr>")[0]
    tried = len([c for c in loop.scenario("rp04").criteria if c.startswith("interviewing.")])
    assert f"{tried} of" in row
    assert "In place" not in page
    assert "level" not in page.lower()


def test_what_a_coach_has_rated_and_not_released_shows_nowhere(browse, session, cast):
    """Sealed both ways: a submitted attempt counts as tried, and as seen only once both have locked."""
    loop.submitted(cast, scenario_id="rp04")
    row = browse("ana").get("/path").text.partition('href="/criteria/interviewing"')[2].partition("</tr>")[0]
    assert "0 of" in row.partition("chance to see")[2]


def test_the_ladder_is_set_changed_and_taken_back_by_the_learner(browse, session):
    ana = browse("ana")
    assert climb(ana, interviewing="observe", trust="co-lead").location == "/path#ladder"
    assert rungs(session) == {"interviewing": "observe", "trust": "co-lead"}
    assert 'value="observe" selected' in ana.get("/path").text
    climb(ana, interviewing="lead-with-coach", trust="")
    assert rungs(session) == {"interviewing": "lead-with-coach"}


@pytest.mark.parametrize("rung", ["master", "Lead", "observe;", "x" * 400])
def test_a_rung_that_is_none_is_refused_and_nothing_is_kept(browse, session, rung):
    answer = climb(browse("ana"), interviewing=rung, trust="lead")
    assert answer.status_code == 422
    assert "Choose one of the four rungs" in answer.text
    assert 'value="lead" selected' in answer.text
    assert rungs(session) == {}


def test_skills_that_do_not_exist_are_passed_over(browse, session):
    assert climb(browse("ana"), juggling="lead").status_code == 303
    assert rungs(session) == {}


def test_sent_twice_it_is_kept_once(browse, session):
    ana, key = browse("ana"), new_key()
    for _ in range(2):
        assert climb(ana, key, trust="lead").status_code == 303
    assert rungs(session) == {"trust": "lead"}


@pytest.mark.parametrize("who", ["dan", "ben", "lea", "cleo", "ada", "otto"])
def test_nobody_else_sees_the_ladder(browse, session, cast, who):
    ana, somebody = browse("ana"), browse(who)
    events = session.scalar(select(func.count()).select_from(AuditEvent))
    climb(ana, trust="lead-with-coach", interviewing="co-lead")
    for path in ("/path", "/", f"/feedback/learners/{cast.ana}", f"/admin/people/{cast.ana}"):
        assert " selected>Lead with a coach" not in somebody.get(path).text
        assert " selected>Co-lead" not in somebody.get(path).text
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == events


def test_the_ladder_is_taken_away_and_destroyed_with_its_learner(browse, session, cast):
    climb(browse("ana"), trust="lead")
    assert erasure.export(session, loop.actor(session, cast.ana))["ladder"][0]["step"] == "lead"
    erasure.erase(session, loop.actor(session, cast.ada), cast.ana)
    assert rungs(session) == {}


def test_home_remembers_where_each_module_was_left(browse, session):
    ana = browse("ana")
    assert "Where you left off" not in ana.get("/").text
    ana.post("/modules/how-to-practise/why-it-matters/read")
    ana.post("/modules/trust-basics/why-it-matters/read")
    ana.post("/modules/trust-basics/key-facts/read")
    page = ana.get("/").text
    trust = loop.library().module_by_slug("trust-basics")
    after = trust.sections[[s.id for s in trust.sections].index("key-facts") + 1]
    assert f'href="/modules/trust-basics/{after.id}"' in page
    assert 'href="/modules/how-to-practise/key-facts"' in page
    assert page.index("/modules/trust-basics/") < page.index("/modules/how-to-practise/key-facts")
    assert "review card" in page


def test_who_skips_ahead_goes_on_from_there(browse, session):
    ana = browse("ana")
    sections = loop.library().module_by_slug("trust-basics").sections
    ana.post(f"/modules/trust-basics/{sections[3].id}/read")
    assert f'href="/modules/trust-basics/{sections[4].id}"' in ana.get("/").text


def test_a_finished_module_is_no_place_to_go_on(browse, session):
    ana = browse("ana")
    read_all(ana, "trust-basics")
    assert "Where you left off" not in ana.get("/").text
