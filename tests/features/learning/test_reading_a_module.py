"""Modules, from the list to the last step, and what reading leaves behind."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from coachkit.app import create_app
from coachkit.features.learning.models import SectionRead
from coachkit.platform import library
from coachkit.platform.db import db, transaction
from tests.factories import loop
from tests.factories.browsing import Browser
from tests.factories.library import changed_library, tiny_library_files
from tests.factories.statements import recorded

MODULE = "/modules/how-to-practise"
FIRST = f"{MODULE}/why-it-matters"


def steps(page: str) -> dict[str, str]:
    """Address of each step → what stands beside its title."""
    track = page.partition('aria-label="Steps of this module"')[2].partition("</ol>")[0]
    return {
        href: re.sub(r"<[^>]+>", " ", rest).strip()
        for href, rest in re.findall(r'<a href="([^"]+)"[^>]*><span>[^<]*</span>(.*?)</a>', track, re.DOTALL)
    }


def test_the_list_shows_the_modules_of_my_track(browse, session, cast):
    page = browse("ana").get("/modules").text
    for module in loop.library().modules:
        assert (f'href="/modules/{module.slug}"' in page) is ("it" in module.tracks), module.slug
    assert "Next for you" in page


def test_the_list_of_the_other_track_is_another(browse, session, cast):
    from coachkit.features.accounts.models import Person

    session.get(Person, cast.dan).track = "business"
    session.commit()
    page = browse("dan").get("/modules").text
    only = [m.slug for m in loop.library().modules if m.tracks == ("business",)]
    assert only
    assert all(f'href="/modules/{slug}"' in page for slug in only)


def test_a_module_opens_where_i_am(browse):
    ana = browse("ana")
    assert ana.get(MODULE).location == FIRST
    ana.post(f"{FIRST}/read")
    assert ana.get(MODULE).location == f"{MODULE}/key-facts"
    assert "Go on reading" in ana.get("/modules").text


@pytest.mark.one_database
def test_each_step_has_its_page_and_leads_to_the_next(browse):
    ana = browse("ana")
    for address in steps(ana.get(FIRST).text):
        page = ana.get(address)
        assert page.status_code == 200
        assert steps(page.text).keys() == steps(ana.get(FIRST).text).keys()


def test_reading_is_marked_and_can_be_unmarked(browse, session, cast):
    ana = browse("ana")
    assert ana.post(f"{FIRST}/read").location == f"{MODULE}/key-facts"
    assert ", done" in steps(ana.get(f"{MODULE}/key-facts").text)[FIRST]
    assert session.get(SectionRead, (cast.ana, "m02", "why-it-matters"))
    assert ana.post(f"{FIRST}/read", undo="1").location == FIRST
    assert ", done" not in steps(ana.get(f"{MODULE}/key-facts").text)[FIRST]
    assert session.scalars(select(SectionRead)).all() == []


def test_marking_twice_is_once(browse, session):
    ana = browse("ana")
    for key in ("k" * 22, "k" * 22, "m" * 22):
        assert ana.post(f"{FIRST}/read", key=key).status_code == 303
    assert len(session.scalars(select(SectionRead)).all()) == 1


def test_what_i_have_read_is_nobody_else_s_business(browse):
    browse("ana").post(f"{FIRST}/read")
    assert ", done" not in steps(browse("dan").get(f"{MODULE}/key-facts").text)[FIRST]
    assert ", done" not in steps(browse("ben").get(f"{MODULE}/key-facts").text)[FIRST]


def test_the_minutes_left_become_fewer(browse):
    ana = browse("ana")

    def left() -> int:
        return int(re.search(r"(\d+) of \d+ minutes left", ana.get(FIRST).text)[1])

    before = left()
    for section in ("key-facts", "one-round", "worked-example", "practice"):
        ana.post(f"{MODULE}/{section}/read")
    assert 0 < left() < before


@pytest.fixture
def tiny(settings, tmp_path):
    """`tiny(files)` publishes a small library; its browser asks for the newest version each time."""
    app = create_app(replace(settings, library_check_seconds=0))

    def publish(files: dict[str, bytes]) -> None:
        folder = tmp_path / f"library-{len(list(tmp_path.iterdir()))}"
        for path, data in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        with app.app_context(), transaction() as session:
            assert library.publish(session, folder).library

    publish(tiny_library_files())
    yield Browser(app, "ana"), publish
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_a_section_whose_wording_has_changed_says_so_until_it_is_read_again(tiny):
    ana, publish = tiny
    first, second = "/modules/first-talk/why-it-matters", "/modules/first-talk/key-facts"
    for path in (first, second):
        ana.post(f"{path}/read")
    publish(changed_library("modules/first-talk/module.md", "At ten past eight", "At nine o’clock sharp"))
    page = ana.get(first).text
    assert "At nine o’clock sharp" in page
    assert "updated since you read it" in page
    assert "updated" in steps(page)[first]
    assert "updated" not in steps(page)[second]
    ana.post(f"{first}/read")
    assert "updated since you read it" not in ana.get(first).text


def test_the_last_part_of_the_file_list_can_be_taken_away(browse):
    ana = browse("ana")
    page = ana.get(f"{MODULE}/practice").text
    assert f'href="{MODULE}/files/if-then-plan.md"' in page
    answer = ana.get(f"{MODULE}/files/if-then-plan.md")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="if-then-plan.md"'
    assert answer.text.strip()


@pytest.mark.one_database
@pytest.mark.parametrize(
    "path",
    [
        "/modules/nothing",
        "/modules/nothing/why-it-matters",
        f"{MODULE}/nothing",
        f"{MODULE}/files/nothing.md",
        f"{MODULE}/files/..%2f..%2flibrary.yaml",
        "/modules/first-talk/files/if-then-plan.md",
        "/criteria/nothing",
    ],
)
def test_what_does_not_exist_is_not_found(browse, path):
    assert browse("ana").get(path).status_code == 404


@pytest.mark.one_database
@pytest.mark.parametrize("path", ["/modules/nothing/x/read", f"{MODULE}/nothing/read", f"{MODULE}/quiz/read"])
def test_what_does_not_exist_cannot_be_marked(browse, session, path):
    assert browse("ana").post(path).status_code == 404
    assert session.scalars(select(SectionRead)).all() == []


def test_a_step_page_takes_three_statements_at_most(browse, session):
    """Who is asking, what he has read, what he has answered."""
    ana = browse("ana")
    ana.get(FIRST)
    for path in (FIRST, f"{MODULE}/quiz", f"{MODULE}/cards", f"{MODULE}/practice"):
        with recorded(db.engine) as sent:
            assert ana.get(path).status_code == 200
        assert len(sent.data) <= 3, sent.data


@pytest.mark.one_database
def test_a_page_that_has_not_changed_is_not_sent_again(browse):
    """Where a browser may keep the page, it is told when its copy is still right, and when it is not."""
    ana = browse("ana")
    first = ana.get(FIRST)
    if "ETag" not in first.headers:
        assert first.headers["Cache-Control"] == "no-store"
        return
    assert "private" in first.headers["Cache-Control"]
    tag = first.headers["ETag"]
    ana.post(f"{FIRST}/read")
    assert ana.get(FIRST, headers={"If-None-Match": tag}).status_code == 200
    assert browse("dan").get(FIRST, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.one_database
@pytest.mark.parametrize("path", ["/modules", FIRST, "/glossary", "/sources", "/criteria", f"{MODULE}/files/x"])
def test_a_stranger_reads_nothing(browse, path):
    assert browse(None).get(path).location.startswith("/sign-in?next=")


def test_a_stranger_leaves_nothing_behind(browse, session):
    assert browse(None).post(f"{FIRST}/read").status_code == 401
    assert session.scalars(select(SectionRead)).all() == []
