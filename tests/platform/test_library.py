"""The shelf: a version is published whole, kept for ever, and served until a better one is there."""

import zlib
from dataclasses import replace

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from coachkit.app import create_app
from coachkit.features.practice import service as practice
from coachkit.platform import clock, library, library_reading
from coachkit.platform.db import db, transaction
from coachkit.platform.errors import NotFoundError, UnavailableError
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

    restarted = create_app(settings)
    for browser in (ana, Browser(restarted, "ana")):
        brief = browser.get(f"/practice/{attempt_id}").text.split('id="brief"')[1].split("</section>")[0]
        assert brief == before.split('id="brief"')[1].split("</section>")[0]
    with restarted.app_context():
        db.engine.dispose()
    location = ana.post("/practice/scenarios/rp01/start", kind="official").location
    assert "You have ten minutes." in ana.get(location).text


def test_a_scenario_that_is_gone_stays_readable_in_its_attempts(session, folder, cast, app):
    """The shipped library has no «rp01» of the harbour; the attempt still has its own."""
    publish(folder(tiny_library_files()))
    with transaction() as own:
        attempt_id = practice.start(own, actor(own, cast.ana), Shelf(0).current(own), "rp01", kind="official").id
    with transaction() as own:
        shipped = own.scalars(select(LibrarySnapshot.version).where(~LibrarySnapshot.current)).one()
        library.switch(own, shipped)
    ana = Browser(app, "ana")
    assert "Amara Diallo" in ana.get(f"/practice/{attempt_id}").text
    assert ana.get("/practice").status_code == 200


def test_a_missing_version_is_said_and_nothing_else_is_shown_for_it(session):
    with pytest.raises(UnavailableError):
        Shelf(0).version(session, "0" * 64)


def test_a_version_that_was_published_once_can_be_served_again(session, folder):
    first = publish(folder(tiny_library_files())).library
    second = publish(folder(changed_library(*BRIEF, "You have ten minutes."))).library
    with transaction() as own:
        assert library.switch(own, library.called(own, first.version[:8]))
        assert not library.switch(own, first.version)
    known = {each.version: each for each in library.versions(session)}
    assert known[first.version].current
    assert not known[second.version].current
    assert known[first.version].title == "The tiny programme"


@pytest.mark.parametrize("beginning", ["", "0000", "f" * 64, "not a version"])
def test_a_name_that_no_version_bears_changes_nothing(session, folder, beginning):
    publish(folder(tiny_library_files()))
    with pytest.raises(NotFoundError):
        library.called(session, beginning)
    with pytest.raises(NotFoundError), transaction() as own:
        library.switch(own, "0" * 64)
    assert current(session) == "tiny"


def test_the_database_itself_refuses_a_second_current_version(session, folder):
    publish(folder(tiny_library_files()))
    with pytest.raises(IntegrityError):
        session.execute(update(LibrarySnapshot).values(current=True))
    session.rollback()


def test_a_stored_reading_is_what_reading_the_files_gives(session, folder):
    published = publish(folder(tiny_library_files())).library
    stored = session.scalar(select(LibrarySnapshot.reading).where(LibrarySnapshot.version == published.version))
    assert library_reading.unpacked(stored) == published
    assert Shelf(0).version(session, published.version) == published


@pytest.mark.parametrize("damage", [None, b"", b"\x80\x04K\x01.", zlib.compress(b'{"id": "tiny"}')])
def test_a_reading_that_is_gone_damaged_or_of_older_code_is_made_anew_from_the_files(session, folder, damage):
    published = publish(folder(tiny_library_files())).library
    for reader in (library_reading.stamp(), "older"):
        with transaction() as own:
            own.execute(
                update(LibrarySnapshot)
                .where(LibrarySnapshot.version == published.version)
                .values(reading=damage, reader=reader)
            )
        assert Shelf(0).version(session, published.version) == published
        session.rollback()


def test_after_an_upgrade_every_reading_is_renewed_once(session, folder):
    published = publish(folder(tiny_library_files())).library
    with transaction() as own:
        own.execute(update(LibrarySnapshot).values(reader="older", reading=None))
        versions = len(library.versions(own))
    with transaction() as own:
        assert library.renew_readings(own) == versions
        assert library.renew_readings(own) == 0
    assert Shelf(0).version(session, published.version) == published


def test_a_current_version_that_this_process_cannot_read_leaves_the_last_good_one_in_place(session, folder):
    publish(folder(tiny_library_files()))
    shelf = Shelf(0)
    assert shelf.current(session).id == "tiny"
    session.rollback()
    with transaction() as own:
        own.add(
            LibrarySnapshot(
                version="f" * 64, published_at=clock.now(), files=library._pack({"library.yaml": b"?"}), current=False
            )
        )
        own.flush()
        library.switch(own, "f" * 64)
    assert shelf.current(session).id == "tiny"


def test_a_pack_is_laid_over_the_folder_and_published_with_it(session, folder):
    own = tiny_library_files()["scenarios/rp01.yaml"].replace(b"Wants and needs", b"At our own gate")
    loaded = library.publish(session, folder(tiny_library_files()), [folder({"scenarios/rp01.yaml": own})])
    assert loaded.library.scenario("rp01").title == "At our own gate"
    session.commit()
    assert Shelf(0).current(session).scenario("rp01").title == "At our own gate"


def test_a_problem_of_a_pack_is_told_at_the_pack_s_own_file(session, folder):
    pack = folder({"scenarios/rp01.yaml": b"id: rp01\n"})
    loaded = library.publish(session, folder(tiny_library_files()), [pack])
    assert loaded.library is None
    assert {problem.path for problem in loaded.errors} == {str(pack / "scenarios/rp01.yaml")}
