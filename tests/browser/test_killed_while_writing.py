"""A browser dies in the middle of a sentence: whatever its page had called saved is there in the next one."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect

from coachkit.app import create_app
from coachkit.platform.db import db
from tests.browser.conftest import CHROMIUM, FLAGS, Person
from tests.factories import loop, uploads

pytestmark = pytest.mark.one_database

LINE = "She asked what should change on Monday."
KEEP = "In the third minute, by the window."
SAID = "I asked what should be different. She counted eleven cases."


@dataclass
class Doomed:
    """A browser of its own, whose process is known; it can come back with what it had kept."""

    playwright: Playwright
    profile: Path

    def start(self) -> Browser:
        assert CHROMIUM
        where = ["--remote-debugging-port=0", f"--user-data-dir={self.profile}", "about:blank"]
        self.process = subprocess.Popen(
            [CHROMIUM, "--headless", *FLAGS, *where], stderr=subprocess.PIPE, start_new_session=True
        )
        said = self.process.stderr
        assert said is not None
        address = next(line for line in said if b"DevTools listening on " in line).split()[-1].decode()
        return self.playwright.chromium.connect_over_cdp(address)

    def kill(self) -> None:
        """All its processes at once: some systems start the browser from a script, whose death it would survive."""
        os.killpg(self.process.pid, signal.SIGKILL)
        assert self.process.wait() == -signal.SIGKILL
        assert self.process.stderr is not None
        self.process.stderr.close()


@pytest.fixture
def doomed(playwright: Playwright, tmp_path: Path) -> Iterator[Doomed]:
    browser = Doomed(playwright, tmp_path)
    yield browser
    if browser.process.poll() is None:
        browser.kill()


@pytest.fixture
def numbers(settings, cast) -> tuple[int, int, str]:
    """An attempt that waits for Ben, one that Ana has begun, and the first criterion of the former."""
    app = create_app(settings)
    with app.app_context():
        found = loop.submitted(cast), loop.started(cast, scenario_id="rp19", evidence=""), loop.scenario().criteria[0]
        db.session.remove()
        db.engine.dispose()
    return found


def write(person: Person, field: str, text: str, status: str) -> None:
    """Type; from the first letter on the page does not say that all is saved, and at last it does."""
    person.page.locator(f"[id='{field}']").press_sequentially(text)
    expect(person.page.locator(f"#{status}")).to_have_attribute("data-state", "typing")
    expect(person.page.locator(f"#{status}[data-state=saved]")).to_contain_text("Draft saved on the server")


def test_what_was_shown_as_saved_is_there_after_the_browser_was_killed(site, somebody, doomed, numbers):
    waiting, begun, first = numbers
    browser = doomed.start()
    ben, ana = (
        Person(browser.new_context(), site, name, axe=False, shots=None, look="light") for name in ("ben", "ana")
    )
    for person, path in ((ben, f"/feedback/{waiting}"), (ana, f"/practice/{begun}")):
        person.sign_in()
        person.open(path)
    ben.page.locator(f"input[name='level-{first}'][value='3']").check()
    write(ben, f"evidence-{first}", LINE, "review-saved")
    write(ben, "keep-situation", KEEP, "review-saved")
    write(ana, "evidence", SAID, "evidence-saved")
    ben.page.locator("#keep-effect").press_sequentially("She leaned")
    expect(ben.page.locator("#review-saved")).to_have_attribute("data-state", "typing")
    doomed.kill()

    ben, ana = somebody("ben"), somebody("ana")
    ben.sign_in()
    ben.open(f"/feedback/{waiting}")
    assert ben.page.locator(f"input[name='level-{first}']:checked").get_attribute("value") == "3"
    assert ben.page.locator(f"[id='evidence-{first}']").input_value() == LINE
    assert ben.page.locator("#keep-situation").input_value() == KEEP
    ana.sign_in()
    ana.open(f"/practice/{begun}")
    assert ana.page.locator("#evidence").input_value() == SAID


def test_a_recording_is_kept_until_the_second_in_which_the_browser_died(site, settings, cast, doomed, request):
    app = create_app(settings)
    with app.app_context():
        attempt_id = loop.started(cast, evidence="")
        uploads.agreed(cast, attempt_id)
        db.session.remove()
    ana = Person(doomed.start().contexts[0], site, "ana", axe=False, shots=None, look="light")
    ana.sign_in()
    ana.open(f"/practice/{attempt_id}/record")
    ana.page.get_by_role("button", name="Start recording").click()
    expect(ana.page.locator("[data-clock]")).to_have_text("0:04", timeout=15_000)
    doomed.kill()

    context = doomed.start().contexts[0]
    context.clear_cookies()
    ana = Person(context, site, "ana", axe=True, shots=request.config.getoption("--shots"), look="light780")
    ana.page.set_viewport_size({"width": 780, "height": 900})  # between a phone and a desk
    ana.sign_in()
    ana.open(f"/practice/{attempt_id}/record")
    keep = ana.page.get_by_role("button", name="Keep what was recorded until 0:0")
    expect(keep).to_be_visible()
    ana.check()
    keep.click()
    player = ana.page.locator("[data-review] .player:not([hidden])")
    assert player.evaluate("p => new Promise(go => { p.onplaying = () => go(true); p.play(); })")
    ana.page.get_by_role("button", name="Send it").click()
    ana.page.wait_for_url(f"**/practice/{attempt_id}/files", timeout=20_000)
    ana.sees("Recording 20")
    ana.open(f"/practice/{attempt_id}/record")
    expect(ana.page.get_by_role("button", name="Start recording")).to_be_enabled()
    assert not keep.is_visible(), "sent, and gone from this browser"
    with app.app_context():
        db.engine.dispose()
