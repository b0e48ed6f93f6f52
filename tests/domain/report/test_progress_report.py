"""The frozen report keeps what people gave, refuses contradictions, and travels as JSON without loss."""

import datetime as dt
import json
from dataclasses import FrozenInstanceError, fields, replace

import pytest

from coachkit.domain.report.codec import NotThisReportError
from coachkit.domain.report.layout import PORTIONS, ROOM, fitting, height, layout_of
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
    layout = layout_of(whole)
    parts = [part for skill in layout.skills for part in skill.shown]
    seen = len(list(whole.observations()))
    left_out = seen - sum(len(part.observations) for part in parts)
    assert sum(len(part.marks) for part in parts) == seen
    assert left_out > 0
    assert f"{left_out} earlier ratings with what they rest on" in layout.left_out


def test_the_printed_grounds_are_the_latest_ones_newest_first():
    for skill in layout_of(report("longest", 0)).skills:
        for part in skill.shown:
            assert list(part.observations) == list(part.line.observations[::-1][: len(part.observations)])


def test_a_short_report_leaves_nothing_out():
    assert layout_of(report("short")).left_out == ()


def test_every_criterion_keeps_its_latest_grounds_however_little_room_there_is():
    whole = report("crowded", 2)
    layout = layout_of(whole, tighter=99)
    assert all(part.observations for skill in layout.skills for part in skill.shown)
    assert len(layout.notes) < len(whole.notes)
    assert "one note" in layout.left_out


def test_less_is_printed_only_where_the_estimate_says_that_all_does_not_fit():
    for size in ("short", "typical", "longest", "crowded"):
        whole = report(size)
        larger = PORTIONS[: PORTIONS.index(fitting(whole))]
        assert all(height(whole, portion) > ROOM for portion in larger)
