"""The CIO's pages: organisation first, purposes, the board, one person, and a decision on the record."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select, text, update

from coachkit.domain.decision.warning import NOT_RELEASED, WARNING
from coachkit.features.accounts import service as accounts
from coachkit.features.accounts.models import CohortMember, Login
from coachkit.features.decisions.models import DecisionBasis, DecisionRecord, Purpose
from coachkit.platform import clock
from coachkit.platform.access_record import AccessRecord
from coachkit.platform.audit import AuditEvent
from coachkit.platform.db import db, transaction
from coachkit.platform.idempotency import new_key
from coachkit.platform.policy import Role
from tests.factories import decisions as make
from tests.factories.cast import Cast

pytestmark = [pytest.mark.usefixtures("session"), pytest.mark.one_database]
SKILLS = ("analysis", "interviewing", "presenting", "comm", "credibility", "persuasion", "trust")


def looks(session):
    session.rollback()
    return list(session.scalars(select(AccessRecord).order_by(AccessRecord.id)))


def count(session, table):
    session.rollback()
    return len(list(session.scalars(select(table))))


def hidden(page, name):
    return unescape(re.search(rf'name="{name}" value="([^"]*)"', page)[1])


def text_of(page):
    return unescape(page)


# The organisation


def test_without_a_check_the_page_says_not_yet(browse):
    page = browse("cleo").get("/readiness")
    assert page.status_code == 200
    assert "<h1>Not yet</h1>" in page.text


def test_the_result_is_a_profile_in_words_without_a_total(cast, browse):
    make.ready(RC_1=1)
    page = browse("ada").get("/readiness").text
    assert "Conditional" in page
    assert "Is the mandate written down?" in page
    assert "Write one page, and sign it" in page
    assert page.count('<tr class="open">') == 1
    assert "total" not in page.replace("There is no total", "")


def test_a_result_older_than_nine_months_counts_as_not_yet(browse):
    make.ready(clock.today() - timedelta(days=290))
    page = browse("cleo").get("/readiness").text
    assert "Not yet" in page
    assert "older than nine months" in page


@pytest.mark.parametrize("who", ["ana", "ben", "otto"])
def test_readiness_is_for_cios_and_administrators(browse, who):
    assert browse(who).get("/readiness").status_code == 403


# The basis


def test_an_administrator_opens_and_ends_decisions_about_posts(session, browse):
    ada, key = browse("ada"), new_key()
    told = {"notice": "Letter of 3 March.", "legal_basis": "Works agreement 12.", "consultation": "Council."}
    first = ada.post("/admin/basis", key=key, **told)
    again = ada.post("/admin/basis", key=key, **told)
    assert (first.status_code, again.status_code) == (303, 303)
    assert count(session, DecisionBasis) == 1
    assert "Works agreement 12." in ada.get("/admin/basis").text
    assert ada.post("/admin/basis/end").status_code == 303
    assert "Nothing is recorded" in ada.get("/admin/basis").text
    assert {"basis:record", "basis:end"} <= set(session.scalars(select(AuditEvent.action)))


def test_a_part_of_the_basis_that_is_missing_is_named_and_the_rest_kept(browse):
    page = browse("ada").post("/admin/basis", notice="Letter of 3 March.", legal_basis="", consultation="Council.")
    assert page.status_code == 422
    assert "Name the legal basis." in page.text
    assert "Letter of 3 March." in page.text


def test_only_administrators_record_a_basis(browse):
    assert browse("cleo").get("/admin/basis").status_code == 403
    assert browse("cleo").post("/admin/basis", notice="x", legal_basis="x", consultation="x").status_code == 403
    assert browse(None).get("/admin/basis").status_code == 303


# Purposes


def stated(cast, **changes):
    return {
        "kind": "development",
        "title": "Who needs what next",
        "why": "To plan next year’s coaching.",
        "role_name": "Liaison",
        "ends_on": (clock.today() + timedelta(days=30)).isoformat(),
        "people": [str(cast.ana)],
        **{f"line-{skill}": "3" for skill in SKILLS},
        **changes,
    }


def test_the_first_visit_says_how_to_begin(browse):
    page = browse("cleo").get("/decisions").text
    assert "No purpose yet" in page
    assert "Organisation first." in page


def test_a_purpose_is_stated_once(cast, session, browse):
    cleo, key = browse("cleo"), new_key()
    first = cleo.post("/decisions/new", key=key, **stated(cast))
    again = cleo.post("/decisions/new", key=key, **stated(cast))
    assert first.status_code == 303
    assert first.location == again.location
    assert count(session, Purpose) == 1
    assert "Who needs what next" in cleo.get("/decisions").text
    assert "purpose:state" in set(session.scalars(select(AuditEvent.action)))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": "role-decision"}, "Decisions about posts are closed"),
        ({"why": ""}, "Say why."),
        ({"line-trust": ""}, "Choose a level from 1 to 5."),
        ({"line-trust": "6"}, "Not a valid choice"),
        ({"ends_on": "2031-01-01"}, "Six months ahead at most."),
        ({"people": []}, "Ask at least one person."),
    ],
)
def test_what_is_wrong_with_a_purpose_is_said_and_the_text_stays(cast, browse, change, sentence):
    page = browse("cleo").post("/decisions/new", **stated(cast, **change))
    assert page.status_code == 422
    assert sentence in text_of(page.text)
    assert "Who needs what next" in page.text


@pytest.mark.one_database
def test_stating_a_purpose_asks_for_the_password_again_and_keeps_the_text(cast, session, browse):
    cleo = browse("cleo")
    with transaction() as own:
        own.execute(update(Login).values(proved_at=clock.now() - timedelta(hours=1)))
    answer = cleo.post("/decisions/new", **stated(cast))
    assert answer.status_code == 401
    assert "Who needs what next" in answer.text
    assert count(session, Purpose) == 0


@pytest.mark.parametrize("who", ["ana", "ben", "ada", "otto", "lea"])
def test_purposes_are_for_cios(browse, who):
    assert browse(who).get("/decisions").status_code == 403
    assert browse(who).get("/decisions/new").status_code == 403


# The board


def test_the_board_shows_released_people_and_the_same_row_for_all_others(cast, session, browse):
    make.second_coach(cast)
    make.rated(cast, "rp04", 3)
    make.rated(cast, "rp19", 3, coach="mia", days_ago=5)
    purpose_id = make.opened(cast)
    page = browse("cleo").get(f"/decisions/{purpose_id}")
    words = text_of(page.text)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert words.index("Purpose: Liaison posts after the merger, role decision.") < words.index("<h1>")
    assert words.index("Ana Baptiste") < words.index("Dan Okoro")
    assert words.count(NOT_RELEASED) == 1
    assert "Interviewing: In place or more 4 times; the role line is 3, In place" in words
    assert "4 ratings, 2 scenarios, 2 coaches" in words
    assert WARNING in words
    assert [(look.person_id, look.viewer_id, look.viewer_role) for look in looks(session)] == [
        (cast.ana, cast.cleo, "cio")
    ]


def row_of(page, person_id):
    return re.search(rf'<section class="pb[^"]*" aria-labelledby="p-{person_id}">.*?</section>', page, re.DOTALL)[0]


def test_never_asked_to_answer_withdrawn_and_refused_look_the_same(cast, browse):
    purpose_id = make.opened(cast)
    make.withdrawn(cast, purpose_id)
    page = browse("cleo").get(f"/decisions/{purpose_id}").text
    ana = row_of(page, cast.ana).replace(f"p-{cast.ana}", "N").replace("Ana Baptiste", "X")
    dan = row_of(page, cast.dan).replace(f"p-{cast.dan}", "N").replace("Dan Okoro", "X")
    assert ana == dan


def test_people_stand_in_alphabetical_order_however_they_were_added(cast, browse):
    with transaction() as own:
        for name in ("zoe Young", "Bo Ibsen", "adam Rossi"):
            email = f"{name.split()[0].lower()}@tessel.example"
            person = accounts.new_person(own, name=name, email=email, roles=[Role.LEARNER])
            cast = Cast({**cast.ids, email.split("@", maxsplit=1)[0]: person.id})
    purpose_id = make.opened(cast, "zoe", "dan", "bo", "ana", "adam")
    page = browse("cleo").get(f"/decisions/{purpose_id}").text
    found = [page.index(name) for name in ("adam Rossi", "Ana Baptiste", "Bo Ibsen", "Dan Okoro", "zoe Young")]
    assert found == sorted(found)
    assert "Five people, in alphabetical order." in page


def test_nobody_released_says_what_to_do(cast, browse):
    make.ready()
    make.basis(cast)
    page = browse("cleo").get(f"/decisions/{make.purpose(cast)}").text
    assert "Nobody has released anything so far" in page


@pytest.mark.parametrize("result", ["none", "not-yet", "expired"])
def test_while_the_organisation_is_not_ready_no_person_is_shown(cast, session, browse, result):
    make.basis(cast)
    purpose_id = make.purpose(cast)
    make.released(cast, purpose_id)
    if result == "not-yet":
        make.ready(RC_4=0)
    if result == "expired":
        make.ready(clock.today() - timedelta(days=290))
    cleo = browse("cleo")
    page = cleo.get(f"/decisions/{purpose_id}")
    assert page.status_code == 200
    assert "Not yet" in page.text
    assert "Ana" not in page.text
    assert cleo.get(f"/decisions/{purpose_id}/people/{cast.ana}").status_code == 404
    assert looks(session) == []


def test_a_foreign_an_ended_and_a_missing_purpose_are_the_same_nothing(cast, session, browse):
    purpose_id = make.opened(cast)
    cleo = browse("cleo")
    assert browse("ada").get(f"/decisions/{purpose_id}").status_code == 404
    assert cleo.get("/decisions/99999").status_code == 404
    assert cleo.post(f"/decisions/{purpose_id}/close").status_code == 303
    assert cleo.get(f"/decisions/{purpose_id}").status_code == 404
    assert cleo.get(f"/decisions/{purpose_id}/people/{cast.ana}").status_code == 404
    assert "Closed on" in cleo.get("/decisions").text
    assert looks(session) == []


def test_a_stranger_signs_in_first(cast, browse):
    purpose_id = make.opened(cast)
    assert browse(None).get(f"/decisions/{purpose_id}").status_code == 303
    assert browse(None).get(f"/decisions/{purpose_id}/people/{cast.ana}").status_code == 303


def test_before_the_twelfth_week_the_board_says_so(cast, browse):
    purpose_id = make.opened(cast, days=5)
    with clock.shifted(-timedelta(weeks=14)):
        page = make.board_page(cast, purpose_id)
    assert page.rows[0].not_before == clock.today() - timedelta(weeks=8)
    assert make.board_page(cast, purpose_id).rows[0].not_before is None


# One person


def test_the_person_comes_with_own_words_first_and_evidence_both_ways(cast, session, browse):
    make.rated(cast, "rp04", 3, evidence="She waited for the answer.")
    make.rated(cast, "rp04", 2, days_ago=4, evidence="The order was taken.")
    purpose_id = make.opened(cast, line=3)
    words = text_of(browse("cleo").get(f"/decisions/{purpose_id}/people/{cast.ana}").text)
    assert words.index(make.COMMENT) < words.index("Skill by skill")
    assert "She waited for the answer." in words
    assert "The order was taken." in words
    assert WARNING in words
    assert "My own line for this." not in words
    assert looks(session)[0].what == "opened your released results"
    assert looks(session)[0].purpose == "Liaison posts after the merger"


def test_a_re_try_is_told_in_words(cast, browse):
    make.rated(cast, "rp04", 2, days_ago=20)
    make.rated(cast, "rp04", 3, days_ago=10, parallel=True)
    purpose_id = make.opened(cast)
    words = text_of(browse("cleo").get(f"/decisions/{purpose_id}/people/{cast.ana}").text)
    assert "4 of 4 re-tries rated higher, at the same difficulty." in words
    assert "Started at the first try, In place or more 10 days later: higher." in words


def test_a_withdrawn_person_is_gone_at_the_next_page(cast, session, browse):
    purpose_id = make.opened(cast)
    cleo = browse("cleo")
    address = f"/decisions/{purpose_id}/people/{cast.ana}"
    assert cleo.get(address).status_code == 200
    record_id = make.decided(cast, purpose_id)
    assert cleo.get(f"{address}/decision/{record_id}").status_code == 200
    make.withdrawn(cast, purpose_id)
    assert cleo.get(address).status_code == 404
    assert cleo.get(f"{address}/decision/{record_id}").status_code == 404
    assert cleo.get(f"/decisions/{purpose_id}/people/{cast.dan}").status_code == 404
    assert len(looks(session)) == 2


# A decision


def typed(page, **changes):
    return {
        "seen": hidden(page, "seen"),
        "amends": hidden(page, "amends"),
        "outcome": "confirm",
        "reasons": "Two heads asked for her by name.",
        "alternatives": "Another quarter of waiting.",
        "forecast": "leads one planning round alone",
        "chance": "80",
        "forecast_on": (clock.today() + timedelta(days=90)).isoformat(),
        **changes,
    }


def test_a_decision_is_recorded_once_and_read_as_it_was_frozen(cast, session, browse):
    make.rated(cast, "rp04", 3)
    purpose_id = make.opened(cast)
    cleo, key = browse("cleo"), new_key()
    address = f"/decisions/{purpose_id}/people/{cast.ana}"
    page = cleo.get(address).text
    first = cleo.post(address, key=key, **typed(page))
    again = cleo.post(address, key=key, **typed(page))
    assert first.status_code == 303
    assert first.location == again.location
    assert count(session, DecisionRecord) == 1
    make.rated(cast, "rp19", 2, days_ago=0)
    record = text_of(cleo.get(first.location).text)
    assert "Confirm: Ana Baptiste" in record
    assert "Two heads asked for her by name." in record
    assert "Unchanged since it was recorded." in record
    assert "3 ratings, 1 scenario, 1 coach" in record
    assert WARNING in record
    assert "decision:record" in set(session.scalars(select(AuditEvent.action)))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"outcome": ""}, "Choose what you decide."),
        ({"outcome": "promote"}, "Not a valid choice"),
        ({"reasons": ""}, "Give your reasons"),
        ({"alternatives": " "}, "Say which alternatives you weighed"),
        ({"outcome": "replace"}, "Practice alone is refused."),
        ({"outcome": "move", "against_wish": "y"}, "Practice alone is refused."),
        ({"outcome": "replace", "work_reason": "The audit."}, "Give the day on which this happened."),
        ({"outcome": "defer"}, "Name the day on which you look again."),
        ({"outcome": "develop", "review_on": "2020-01-01"}, "lies in the future"),
    ],
)
def test_each_refusal_has_its_sentence_and_keeps_the_text(cast, session, browse, change, sentence):
    purpose_id = make.opened(cast)
    cleo = browse("cleo")
    address = f"/decisions/{purpose_id}/people/{cast.ana}"
    page = cleo.get(address).text
    answer = cleo.post(address, **typed(page, dissent="The project office sees it differently.", **change))
    assert answer.status_code == 422
    assert sentence in text_of(answer.text)
    assert "The project office sees it differently." in answer.text
    assert count(session, DecisionRecord) == 0


def test_conditional_readiness_closes_replacing_with_its_reason(cast, session, browse):
    purpose_id = make.opened(cast)
    make.ready(RC_1=1)
    cleo = browse("cleo")
    address = f"/decisions/{purpose_id}/people/{cast.ana}"
    page = cleo.get(address).text
    assert page.count("disabled") == 3
    assert "Conditions first" in page
    today = clock.today().isoformat()
    answer = cleo.post(address, **typed(page, outcome="replace", work_reason="The audit.", work_reason_on=today))
    assert answer.status_code == 422
    assert "Conditions first" in answer.text
    assert count(session, DecisionRecord) == 0


def test_before_the_twelfth_week_there_is_no_form_and_no_way_round(cast, session, browse):
    purpose_id = make.opened(cast, days=10)
    with transaction() as own:
        own.get(CohortMember, (1, cast.ana)).since = clock.today() - timedelta(weeks=5)
    cleo = browse("cleo")
    address = f"/decisions/{purpose_id}/people/{cast.ana}"
    page = cleo.get(address).text
    assert "Nothing is decided before the twelfth week" in page
    assert 'name="reasons"' not in page
    seen, _amends = make.seen_now(cast, purpose_id)
    answer = cleo.post(address, seen=seen, amends="", outcome="confirm", reasons="R.", alternatives="A.")
    assert answer.status_code == 422
    assert count(session, DecisionRecord) == 0


def test_evidence_that_changed_meanwhile_is_a_conflict_and_the_text_is_kept(cast, session, browse):
    purpose_id = make.opened(cast)
    cleo = browse("cleo")
    address = f"/decisions/{purpose_id}/people/{cast.ana}"
    page = cleo.get(address).text
    make.rated(cast, "rp04", 3)
    for change in ({}, {"outcome": ""}):
        answer = cleo.post(address, **typed(page, **change))
        assert answer.status_code == 409
        assert "Two heads asked for her by name." in answer.text
        assert "rp04" not in answer.text
    assert count(session, DecisionRecord) == 0


def test_nobody_else_decides(cast, session, browse):
    purpose_id = make.opened(cast)
    address = f"/decisions/{purpose_id}/people/{cast.ana}"
    seen, _amends = make.seen_now(cast, purpose_id)
    sent = {"seen": seen, "amends": "", "outcome": "confirm", "reasons": "R.", "alternatives": "A."}
    for who in ("ana", "dan", "ben", "ada", "otto"):
        assert browse(who).post(address, **sent).status_code == 404
    assert browse(None).post(address, **sent).status_code == 401
    assert browse("cleo").post(f"/decisions/{purpose_id}/people/{cast.dan}", **sent).status_code == 404
    assert count(session, DecisionRecord) == 0


def test_the_look_is_written_before_the_page_or_there_is_no_page(cast, browse, app):
    purpose_id = make.opened(cast)
    cleo = browse("cleo")
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE access_record RENAME TO access_record_gone"))
    page = cleo.get(f"/decisions/{purpose_id}/people/{cast.ana}")
    assert page.status_code == 503
    assert "Ana" not in page.text
