"""The pages of reports in a real browser: accessible, and they fit a phone and a desk."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route, sync_playwright

from xaso.core.outbox.actions import deliver_all
from xaso.modules.reports.actions.exporting import ask_export
from xaso.modules.reports.actions.writing import begin_report
from xaso.modules.reports.tests.conftest import Q1, on
from xaso.modules.reports.tests.test_signing import finish

CHROMIUM = Path("/usr/bin/chromium")
SITE = "http://xa.test"
SHOTS = os.environ.get("XASO_SHOTS", "")

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium")]


@pytest.fixture
def pages(sets, browser_of, mai, dossiers, minh, an, thu, hoa, van, son, ngu_kien, signed) -> dict[str, bytes]:
    """Every page of reports, rendered before the browser starts."""
    with on(4, 8):
        finish(dossiers[0], minh, an, thu, hoa, van)
        other = begin_report(mai, ngu_kien, kind="dti", period=Q1)
        writer, leader, above = browser_of(mai), browser_of(hoa), browser_of(son)
        paths = [f"/desk/reports/{report.uuid}/" for report in (signed, other)]
        found = {path: writer.get(path).content for path in ("/desk/reports/", *paths, f"{paths[1]}write/")}
        found["/desk/reports/all/"] = above.get("/desk/reports/all/").content
        export = ask_export(
            hoa, ngu_kien, measure="dossiers.received", period=Q1, form="csv", is_personal=True, reason="Đối chiếu"
        )
        deliver_all()
        own = ("/desk/reports/exports/", "/desk/reports/exports/new/", f"/desk/reports/exports/{export.uuid}/")
        return found | {path: leader.get(path).content for path in own}


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


def test_every_page_is_accessible_and_fits(browser, pages):
    wrong = []
    for number, path in enumerate(pages):
        for width in (320, 1280):
            page = _open(browser, pages, path, width)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append((path, width, "wider than the screen"))
            found = Axe().run(page)
            wrong += [(path, width, one["id"], one["nodes"][0]["html"][:200]) for one in found.response["violations"]]
            if SHOTS:
                page.screenshot(path=f"{SHOTS}/{number}-{width}.png", full_page=True)
            page.context.close()
    assert not wrong
