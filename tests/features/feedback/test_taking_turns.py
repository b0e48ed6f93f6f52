"""Claims with a lease, absences, hand-overs, reminders and the one escalation, under a clock that moves."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from html import unescape

import pytest
from sqlalchemy import select

from coachkit.domain.coaching.working_days import due
from coachkit.features.feedback import claims, telling
from coachkit.features.feedback.desk_models import Claim, PutAside
from coachkit.features.notices.models import Notice
from coachkit.features.practice import service as practice
from coachkit.features.practice.models import Attempt
from coachkit.platform import clock, jobs
from coachkit.platform.db import transaction
from coachkit.platform.errors import ConflictError
from coachkit.platform.templates import long_date
from tests.factories import loop
from tests.factories.mails import sent

JSON = {"Accept": "application/json"}


@pytest.fixture
def two(session, cast):
    """An official attempt of Ana's, who is coached by Ben and by Mia."""
    loop.coached(cast, "ana", "mia")
    return loop.submitted(cast)


def later(**span: int):
    return clock.shifted(timedelta(**span))


def told(session, person_id: int) -> list[str]:
    session.rollback()
    return list(session.scalars(select(Notice.kind).where(Notice.person_id == person_id).order_by(Notice.id)))


def draft(browser, attempt_id: int, version: int = 0, **more: str):
    data = {"version": str(version), "evidence-interviewing.needs": "CANARY-DRAFT", **more}
    return browser.post(f"/feedback/{attempt_id}/draft", **data)


def test_whoever_takes_an_attempt_up_has_it_for_half_an_hour(browse, two):
    ben, mia = browse("ben"), browse("mia")
    assert ben.post(f"/feedback/{two}/claim").status_code == 303
    assert "Ben Tanaka works on it until" in mia.get("/feedback/queue").text
    assert draft(mia, two).status_code == 409
    with later(minutes=29):
        assert mia.post(f"/feedback/{two}/claim").status_code == 409
    with later(minutes=31):
        assert "works on it" not in mia.get("/feedback/queue").text
        assert mia.post(f"/feedback/{two}/claim").status_code == 303


def test_the_lease_renews_while_she_works(browse, two):
    ben, mia = browse("ben"), browse("mia")
    ben.post(f"/feedback/{two}/claim")
    with later(minutes=25):
        assert draft(ben, two).status_code == 303
    with later(minutes=50):
        assert mia.post(f"/feedback/{two}/claim").status_code == 409
    with later(minutes=56):
        assert mia.post(f"/feedback/{two}/claim").status_code == 303


def test_opening_the_page_alone_claims_nothing(browse, two, session):
    assert browse("ben").get(f"/feedback/{two}").status_code == 200
    assert session.scalars(select(Claim)).all() == []


def test_what_the_first_had_written_is_hers_alone_and_comes_back(browse, two, session):
    ben, mia = browse("ben"), browse("mia")
    draft(ben, two, **{"keep-behaviour": "CANARY-NOTE"})
    with later(minutes=31):
        assert draft(mia, two, **{"evidence-interviewing.needs": "Mine"}).status_code == 303
        page = mia.get(f"/feedback/{two}").text
        assert "CANARY" not in page
        assert "Mine" in page
        assert draft(ben, two, 1).status_code == 409, "it is Mia's now"
    with later(minutes=40):
        assert mia.post(f"/feedback/{two}/give-back").status_code == 303
        assert ben.post(f"/feedback/{two}/claim").status_code == 303
        page = ben.get(f"/feedback/{two}").text
        assert "CANARY-DRAFT" in page
        assert "CANARY-NOTE" in page
        assert "Mine" not in page
    session.rollback()
    assert [row.coach_id for row in session.scalars(select(PutAside))] != []


def test_once_answered_nothing_is_claimed_or_put_aside(browse, two, session):
    ben, mia = browse("ben"), browse("mia")
    draft(ben, two)
    with later(minutes=31):
        assert mia.post(f"/feedback/{two}", **loop.coach_form(loop.scenario())).status_code == 303
    session.rollback()
    assert session.scalars(select(Claim)).all() == []
    assert session.scalars(select(PutAside)).all() == []


def test_of_two_coaches_at_one_attempt_one_is_first(session, cast, two):
    """Both pages had read the attempt before either wrote."""
    with transaction() as first:
        attempt = practice.find(first, loop.actor(first, cast.ben), two, practice.Action.RATE_ATTEMPT, lock=True)
        claims.hold(first, loop.actor(first, cast.ben), attempt)
    with transaction() as second:
        mia = loop.actor(second, cast.mia)
        attempt = practice.find(second, mia, two, practice.Action.RATE_ATTEMPT, lock=True)
        with pytest.raises(ConflictError, match="Ben Tanaka works on this"):
            claims.hold(second, mia, attempt)


def test_two_coaches_who_take_the_next_one_get_two(browse, cast, session):
    loop.coached(cast, "ana", "mia")
    one, other = loop.submitted(cast), loop.submitted(cast, scenario_id="rp19")
    places = {browse(who).post("/feedback/queue/next").location for who in ("ben", "mia")}
    assert places == {f"/feedback/{one}", f"/feedback/{other}"}
    loop.coached(cast, "ana", "eva")
    assert browse("eva").post("/feedback/queue/next").location == "/feedback/queue"


def test_the_order_inside_a_day_differs_between_coaches_and_stays(browse, cast, session):
    loop.coached(cast, "ana", "mia")
    numbers = [loop.submitted(cast, scenario_id=s) for s in ("rp04", "rp19", "rp01", "rp02", "rp03", "rp05")]

    def order(who: str) -> list[int]:
        page = browse(who).get("/feedback/queue").text
        return sorted(numbers, key=lambda number: page.index(f'href="/feedback/{number}"'))

    assert order("ben") == order("ben")
    assert order("ben") != order("mia")


def monday() -> date:
    """The next Monday."""
    return clock.today() + timedelta(days=(7 - clock.today().weekday()) or 7)


def at(day: date, hour: int = 9):
    return clock.fixed(datetime.combine(day, time(hour), clock.now().tzinfo))


def test_a_reminder_on_the_day_it_is_due_and_one_escalation_the_day_after(cast, session, app):
    start = monday()
    with at(start):
        attempt_id = loop.submitted(cast)
        jobs.run_waiting()
    goal = due(start, 3)
    for number in range(10):
        with at(start + timedelta(days=number)):
            jobs.run_waiting()
        today = start + timedelta(days=number)
        assert (telling.REMINDER in told(session, cast.ben)) is (today >= goal)
        assert told(session, cast.lea) == ([telling.ESCALATED] if today > goal else [])
    with at(start + timedelta(days=10)), transaction() as own:
        jobs.enqueue(own, "feedback.escalate", attempt_id=attempt_id)
    with at(start + timedelta(days=11)):
        jobs.run_waiting()
        assert told(session, cast.lea) == [telling.ESCALATED], "exactly one"
        subjects = [mail["Subject"] for mail in sent(app) if mail["To"] == "lea@tessel.example"]
    assert subjects == ["An attempt has waited too long"]


def test_what_is_answered_in_time_reminds_nobody(cast, session):
    start = monday()
    with at(start):
        loop.revealed(cast)
        jobs.run_waiting()
    with at(start + timedelta(days=9)):
        jobs.run_waiting()
    assert told(session, cast.ben) == []
    assert told(session, cast.lea) == []


def test_practice_reminds_its_coach_and_never_reaches_a_lead_coach(cast, session):
    start = monday()
    with at(start):
        loop.submitted(cast, kind="practice", coach="ben")
        jobs.run_waiting()
    with at(start + timedelta(days=9)):
        jobs.run_waiting()
    assert telling.REMINDER in told(session, cast.ben)
    assert told(session, cast.lea) == []


def goes_away(browser, first: date, last: date) -> None:
    answer = browser.post("/feedback/absence", first_day=first.isoformat(), last_day=last.isoformat())
    assert answer.status_code == 303, answer.text


def test_a_learner_sees_until_when_his_coach_is_away(browse, cast, session):
    attempt_id = loop.submitted(cast)
    last = clock.today() + timedelta(days=6)
    goes_away(browse("ben"), clock.today(), last)
    page = unescape(browse("ana").get(f"/practice/{attempt_id}").text)
    assert "Nobody who could answer is there: Ben Tanaka is away until" in page
    with later(days=7):
        assert "is away until" not in browse("ana").get(f"/practice/{attempt_id}").text


def test_whoever_is_away_is_not_called_and_the_lead_coach_is_asked_once(browse, cast, session):
    start = monday()
    with at(start):
        goes_away(browse("ben"), start, start + timedelta(days=13))
        loop.submitted(cast)
        jobs.run_waiting()
        assert told(session, cast.ben) == []
        assert told(session, cast.lea) == [telling.NOBODY_THERE]
        assert "Nobody who may rate it is there." in browse("lea").get("/feedback/coaches").text
    with at(start + timedelta(days=10)):
        jobs.run_waiting()
        assert told(session, cast.ben) == []
        assert sorted(told(session, cast.lea)) == [telling.ESCALATED, telling.NOBODY_THERE]


def test_a_colleague_who_is_there_is_called_alone(browse, two, cast, session):
    goes_away(browse("ben"), clock.today(), clock.today() + timedelta(days=3))
    jobs.run_waiting()
    assert told(session, cast.mia) == [telling.WAITS]
    assert told(session, cast.ben) == []
    assert told(session, cast.lea) == []


def test_going_away_tells_the_lead_coach_of_what_waits_already(browse, cast, session):
    loop.submitted(cast)
    jobs.run_waiting()
    goes_away(browse("ben"), clock.today(), clock.today() + timedelta(days=3))
    jobs.run_waiting()
    assert told(session, cast.lea) == [telling.NOBODY_THERE]


def test_an_absence_can_be_ended_by_its_coach_alone(browse, cast, session):
    goes_away(browse("ben"), clock.today(), clock.today() + timedelta(days=3))
    assert browse("eva").post("/feedback/absence/1/end").status_code == 404
    ben = browse("ben")
    assert "You are away until" in ben.get("/feedback/queue").text
    assert ben.post("/feedback/absence/1/end").status_code == 303
    assert "You are away until" not in ben.get("/feedback/queue").text


@pytest.mark.one_database
def test_days_in_the_wrong_order_are_given_back_as_they_were(browse):
    today = clock.today()
    answer = browse("ben").post("/feedback/absence", first_day=f"{today}", last_day=f"{today - timedelta(days=1)}")
    assert answer.status_code == 422
    assert "This day lies before the first" in answer.text
    assert f'value="{today}"' in answer.text


def hands_over(browse, **data):
    return browse("lea").post("/feedback/coaches/hand-over", **{k: str(v) for k, v in data.items()})


def test_a_handed_over_attempt_is_the_other_coach_s_at_the_next_request(browse, cast, session, app):
    attempt_id = loop.submitted(cast, evidence="CANARY-SAID")
    ben, eva = browse("ben"), browse("eva")
    form = loop.coach_form(loop.scenario())
    assert ben.get(f"/feedback/{attempt_id}").status_code == 200
    assert hands_over(browse, attempt=attempt_id, to=cast.eva).status_code == 303
    assert ben.get(f"/feedback/{attempt_id}").status_code == 404
    assert ben.post(f"/feedback/{attempt_id}/draft", **form).status_code == 404
    assert ben.post(f"/feedback/{attempt_id}/claim").status_code == 404
    assert "Nothing waits for you" in ben.get("/feedback/queue").text
    assert f"/feedback/{attempt_id}" in eva.get("/feedback/queue").text
    assert eva.get(f"/feedback/learners/{cast.ana}").status_code == 404, "the attempt, not the learner"
    mails = [(mail["To"], mail["Subject"]) for mail in sent(app)]
    assert ("ben@tessel.example", "An attempt waits for you") not in mails, "her mail was queued"
    assert ("eva@tessel.example", "An attempt was handed to you") in mails
    assert ("ana@tessel.example", "Another coach answers") in mails
    assert "Eva Lindholm" in browse("ana").get(f"/practice/{attempt_id}").text
    assert eva.post(f"/feedback/{attempt_id}", **form).status_code == 303
    assert ben.get(f"/feedback/{attempt_id}/reveal").status_code == 200, "what both have seen is his coach's again"


def test_a_handed_over_learner_takes_everything_along(browse, cast, session, app):
    attempt_id = loop.submitted(cast)
    ben, eva = browse("ben"), browse("eva")
    draft(ben, attempt_id)
    assert hands_over(browse, learner=f"{cast.ana}-{cast.ben}", to=cast.eva).status_code == 303
    for path in (f"/feedback/{attempt_id}", f"/feedback/learners/{cast.ana}"):
        assert ben.get(path).status_code == 404
        assert eva.get(path).status_code == 200
    assert "CANARY" not in eva.get(f"/feedback/{attempt_id}").text
    assert eva.post(f"/feedback/{attempt_id}/claim").status_code == 303
    mails = [(mail["To"], mail["Subject"]) for mail in sent(app)]
    assert ("ben@tessel.example", "An attempt waits for you") not in mails
    assert ("eva@tessel.example", "A learner was handed to you") in mails
    assert ("ana@tessel.example", "A new coach in coachkit") in mails


def test_an_attempt_goes_to_nobody_without_a_licence(browse, cast, session):
    from tests.factories.cast import unlicensed

    attempt_id = loop.submitted(cast)
    with transaction() as own:
        unlicensed(own, cast.eva)
    answer = hands_over(browse, attempt=attempt_id, to=cast.eva)
    assert answer.status_code == 422
    assert "holds no valid licence" in answer.text
    session.rollback()
    assert session.get_one(Attempt, attempt_id).coach_id is None


@pytest.mark.one_database
def test_practice_and_what_is_answered_cannot_be_handed_over(browse, cast, session):
    private = loop.submitted(cast, kind="practice", coach="ben")
    seen = loop.revealed(cast, scenario_id="rp19")
    assert hands_over(browse, attempt=private, to=cast.eva).status_code == 404
    assert hands_over(browse, attempt=seen, to=cast.eva).status_code == 409
    assert hands_over(browse, learner=f"{cast.dan}-{cast.ben}", to=cast.mia).status_code == 404
    assert hands_over(browse, learner="x-1", to=cast.mia).status_code == 422


@pytest.mark.one_database
@pytest.mark.parametrize("who", ["ana", "ben", "cleo", "ada", "otto"])
def test_only_a_lead_coach_hands_over(browse, cast, session, who):
    attempt_id = loop.submitted(cast)
    answer = browse(who).post("/feedback/coaches/hand-over", attempt=str(attempt_id), to=str(cast.eva))
    assert answer.status_code == 403


def test_the_lead_coach_sees_who_waits_for_whom_and_how_long(browse, cast, session):
    with at(monday()):
        loop.submitted(cast)
    with at(monday() + timedelta(days=7)):
        page = unescape(browse("lea").get("/feedback/coaches").text)
    row = page.split('id="waiting"')[1].split('id="loads"')[0]
    assert "Ana Baptiste" in row
    assert "Ben Tanaka" in row
    assert "5 working days, longer than the goal" in row
    assert "Too few answers" in page


def test_learners_are_told_how_long_answers_take_once_there_are_enough(browse, cast, session):
    start = monday()
    for number in range(10):
        with at(start):
            attempt_id = loop.submitted(cast, scenario_id=("rp04", "rp19")[number % 2])
        with at(due(start, 1 if number < 6 else 4)), transaction() as own:
            lines = {c: loop.Line(loop.Level(3), "Seen.") for c in loop.scenario(("rp04", "rp19")[number % 2]).criteria}
            loop.feedback.release(
                own, loop.actor(own, cast.ben), loop.library(), attempt_id, lines, loop.NOTE, version=0
            )
    with at(due(start, 5)):
        waiting = loop.submitted(cast)
        page = unescape(browse("ana").get(f"/practice/{waiting}").text)
    assert "Of the last 10 answers in this house, half came within 1 working day and nine in ten within 4." in page


def with_holidays(app, *days: date) -> None:
    """The house has named its public holidays."""
    tools = app.extensions["coachkit_tools"]
    app.extensions["coachkit_tools"] = replace(tools, settings=replace(tools.settings, holidays=days))


def test_public_holidays_put_off_goal_reminder_and_escalation(browse, app, cast, session):
    start = monday()
    with_holidays(app, start + timedelta(days=1), start + timedelta(days=4))
    with at(start):
        attempt_id = loop.submitted(cast)
        jobs.run_waiting()
        page = unescape(browse("ana").get(f"/practice/{attempt_id}").text)
        assert f"that is by {long_date(start + timedelta(days=7))}" in page
        assert "Monday to Friday, without public holidays" in page
        lead = unescape(browse("lea").get("/feedback/coaches").text)
        assert f"{long_date(start + timedelta(days=1))}, {long_date(start + timedelta(days=4))}." in lead
    for days, ben, lea in ((3, 0, 0), (6, 0, 0), (7, 1, 0), (8, 1, 1), (9, 1, 1)):
        with at(start + timedelta(days=days)):
            jobs.run_waiting()
            assert told(session, cast.ben).count(telling.REMINDER) == ben, days
            assert told(session, cast.lea).count(telling.ESCALATED) == lea, days


@pytest.mark.one_database
def test_where_no_holidays_are_named_the_page_says_so(browse, cast):
    assert "no public holiday to come is known here" in browse("lea").get("/feedback/coaches").text
