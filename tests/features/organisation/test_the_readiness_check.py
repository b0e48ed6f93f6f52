"""The twelve questions: asked, answered by name and without, closed, and what follows from the result."""

import re
from datetime import timedelta
from html import unescape

import pytest

from coachkit.domain.decision.readiness import Result
from coachkit.features.organisation import queries, service
from coachkit.features.organisation.models import Readiness, Round
from coachkit.platform import clock
from coachkit.platform.db import transaction
from coachkit.platform.errors import ForbiddenError
from coachkit.platform.policy import Role
from tests.factories import decisions as make
from tests.factories.organisation import answer, as_cio, begun, checked, levels

pytestmark = pytest.mark.usefixtures("session")


def newest(session):
    session.rollback()
    return queries.readiness_today(session)


def test_a_check_goes_from_the_first_page_to_a_result(app, cast, browse, session):
    cleo, ada = browse("cleo"), browse("ada")
    assert "Begin the check" in cleo.get("/readiness").text

    checked(app, cleo, ada, [levels(), levels(3), levels(), levels(1), levels()], default=3)

    row, result = newest(session)
    assert result is Result.READY
    assert row.answers["RC-1"] == {"cio": 3, "others": [1, 2, 2, 2, 3], "evidence": "The minutes about Mandate."}
    page = cleo.get("/readiness").text
    assert "5 others, without names" in page
    assert "CIO 3; middle of the others 2, from 1 to 3" in unescape(page)


def test_the_lower_of_cio_and_middle_counts(app, cast, browse, session):
    checked(app, browse("cleo"), browse("ada"), [levels(), levels(), levels(), levels(RC_5=0), levels()], RC_9=1)
    row, result = newest(session)
    assert result is Result.CONDITIONAL
    answers = queries.answers_of(row)
    assert (answers["RC-9"].counts, answers["RC-5"].counts) == (1, 2)


@pytest.mark.parametrize("path", ["/decisions/1", "/decisions/1/people/{ana}", "/decisions/1/people/{ana}/report"])
def test_not_yet_from_the_form_withholds_every_page_about_a_person(app, cast, browse, path):
    make.opened(cast)
    where = path.format(ana=cast.ana)
    cleo = browse("cleo")
    assert cleo.get(where).status_code == 200

    checked(app, cleo, browse("ada"), [levels(RC_4=0), levels(RC_4=0), levels(RC_4=0), levels()])

    answer_now = cleo.get(where)
    assert "Ana Baptiste" not in answer_now.text
    assert answer_now.status_code == (200 if path == "/decisions/1" else 404)
    if answer_now.status_code == 200:
        assert "<h1>Not yet</h1>" in answer_now.text
        assert "Sit down about the rift first" in answer_now.text


def test_conditional_from_the_form_leaves_develop_and_defer(app, cast, browse):
    make.opened(cast)
    cleo = browse("cleo")
    checked(app, cleo, browse("ada"), [levels(RC_7=1), levels(RC_7=1), levels(RC_7=1), levels()])
    page = cleo.get(f"/decisions/1/people/{cast.ana}").text
    closed = set(re.findall(r'value="(\w+)"[^>]* disabled', page))
    assert closed == {"confirm", "move", "replace"}
    assert "Conditions first" in page


def test_with_fewer_than_five_others_only_their_middle_is_shown(app, cast, browse, session):
    cleo = browse("cleo")
    checked(app, cleo, browse("ada"), [levels(0), levels(3), levels(), levels()])
    page = unescape(cleo.get("/readiness").text)
    assert "middle only, since they are fewer than 5" in page
    assert "middle of the others 2" in page
    assert "from 0 to 3" not in page
    assert "Others, from" not in page


def test_what_is_missing_keeps_it_open_and_is_named(app, cast, browse, session):
    cleo, ada = browse("cleo"), browse("ada")
    tokens = begun(cleo, ada)
    as_cio(cleo)
    page = cleo.get("/readiness/check").text
    assert "2 more needed" in page
    refused = cleo.post("/readiness/close")
    assert refused.status_code == 409
    assert "Something is still missing" in refused.text
    for token in tokens[:3]:
        answer(app, token, **levels())
    assert cleo.post("/readiness/close").status_code == 409  # one liaison is not two
    answer(app, tokens[3], **levels())
    assert cleo.post("/readiness/close").status_code == 303
    assert newest(session)[1] is Result.READY


def test_an_answer_of_two_or_three_needs_what_shows_it(app, cast, browse):
    cleo = browse("cleo")
    begun(cleo, browse("ada"))
    cleo.post("/readiness/check", version="1", **levels(RC_1=1, RC_2=0))
    page = unescape(cleo.get("/readiness/check").text)
    owed = re.search(r"insight\">Still open: (.*?)</p>", page)[1]
    assert "Is the mandate written down?" not in owed
    assert owed.count("?") == 10


def test_answers_so_far_are_kept_and_another_window_overwrites_nothing(app, cast, browse):
    cleo = browse("cleo")
    begun(cleo, browse("ada"))
    assert (
        cleo.post("/readiness/check", version="1", **{"RC-3": "2", "evidence-RC-3": "Release tests"}).status_code == 303
    )
    late = cleo.post("/readiness/check", version="1", **{"RC-3": "0", "evidence-RC-3": "Nothing at all"})
    assert late.status_code == 409
    assert "Nothing at all" in late.text
    assert "Release tests" in cleo.get("/readiness/check").text


def test_a_text_that_is_too_long_comes_back(app, cast, browse):
    cleo = browse("cleo")
    begun(cleo, browse("ada"))
    told = "x" * 601
    page = cleo.post("/readiness/check", version="1", **{"RC-3": "2", "evidence-RC-3": told})
    assert page.status_code == 422
    assert told in page.text


def test_a_sheet_with_a_gap_comes_back_and_its_link_still_works(app, cast, browse):
    token = begun(browse("cleo"), browse("ada"))[0]
    sheet = levels(3)
    del sheet["RC-6"]
    page = answer(app, token, status=422, **sheet)
    assert "This question needs an answer" in page.text
    assert page.text.count("checked") == 11
    answer(app, token, **levels(3))


def test_whoever_decides_makes_no_links(app, cast, browse, session):
    cleo = browse("cleo")
    cleo.post("/readiness/begin")
    assert cleo.post("/readiness/links", head="2", liaison="2").status_code == 403
    with transaction() as own:
        both = make.actor(own, cast.ada)
        both = type(both)(both.id, both.name, both.email, both.pseudonym, both.roles | {Role.CIO})
        with pytest.raises(ForbiddenError):
            service.make_links(own, both, "readiness", {"head": 1})


def test_an_administrator_sees_no_answer_of_the_cio_before_the_end(app, cast, browse):
    cleo, ada = browse("cleo"), browse("ada")
    begun(cleo, ada)
    as_cio(cleo)
    assert "The minutes about Mandate." not in ada.get("/readiness/check").text


def test_ending_a_check_destroys_its_answers_and_its_links(app, cast, browse, session):
    cleo = browse("cleo")
    tokens = begun(cleo, browse("ada"))
    answer(app, tokens[0], **levels())
    assert cleo.post("/readiness/stop").status_code == 303
    answer(app, tokens[1], status=404, **levels())
    session.rollback()
    row = session.get(Round, 1)
    assert (row.tally, row.cio) == ({}, {})
    assert newest(session)[0] is None


def test_two_checks_at_once_are_refused_with_words(cast, browse):
    cleo = browse("cleo")
    cleo.post("/readiness/begin")
    again = browse("ada").post("/readiness/begin")
    assert again.status_code == 409
    assert "under way already" in again.text


def test_owners_and_dates_stand_beside_the_first_steps(app, cast, browse, session):
    cleo = browse("cleo")
    checked(app, cleo, browse("ada"), [levels(RC_7=1)] * 4)
    day = clock.today() + timedelta(days=30)
    saved = cleo.post("/readiness/steps", **{"owner-RC-7": "Head of the project office", "by-RC-7": day.isoformat()})
    assert saved.status_code == 303
    page = cleo.get("/readiness").text
    assert "Owner: Head of the project office." in page
    assert f"By {day.day} {day:%B %Y}." in page
    session.rollback()
    assert session.get(Readiness, 1).steps == {"RC-7": {"owner": "Head of the project office", "by": day.isoformat()}}


def test_the_first_thing_a_cio_sees_without_a_result_is_the_check(cast, browse):
    make.basis(cast)
    make.purpose(cast)
    page = browse("cleo").get("/").text
    assert "Go to the readiness check" in page
    assert "Open the board" not in page
