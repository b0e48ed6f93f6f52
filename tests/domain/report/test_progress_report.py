"""The frozen report keeps what people gave, refuses contradictions, and travels as JSON without loss."""

import datetime as dt
import json
from dataclasses import FrozenInstanceError, fields, replace

import pytest

from coachkit.domain.report.codec import NotThisReportError
from coachkit.domain.report.layout import evidence_room, rows_per_criterion, skill_layouts
from coachkit.domain.report.progress import (
    FairAverage,
    Observation,
    Pair,
    ProgressReport,
    ReportIncoherentError,
)
from tests.factories.reports import measured, report

SEEN = Observation(dt.date(2026, 5, 4), "A move", 3, 2, False, False, 3, False, "said so", "did so")


@pytest.mark.parametrize("size", ["short", "typical", "longest"])
def test_a_report_comes_back_from_json_unchanged(size):
    for seed in range(4):
        wanted = report(size, seed)
        assert ProgressReport.from_json(wanted.to_json()) == wanted
    assert ProgressReport.from_json(measured(wanted).to_json()) == measured(wanted)


def test_the_same_report_has_the_same_json():
    assert report("typical", 3).to_json() == report("typical", 3).to_json()


def test_every_field_of_the_report_is_in_the_json():
    plain = json.loads(report().to_json())
    assert plain.keys() == {"schema", *(field.name for field in fields(ProgressReport))}


def test_the_report_has_no_place_for_an_overall_figure():
    words = {field.name for field in fields(ProgressReport)}
    assert not {word for word in words if any(part in word for part in ("overall", "score", "mean", "rank"))}


@pytest.mark.parametrize(
    "change",
    [
        lambda plain: plain.pop("headline"),
        lambda plain: plain.update(surplus=1),
        lambda plain: plain.update(weeks="24"),
        lambda plain: plain.update(weeks=True),
        lambda plain: plain.update(issued_at="yesterday"),
        lambda plain: plain.update(schema="another/1"),
        lambda plain: plain["person"].pop("name"),
        lambda plain: plain["notes"][0].update(kind="praise"),
        lambda plain: plain.update(skills={}),
    ],
)
def test_json_that_was_tampered_with_is_refused(change):
    plain = json.loads(report().to_json())
    change(plain)
    with pytest.raises(NotThisReportError):
        ProgressReport.from_json(json.dumps(plain))


def test_text_that_is_no_json_is_refused():
    with pytest.raises(NotThisReportError):
        ProgressReport.from_json("report")


def test_a_report_cannot_be_changed_after_issue():
    with pytest.raises(FrozenInstanceError):
        report().headline = "better"


@pytest.mark.parametrize(
    "change",
    [
        {"level": 6},
        {"level": 0},
        {"self_level": 9},
        {"not_observed": True},
        {"self_not_observed": True},
        {"difficulty": 0},
        {"level": None, "capped": True},
    ],
)
def test_an_observation_that_contradicts_itself_is_refused(change):
    with pytest.raises(ReportIncoherentError):
        replace(SEEN, **change)


def test_a_pair_compares_the_same_difficulty_in_the_order_of_time():
    later = replace(SEEN, on=dt.date(2026, 6, 1), level=3)
    assert Pair("Trust", "Candour", SEEN, later)
    for first, retry in (
        (SEEN, replace(later, difficulty=4)),
        (later, SEEN),
        (SEEN, replace(later, level=None)),
    ):
        with pytest.raises(ReportIncoherentError):
            Pair("Trust", "Candour", first, retry)


def test_counts_that_differ_from_what_is_shown_are_refused():
    whole = report()
    for wrong in (
        {"counts": replace(whole.counts, ratings=whole.counts.ratings + 1)},
        {"counts": replace(whole.counts, retries=9)},
        {"issued_at": dt.datetime(2026, 1, 1)},  # noqa: DTZ001
        {"verify_url": "javascript:alert(1)"},
        {"verification_code": ""},
    ):
        with pytest.raises(ReportIncoherentError):
            replace(whole, **wrong)


def test_observations_out_of_order_are_refused():
    line = report("typical", 1).skills[0].criteria[2]
    with pytest.raises(ReportIncoherentError):
        replace(line, observations=line.observations[::-1])


def test_a_fair_average_never_stands_without_its_interval():
    for wrong in ((3.0, None, None), (3.0, 3.2, 3.4), (None, 2.0, 3.0)):
        with pytest.raises(ReportIncoherentError):
            FairAverage("Trust", *wrong, None, "")


def test_all_observations_are_drawn_and_those_without_printed_grounds_are_counted():
    whole = report("longest", 0)
    layouts = skill_layouts(whole)
    drawn = sum(len(marks) for layout in layouts for marks in layout.marks)
    printed = sum(len(part.observations) for layout in layouts for part in layout.shown)
    left_out = sum(layout.left_out for layout in layouts)
    assert drawn == printed + left_out == len(list(whole.observations()))
    assert left_out > 0


def test_the_printed_grounds_are_the_latest_ones():
    for layout in skill_layouts(report("longest", 0)):
        for part in layout.shown:
            assert part.observations == part.line.observations[-len(part.observations) :]


def test_a_short_report_prints_the_grounds_of_every_rating():
    assert all(layout.left_out == 0 for layout in skill_layouts(report("short")))


def test_every_criterion_keeps_at_least_its_latest_grounds_however_little_room_there_is():
    lines = [line for skill in report("crowded").skills for line in skill.criteria]
    assert rows_per_criterion(lines, 0) == 1
    assert rows_per_criterion([], 0) == 1
    assert evidence_room(report("crowded")) < evidence_room(report("short"))
