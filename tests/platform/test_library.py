"""The shelf: a version is published whole, kept for ever, and served until a better one is there."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from coachkit.app import create_app
from coachkit.features.practice import service as practice
from coachkit.platform import library
from coachkit.platform.db import db, transaction
from coachkit.platform.errors import UnavailableError
from coachkit.platform.library import LibrarySnapshot, Shelf
from tests.factories.browsing import Browser
from tests.factories.library import changed_library, tiny_library_files
from tests.factories.loop import actor

BRIEF = ("scenarios/rp01.yaml", "You have twenty minutes.")


@pytest.fixture
def folder(tmp_path):
    """`folder(files)` writes a library into a fresh folder."""

    def write(files: dict[str, bytes]):
        target = tmp_path / f"library-{len(list(tmp_path.iterdir()))}"
        for path, data in files.items():
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (target / path).write_bytes(data)
        return target

    return write


@pytest.fixture
def app(settings):
    """An application that looks for a new version at every request."""
    application = create_app(replace(settings, library_check_seconds=0))
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


def publish(folder):
    with transaction() as session:
        return library.publish(session, folder)


def current(session) -> str:
    session.rollback()
    return Shelf(0).current(session).id


def test_a_sound_library_is_served_from_now_on(session, folder):
    assert publish(folder(tiny_library_files())).library is not None
    assert current(session) == "tiny"


def test_a_broken_library_changes_nothing(session, folder):
    publish(folder(tiny_library_files()))
    before = session.scalar(select(func.count()).select_from(LibrarySnapshot))
    loaded = publish(folder(changed_library("library.yaml", "id: tiny\n", "id: other\nunknown: 1\n")))
    assert loaded.library is None
    assert "library.yaml" in {problem.path for problem in loaded.problems if problem.is_error}
    assert current(session) == "tiny"
    assert session.scalar(select(func.count()).select_from(LibrarySnapshot)) == before


def test_an_empty_folder_changes_nothing(session, folder, tmp_path):
    publish(folder(tiny_library_files()))
    (tmp_path / "nothing").mkdir()
    assert publish(tmp_path / "nothing").library is None
    assert current(session) == "tiny"


def test_publishing_the_same_again_makes_no_second_version(session, folder):
    files = tiny_library_files()
    first, second = publish(folder(files)), publish(folder(files))
    assert first.library.version == second.library.version
    assert session.scalars(select(LibrarySnapshot.current).where(LibrarySnapshot.current)).all() == [True]


def test_going_back_to_an_earlier_version_needs_only_its_files(session, folder):
    first = publish(folder(tiny_library_files())).library
    publish(folder(changed_library(*BRIEF, "You have ten minutes.")))
    publish(folder(tiny_library_files()))
    assert Shelf(0).current(session).version == first.version


def test_an_attempt_keeps_the_text_that_it_began_with(session, folder, cast, app, settings):
    publish(folder(tiny_library_files()))
    with transaction() as own:
        books = Shelf(0).current(own)
        attempt_id = practice.start(own, actor(own, cast.ana), books, "rp01", kind="official").id
    ana = Browser(app, "ana")
    before = ana.get(f"/practice/{attempt_id}").text
    assert "You have twenty minutes." in before

    publish(folder(changed_library(*BRIEF, "You have ten minutes.")))

    restarted = Browser(create_app(settings), "ana")
    for browser in (ana, restarted):
        brief = browser.get(f"/practice/{attempt_id}").text.split('id="brief"')[1].split("</section>")[0]
        assert brief == before.split('id="brief"')[1].split("</section>")[0]
    location = ana.post("/practice/scenarios/rp01/start", kind="official").location
    assert "You have ten minutes." in ana.get(location).text


def test_a_scenario_that_is_gone_stays_readable_in_its_attempts(session, folder, cast, app):
    """The shipped library has no «rp01» of the harbour; the attempt still has its own."""
    publish(folder(tiny_library_files()))
    with transaction() as own:
        attempt_id = practice.start(own, actor(own, cast.ana), Shelf(0).current(own), "rp01", kind="official").id
    with transaction() as own:
        for row in own.scalars(select(LibrarySnapshot)):
            row.current = row.version != Shelf(0).current(own).version
    ana = Browser(app, "ana")
    assert "Amara Diallo" in ana.get(f"/practice/{attempt_id}").text
    assert ana.get("/practice").status_code == 200


def test_a_missing_version_is_said_and_nothing_else_is_shown_for_it(session):
    with pytest.raises(UnavailableError):
        Shelf(0).version(session, "0" * 64)
