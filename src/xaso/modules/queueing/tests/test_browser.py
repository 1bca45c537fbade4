"""The pages of the queue in a real browser: accessible, and they fit a phone and a desk."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import time_machine
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route, sync_playwright

from xaso.modules.queueing import actions
from xaso.modules.queueing.tests.conftest import CIVIL, LAND

CHROMIUM = Path("/usr/bin/chromium")
SITE = "http://xa.test"
NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium")]


@pytest.fixture
def pages(browser_of, minh, quan, ngu_kien, make_counter) -> dict[str, bytes]:
    """A busy morning, rendered before the browser starts."""
    with time_machine.travel(NOON, tick=False) as clock:
        civil, land = make_counter(1, CIVIL, "Chứng thực"), make_counter(2, LAND)
        make_counter(3, "Bảo trợ xã hội", is_open=False)
        for number in range(18):
            actions.issue_ticket(minh, ngu_kien, field=[CIVIL, LAND, ""][number % 3], is_priority=number % 5 == 4)
        for minutes in (3, 5, 9):
            clock.shift(timedelta(minutes=minutes))
            actions.serve(minh, actions.call_next(minh, civil))
        clock.shift(timedelta(minutes=4))
        actions.mark_missed(minh, actions.call_next(minh, land))
        called = actions.call_next(minh, land)
        ticket = actions.issue_ticket(minh, ngu_kien, field=CIVIL)
        clock.shift(timedelta(days=1))
        for number in range(9):
            actions.issue_ticket(minh, ngu_kien, field=[CIVIL, LAND, "Bảo trợ xã hội"][number % 3])
        clock.shift(timedelta(minutes=6))
        actions.serve(minh, actions.call_next(minh, civil))
        actions.mark_missed(minh, actions.call_next(minh, land))
        actions.call_next(minh, land)
        del called
        desk, admin = browser_of(minh), browser_of(quan)
        found = {
            path: desk.get(path).content
            for path in (
                "/desk/",
                "/desk/queueing/",
                f"/desk/queueing/counter/{civil.uuid}/",
                f"/desk/queueing/counter/{land.uuid}/",
                "/desk/queueing/today/",
                "/desk/queueing/report/",
                "/desk/queueing/issue/",
                "/desk/queueing/kiosk/",
                f"/desk/queueing/ticket/{ticket.uuid}/",
                "/portal/queueing/display/09157/",
            )
        }
        return found | {
            path: admin.get(path).content for path in ("/desk/queueing/counters/", "/desk/queueing/counters/new/")
        }


@pytest.fixture
def browser(pages) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield running
        running.close()


def _open(browser: Browser, pages: dict[str, bytes], path: str, width: int) -> Page:
    def answer(route: Route) -> None:
        asked = urlsplit(route.request.url).path
        if asked.startswith("/static/"):
            route.fulfill(path=finders.find(asked.removeprefix("/static/")))
        elif asked in pages and route.request.method == "GET":
            route.fulfill(body=pages[asked], content_type="text/html; charset=utf-8")
        else:
            route.fulfill(status=204)

    page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    page.route("**/*", answer)
    page.goto(SITE + path)
    return page


def test_the_kiosk_has_targets_for_unsteady_hands(browser, pages):
    page = _open(browser, pages, "/desk/queueing/kiosk/", 320)
    heights = page.evaluate("[...document.querySelectorAll('.button')].map(e => e.getBoundingClientRect().height)")
    assert min(heights) >= 56


def test_one_key_moves_the_counter_on(browser, pages):
    path = next(path for path in pages if "/counter/" in path)
    page = _open(browser, pages, path, 1280)
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.keyboard.press("F9")
    page.wait_for_timeout(300)
    assert [urlsplit(address).path for address in sent] == [f"{path}next/"]
