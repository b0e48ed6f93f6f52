"""What pages and documents say of the product's own errors comes from one kept run, and from nowhere else."""

from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import pytest

from coachkit.features.calibration import reading, simulated
from coachkit.features.calibration.measures import against_line
from coachkit.features.reports.measured import NOTE

DOCS = Path(__file__).parents[3] / "docs"
pytestmark = pytest.mark.one_database
TODAY = datetime.now(UTC).date()


def entry(group, last_on=TODAY):
    said = {"group": group, "sentence": "The evidence says so.", "lacks": []}
    return {
        "ratings": 12, "measure": {"value": 3.0, "low": 2.6, "high": 3.4}, "status": "measured", "why": "",
        "last_on": last_on.isoformat(), "lines": {"3": said},
    }  # fmt: skip


def test_the_article_and_the_proof_hold_the_figures_of_the_kept_run():
    article, proof = (DOCS / name for name in ("measurement.md", "proofs/statements.md"))
    for line in simulated.summary_lines():
        assert f"- {line}" in article.read_text(encoding="utf-8")
    for row in (*simulated.statement_rows(), *simulated.band_rows()):
        assert f"| {' | '.join(row)} |" in proof.read_text(encoding="utf-8")


def test_the_kept_run_went_through_every_world_with_enough_people_to_tell():
    worlds = simulated.figures()["worlds"]
    assert {name for name in worlds if not name.startswith("team")} == {"A", "B", "D", "E", "G", "S"}
    assert sum(name.startswith("team") for name in worlds) == 7
    for name, world in worlds.items():
        assert world["learners"] >= 800, name


def test_intervals_of_teams_hold_about_as_often_as_they_say():
    held = simulated.held("interval")
    assert held.low >= 0.88
    assert held.high <= 0.95


def test_behind_how_to_read_this_each_line_has_its_own_error_and_how_often_nothing_is_said():
    for line, words in zip(("2", "3", "4"), simulated.line_errors(), strict=True):
        assert words in reading.LINE.error
        assert simulated.said("cannot_tell", line).words in words
    assert simulated.held("band, end").words in reading.GROWTH.error
    assert simulated.held("ahead, either").words in reading.AHEAD.error
    assert simulated.held("interval").words in reading.FAIR_AVERAGE.error
    assert simulated.held("interval").words in NOTE


@pytest.mark.usefixtures("session", "cast")
def test_the_method_shows_every_world_with_its_figures(browse):
    page = unescape(browse("ana").get("/method").text)
    for row in (*simulated.statement_rows(), *simulated.band_rows()):
        for cell in row:
            assert f">{cell}</t" in page
    for words in simulated.line_errors():
        assert words in page


@pytest.mark.parametrize(("group", "word"), [("met", "“met”"), ("not_met", "“not met”")])
def test_a_statement_brings_the_error_of_its_like(group, word):
    said = against_line(entry(group), 3, TODAY)
    assert said.reason.startswith("The evidence says so. SIMULATED: about line 3, ")
    assert f"{word} was wrong in {simulated.wrong(group, '3').words}" in said.reason


def test_what_cannot_be_told_has_no_error():
    assert against_line(entry("cannot_tell"), 3, TODAY).reason == "The evidence says so."
    assert "SIMULATED" not in against_line(entry("met", date(2020, 1, 1)), 3, TODAY).reason


def test_what_was_seldom_said_has_no_figure(monkeypatch):
    monkeypatch.setattr(simulated, "LEAST_SAID", 10**9)
    assert simulated.wrong("met", "3") is None
    assert simulated.error_of("met", 3).endswith("said too seldom for its error to be told.")
    assert "said too seldom to tell" in simulated.line_errors()[1]


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.0004, 0.003, "fewer than 1 of 100"), (0.0, 0.03, "up to 3 of 100"), (0.01, 0.05, "1 to 5 of 100"),
        (0.161, 0.162, "16 of 100"),
    ],
)  # fmt: skip
def test_shares_are_told_as_so_many_of_a_hundred(low, high, words):
    assert simulated.Range(low, high, 500).words == words
