"""An author saves a file: the open page follows, or says at which line the save is wrong."""

from dataclasses import replace

import pytest
from click.testing import CliRunner

from coachkit import cli
from coachkit.app import create_app
from coachkit.platform import library, watch_state
from coachkit.platform.db import db
from coachkit.platform.watch_state import Seen, WatchState
from coachkit.watcher import Watcher
from tests.factories.browsing import Browser
from tests.factories.library import changed_library, tiny_library_files, written

PAGE = "/modules/first-talk/why-it-matters"
SECTION = ("modules/first-talk/module.md", "has a ship and no papers")
BROKEN = changed_library("criteria/trust.yaml", "Promises without a date.", "Promises well.")


@pytest.fixture
def folder(tmp_path):
    return written(tiny_library_files(), tmp_path / "library")


@pytest.fixture
def app(settings, folder):
    application = create_app(replace(settings, content=folder, library_check_seconds=0, watch=True))
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def watcher(app):
    seen = Watcher(app)
    assert seen.look()
    return seen


def test_a_sound_save_is_served_and_the_page_is_told(app, watcher, folder):
    ana = Browser(app, "ana")
    page = ana.get(PAGE)
    stamp = ana.get("/watch").text
    assert f'data-watch-stamp="{stamp}"' in page.text
    assert not watcher.look()
    written(changed_library(*SECTION, "has a ship and nobody's papers"), folder)
    assert watcher.look()
    assert ana.get("/watch").text != stamp
    assert "has a ship and nobody&#39;s papers" in ana.get(PAGE).text or "nobody's papers" in ana.get(PAGE).text


def test_a_broken_save_names_file_and_line_on_every_page_and_the_last_good_edition_stays(app, watcher, folder):
    ana = Browser(app, "ana")
    before = ana.get(PAGE)
    written(BROKEN, folder)
    watcher.look()
    for answer in (ana.get(PAGE), ana.get(PAGE, headers={"If-None-Match": before.headers.get("ETag", '"x"')})):
        assert answer.status_code == 200
        assert "<code>criteria/trust.yaml:13</code> «well» judges" in answer.text
        assert "has a ship and no papers" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
    written(tiny_library_files(), folder)
    watcher.look()
    assert "The last good edition" not in ana.get(PAGE).text


def test_what_an_author_wrote_is_text_in_the_notice(app, watcher, folder):
    written({"scenarios/rp01.yaml": b"<script>alert(1)</script>: 1\n"}, folder)
    watcher.look()
    page = Browser(app, None).get("/sign-in").text
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_a_file_of_a_pack_is_watched_too(settings, folder, tmp_path):
    pack = written({"glossary.yaml": b"- id: need\n  term: need\n  meaning: Ours.\n"}, tmp_path / "pack")
    application = create_app(replace(settings, content=folder, packs=(pack,), watch=True))
    watcher = Watcher(application)
    watcher.look()
    written({"glossary.yaml": b"- id: need\n"}, pack)
    assert watcher.look()
    assert watch_state.read(settings.instance).errors[0].place == f"{pack}/glossary.yaml:1"
    with application.app_context():
        db.engine.dispose()


def test_without_watch_there_is_no_trace_of_it(settings):
    plain = create_app(settings)
    browser = Browser(plain, None)
    assert browser.get("/watch").status_code == 404
    assert "data-watch" not in browser.get("/sign-in").text
    with plain.app_context():
        db.engine.dispose()


def test_a_folder_that_never_changes_publishes_once(app, watcher):
    with app.app_context():
        count = len(library.versions(db.session()))
        db.session.remove()
    assert not any(watcher.look() for _ in range(3))
    with app.app_context():
        assert len(library.versions(db.session())) == count
        db.session.remove()


@pytest.mark.one_database
@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"stamp": "a"}', b'{"stamp": "a", "problems": [{"x": 1}]}', b"\xff"]
)
def test_a_state_that_cannot_be_read_counts_as_none(tmp_path, content):
    (tmp_path / watch_state.NAME).write_bytes(content)
    assert watch_state.read(tmp_path) == WatchState()


@pytest.mark.one_database
def test_a_state_comes_back_as_it_was_written(tmp_path):
    state = WatchState("a", (Seen("x.md:1", "«é»", is_error=True), Seen("y.md:2", "z", is_error=False)))
    watch_state.write(tmp_path, state)
    assert watch_state.read(tmp_path) == state
    assert [path.name for path in tmp_path.iterdir()] == [watch_state.NAME]


@pytest.mark.one_database
def test_watching_is_refused_where_others_could_reach_it():
    result = CliRunner().invoke(cli.main, ["serve", "--watch", "--host", "0.0.0.0"])
    assert result.exit_code == 1
    assert "own machine" in result.output
