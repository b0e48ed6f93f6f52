"""Recording with Chromium's fake microphone, sending over a broken line, and watching without a network."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from coachkit.app import create_app
from coachkit.features.feedback.contest.models import Contest
from coachkit.features.feedback.observation.models import ObservationNote
from coachkit.features.practice.models import Attempt
from coachkit.platform.db import db
from tests.factories import loop, uploads

pytestmark = pytest.mark.one_database


@pytest.fixture
def house(settings):
    """An application beside the site, to arrange and to look."""
    app = create_app(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize(("look", "width", "kind"), [("light", 1280, "Sound only"), ("dark", 375, "Sound and picture")])
def test_a_talk_is_recorded_heard_sent_over_a_broken_line_and_played_by_the_coach(
    house, cast, somebody, look, width, kind
):
    attempt_id = loop.started(cast, evidence="")
    ana = somebody("ana", look=look, width=width)
    ana.page.context.grant_permissions(["microphone", "camera"])
    ana.sign_in()
    ana.open(f"/practice/{attempt_id}")
    ana.follow("Record in the browser")
    ana.page.get_by_label("Nobody but me").check()
    ana.page.get_by_label("I have read this aloud").check()
    ana.press("Everybody agrees")
    ana.page.get_by_text(kind, exact=True).click()
    page = ana.page
    page.get_by_role("button", name="Start recording").click()
    expect(page.locator("[data-clock]")).to_have_text("0:02", timeout=15_000)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused.")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("It is only in this browser so far")).to_be_visible()
    ana.check()
    player = page.locator("[data-review] .player:not([hidden])")
    assert player.evaluate("p => new Promise(go => { p.onplaying = () => go(true); p.play(); })")
    broken = []

    def cut(route):
        broken.append(route.request.url)
        route.abort("connectionreset") if len(broken) < 3 else route.continue_()

    page.route("**/files/*/0", cut)
    page.get_by_role("button", name="Send it").click()
    page.wait_for_url(f"**/practice/{attempt_id}/files", timeout=20_000)
    assert len(broken) >= 3
    ana.problems.clear()  # the broken line was ours
    ana.check()
    ana.sees("Recording 20")
    loop.submitted_again(cast, attempt_id)
    db.session.get(Attempt, attempt_id).evidence = loop.SAID
    db.session.commit()
    ben = somebody("ben", look=look, width=width)
    ben.sign_in()
    ben.open(f"/feedback/{attempt_id}")
    heard = ben.page.locator("[data-evidence]")
    assert heard.evaluate("p => new Promise(go => { p.onplaying = () => go(true); p.play(); })")
    comments_on(ben, heard, attempt_id)
    loop.released(cast, attempt_id, version=2)
    ana.open(f"/feedback/{attempt_id}/reveal")
    ana.page.locator("a[data-seek]").click()
    expect(ana.page.locator("[data-evidence]")).to_be_focused()
    assert ana.page.locator("[data-evidence]").evaluate("p => p.currentTime") >= 1
    ana.page.locator("a[href='#passage-1']").first.click()
    assert ana.page.evaluate("document.querySelector('#passage-1').matches(':target')")
    seen_differently(cast, somebody, ana, attempt_id, look, width)
    seen_twice(cast, somebody, ben, look, width)


def seen_differently(cast, somebody, ana, attempt_id, look, width):
    """Ana contests a rating; whoever looks again hears the recording, and Ana reads what came of it."""
    page = ana.page
    page.get_by_role("link", name="I see it differently").first.click()
    ana.check()
    page.get_by_label("What do you see differently?").fill("I asked twice.")
    page.get_by_label("Your evidence").fill("“What should be different?”, in the first minute.")
    ana.press("Ask for another look")
    ana.sees("You see this differently")
    db.session.rollback()
    asked = db.session.query(Contest).one().reviewer_id
    again = somebody(next(name for name, number in cast.ids.items() if number == asked), look=look, width=width)
    again.sign_in()
    again.open("/feedback/contests/1")
    heard = again.page.locator("[data-evidence]")
    assert heard.evaluate("p => new Promise(go => { p.onplaying = () => go(true); p.play(); })")
    again.press("Send my view")
    again.sees("Not sent yet")
    again.page.locator("input[name=level][value='2']").check()
    again.page.get_by_label("Your evidence line").fill("One question, then a date.")
    again.page.get_by_label("Your reasons").fill("The second question is missing.")
    again.press("Send my view")
    ana.open(f"/feedback/{attempt_id}/reveal")
    ana.sees("Looked at again")
    ana.open("/feedback/differ")
    lea = somebody("lea", look=look, width=width)
    lea.sign_in()
    lea.open("/feedback/contests")


def seen_twice(cast, somebody, ben, look, width):
    """Eva looks a second time at one attempt; on another, she and Ben were far apart."""
    waits = loop.submitted(cast, scenario_id="rp19")
    loop.asked_second(cast, waits, "eva")
    apart = loop.looked_twice(cast, second="eva")
    eva = somebody("eva", look=look, width=width)
    eva.sign_in()
    eva.open(f"/feedback/{waits}/second")
    eva.open(f"/feedback/{apart}/agreed")
    ben.open(f"/feedback/{apart}/agreed")
    ben.open(f"/feedback/{apart}/reveal")


def comments_on(ben, heard, attempt_id):
    """One comment on a moment, stamped with the key, and one on a passage, by its number."""
    page = ben.page
    heard.evaluate("p => new Promise(go => { p.pause(); p.onseeked = () => go(true); p.currentTime = 1; })")
    page.keyboard.press("F8")
    expect(page.get_by_label("Moment, as minutes:seconds")).to_have_value("0:01")
    page.get_by_label("The words").fill("what should be different")
    page.get_by_label("Criterion", exact=True).select_option(index=1)
    page.get_by_label("Your comment", exact=True).fill("You leave the answer to her.")
    ben.press("Add the comment")
    ben.sees("You leave the answer to her.")
    page.locator("a[data-passage='1']").click()
    expect(page.get_by_label("Your comment", exact=True)).to_be_focused()
    page.get_by_label("Criterion", exact=True).select_option(index=1)
    page.get_by_label("Your comment", exact=True).fill("An open question, and you wait.")
    ben.press("Add the comment")
    ben.sees("Passage 1")
    assert page.get_by_text("Only in this browser").count() == 0


def test_without_a_microphone_the_page_says_what_else_there_is(house, cast, somebody):
    attempt_id = loop.started(cast)
    uploads.agreed(cast, attempt_id)
    ana = somebody("ana")
    ana.sign_in()
    ana.page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'))"
    )
    ana.open(f"/practice/{attempt_id}/record")
    ana.page.get_by_role("button", name="Start recording").click()
    expect(ana.page.get_by_text("add a file, or write it down")).to_be_visible()
    ana.check()


def test_a_file_is_sent_by_a_plain_form_where_there_is_no_script(house, cast, somebody):
    attempt_id = loop.started(cast)
    ana = somebody("ana", js=False)
    ana.sign_in()
    ana.open(f"/practice/{attempt_id}/files")
    ana.page.get_by_label("File", exact=True).set_input_files(
        {"name": "notes.pdf", "mimeType": "application/pdf", "buffer": uploads.blob(400_000)}
    )
    ana.press("Add this file")
    ana.sees("notes.pdf")


def test_notes_made_without_a_network_arrive_once_it_is_back(house, cast, somebody):
    attempt_id = loop.started(cast)
    loop.watched(cast, attempt_id)
    ben = somebody("ben", width=375)
    ben.sign_in()
    ben.open("/feedback/queue")
    ben.page.locator(f"a[href='/feedback/{attempt_id}/observe']").click()
    ben.press("The talk begins")
    page = ben.page
    first, second = (loop.library().criterion(c).name for c in loop.scenario().criteria[:2])
    page.get_by_role("button", name=first, exact=True).click()
    expect(page.get_by_text("Every note is on the server")).to_be_visible()
    page.context.set_offline(True)
    page.locator("textarea").fill("“Who decides?”")
    page.get_by_role("button", name=second, exact=True).click()
    expect(page.get_by_text("1 waiting in this page")).to_be_visible()
    ben.check()
    page.context.set_offline(False)
    expect(page.get_by_text("Every note is on the server")).to_be_visible(timeout=15_000)
    ben.problems.clear()  # the network was ours to take away
    db.session.rollback()
    rows = db.session.query(ObservationNote).order_by(ObservationNote.id).all()
    assert [row.text for row in rows] == ["", "“Who decides?”"]
    page.reload()
    assert page.locator("[data-notes] li").count() == 2
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('coachkit:draft')).length") == 0
