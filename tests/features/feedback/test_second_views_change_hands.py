"""The second view has its own half hour, and a lead coach hands it on: two views never meet on one sheet."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from coachkit.features.feedback import second
from coachkit.features.feedback.desk import absence, hand_over
from coachkit.features.feedback.desk_models import PutAside, SecondClaim
from coachkit.features.practice import second_look
from coachkit.features.practice import service as practice
from coachkit.features.practice.models import Attempt, SecondLook
from coachkit.platform import clock, jobs
from coachkit.platform.db import transaction
from coachkit.platform.errors import ConflictError, NotFoundError
from coachkit.platform.policy import Action
from tests.factories import loop
from tests.factories.cast import unlicensed

JSON = {"Accept": "application/json"}


@pytest.fixture
def attempt_id(session, cast):
    """Ana's attempt, for which Mia was asked as the second coach."""
    found = loop.submitted(cast)
    loop.asked_second(cast, found, "mia")
    jobs.run_waiting()
    return found


def later(**span: int):
    return clock.shifted(timedelta(**span))


def draft(browser, attempt_id: int, line: str, version: int = 0):
    data = {"version": str(version), "evidence-interviewing.needs": line}
    return browser.post(f"/feedback/{attempt_id}/second/draft", **data)


def handed(browse, cast, attempt_id: int, to: str):
    return browse("lea").post(f"/feedback/second-looks/{attempt_id}/hand-over", coach_id=str(cast.ids[to]))


def lease(session) -> SecondClaim | None:
    session.rollback()
    return session.scalars(select(SecondClaim)).one_or_none()


def test_opening_the_second_view_claims_nothing_and_writing_does_for_half_an_hour(browse, session, attempt_id):
    mia, lea = browse("mia"), browse("lea")
    mia.get(f"/feedback/{attempt_id}/second")
    assert lease(session) is None
    assert draft(mia, attempt_id, "What I saw.").status_code == 303
    assert "works on it until" in lea.get("/feedback/second-looks").text
    assert "Yours until" in mia.get(f"/feedback/{attempt_id}/second").text
    with later(minutes=31):
        assert "works on it until" not in lea.get("/feedback/second-looks").text
        assert "It waits for you" in mia.get(f"/feedback/{attempt_id}/second").text


def test_the_lease_renews_while_she_works_and_can_be_given_back(browse, session, attempt_id):
    mia = browse("mia")
    sent = {"csrf_token": mia.token()}
    first = mia.client.post(f"/feedback/{attempt_id}/second/claim", data=sent, headers=JSON)
    assert set(first.json) == {"until"}
    with later(minutes=25):
        assert draft(mia, attempt_id, "What I saw.").status_code == 303
    with later(minutes=50):
        assert lease(session).until > clock.now()
        assert mia.post(f"/feedback/{attempt_id}/second/give-back").status_code == 303
        assert lease(session) is None
        assert "What I saw." in mia.get(f"/feedback/{attempt_id}/second").text


def test_the_first_and_the_second_coach_work_side_by_side(browse, attempt_id):
    assert browse("ben").post(f"/feedback/{attempt_id}/claim").status_code == 303
    assert browse("mia").post(f"/feedback/{attempt_id}/second/claim").status_code == 303


def test_handed_over_the_other_begins_with_an_empty_sheet_and_the_whole_time(browse, cast, session, attempt_id):
    draft(browse("mia"), attempt_id, "CANARY-OF-MIA")
    with later(days=6):
        mia, eva = browse("mia"), browse("eva")
        assert handed(browse, cast, attempt_id, "eva").status_code == 303
        jobs.run_waiting()
        assert "asked to rate an official attempt as the second coach" in eva.get("/notices").text
        assert "asked to rate" not in mia.get("/notices").text
        page = eva.get(f"/feedback/{attempt_id}/second")
        assert page.status_code == 200
        assert "CANARY-OF-MIA" not in page.text
        assert draft(eva, attempt_id, "CANARY-OF-EVA").status_code == 303
    with later(days=12):
        jobs.run_waiting()
        session.rollback()
        assert session.get(SecondLook, attempt_id).lapsed_at is None, "she has the whole time"
        assert browse("eva").get(f"/feedback/{attempt_id}/second").status_code == 200
        assert browse("mia").get(f"/feedback/{attempt_id}/second").status_code == 404


def test_whoever_lost_it_while_writing_is_told_and_keeps_what_she_typed(browse, cast, session, attempt_id):
    mia = browse("mia")
    draft(mia, attempt_id, "The first line.")
    handed(browse, cast, attempt_id, "eva")
    answer = draft(mia, attempt_id, "A line that is typed right now.", 1)
    assert answer.status_code == 409
    assert "handed this second view to a colleague" in answer.text
    assert "A line that is typed right now." in answer.text
    sheet = {**loop.second_form(loop.scenario()), "version": "1"}
    assert mia.post(f"/feedback/{attempt_id}/second", **sheet).status_code == 409
    assert practice.sheet_of(session, attempt_id, "second") is None


def test_also_before_she_had_saved_anything(browse, cast, attempt_id):
    mia = browse("mia")
    mia.get(f"/feedback/{attempt_id}/second")
    handed(browse, cast, attempt_id, "eva")
    assert draft(mia, attempt_id, "Typed and not saved.").status_code == 409
    assert draft(browse("ben"), attempt_id, "Never asked.").status_code == 404


def test_handed_back_her_draft_is_hers_again_and_the_other_s_is_not_in_it(browse, cast, session, attempt_id):
    mia, eva = browse("mia"), browse("eva")
    draft(mia, attempt_id, "CANARY-OF-MIA")
    handed(browse, cast, attempt_id, "eva")
    draft(eva, attempt_id, "CANARY-OF-EVA")
    assert handed(browse, cast, attempt_id, "mia").status_code == 303
    assert mia.post(f"/feedback/{attempt_id}/second/claim").status_code == 303
    page = mia.get(f"/feedback/{attempt_id}/second").text
    assert "CANARY-OF-MIA" in page
    assert "CANARY-OF-EVA" not in page


def test_once_given_nothing_is_claimed_put_aside_or_handed_over(browse, cast, session, attempt_id):
    draft(browse("mia"), attempt_id, "Half a thought.")
    handed(browse, cast, attempt_id, "eva")
    assert browse("eva").post(f"/feedback/{attempt_id}/second", **loop.second_form(loop.scenario())).status_code == 303
    assert lease(session) is None
    assert session.scalars(select(PutAside)).all() == []
    assert handed(browse, cast, attempt_id, "mia").status_code == 409


@pytest.mark.one_database
def test_it_goes_to_nobody_who_is_not_blind_or_not_licensed(browse, cast, session, attempt_id):
    draft_ = {"version": "0", "evidence-interviewing.needs": "My view."}
    assert browse("ben").post(f"/feedback/{attempt_id}/draft", **draft_).status_code == 303
    with transaction() as own:
        unlicensed(own, cast.eva)
    for who in ("ben", "eva", "mia", "ana", "cleo"):
        assert handed(browse, cast, attempt_id, who).status_code == 422, who
    session.rollback()
    assert session.get(SecondLook, attempt_id).coach_id == cast.mia


def test_of_a_hand_over_and_a_draft_at_the_same_moment_one_is_first(cast, session, attempt_id):
    """Mia's page had read the attempt before Lea handed it over."""
    rule_days = 7
    with transaction() as own:
        lea = loop.actor(own, cast.lea)
        hand_over.second_view(own, lea, attempt_id=attempt_id, to_id=cast.eva, days=rule_days)
    with transaction() as own, pytest.raises(NotFoundError):
        second.save_draft(own, loop.actor(own, cast.mia), loop.library(), attempt_id, {}, version=0)
    with transaction() as own:
        second.keep(own, loop.actor(own, cast.eva), attempt_id)
    with transaction() as own:
        attempt = practice.find(own, loop.actor(own, cast.eva), attempt_id, Action.RATE_SECOND, lock=True)
        other = loop.actor(own, cast.mia)
        with pytest.raises(ConflictError, match="Eva Lindholm works on this attempt until"):
            second.claims.hold(own, other, attempt, second.SECOND)


def test_the_lot_falls_on_somebody_who_is_there(cast, session):
    """Mia and Eva could look; Mia is away."""
    with transaction() as own:
        absence.begin(own, loop.actor(own, cast.mia), clock.today(), clock.today() + timedelta(days=9))
    asked = set()
    for scenario in ("rp04", "rp19", "rp01"):
        attempt_id = loop.submitted(cast, scenario_id=scenario)
        with transaction() as own:
            second_look.draw(own, own.get_one(Attempt, attempt_id), second_look.Rule(100, 7, "seed"))
            asked.add(own.get_one(SecondLook, attempt_id).coach_id)
    assert asked == {cast.eva}


def test_a_lead_coach_sees_that_the_second_coach_is_away(browse, cast, attempt_id):
    browse("mia").post("/feedback/absence", first_day=clock.today().isoformat(), last_day=clock.today().isoformat())
    assert "away until" in browse("lea").get("/feedback/second-looks").text
