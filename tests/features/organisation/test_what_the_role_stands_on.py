"""Posts with their load, charters in versions, work lists, and the sheet of a post."""

from html import unescape

import pytest
from sqlalchemy import inspect, select

from coachkit.domain.decision.warning import WARNING
from coachkit.features.organisation import privacy
from coachkit.features.organisation.posts.models import Charter, Post, PostSheet
from coachkit.platform.db import db
from tests.factories import decisions as make
from tests.factories import organisation as org

pytestmark = pytest.mark.usefixtures("session")
OFFERED = {
    "learner_hours": "63", "learner_hours__low": "", "learner_hours__high": "", "coach_hours__low": "",
    "coach_hours__high": "", "coach_hours": "36", "backfill": "0", "turnover": "21", "turnover__low": "10",
    "turnover__high": "30", "premium": "18", "premium__low": "0", "premium__high": "20", "years": "2",
    "years__low": "0", "years__high": "2", "vacancy_weeks": "0", "vacancy_cost": "0", "waiting": "0",
    "pair_hours": "8", "pair_weeks": "13", "pair_rate": "60", "currency": "EUR",
}  # fmt: skip


def figures(cleo, post_id=1, *, version=0, **changed):
    sent = {**OFFERED, **{name: str(value) for name, value in org.FIGURES.items()}, **changed}
    return cleo.post(f"/organisation/options/{post_id}/figures", version=str(version), **sent)


def page(browser, path):
    return unescape(browser.get(path).text)


def test_a_new_cio_is_led_from_nothing_to_a_first_post(cast, browse, session):
    cleo = browse("cleo")
    assert "No post is written down" in page(cleo, "/organisation/load")
    sent = cleo.post(
        "/organisation/posts/new",
        name="Liaison for courts",
        segment="business",
        units="Civil courts\n\nCriminal courts\nCivil courts",
        related="yes",
        holders="1",
        field_share="10",
    )
    assert sent.status_code == 303
    session.rollback()
    assert session.get(Post, 1).units == "Civil courts\nCriminal courts"
    found = page(cleo, "/organisation/load")
    assert "2 units for one person: there is room for more" in found
    assert "Less than a fifth of the week" in found


def test_what_was_typed_about_a_post_comes_back(cast, browse):
    org.post(cast)
    sent = {"segment": "business", "related": "yes", "holders": "0", "field_share": "20"}
    answer = browse("cleo").post("/organisation/posts/new", name="Liaison for courts", units="A\nB", **sent)
    assert answer.status_code == 422
    assert "A whole number from 1 to 20." in answer.text
    assert "A\r\nB" in answer.text or "A\nB" in answer.text
    again = browse("cleo").post(
        "/organisation/posts/new", **{**sent, "holders": "1"}, name="liaison for Courts", units="A"
    )
    assert "There is a post of this name." in again.text


def test_a_charter_is_recorded_in_versions_and_never_edited(cast, browse, session):
    org.post(cast)
    cleo = browse("cleo")
    assert cleo.post("/organisation/charter/1/write", after="0", **org.CHARTER).status_code == 303
    second = {**org.CHARTER, "promises": "An answer within the day.", "agreed_by": "The CIO, 3 May"}
    assert cleo.post("/organisation/charter/1/write", after="1", **second).status_code == 303
    ana = browse("ana")
    assert "An answer within the day." in page(ana, "/organisation/charter/1")
    old = page(ana, "/organisation/charter/1/versions/1")
    assert "An answer by the next morning." in old
    assert "Until both sides have signed it, it is a draft." in old
    session.rollback()
    assert [c.version for c in session.scalars(select(Charter))] == [1, 2]


def test_a_version_that_somebody_else_has_overtaken_is_refused_with_its_text(cast, browse):
    org.post(cast)
    org.charter(cast)
    late = browse("cleo").post("/organisation/charter/1/write", after="0", **org.CHARTER)
    assert late.status_code == 409
    assert "Courts know whom to call." in late.text


def test_a_charter_without_a_promise_is_refused(cast, browse):
    org.post(cast)
    answer = browse("cleo").post("/organisation/charter/1/write", after="0", **{**org.CHARTER, "promises": ""})
    assert answer.status_code == 422
    assert "Write down at least one promise." in answer.text
    assert "Three days of effort a month." in answer.text


def test_the_sheet_compares_with_own_figures_ranges_and_sources(cast, browse):
    make.ready()
    org.post(cast)
    cleo = browse("cleo")
    assert "No figures yet" in page(cleo, "/organisation/options/1")
    assert figures(cleo).status_code == 303
    found = page(cleo, "/organisation/options/1")
    assert "the chance of reaching the standard is above 14 %" in found
    assert "from 11 % to 77 %" in found
    assert "6,930 EUR" in found
    assert "51,300 EUR, from 9,000 to 63,000" in found
    assert "6,240 EUR" in found
    assert found.count('class="iv"') == 3
    assert 'href="/sources#BG12"' in found
    assert "has no origin that holds" in found


def test_while_conditional_the_sheet_offers_develop_and_pair_only(cast, browse):
    make.ready(RC_7=1)
    org.post(cast)
    cleo = browse("cleo")
    figures(cleo)
    found = page(cleo, "/organisation/options/1")
    assert "Conditions first" in found
    assert "51,300" not in found
    assert "14 %" not in found
    assert found.count("Not offered now") == 4


def test_not_yet_compares_nothing(cast, browse):
    org.post(cast)
    cleo = browse("cleo")
    figures(cleo)
    found = page(cleo, "/organisation/options/1")
    assert "Organisation first" in found
    assert "6,930" not in found
    assert found.count("Not offered now") == 5


def test_no_sheet_names_a_person_and_no_person_s_page_names_a_cost(cast, browse):
    make.opened(cast)
    org.post(cast)
    cleo = browse("cleo")
    figures(cleo, salary="98765")
    names = ("Ana Baptiste", "Dan Okoro")
    for path in ("/organisation/options/1", "/organisation/options", "/organisation/load", "/organisation/charter"):
        assert not any(name in page(cleo, path) for name in names), path
    for path in (f"/decisions/1/people/{cast.ana}", "/decisions/1"):
        found = page(cleo, path)
        assert "Ana Baptiste" in found
        assert not any(word in found for word in ("98,765", "98765", "EUR", "6,930")), path


def test_a_post_knows_no_person():
    for model in (Post, PostSheet, Charter):
        people = {
            key.parent.name for key in inspect(model).local_table.foreign_keys if key.column.table.name == "person"
        }
        assert people <= {"changed_by", "made_by"}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"salary": ""}, "Nought is a figure too."),
        ({"turnover__high": "20"}, "The upper end is at least the figure."),
        ({"turnover": "-1"}, "From 0 to 400."),
        ({"rate": "nan"}, "From 0 to"),
        ({"rate": "inf"}, "From 0 to"),
    ],
)
def test_figures_that_cannot_be_are_refused_and_stay_typed(cast, browse, session, changed, said):
    org.post(cast)
    answer = figures(browse("cleo"), **changed)
    assert answer.status_code == 422
    assert said in unescape(answer.text)
    assert 'value="90000' in answer.text or "salary" in changed
    session.rollback()
    assert session.get(PostSheet, 1) is None


def test_figures_that_somebody_else_has_changed_are_not_overwritten(cast, browse):
    org.post(cast)
    cleo = browse("cleo")
    figures(cleo)
    assert figures(cleo, version=0).status_code == 409
    assert figures(cleo, version=1).status_code == 303


@pytest.mark.parametrize(("path", "heading"), [("/organisation/inherited", "origin"), ("/organisation/gap", "trust")])
def test_work_lists_keep_what_was_found(cast, browse, path, heading):
    cleo = browse("cleo")
    assert cleo.post(path, **{heading: "Made in 2021 after the outage.", f"done-{heading}": "y"}).status_code == 303
    found = page(cleo, path)
    assert "Made in 2021 after the outage." in found
    assert found.count(" checked") == 1
    too_long = cleo.post(path, **{heading: "x" * 2001})
    assert too_long.status_code == 422
    assert "x" * 2001 in too_long.text


def test_the_small_print_is_for_everybody_and_carries_the_warning(cast, browse):
    for who in ("ana", "ben", "cleo"):
        assert WARNING in page(browse(who), "/organisation/small-print")
    assert "readiness today" not in page(browse("ana"), "/organisation/small-print")


def test_what_a_cio_wrote_is_exported_and_stays_without_a_name(cast, browse, session):
    org.post(cast)
    org.charter(cast)
    figures(browse("cleo"))
    found = privacy.export_person(db.session(), cast.cleo)
    assert found["charters_written"][0]["version"] == 1
    assert found["posts_changed"] == ["Liaison for courts"]
    privacy.erase_person(db.session(), cast.cleo)
    assert db.session.get(Charter, 1).made_by is None
    assert db.session.get(PostSheet, 1).changed_by is None


def test_an_administrator_finds_where_links_are_made_and_a_cio_is_not_offered_them(cast, browse):
    ada = browse("ada")
    home = ada.get("/").text
    assert 'href="/readiness"' in home
    assert 'href="/organisation"' in home
    assert 'href="/admin/fairness"' in ada.get("/organisation").text
    assert "/admin/fairness" not in browse("cleo").get("/organisation").text
