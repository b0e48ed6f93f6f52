"""An administrator publishes the library's folder, sees before what that changes, and can go back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from coachkit.app import create_app
from coachkit.features.accounts.models import Login
from coachkit.features.operations import publishing
from coachkit.features.practice import service as practice
from coachkit.platform import clock, library
from coachkit.platform.audit import AuditEvent
from coachkit.platform.db import db, transaction
from coachkit.platform.errors import ConflictError, ForbiddenError
from tests.factories.library import changed_library, tiny_library_files, written
from tests.factories.loop import actor

CHANGED = changed_library("criteria/trust.yaml", "Promises without a date.", "Promises and names no date.")
BROKEN = changed_library("criteria/trust.yaml", "Promises without a date.", "Promises well.")
PAGE = "/admin/content"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "library"


@pytest.fixture
def app(settings, folder):
    """An instance whose content is the tiny library, already published; it looks for news at every request."""
    written(tiny_library_files(), folder)
    application = create_app(replace(settings, content=folder, library_check_seconds=0))
    with application.app_context(), transaction() as session:
        library.publish(session, folder)
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


def versions(session) -> dict[str, bool]:
    session.rollback()
    return {each.version: each.current for each in library.versions(session)}


def served(session) -> str:
    return next(version for version, current in versions(session).items() if current)


def events(session) -> list[str]:
    session.rollback()
    query = select(AuditEvent.action).where(AuditEvent.object.startswith("library:")).order_by(AuditEvent.seq)
    return list(session.scalars(query))


def the_form(page) -> dict[str, str]:
    version = page.text.split('action="/admin/content/publish"')[1].split('name="version" value="')[1]
    return {"version": version.split('"')[0]}


def test_the_folder_that_is_served_has_nothing_to_publish(app, browse):
    page = browse("ada").get(PAGE)
    assert page.status_code == 200
    assert "What lies in the folder is what people read." in page.text
    assert "/admin/content/publish" not in page.text


def test_a_changed_folder_is_shown_with_what_it_means_and_published_with_one_click(app, session, browse, folder):
    before = served(session)
    written(CHANGED, folder)
    ada = browse("ada")
    page = ada.get(PAGE)
    assert "anchor 1 changed: attempts under way are rated with the old words" in page.text
    assert "Version not raised" in page.text
    assert served(session) == before
    assert ada.post("/admin/content/publish", **the_form(page)).location == PAGE
    assert served(session) == library.check_folder(folder).library.version != before
    assert events(session) == ["library:publish"]
    assert "Promises and names no date." in browse("ana").get("/criteria/trust").text


def test_a_broken_folder_shows_file_and_line_and_cannot_be_published(app, session, browse, folder):
    before = served(session)
    written(BROKEN, folder)
    ada = browse("ada")
    page = ada.get(PAGE)
    assert "criteria/trust.yaml:13" in page.text
    assert "«well» judges" in page.text
    assert "/admin/content/publish" not in page.text
    answer = ada.post("/admin/content/publish")
    assert answer.status_code == 422
    assert "Nothing was published" in answer.text
    assert served(session) == before
    assert events(session) == []


def test_what_was_saved_after_the_look_is_not_published_unseen(app, session, browse, folder):
    before = served(session)
    written(CHANGED, folder)
    ada = browse("ada")
    form = the_form(ada.get(PAGE))
    written(changed_library("criteria/trust.yaml", "Promises without a date.", "Promises all and everything."), folder)
    assert ada.post("/admin/content/publish", **form).status_code == 409
    assert served(session) == before


def test_going_back_is_one_click_and_attempts_keep_their_text(app, session, browse, folder, cast):
    first = served(session)
    written(changed_library("scenarios/rp01.yaml", "You have twenty minutes.", "You have ten minutes."), folder)
    ada = browse("ada")
    ada.post("/admin/content/publish", **the_form(ada.get(PAGE)))
    second = served(session)
    with transaction() as own:
        books = library.Shelf(0).current(own)
        attempt_id = practice.start(own, actor(own, cast.ana), books, "rp01", kind="official").id

    assert ada.post("/admin/content/roll-back", version=first).location == PAGE
    assert versions(session)[first]
    assert not versions(session)[second]
    assert events(session) == ["library:publish", "library:roll-back"]
    assert "You have ten minutes." in browse("ana").get(f"/practice/{attempt_id}").text
    page = ada.get(PAGE).text
    row = page.split(f">{second[:12]}</th>")[1].split("</tr>")[0]
    assert '<td class="r num">1</td>' in row


def test_a_version_that_never_was_cannot_be_gone_back_to(app, session, browse):
    before = served(session)
    for version in ("", "0" * 64, "../x"):
        assert browse("ada").post("/admin/content/roll-back", version=version).status_code == 404
    assert served(session) == before


def test_the_same_click_twice_counts_once(app, session, browse, folder):
    first = served(session)
    written(CHANGED, folder)
    ada = browse("ada")
    form = the_form(ada.get(PAGE))
    for _ in range(2):
        assert ada.post("/admin/content/publish", key="a-key-of-sixteen-signs", **form).status_code == 303
    for _ in range(2):
        ada.post("/admin/content/roll-back", key="another-key-of-sixteen", version=first)
    assert events(session) == ["library:publish", "library:roll-back"]


def test_it_takes_a_recent_proof_of_who_one_is(app, session, browse, folder):
    before = served(session)
    written(CHANGED, folder)
    ada = browse("ada")
    form = the_form(ada.get(PAGE))
    with transaction() as own:
        own.execute(update(Login).values(proved_at=clock.now() - timedelta(hours=1)))
    for path in ("/admin/content/publish", "/admin/content/roll-back"):
        assert ada.post(path, **form).location.startswith("/account/prove")
    assert served(session) == before


@pytest.mark.parametrize("who", ["ana", "ben", "lea", "cleo", "otto"])
def test_nobody_else_sees_or_changes_it(app, browse, who):
    somebody = browse(who)
    assert somebody.get(PAGE).status_code == 403
    assert somebody.post("/admin/content/publish").status_code == 403
    assert somebody.post("/admin/content/roll-back", version="x").status_code == 403
    assert browse(None).get(PAGE).location.startswith("/sign-in")


def test_the_service_itself_asks_who_wants_it(session, cast, folder):
    written(CHANGED, folder)
    checked = library.check_folder(folder)
    with pytest.raises(ForbiddenError), transaction() as own:
        publishing.publish(own, actor(own, cast.ana), checked)
    with pytest.raises(ForbiddenError), transaction() as own:
        publishing.roll_back(own, actor(own, cast.ana), served(own))
    with pytest.raises(ConflictError), transaction() as own:
        publishing.publish(own, actor(own, cast.ada), checked, seen="another")


def test_a_restart_publishes_news_and_respects_what_was_taken_back(session, folder):
    written(CHANGED, folder)
    before = served(session)
    with transaction() as own:
        assert publishing.publish_news(own, library.check_folder(folder))
    with transaction() as own:
        publishing.roll_back(own, None, before)
    with transaction() as own:
        assert not publishing.publish_news(own, library.check_folder(folder))
    assert served(session) == before


def test_another_process_follows_within_seconds(app, settings, session, folder):
    written(CHANGED, folder)
    other = create_app(settings)
    shelf = other.extensions["coachkit_shelf"]
    with other.app_context():
        before = shelf.current(db.session()).version
        db.session.remove()
        with transaction() as own:
            publishing.publish(own, None, library.check_folder(folder))
        assert shelf.current(db.session()).version == before
        shelf._checked_at -= settings.library_check_seconds
        assert shelf.current(db.session()).version != before
        db.session.remove()
        db.engine.dispose()
    assert settings.library_check_seconds <= 5
