"""A real Chromium against a real server over HTTP, with axe looking at every page."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from werkzeug.serving import make_server

from coachkit.app import create_app
from coachkit.platform import jobs
from coachkit.platform.db import db
from tests.factories.cast import PASSWORD

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first costs half the work of the others, for the same pages."""
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
HIDDEN = re.compile(r'type="hidden"[^>]*')
EXAMINED: set[int] = set()
"""Pages that axe has seen in this process, with their look: the very same page, such as sign-in, is seen once."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--shots", help="a folder for screenshots of every page of the walks")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    assert CHROMIUM, "The browser tests need Chromium; `make test` installs it."
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def site(settings) -> Iterator[str]:
    """The site on its own instance, at an address."""
    app = create_app(settings)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["coachkit_tools"].renderer.close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def do_jobs(settings):
    """Do the jobs that wait, as the worker would."""
    app = create_app(settings)

    def run() -> None:
        with app.app_context():
            jobs.run_waiting()

    yield run
    app.extensions["coachkit_tools"].renderer.close()
    with app.app_context():
        db.engine.dispose()


class Person:
    """Somebody with a browser window."""

    def __init__(
        self, context: BrowserContext, site: str, name: str, *, axe: bool, shots: str | None, look: str
    ) -> None:
        self.page: Page = context.new_page()
        self.site, self.name, self.axe, self.shots, self.look = site, name, axe, shots, look
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(f"{self.page.url}: {error}"))
        self.page.on("console", self._said)

    def _said(self, message) -> None:
        if message.type == "error" and "status of 422" not in message.text and "404" not in message.text:
            self.problems.append(f"{self.page.url}: {message.text}")

    def sign_in(self) -> None:
        self.open("/sign-in")
        self.page.get_by_label("E-mail address").fill(f"{self.name}@tessel.example")
        self.page.get_by_label("Password").fill(PASSWORD)
        self.press("Sign in")

    def open(self, path: str) -> None:
        answer = self.page.goto(self.site + path)
        assert answer is not None
        assert answer.status < 400, (path, answer.status)
        self.check()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.check()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()
        self.check()

    def sees(self, text: str) -> None:
        shown = self.page.locator("main").inner_text()
        assert text in shown, (text, self.page.url, shown)

    def check(self) -> None:
        """What every page must be: one heading, no overflow, nothing for axe to find."""
        self.page.wait_for_load_state("load")
        assert self.page.locator("h1").count() == 1, self.page.url
        if self.shots:
            name = self.page.url.removeprefix(self.site).strip("/").replace("/", "-").split("?")[0] or "home"
            self.page.screenshot(path=f"{self.shots}/{self.look}-{self.name}-{name}.png", full_page=True)
        seen = hash((self.look, HIDDEN.sub("", self.page.content())))
        if self.axe and seen not in EXAMINED:
            EXAMINED.add(seen)
            self.page.evaluate(AXE)
            found = self.page.evaluate(
                "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations'], preload: false})"
                ".then(r => r.violations.map(v => v.id + ': ' + v.nodes"
                ".map(n => n.html.slice(0, 160) + ' — ' + n.failureSummary).join(' | ')))",
                RULES,
            )
            assert found == [], (self.page.url, found)
            width, window = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
            assert width <= window, (self.page.url, width, window)


@pytest.fixture
def somebody(chromium: Browser, site: str, request: pytest.FixtureRequest):
    """`somebody("ana", look="dark")` opens a window; at the end no page has complained."""
    people: list[Person] = []
    contexts: list[BrowserContext] = []

    def arrive(name: str, *, look: str = "light", js: bool = True, width: int = 1280) -> Person:
        context = chromium.new_context(
            color_scheme="dark" if look == "dark" else "light",
            java_script_enabled=js,
            viewport={"width": width, "height": 900},
            accept_downloads=True,
            reduced_motion="reduce",
        )
        contexts.append(context)
        shots = request.config.getoption("--shots")
        people.append(Person(context, site, name, axe=js, shots=shots, look=f"{look}{width if width != 1280 else ''}"))
        return people[-1]

    yield arrive
    complaints = [problem for person in people for problem in person.problems]
    for context in contexts:
        context.close()
    assert complaints == []
