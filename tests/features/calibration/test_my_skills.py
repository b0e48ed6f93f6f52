"""A learner's own page: growth with its band and dots, the gap, a sentence and a table, or what is missing."""

import re

import pytest

from tests.factories import calibration as make
from tests.factories import decisions, loop

pytestmark = [pytest.mark.usefixtures("session"), pytest.mark.one_database]


def section(page, skill):
    return re.search(rf'<section class="sec" aria-labelledby="{skill}">.*?</section>', page, re.DOTALL)[0]


def test_at_first_the_page_says_what_is_needed(browse):
    page = browse("ana").get("/measures").text
    assert "Nothing has been seen by a coach yet" in page
    assert "Two official attempts in two different scenarios are needed" in page
    assert "<svg role" not in page


def test_below_the_minimum_there_are_words_and_what_is_missing(cast, browse):
    make.rated(cast, "ana", "rp05", make.FAIR)
    make.done()
    make.run()
    page = section(browse("ana").get("/measures").text, "comm")
    assert "Nothing can be drawn yet." in page
    assert "so far there are 1 attempt in 1 scenario" in page
    assert "Growth chart" not in page


@pytest.mark.calibrated
def test_a_skill_is_drawn_with_its_band_a_sentence_and_a_table(cast, browse):
    page = browse("ana").get("/measures").text
    trust = section(page, "trust")
    assert f"From calibration {make.runs()[-1].id} of" in page
    assert 'class="band2"' in trust
    assert re.search(r"From \d\.\d in \w+ to \d\.\d now, likely \d\.\d to \d\.\d\.", trust)
    assert "80 % band" in trust
    assert re.search(r"plain mean \d\.\d", trust)
    assert trust.count('class="pt-c"') > 2
    assert "SIMULATED" in page
    assert 'href="/method"' in page


@pytest.mark.calibrated
def test_a_limit_of_the_scenario_is_drawn_as_a_ring_and_said_so(cast, browse):
    analysis = section(browse("ana").get("/measures").text, "interviewing")
    assert 'class="gl-o"' in analysis
    assert "In place or more" in analysis


@pytest.mark.calibrated
def test_the_gap_between_own_and_coaches_view_is_told_with_its_interval(cast, browse):
    comm = section(browse("ana").get("/measures").text, "comm")
    assert "Your view and your coaches’" in comm
    assert re.search(r"[+−]?\d\.\d levels, likely [+−]?\d\.\d to [+−]?\d\.\d, from \d attempts", comm)
    assert re.search(r"trend|closer|apart", comm)


def test_practice_is_no_part_of_it(cast, browse):
    decisions.rated(cast, "rp05", 5, kind="practice")
    make.done()
    make.run()
    assert "Nothing has been seen by a coach yet" in browse("ana").get("/measures").text


@pytest.mark.parametrize("who", ["ben", "lea", "cleo", "ada", "otto"])
def test_the_page_is_for_learners(browse, who):
    assert browse(who).get("/measures").status_code == 403


@pytest.mark.calibrated
def test_nobody_else_is_named_on_it(cast, browse):
    page = browse("ana").get("/measures").text
    assert "Moe" not in page
    assert "Zed" not in page


def test_an_attempt_that_waits_is_not_in_it(cast, browse):
    loop.submitted(cast, scenario_id="rp05")
    make.done()
    make.run()
    assert "Nothing has been seen by a coach yet" in browse("ana").get("/measures").text
