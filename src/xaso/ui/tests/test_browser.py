"""The gallery in a real browser: accessible, fits a phone, works with and without JavaScript."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page, Route, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
SITE = "http://xa.test"

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium")]


@pytest.fixture(scope="module")
def pages() -> dict[str, bytes]:
    """Rendered before the browser starts, so no server and no socket is needed."""
    client = Client()
    found = {"/ui/": client.get("/ui/").content, "/ui/?dense=1": client.get("/ui/?dense=1").content}
    client.cookies["chu_lon"] = "1"
    return found | {"/ui/?lon": client.get("/ui/?lon").content}


@pytest.fixture(scope="module")
def browser(pages) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield running
        running.close()


def _open(
    browser: Browser, pages: dict[str, bytes], path: str = "/ui/", *, width: int = 1280, script: bool = True
) -> Page:
    def answer(route: Route) -> None:
        parts = urlsplit(route.request.url)
        asked = parts.path + ("?" + parts.query if parts.query else "")
        if parts.path.startswith("/static/"):
            route.fulfill(path=finders.find(parts.path.removeprefix("/static/")))
        elif asked in pages and route.request.method == "GET":
            route.fulfill(body=pages[asked], content_type="text/html; charset=utf-8")
        else:
            route.fulfill(status=204)

    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=script)
    page = context.new_page()
    page.route("**/*", answer)
    page.goto(SITE + path)
    return page


@pytest.mark.parametrize(("path", "width"), [("/ui/", 320), ("/ui/?lon", 320), ("/ui/", 1280), ("/ui/?dense=1", 1280)])
def test_no_accessibility_violation_and_no_sideways_scroll(browser, pages, path, width):
    page = _open(browser, pages, path, width=width)
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_targets_on_a_phone_are_large_enough(browser, pages):
    page = _open(browser, pages, width=320)
    small = page.evaluate(
        "[...document.querySelectorAll("
        "'.button, .nav a, .tabs a, .choices label, .choice-card, .rating button, input, select')]"
        ".filter(e => e.offsetHeight && !['radio', 'checkbox'].includes(e.type)"
        " && e.getBoundingClientRect().height < 43.5)"
        ".map(e => e.outerHTML.slice(0, 90))"
    )
    assert small == []


def test_large_text_is_a_quarter_to_two_fifths_larger(browser, pages):
    size = "parseFloat(getComputedStyle(document.body).fontSize)"
    normal = _open(browser, pages, width=320).evaluate(size)
    large = _open(browser, pages, "/ui/?lon", width=320).evaluate(size)
    assert 1.25 <= large / normal <= 1.40


def test_dialog_opens_as_a_window_and_as_a_fold(browser, pages):
    page = _open(browser, pages)
    page.get_by_role("button", name="Trả lại hồ sơ").click()
    assert page.get_by_role("dialog", name="Vì sao trả lại?").is_visible()
    page.get_by_role("button", name="Đóng").click()
    assert not page.get_by_role("dialog").is_visible()

    plain = _open(browser, pages, script=False)
    assert not plain.get_by_text("Người nộp sẽ đọc đúng câu này.").first.is_visible()
    plain.locator("#dialog details[data-dialog] > summary").click()
    assert plain.get_by_text("Người nộp sẽ đọc đúng câu này.").first.is_visible()


def test_a_second_tap_sends_nothing(browser, pages):
    page = _open(browser, pages)
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.evaluate("() => { const b = document.querySelector('#action_form form button'); b.click(); b.click(); }")
    page.wait_for_timeout(300)
    page.evaluate("() => document.querySelector('#action_form form button').click()")
    page.wait_for_timeout(300)
    assert len(sent) == 1


def test_errors_get_the_focus_and_shortcuts_work(browser, pages):
    page = _open(browser, pages)
    assert page.evaluate("document.activeElement.className") == "errors"
    page.keyboard.press("F3")
    assert page.evaluate("document.activeElement.id") == "q"
