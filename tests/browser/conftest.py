"""One Chromium for the folder, a running server, and a page that judges itself wherever it goes."""

import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import time_machine
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

from xaso.core.access import Actor
from xaso.core.accounts.middleware import ACCOUNT, DEVICE, device_of
from xaso.core.accounts.models import Account
from xaso.kit import clock

CHROMIUM = Path("/usr/bin/chromium")
DEVICE_NAME = "browser-test"
# The name is given to the whole browser, so that what a service worker asks for comes from the same device.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", f"--user-agent={DEVICE_NAME}"]
PHONE, DESK = 320, 1280
MAX_BYTES = 100_000
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=clock.VIETNAM)
PASSWORD = "một mật khẩu dài"
AXE = """rules => axe.run(document, {resultTypes: ['violations'], preload: false, ...(rules ? {runOnly: rules} : {})})
    .then(found => found.violations.map(v => [v.id, v.nodes[0].html]))"""
# What the width can change. The other rules read the document, which is the same at every width; they run once.
OF_LAYOUT = [
    "color-contrast",
    "target-size",
    "scrollable-region-focusable",
    "link-in-text-block",
    "css-orientation-lock",
]
WIDER = """() => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 3).map(e => e.outerHTML.slice(0, 120))"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
            item.add_marker("long")


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Ends with the folder: while it runs, its event loop would be in the way of everybody else's tests."""
    if not CHROMIUM.exists():
        if "chromium" in os.environ.get("XASO_REQUIRE", ""):
            pytest.fail(f"{CHROMIUM} is required and absent")
        pytest.skip("needs Chromium")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread; the ORM would otherwise refuse to work beside it.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        running = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def monday(chromium) -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=True):
        yield


class Walker:
    """A person at a browser. Every page visited is checked at both widths; what is wrong is collected in `wrong`."""

    def __init__(self, context: BrowserContext, root: str, width: int, script: bool, wrong: list[tuple]) -> None:
        self.context, self.root, self.width, self.script, self.wrong = context, root, width, script, wrong
        self.expected = ""
        self.page: Page = context.new_page()
        self.page.set_default_timeout(30_000)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: wrong.append((self.page.url, "script", str(error))))
        self.page.on("request", self._asked)

    def _heard(self, said) -> None:
        if said.type in {"error", "warning"} and not (self.expected and self.expected in said.text):
            self.wrong.append((self.page.url, said.type, said.text))

    def _asked(self, request) -> None:
        if request.url.startswith("http") and not request.url.startswith(self.root):
            self.wrong.append((self.page.url, "another host", request.url))

    def go(self, path: str) -> Response:
        answer = self.page.goto(self.root + path)
        assert answer is not None
        return answer

    def visit(self, path: str) -> None:
        """Open, and look at it: it answers 200, is small, accessible, and fits."""
        answer = self.go(path)
        if answer.status != 200:
            self.wrong.append((path, "status", answer.status))
        elif len(answer.body()) >= MAX_BYTES:
            self.wrong.append((path, "bytes", len(answer.body())))
        self.look(path)

    def look(self, name: str = "") -> None:
        """Judge the page that is open, at the widths of a phone and of a desk."""
        self.page.wait_for_load_state()  # a click waits only until the next page begins to come
        name = name or urlsplit(self.page.url).path
        if self.script and not self.page.evaluate("typeof axe === 'object'"):
            self.page.evaluate(AXE_SCRIPT)
        for width in (PHONE, DESK) if self.width == DESK else (DESK, PHONE):
            self.page.set_viewport_size({"width": width, "height": 900})
            if self.script:
                rules = OF_LAYOUT if width == PHONE else None
                self.wrong += [(name, width, *one) for one in self.page.evaluate(AXE, rules)]
            if self.page.evaluate("document.documentElement.scrollWidth") > width:
                self.wrong.append((name, width, "sideways", self.page.evaluate(WIDER)))
            if shots := os.environ.get("XASO_SHOTS"):
                plain = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "id", name).strip("/")
                file = re.sub(r"[^\w.-]+", "_", plain) or "home"
                self.page.screenshot(path=f"{shots}/{file}-{width}.png", full_page=True)


class Asking:
    headers = {"User-Agent": DEVICE_NAME}


@pytest.fixture
def walker(chromium, live_server) -> Iterator[Callable[..., Walker]]:
    """`walker()` is a stranger, `walker(minh)` is minh signed in. At the end nothing may have been wrong."""
    wrong: list[tuple] = []
    opened: list[BrowserContext] = []

    def make(actor: Actor | None = None, *, width: int = DESK, script: bool = True) -> Walker:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, user_agent=DEVICE_NAME, java_script_enabled=script,
            bypass_csp=False, accept_downloads=True,
        )  # fmt: skip
        opened.append(context)
        if actor is not None:
            context.add_cookies([{"name": "sessionid", "value": _session_of(actor), "url": live_server.url}])
        return Walker(context, live_server.url, width, script, wrong)

    yield make
    for context in opened:
        context.close()
    assert not wrong, "\n".join(str(one) for one in wrong)


def _session_of(actor: Actor) -> str:
    session = SessionStore()
    session[ACCOUNT], session[DEVICE] = actor.account_id, device_of(Asking())
    session.save()
    return session.session_key


@pytest.fixture
def give_password() -> Callable[[Actor], str]:
    """Let an officer of the cast sign in by typing; the user name comes back."""

    def give(actor: Actor) -> str:
        account = Account.objects.get(pk=actor.account_id)
        account.set_password(PASSWORD)
        account.save()
        return account.username

    return give
