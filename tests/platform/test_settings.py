"""Settings: from where they come, and what is refused."""

import stat
from datetime import date

import pytest

from coachkit.platform.settings import SettingsError, read_settings


def test_the_environment_wins_over_the_file_and_the_file_over_the_defaults(tmp_path):
    (tmp_path / "coachkit.toml").write_text('organisation = "From the file"\nidle_minutes = 5\n')
    found = read_settings({"COACHKIT_INSTANCE": str(tmp_path), "COACHKIT_ORGANISATION": "From outside"})
    assert (found.organisation, found.idle_minutes, found.absolute_hours) == ("From outside", 5, 12)


def test_a_misspelt_setting_is_named(tmp_path):
    (tmp_path / "coachkit.toml").write_text('organization = "Spelt otherwise"\n')
    with pytest.raises(SettingsError, match="organization"):
        read_settings({}, instance=tmp_path)


def test_a_value_that_is_no_number_is_named(tmp_path):
    with pytest.raises(SettingsError, match="idle_minutes"):
        read_settings({"COACHKIT_IDLE_MINUTES": "two hours"}, instance=tmp_path)


def test_a_folder_that_came_with_the_project_is_closed_to_others_before_anything_is_in_it(tmp_path):
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o755)
    read_settings({}, instance=folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_secret_key_is_made_once_and_only_its_owner_can_read_it(tmp_path):
    folder = tmp_path / "new" / "instance"
    first = read_settings({}, instance=folder).secret_key
    assert len(first) > 60
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600
    assert read_settings({}, instance=folder).secret_key == first


def test_two_installations_have_different_secrets(tmp_path):
    first, second = (read_settings({}, instance=tmp_path / name).secret_key for name in ("a", "b"))
    assert first != second


def test_without_an_address_the_database_is_a_file_of_the_instance(tmp_path):
    found = read_settings({}, instance=tmp_path)
    assert found.is_sqlite
    assert found.url.endswith(f"{tmp_path.name}/coachkit.sqlite")
    assert not read_settings({"COACHKIT_DATABASE_URL": "postgresql://u@h/d"}, instance=tmp_path).is_sqlite


@pytest.mark.parametrize(("given", "meant"), [("yes", True), ("1", True), ("off", False), ("no", False)])
def test_yes_and_no_can_be_said_in_several_ways(tmp_path, given, meant):
    assert read_settings({"COACHKIT_SMTP_STARTTLS": given}, instance=tmp_path).smtp_starttls is meant


def test_public_holidays_are_days_from_either_place_and_none_by_default(tmp_path):
    assert read_settings({}, instance=tmp_path).holidays == ()
    named = read_settings({"COACHKIT_HOLIDAYS": "2027-01-01, 2026-12-25"}, instance=tmp_path).holidays
    assert named == (date(2026, 12, 25), date(2027, 1, 1))
    (tmp_path / "coachkit.toml").write_text('holidays = [2026-12-25, "2027-01-01"]')
    assert read_settings({}, instance=tmp_path).holidays == named
    with pytest.raises(SettingsError, match="holidays"):
        read_settings({"COACHKIT_HOLIDAYS": "Christmas"}, instance=tmp_path)
