"""The lead coach's pages: strictness, drift, agreement, where coaches differ, and who could rate whom once more."""

import re

import pytest
from sqlalchemy import select

from coachkit.features.calibration.disagreements import without_name
from coachkit.platform.access_record import AccessRecord
from tests.factories import calibration as make
from tests.factories import decisions
from tests.factories.routes import paths

pytestmark = [pytest.mark.usefixtures("session"), pytest.mark.one_database]


def test_before_anything_is_calibrated_the_page_says_so(browse):
    assert "Nothing has been calibrated yet" in browse("lea").get("/calibration").text


@pytest.mark.calibrated
def test_a_strict_coach_is_found_with_raw_beside_adjusted(cast, browse):
    page = browse("lea").get("/calibration").text
    row = re.search(r'<tr><th scope="row">Mia Haddad</th>.*?</tr>', page)[0]
    assert "of a level stricter than the other coaches" in row
    figures = re.findall(r'<td[^>]*class="num">([+−]\d\.\d)', row)
    assert len(figures) >= 2
    assert "likely" in row
    assert page.index("Ben Tanaka") < page.index("Eva Lindholm") < page.index("Mia Haddad")


@pytest.mark.calibrated
def test_criteria_show_their_agreement_with_one_click_to_the_evidence(cast, browse):
    lea = browse("lea")
    page = lea.get("/calibration").text
    assert re.search(r"coaches chose the same level \d+% of the time", page)
    link = re.search(r'href="(/calibration/criteria/comm\.expectations)"', page)[1]
    opened = lea.get(link).text
    assert "Attempt 1: 1 level apart" in opened
    assert "She asked and waited, comm.expectations." in opened
    assert "She asked and waited twice, comm.expectations." in opened


def test_the_learner_is_not_named_where_coaches_differ_and_sees_the_look(cast, session, browse):
    make.rated(cast, "ana", "rp05", (4,), second="eva", second_levels=(2,), line="Ana said it; then Ms Baptiste waited")
    page = browse("lea").get("/calibration/criteria/comm.expectations").text
    assert "Baptiste" not in page
    assert "Ana" not in page.replace("Analysis", "")
    assert "[the learner] said it; then Ms [the learner] waited" in page
    looks = list(session.scalars(select(AccessRecord.what).where(AccessRecord.person_id == cast.ana)))
    assert [look.startswith("read, without your name, where two coaches differ on “") for look in looks] == [True]


@pytest.mark.parametrize(
    ("text", "name", "left"),
    [
        ("Ana asked.", "Ana Baptiste", "[the learner] asked."),
        ("Ana Baptiste asked Anabel.", "Ana Baptiste", "[the learner] asked Anabel."),
        ("ANA’s question", "Ana Baptiste", "[the learner]’s question"),
        ("A word.", "A", "A word."),
    ],
)
def test_a_name_is_taken_out_of_a_line(text, name, left):
    assert without_name(text, name) == left


def test_an_unknown_criterion_and_an_unknown_run_are_not_there(browse):
    lea = browse("lea")
    assert lea.get("/calibration/criteria/no.such").status_code == 404
    assert lea.get("/calibration/runs/999").status_code == 404


@pytest.mark.calibrated
def test_the_history_opens_every_run(cast, browse):
    make.run()
    lea = browse("lea")
    page = lea.get("/calibration").text
    for run in make.runs():
        assert f'href="/calibration/runs/{run.id}"' in page
        opened = lea.get(f"/calibration/runs/{run.id}").text
        assert run.inputs_hash in opened
        assert run.result_hash in opened
        assert "Nothing. Every rating entered." in opened


def test_a_net_that_is_not_connected_is_said_and_repaired_by_a_proposal(cast, browse):
    for days in (40, 20):
        make.rated(cast, "ana", "rp05", make.FAIR, by="ben", days_ago=days)
        make.rated(cast, "ana", "rp09", make.GOOD, by="ben", days_ago=days - 5)
        make.rated(cast, "dan", "rp05", make.POOR, by="eva", days_ago=days)
    make.done()
    make.run()
    page = browse("lea").get("/calibration").text
    assert "some coaches and learners are not linked to the rest" in page
    assert re.search(r'<tr><th scope="row">Dan Okoro</th><td[^>]*>Eva Lindholm</td><td[^>]*>Ben Tanaka</td>', page)
    assert make.measure(cast.dan).data["skills"]["comm"]["measure"] is None


@pytest.mark.parametrize("who", ["ana", "ben", "cleo", "ada", "otto"])
@pytest.mark.parametrize("path", ["/calibration", "/calibration/runs/1", "/calibration/criteria/comm.tone"])
def test_the_pages_are_for_lead_coaches(browse, who, path):
    assert browse(who).get(path).status_code == 403


@pytest.mark.calibrated
def test_strictness_and_drift_reach_no_page_of_a_cio(app, cast, browse):
    decisions.ready()
    decisions.basis(cast)
    purpose_id = decisions.purpose(cast, "ana", "moe", "zed")
    for who in ("ana", "moe", "zed"):
        decisions.released(cast, purpose_id, who)
    canary = re.compile(
        r"of a level stricter|more lenient than|than the other coaches|a month, likely|infit", re.IGNORECASE
    )
    assert canary.search(browse("lea").get("/calibration").text)
    cleo, seen = browse("cleo"), 0
    for path in (*paths(app), *(f"/decisions/{purpose_id}/people/{cast.ids[who]}" for who in ("ana", "moe", "zed"))):
        answer = cleo.get(path)
        seen += "Fair average" in answer.text
        if path != "/method":
            assert not canary.search(answer.text), path
    assert seen >= 3
