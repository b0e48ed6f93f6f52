"""Real databases for every test: a copy of a prepared SQLite file, or of a prepared PostgreSQL database."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import uuid
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import create_engine, text

if "XDG_RUNTIME_DIR" not in os.environ:  # the PostgreSQL wheel warns without one
    os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, os.environ["XDG_RUNTIME_DIR"], ignore_errors=True)

from coachkit.app import create_app
from coachkit.domain.content.model import Library
from coachkit.platform import library, log, pdf, schema
from coachkit.platform.db import db, transaction
from coachkit.platform.settings import Settings, read_settings
from tests.factories.cast import Cast, make_cast
from tests.factories.databases import Place
from tests.factories.postgres import Server, start_server

PROJECT = Path(__file__).parent.parent
BOOKS: OrderedDict[str, Library] = OrderedDict()
"""Libraries by version, read once a process: every application of a test run shares this part of its shelf."""
COMPILED = FileSystemBytecodeCache(tempfile.mkdtemp(prefix="coachkit-templates-"))
"""Templates, compiled once a process for all its applications."""
atexit.register(shutil.rmtree, COMPILED.directory, ignore_errors=True)
Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": COMPILED}
log.set_up(readable=False)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgresql", "both"], default="both")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine_kind" in metafunc.fixturenames:
        wanted = metafunc.config.getoption("--database")
        kinds = ["sqlite", "postgresql"] if wanted == "both" else [wanted]
        if metafunc.definition.get_closest_marker("one_database"):
            kinds = kinds[:1]
        metafunc.parametrize("engine_kind", kinds, scope="session", indirect=True)


@pytest.fixture(scope="session")
def engine_kind(request: pytest.FixtureRequest) -> str:
    return request.param


def _settings(folder: Path, **more: object) -> Settings:
    return read_settings(
        {},
        instance=folder,
        secret_key="for tests only",
        hash_memory_kib=64,
        hash_time=1,
        sqlite_synchronous="OFF",
        organisation="Tessel Components",
        undo_seconds=0,
        **{"second_percent": 0} | more,
    )


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """One server per test process; it ends with it."""
    server = start_server()
    yield server
    server.stop()


def _prepare(settings: Settings) -> Cast:
    """Tables, the shipped library and the cast, in a fresh database."""
    app = create_app(settings)
    with app.app_context():
        schema.upgrade()
        with transaction() as session:
            loaded = library.publish(session, settings.content)
            assert loaded.library is not None, [str(p) for p in loaded.problems]
        cast = make_cast(settings)
        db.engine.dispose()
    return cast


@pytest.fixture(scope="session")
def prepared(
    engine_kind: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> tuple[str, str, Cast]:
    """A database to copy: its kind, where it is, and who is in it."""
    folder = tmp_path_factory.mktemp(f"prepared-{engine_kind}")
    if engine_kind == "sqlite":
        cast = _prepare(_settings(folder))
        with create_engine(f"sqlite:///{folder}/coachkit.sqlite").connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        return engine_kind, str(folder / "coachkit.sqlite"), cast
    server: Server = request.getfixturevalue("postgres")
    name = f"prepared_{uuid.uuid4().hex[:8]}"
    server.run(f"CREATE DATABASE {name}")
    cast = _prepare(_settings(folder, database_url=server.url(name)))
    return engine_kind, name, cast


@pytest.fixture(scope="session")
def prepared_calibrated(
    prepared: tuple[str, str, Cast], tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> tuple[str, Cast]:
    """The prepared database with a programme of rated attempts and two calibrations in it, to copy as well."""
    from tests.factories import calibration

    kind, source, cast = prepared
    folder = tmp_path_factory.mktemp(f"calibrated-{kind}")
    if kind == "sqlite":
        shutil.copyfile(source, folder / "coachkit.sqlite")
        settings = _settings(folder)
    else:
        server: Server = request.getfixturevalue("postgres")
        name = f"calibrated_{uuid.uuid4().hex[:8]}"
        server.run(f"CREATE DATABASE {name} TEMPLATE {source}")
        settings = _settings(folder, database_url=server.url(name))
    app = create_app(settings)
    app.extensions["coachkit_shelf"]._books = BOOKS
    with app.app_context():
        known = calibration.calibrated(cast)
        db.session.remove()
        db.engine.dispose()
    if kind != "sqlite":
        return name, known
    with create_engine(f"sqlite:///{folder}/coachkit.sqlite").connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    return str(folder / "coachkit.sqlite"), known


@pytest.fixture(scope="session")
def places() -> dict[str, Place]:
    """Where this process keeps its databases, by what they are copies of."""
    return {}


@pytest.fixture(scope="session")
def apps() -> Iterator[dict[Settings, Flask]]:
    """Applications by settings, built once a process."""
    built: dict[Settings, Flask] = {}
    yield built
    for app in built.values():
        app.extensions["coachkit_tools"].renderer.close()


@pytest.fixture
def settings(
    prepared: tuple[str, str, Cast],
    places: dict[str, Place],
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Settings:
    """Settings of a fresh instance with the cast in it."""
    kind, source, _cast = prepared
    if request.node.get_closest_marker("calibrated"):
        source, _cast = request.getfixturevalue("prepared_calibrated")
    place = places.get(source)
    if place is None:
        folder = tmp_path_factory.mktemp("place") / "instance"
        server = None if kind == "sqlite" else request.getfixturevalue("postgres")
        place = places[source] = Place(source, folder, server)
    place.reset()
    return _settings(place.folder, database_url=place.url)


@pytest.fixture
def app(settings: Settings, apps: dict[Settings, Flask]):
    """The application on that instance, as new; jobs run only when a test says so."""
    if settings not in apps:
        apps[settings] = create_app(settings)
        apps[settings].config.update(TESTING=True)
    app = apps[settings]
    tools = app.extensions["coachkit_tools"]
    if tools.renderer._closed:  # by a test that looked into its end
        app.extensions["coachkit_tools"] = replace(tools, renderer=pdf.PdfRenderer())
    config, extensions = dict(app.config), dict(app.extensions)
    app.extensions["coachkit_shelf"] = library.Shelf(settings.library_check_seconds)
    app.extensions["coachkit_shelf"]._books = BOOKS
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    for kept, before in ((app.config, config), (app.extensions, extensions)):
        kept.clear()
        kept.update(before)


@pytest.fixture
def cast(prepared: tuple[str, str, Cast], request: pytest.FixtureRequest) -> Cast:
    """Ana learns, Ben coaches her, Cleo is CIO, and the others."""
    if request.node.get_closest_marker("calibrated"):
        known: Cast = request.getfixturevalue("prepared_calibrated")[1]
        return known
    return prepared[2]


@pytest.fixture
def session(app):
    """A database session in an application context, for arranging and for looking."""
    with app.app_context():
        yield db.session


@pytest.fixture
def browse(app):
    """`browse("ana")` gives a signed-in test client; `browse(None)` a stranger's."""
    from tests.factories.browsing import Browser

    def make(name: str | None) -> Browser:
        return Browser(app, name)

    return make


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    os.environ.setdefault("COACHKIT_QUIET", "1")
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
