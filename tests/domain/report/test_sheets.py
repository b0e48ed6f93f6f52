"""Kits, session sheets and certificates come back from their JSON, and refuse to contradict themselves."""

from dataclasses import fields, replace

import pytest

from coachkit.domain.report.codec import NotThisReportError
from coachkit.domain.report.papers import Row, Section
from coachkit.domain.report.progress import ReportIncoherentError
from coachkit.domain.report.sheets import Certificate
from tests.factories.sheets import ALL, certificate, kit


@pytest.mark.parametrize("name", ALL)
def test_a_sheet_comes_back_from_its_json_unchanged(name):
    assert type(ALL[name]).from_json(ALL[name].to_json()) == ALL[name]


def test_a_sheet_of_another_kind_is_refused():
    with pytest.raises(NotThisReportError):
        Certificate.from_json(kit().to_json())


def test_a_certificate_has_no_place_for_a_level_or_a_judgement():
    names = " ".join(field.name for field in fields(Certificate))
    assert not any(word in names for word in ("level", "rating", "score", "result", "average", "grade"))


@pytest.mark.parametrize(
    "change",
    [{"modules_in_programme": 1}, {"attempts": 0}, {"first_attempt": None}, {"verify_url": "nowhere"}],
)
def test_a_certificate_that_contradicts_itself_is_refused(change):
    with pytest.raises(ReportIncoherentError):
        replace(certificate(), **change)


def test_what_only_partner_and_observer_may_know_comes_together_or_not_at_all():
    with pytest.raises(ReportIncoherentError):
        replace(kit(), partner=None)


def test_columns_share_the_width_by_what_is_written_in_them():
    row = Row(("Unit", "12", "A sentence that needs more room than the number beside it."))
    part = Section("Units", (), ("Name", "Learners", "What was seen"), (row,), "")
    first, second, third = part.shares
    assert first == second < third
    assert 92 <= sum(part.shares) <= 108


def test_a_row_with_another_number_of_cells_and_too_many_columns_are_refused():
    with pytest.raises(ReportIncoherentError, match="number of cells"):
        Section("Units", (), ("Name",), (Row(("a", "b")),), "")
    with pytest.raises(ReportIncoherentError, match="more columns"):
        Section("Units", (), ("a",) * 8, (), "")
