"""Somebody plays a dialogue alone: choosing, leaving, coming back, seeing where it turned, going back to a turn."""

import re

import pytest
from sqlalchemy import func, select

from coachkit.features.operations import erasure
from coachkit.features.practice.models import DialoguePlay
from coachkit.platform.access_record import AccessRecord
from coachkit.platform.audit import AuditEvent
from coachkit.platform.idempotency import new_key
from tests.factories import loop
from tests.factories.library import changed_library, tiny_library_files
from tests.factories.shelf import published

START = "/practice/dialogues/bd1/start"
GOOD = ("bd1-n1-b", "bd1-n2-a")
CHOICE = re.compile(r'name="choice" value="([^"]+)"')


@pytest.fixture(autouse=True)
def quay(app):
    """The tiny library is served, with its one dialogue."""
    return published(app)


def begun(browser) -> str:
    answer = browser.post(START)
    assert answer.status_code == 303, answer.text
    return answer.location


def move(browser, play: str, choice: str, turn: int, **more):
    return browser.post(f"{play}/choose", choice=choice, turn=str(turn), **more)


def played(browser, path=GOOD) -> str:
    play = begun(browser)
    for turn, choice in enumerate(path):
        assert move(browser, play, choice, turn).status_code == 303
    return play


def plays(session) -> int:
    return session.scalar(select(func.count()).select_from(DialoguePlay))


def test_the_list_leads_to_a_dialogue_and_to_its_first_moment(browse):
    ana = browse("ana")
    assert "Wants and needs" in ana.get("/practice/dialogues").text
    assert "ten minutes" in ana.get("/practice/dialogues/bd1").text
    page = ana.get(begun(ana)).text
    assert "We want a portal by spring" in page
    assert "She unrolls a brochure" in page
    assert set(CHOICE.findall(page)) == {"bd1-n1-a", "bd1-n1-b", "bd1-n1-c"}


def test_a_move_leads_on_and_shows_what_was_said(browse):
    ana = browse("ana")
    play = begun(ana)
    move(ana, play, "bd1-n1-b", 0)
    page = ana.get(play).text
    assert "Papers come late" in page
    assert "What should be different on the quay?" in page
    assert "Nobody asked me that before" not in page, "what she thinks is told at the end"
    assert "Trust up" not in page


def test_the_moves_stand_in_an_order_of_the_play_that_stays(browse, session):
    ana = browse("ana")
    orders = set()
    for _ in range(12):
        play = begun(ana)
        order = tuple(CHOICE.findall(ana.get(play).text))
        assert tuple(CHOICE.findall(ana.get(play).text)) == order
        orders.add(order)
    assert len(orders) > 1


def test_the_end_shows_the_way_the_thoughts_and_where_it_turned(browse):
    ana = browse("ana")
    page = ana.get(played(ana)).text
    assert "<h1>A first date</h1>" in page
    assert "ending 1 of 3 that you have found" in page
    assert "Turn 2: where the talk turned" in page
    assert "Nobody asked me that before." in page
    assert "Outcome first." in page
    assert "Trust up 1, credibility up 1, information up 1." in page
    assert page.count("<polyline") == 6


def test_a_play_goes_on_where_it_was_left_also_from_another_browser(browse):
    ana = browse("ana")
    play = begun(ana)
    move(ana, play, "bd1-n1-c", 0)
    elsewhere = browse("ana")
    assert play in elsewhere.get("/practice/dialogues").text
    assert "Papers come late" in elsewhere.get(play).text


def test_from_any_turn_a_new_play_begins_and_the_old_one_stays(browse, session):
    ana = browse("ana")
    play = played(ana)
    answer = ana.post(f"{play}/replay", turn="1")
    assert answer.location != play
    page = ana.get(answer.location).text
    assert "Papers come late" in page
    assert "What should be different on the quay?" in page
    move(ana, answer.location, "bd1-n2-b", 1)
    assert "A friendly end" in ana.get(answer.location).text
    assert "ending 2 of 3 that you have found" in ana.get(answer.location).text
    assert "<h1>A first date</h1>" in ana.get(play).text
    assert plays(session) == 2


@pytest.mark.parametrize("turn", ["2", "7", "99999999999"])
def test_there_is_no_way_back_to_a_turn_that_was_not_played(browse, session, turn):
    ana = browse("ana")
    play = played(ana)
    assert ana.post(f"{play}/replay", turn=turn).status_code in {303, 404}
    assert plays(session) <= 2


@pytest.mark.parametrize("choice", ["", "bd1-n2-a", "bd1-n1-z", "rp01", "\u202e"])
def test_a_move_that_is_not_there_is_refused_at_its_place(browse, session, choice):
    ana = browse("ana")
    play = begun(ana)
    answer = move(ana, play, choice, 0)
    assert answer.status_code == 422
    assert "Choose one of the moves first." in answer.text
    assert session.scalars(select(DialoguePlay)).one().path == []


def test_a_stale_page_moves_nothing_and_says_so(browse, session):
    ana = browse("ana")
    play = begun(ana)
    move(ana, play, "bd1-n1-b", 0)
    answer = move(ana, play, "bd1-n1-a", 0)
    assert answer.status_code == 303
    assert "gone on already" in ana.get(play).text
    assert session.scalars(select(DialoguePlay)).one().path == ["bd1-n1-b"]


def test_a_repeated_submit_moves_once(browse, session):
    ana, key = browse("ana"), new_key()
    play = begun(ana)
    for _ in range(2):
        assert move(ana, play, "bd1-n1-c", 0, key=key).status_code == 303
    again = new_key()
    for _ in range(2):
        ana.post(START, key=again)
    assert session.scalars(select(DialoguePlay.path).order_by(DialoguePlay.id)).all() == [["bd1-n1-c"], []]


@pytest.mark.parametrize("who", ["dan", "ben", "lea", "cleo", "ada", "otto"])
def test_nobody_else_finds_a_play(browse, who, session):
    play = played(browse("ana"))
    somebody = browse(who)
    assert somebody.get(play).status_code == 404
    assert move(somebody, play, "bd1-n1-a", 0).status_code == 404
    assert somebody.post(f"{play}/replay", turn="0").status_code == 404
    assert browse(None).get(play).status_code == 303
    assert plays(session) == 1


def test_what_is_not_there_is_not_found(browse):
    ana = browse("ana")
    for path in ("/practice/dialogues/bd99", "/practice/dialogues/plays/99", "/practice/dialogues/plays/99999999999"):
        assert ana.get(path).status_code == 404
    assert ana.post("/practice/dialogues/bd99/start").status_code == 404


def test_a_play_keeps_the_text_that_was_seen_when_the_dialogue_is_rewritten_or_taken_away(browse, app):
    ana = browse("ana")
    finished, half = played(ana), begun(ana)
    published(app, changed_library("dialogues/bd1.yaml", "“Papers come late.”", "“Papers never come.”"))
    move(ana, half, "bd1-n1-b", 0)
    for play in (finished, half):
        assert "Papers come late" in ana.get(play).text
    fresh = begun(ana)
    move(ana, fresh, "bd1-n1-b", 0)
    assert "Papers never come" in ana.get(fresh).text

    files = tiny_library_files()
    del files["dialogues/bd1.yaml"]
    published(app, files)
    assert "Papers come late" in ana.get(finished).text
    assert "No dialogues yet" in ana.get("/practice/dialogues").text


def test_a_play_leaves_no_trace_anywhere_but_with_its_player(browse, cast, session):
    """Not in a report, a queue, a coach's or a CIO's page, the audit chain or the record of looks."""
    pages = {
        "ana": ("/", "/practice", "/report"),
        "ben": ("/", "/feedback/queue", f"/feedback/learners/{cast.ana}"),
        "lea": ("/", "/feedback/coaches"),
        "cleo": ("/", "/decisions", "/readiness"),
        "ada": ("/", "/admin/people", f"/admin/people/{cast.ana}"),
        "otto": ("/audit",),
    }
    ana = browse("ana")
    ana.token()
    browsers = {name: ana if name == "ana" else browse(name) for name in pages}

    def seen() -> dict[tuple[str, str], str]:
        return {(name, path): plain(browsers[name].get(path).text) for name, paths in pages.items() for path in paths}

    before, events = seen(), session.scalar(select(func.count()).select_from(AuditEvent))
    played(ana)
    assert seen() == before
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == events
    assert "dialogue" not in str(session.scalars(select(AccessRecord.what)).all())


def plain(html: str) -> str:
    """A page without its tokens, keys and reference."""
    return re.sub(r'value="[\w.-]{16,}"|[0-9a-f]{8}\b|\d\d:\d\d', "", html)


def test_no_other_room_reads_the_table():
    """What nobody else asks for cannot reach a rating, a measure or a report."""
    from pathlib import Path

    import coachkit

    package = Path(coachkit.__file__).parent
    users = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if "migrations" not in path.parts
        and re.search(r"DialoguePlay|dialogue_play\b", path.read_text(encoding="utf-8"))
    }
    assert users == {
        "features/practice/models.py",
        "features/practice/dialogues.py",
        "features/practice/privacy.py",
        "features/practice/routes.py",
    }


def test_plays_can_be_taken_away_and_are_destroyed_with_their_player(browse, cast, session):
    played(browse("ana"))
    mine = erasure.export(session, loop.actor(session, cast.ana))
    found = str(mine)
    assert "bd1-n1-b" in found
    erasure.erase(session, loop.actor(session, cast.ada), cast.ana)
    assert plays(session) == 0
