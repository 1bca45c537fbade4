"""The cockpit in a real browser: accessible, and it fits a phone and a desk."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route, sync_playwright

from xaso.core.accounts.models import Account
from xaso.modules.dossiers.models import Dossier
from xaso.modules.dossiers.tests.many import NOW, a_mixed_month, dossier, procedure

CHROMIUM = Path("/usr/bin/chromium")
SITE = "http://xa.test"

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium")]


@pytest.fixture
def pages(browser_of, hoa, an, son, province, ngu_kien, lien_chau) -> dict[str, bytes]:
    """A commune's month and a province, rendered before the browser starts."""
    with time_machine.travel(NOW, tick=False):
        a_mixed_month(ngu_kien, Account.objects.get(pk=an.account_id))
        other = procedure("2.000815", "Chứng thực bản sao từ bản chính")
        Dossier.objects.bulk_create([dossier(lien_chau, other, n, channel="online") for n in range(7)])
        leader, watcher = browser_of(hoa), browser_of(son)
        own = (
            "/cockpit/",
            "/cockpit/dossiers/",
            "/cockpit/dossiers/rows/late_766/",
            "/cockpit/dossiers/rows/e_result/",
        )
        found = {path: leader.get(path).content for path in own}
        found["/cockpit/dossiers/?ky=2026-08"] = leader.get("/cockpit/dossiers/?ky=2026-08").content
        return found | {"/cockpit/dossiers/?don-vi=26": watcher.get("/cockpit/dossiers/?don-vi=26").content}


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
        parts = urlsplit(route.request.url)
        asked = parts.path + ("?" + parts.query if parts.query else "")
        if parts.path.startswith("/static/"):
            route.fulfill(path=finders.find(parts.path.removeprefix("/static/")))
        elif asked in pages and route.request.method == "GET":
            route.fulfill(body=pages[asked], content_type="text/html; charset=utf-8")
        else:
            route.fulfill(status=204)

    page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    page.route("**/*", answer)
    page.goto(SITE + path)
    return page


def test_every_page_is_accessible_and_fits(browser, pages):
    for path in pages:
        for width in (320, 1280):
            page = _open(browser, pages, path, width)
            found = Axe().run(page).response["violations"]
            assert [(path, width, v["id"], v["nodes"][0]["html"]) for v in found] == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
            page.context.close()
