"""Where a calibration stands behind the figures: board, person, record and report, each with its run, interval and
reason. Where there is none, the observed levels speak alone."""

import re
from datetime import date, timedelta
from html import unescape

import pytest

from coachkit.features.calibration import simulated
from coachkit.features.calibration.measures import against_line
from coachkit.features.reports import service as reports
from coachkit.platform import clock
from coachkit.platform.db import transaction
from coachkit.web.library import library_of
from tests.factories import calibration, loop
from tests.factories import decisions as make

pytestmark = [pytest.mark.usefixtures("session"), pytest.mark.calibrated]


@pytest.fixture
def measured(cast):
    purpose_id = make.opened(cast, "ana", "moe", "zed", line=3)
    for who in ("moe", "zed"):
        make.released(cast, purpose_id, who)
    return cast, purpose_id


def test_the_board_shows_fair_averages_with_their_interval_line_and_run(measured, browse):
    _cast, purpose_id = measured
    page = browse("cleo").get(f"/decisions/{purpose_id}").text
    number = calibration.runs()[-1].id
    assert f"Everything here stands on calibration {number} of" in page
    assert re.search(r'aria-label="Trust: fair average \d\.\d, likely \d\.\d to \d\.\d, role line 3"', page)
    assert re.search(r"plain mean \d\.\d", page)
    assert "No line of its own" in page or "Not every skill has been rated" in page
    assert "SIMULATED" in page
    assert not re.search(r"probab|\bchance of \d", page)


def test_a_skill_without_enough_evidence_cannot_be_told_and_says_why(measured, browse):
    _cast, purpose_id = measured
    page = browse("cleo").get(f"/decisions/{purpose_id}").text
    assert re.search(r'aria-label="Presenting: no measure yet, role line 3"', page)
    assert "There is no evidence yet." in page


def test_evidence_that_stays_below_twice_is_not_met_and_prints_that_it_can_be_wrong(measured, browse):
    cast, purpose_id = measured
    page = browse("cleo").get(f"/decisions/{purpose_id}/people/{cast.zed}").text
    assert "The evidence puts this skill below its role line; a named person reviews it and gives a reason." in page
    assert simulated.error_of("not_met", 3) in unescape(page)


def test_the_person_page_draws_growth_and_both_shapes_only_where_the_gates_allow(measured, browse):
    cast, purpose_id = measured
    page = browse("cleo").get(f"/decisions/{purpose_id}/people/{cast.ana}").text
    assert 'class="band2"' in page
    assert page.count('class="tr-c"') == page.count('class="tr-l"')
    assert "Nothing is said about the time ahead:" in page or "if it levels off" in page
    assert "80 % band" in page


def test_a_line_at_the_end_of_the_scale_is_never_met_by_an_average(cast):
    purpose_id = make.opened(cast, "ana", "moe", line=5)
    make.released(cast, purpose_id, "moe")
    page = make.queries_page(cast, purpose_id, "moe")
    trust = next(skill for skill in page.file.skills if skill.id == "trust")
    assert trust.group == "cannot-tell"
    assert "no evidence can place it at 5" in trust.reason


def test_a_record_freezes_the_figures_with_their_run(measured, browse):
    cast, purpose_id = measured
    record_id = make.decided(cast, purpose_id)
    first = calibration.runs()[-1].id
    calibration.rated(cast, "ana", "rp09", calibration.GOOD)
    calibration.done()
    calibration.run()
    page = browse("cleo").get(f"/decisions/{purpose_id}/people/{cast.ana}/decision/{record_id}").text
    assert f"calibration {first} of" in page
    assert f"calibration {calibration.runs()[-1].id} of" not in page
    assert "Unchanged since it was recorded." in page


def test_a_new_calibration_is_evidence_that_moved_on(measured):
    cast, purpose_id = measured
    before, _newest = make.seen_now(cast, purpose_id)
    calibration.run()
    assert make.seen_now(cast, purpose_id)[0] != before


def test_the_preview_shows_the_person_the_same_figures(measured, browse):
    _cast, purpose_id = measured
    find = re.compile(r'aria-label="Trust: fair average [^"]*"')
    board = browse("cleo").get(f"/decisions/{purpose_id}/people/{_cast.ana}").text
    preview = browse("ana").get(f"/purposes/{purpose_id}").text
    assert find.search(board)[0] == find.search(preview)[0]


def test_the_reports_hold_the_same_block_and_name_the_run(measured, browse):
    cast, purpose_id = measured
    own = browse("ana").get("/report").text
    released = browse("cleo").get(f"/decisions/{purpose_id}/people/{cast.ana}/report").text
    for page in (own, released):
        assert "Fair averages" in page
        assert f"From calibration {calibration.runs()[-1].id} of" in page
        assert re.search(r"\d\.\d to \d\.\d, middle \d\.\d", page)
        assert "The role’s skills together" in page


def test_the_issued_report_keeps_the_block(measured, app):
    cast, _purpose_id = measured
    with transaction() as session:
        actor = loop.actor(session, cast.ana)
        row = reports.issue(session, actor, make.library(), library_of, app.config["COACHKIT"])
        document = row.document
    assert "SIMULATED" in document
    assert f"calibration {calibration.runs()[-1].id} of" in document


def test_results_of_more_than_a_year_ago_carry_no_figure_on_a_page_of_the_cio(cast):
    with clock.shifted(timedelta(days=400)):
        purpose_id = make.opened(cast, "ana")
        page = make.queries_page(cast, purpose_id)
    assert all(skill.measure.value is None for skill in page.file.skills)
    assert page.file.together.value is None


def test_old_evidence_tells_nothing_even_where_the_calibration_did():
    entry = {
        "ratings": 20, "status": "measured", "measure": {"value": 4.0, "low": 3.6, "high": 4.4},
        "last_on": "2026-01-01",
        "lines": {"3": {"group": "met", "sentence": "At it.", "lacks": []}},
    }  # fmt: skip
    assert against_line(entry, 3, date(2026, 2, 1)).group == "met"
    assert against_line(entry, 3, date(2026, 4, 1)).group == "cannot-tell"


def test_how_to_read_this_stands_behind_the_figures_of_a_record_and_its_dossier(measured, browse):
    cast, purpose_id = measured
    record_id = make.decided(cast, purpose_id)
    record = f"/decisions/{purpose_id}/people/{cast.ana}/decision/{record_id}"
    mine = f"/purposes/decisions/{record_id}"
    for who, paths in (("cleo", (record, f"{record}/dossier")), ("ana", (mine, f"{mine}/dossier"))):
        for path in paths:
            page = unescape(browse(who).get(path).text)
            assert "How to read this" in page, path
            assert simulated.line_errors()[1] in page, path
