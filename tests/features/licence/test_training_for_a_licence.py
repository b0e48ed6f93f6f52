"""A coach reads the criteria, rates samples blind, compares item by item, and earns a licence; or not yet."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import func, select

from coachkit.domain.assessment.licence import rubric_of
from coachkit.features.licence import queries, service
from coachkit.features.licence.models import SampleRating, TrainingRound
from coachkit.features.operations import erasure
from coachkit.features.practice.licences import Licence
from coachkit.platform import clock
from coachkit.platform.audit import AuditEvent
from coachkit.platform.db import transaction
from coachkit.platform.idempotency import new_key
from tests.factories import loop
from tests.factories.cast import licensed, unlicensed
from tests.factories.library import tiny_library_files
from tests.factories.mails import sent
from tests.factories.shelf import published
from tests.factories.training import answers, form, trained

SKILL = "trust"


@pytest.fixture(autouse=True)
def without(app, cast):
    """Ben coaches Ana and holds no licence."""
    with app.app_context(), transaction() as session:
        unlicensed(session, cast.ben)


def library(app):
    with app.app_context():
        return loop.library()


def begun(ben, skill: str = SKILL) -> str:
    answer = ben.post(f"/licence/skills/{skill}/start")
    assert answer.status_code == 303, answer.text
    return answer.location


def passed_round(ben, books, skill: str = SKILL, shift: int = 0) -> str:
    """Rate all samples of a round; returns the address of the round."""
    page = begun(ben, skill)
    while True:
        sample = books.calibration_set(page.rsplit("/", 1)[1])
        assert ben.post(page, **form(answers(books, sample, shift))).status_code == 303
        compared = ben.get(page).text
        if "Next sample" not in compared:
            return page.rsplit("/", 1)[0]
        page = compared.split("Next sample")[0].rsplit('href="', 1)[1].split('"')[0]


def test_ratings_like_the_references_bring_a_licence_for_a_year(browse, app, cast, session):
    ben, books = browse("ben"), library(app)
    assert "Not yet" in ben.get("/licence").text
    result = ben.get(passed_round(ben, books)).text
    assert "Passed" in result
    assert "You lean neither way." in result
    row = session.scalars(select(Licence).where(Licence.coach_id == cast.ben)).one()
    assert row.rubric == rubric_of(books.skill(SKILL)).version
    assert timedelta(days=364) <= row.expires_on - clock.today() <= timedelta(days=366)
    assert "Until " in ben.get("/licence").text


def test_she_sees_her_differences_item_by_item_with_the_reasons(browse, app, cast):
    ben, books = browse("ben"), library(app)
    page = begun(ben)
    sample = books.calibration_set(page.rsplit("/", 1)[1])
    ben.post(page, **form(answers(books, sample, shift=-1), "In turn seven he says so."))
    compared = ben.get(page).text
    assert "One level below" in compared
    assert "In turn seven he says so." in compared
    for reference in sample.reference:
        assert reference.reason[:40].replace("’", "’") in compared


def test_a_steady_lean_does_not_pass_and_takes_nothing_away(browse, app, cast, session):
    with app.app_context(), transaction() as other:
        licensed(other, cast.ben, SKILL)
    ben, books = browse("ben"), library(app)
    result = ben.get(passed_round(ben, books, shift=-1)).text
    assert "Not near enough yet" in result
    assert "The lean is too strong" in result
    assert session.scalar(select(func.count()).select_from(Licence).where(Licence.coach_id == cast.ben)) == 1
    assert "valid" in str(queries.my_licences(session, books, loop_library_of(app), cast.ben, clock.now()).cards)
    again = ben.post(f"/licence/skills/{SKILL}/start")
    assert again.status_code == 409
    assert "Begin again tomorrow" in again.text


def loop_library_of(app):
    from coachkit.web.library import library_of

    return library_of


def test_the_rule_is_a_setting(browse, app, cast):
    from dataclasses import replace

    lenient = replace(app.config["COACHKIT"], licence_lean=1.0)
    app.extensions["coachkit_tools"] = replace(app.extensions["coachkit_tools"], settings=lenient)
    ben, books = browse("ben"), library(app)
    assert "Passed" in ben.get(passed_round(ben, books, shift=-1)).text
    assert "no more than 1 of a level" in ben.get("/licence").text


def test_a_sample_is_rated_once_and_stays(browse, app, cast, session):
    ben, books = browse("ben"), library(app)
    page = begun(ben)
    sample = books.calibration_set(page.rsplit("/", 1)[1])
    key = new_key()
    for _twice in range(2):
        assert ben.post(page, key=key, **form(answers(books, sample))).status_code == 303
    assert ben.post(page, **form(answers(books, sample, shift=1))).status_code == 409
    assert session.scalar(select(func.count()).select_from(SampleRating)) == len(sample.reference)


def test_what_is_missing_is_said_and_what_was_typed_is_kept(browse, app, cast, session):
    ben, books = browse("ben"), library(app)
    page = begun(ben)
    sample = books.calibration_set(page.rsplit("/", 1)[1])
    sent = form(answers(books, sample), "Typed with care.")
    sent.pop(f"level-{sample.reference[0].criterion}")
    answer = ben.post(page, **sent)
    assert answer.status_code == 422
    assert "Choose a level" in answer.text
    assert "Typed with care." in answer.text
    assert sample.reference[0].reason[:30] not in answer.text
    assert session.scalar(select(func.count()).select_from(SampleRating)) == 0


def test_a_level_that_the_scenario_cannot_show_is_refused(app, cast):
    books = library(app)
    sample = next(s for s in books.calibration_sets if books.scenario(s.scenario).limit < 5)
    with app.app_context(), transaction() as session:
        ben = loop.actor(session, cast.ben)
        row = service.start(session, ben, books, sample.skill)
        lines = answers(books, sample)
        first = sample.reference[0].criterion
        from coachkit.domain.assessment.scale import Level
        from coachkit.domain.assessment.sheet import Line
        from coachkit.platform.errors import InvalidError

        with pytest.raises(InvalidError) as refused:
            service.rate(session, ben, row.id, sample.id, {**lines, first: Line(Level(5), "Turn 1.")})
        assert f"level-{first}" in refused.value.fields


def test_a_round_belongs_to_its_coach_alone(browse, app, cast):
    ben, books = browse("ben"), library(app)
    page = begun(ben)
    sample = books.calibration_set(page.rsplit("/", 1)[1])
    for who in ("eva", "mia"):
        other = browse(who)
        for address in (page, page.rsplit("/", 1)[0]):
            assert other.get(address).status_code == 404
        assert other.post(page, **form(answers(books, sample))).status_code == 404
    for who in ("ana", "lea", "ada", "cleo", "otto"):
        assert browse(who).get(page).status_code == 403


def test_after_a_year_official_attempts_are_closed_until_she_renews(browse, app, cast):
    with app.app_context():
        for skill in ("analysis", "interviewing"):
            trained(cast, "ben", skill)
        attempt_id = loop.submitted(cast)
        with transaction() as session, clock.shifted(timedelta(days=200)):
            attempt = practice_attempt(session, attempt_id)
            from coachkit.features.practice.licences import covered

            assert covered(session, [attempt], [cast.ben])
            with clock.shifted(timedelta(days=167)):
                assert not covered(session, [attempt], [cast.ben])
                page = queries.my_licences(session, loop.library(), loop_library_of(app), cast.ben, clock.now())
                assert page.blocked == 1
                assert {c.name for c in page.cards if c.standing.key == "ended"} == {
                    "Analysis",
                    "Interviewing",
                }
                for skill in ("analysis", "interviewing"):
                    trained(cast, "ben", skill, session=session)
                assert covered(session, [attempt], [cast.ben])


def practice_attempt(session, attempt_id):
    from coachkit.features.practice.models import Attempt

    return session.get_one(Attempt, attempt_id)


def test_thirty_days_before_the_end_she_is_told_once_for_all_of_that_day_unless_she_has_renewed(app, cast):
    with app.app_context():
        for skill in ("trust", "comm"):
            trained(cast, "ben", skill)
            trained(cast, "mia", skill)

        def told(name: str) -> int:
            mine = [m for m in sent(app) if m["Subject"] == "Your licences end soon"]
            return sum(mail["To"] == f"{name}@tessel.example" for mail in mine)

        assert told("ben") == 0
        with clock.shifted(timedelta(days=300)):
            for skill in ("trust", "comm"):
                trained(cast, "mia", skill)
        with clock.shifted(timedelta(days=340)):
            assert (told("ben"), told("mia")) == (1, 0)
            assert "/licence" in sent(app)[-1].get_content()
            assert told("ben") == 1


def test_the_lead_and_the_administrator_see_dates_and_nothing_of_how_she_rated(browse, app, cast, session):
    ben, books = browse("ben"), library(app)
    passed_round(ben, books, shift=-1)
    passed_round(ben, books, "comm")
    for who in ("lea", "ada"):
        page = browse(who).get("/licence/coaches").text
        assert "Communication" in page
        for word in ("Not near", "within one level", "shortfall", "below the reference", "round"):
            assert word not in page.split("<main")[1]
    for who in ("ben", "ana", "cleo", "otto"):
        assert browse(who).get("/licence/coaches").status_code == 403
    assert "coaches&#39; licences" in ben.get("/account/looks").text
    events = session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("licence:%"))).all()
    assert events == ["licence:grant"], "the chain holds no round that brought none"


def test_her_rounds_are_hers_to_take_away_and_go_with_her(browse, app, cast, session):
    ben, books = browse("ben"), library(app)
    passed_round(ben, books)
    mine = ben.get("/account/export").json
    assert mine["training_rounds"][0]["skill"] == SKILL
    assert mine["licences"][0]["skill"] == SKILL
    with app.app_context(), transaction() as other:
        erasure.erase(other, loop.actor(other, cast.ada), cast.ben)
    for table in (Licence, TrainingRound, SampleRating):
        rows = select(func.count()).select_from(table)
        if table is Licence:
            rows = rows.where(Licence.coach_id == cast.ben)
        assert session.scalar(rows) == 0


def test_her_page_leads_to_the_skill_that_most_attempts_wait_for(browse, app, cast):
    with app.app_context():
        loop.submitted(cast, scenario_id="rp04")  # analysis, interviewing
        loop.submitted(cast, scenario_id="rp19")  # comm, credibility, interviewing
    page = browse("ben").get("/licence").text
    assert "2 official attempts wait for your licences" in page
    assert "/licence/skills/interviewing" in page.split("Skill by skill")[0]
    assert "2 official attempts wait for your licence." in browse("ben").get("/feedback/queue").text
    assert "wait for it" in browse("ben").get("/").text


def test_before_rating_she_reads_one_written_behaviour_for_each_level(browse, app, cast):
    page = unescape(browse("ben").get(f"/licence/skills/{SKILL}").text)
    for criterion in library(app).skill(SKILL).criteria:
        assert sorted(criterion.examples) == [1, 2, 3, 4, 5]
        for example in criterion.examples.values():
            assert example in page
    assert "written, not taken from talks" in page
    assert "No behaviour is written" not in page


def test_a_level_without_one_says_so(browse, app, cast):
    published(app, tiny_library_files())
    page = browse("ben").get("/licence/skills/interviewing").text
    assert "No behaviour is written for this level yet." in page
