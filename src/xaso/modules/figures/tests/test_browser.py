"""The pages of figures in a real browser: accessible, and they fit a phone and a desk."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route, sync_playwright

from xaso.core.measures.periods import period_of
from xaso.core.units.models import Unit
from xaso.modules.figures.actions import preview_import
from xaso.modules.figures.tests.books import book, line

CHROMIUM = Path("/usr/bin/chromium")
SITE = "http://xa.test"

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium")]


@pytest.fixture
def pages(browser_of, state, mai, hoa, ngu_kien) -> dict[str, bytes]:
    """A commune with some of everything, rendered before the browser starts."""
    for number in range(14):
        Unit.objects.create(
            code=f"V{number}", name=f"Thôn {number}", kind="village", parent=ngu_kien,
            path=f"{ngu_kien.path}V{number}.", valid_from=date(2015, 1, 1),
        )  # fmt: skip
    state("t_teams", "2024", number=Decimal(12), source="Quyết định thành lập tổ", as_of=date(2024, 6, 30))
    state("t_teams", "2024", number=Decimal(14), source="Quyết định thành lập tổ", document_number="12/QĐ-UBND")
    state("t_team_share", "2024", number=Decimal(98), comparator=">", source="Báo cáo năm 2024 của UBND xã")
    state("t_online", "2024", number=Decimal(46), comparator=">", source="Báo Vĩnh Phúc")
    state("t_spent", "2024", number=Decimal(90_000_000), comparator="~<", source="Sổ chi ngân sách")
    waiting = state("t_people", "2024", number=Decimal(8123), source="Công an xã", supplier="Công an xã", approve=False)
    state("t_pair", "2024", numerator=Decimal(27), denominator=Decimal(27), approve=False)
    data = book(line("t_people", "8.200"), line("t_firms", "1,234.5"), line("t_spent", "90 triệu"), line("x", "5"))
    batch = preview_import(mai, ngu_kien, period=period_of("2024"), name="so-lieu-2024.xlsx", data=data)
    desk, leader = browser_of(mai), browser_of(hoa)
    found = {
        path: desk.get(path, {"period": "2024", "group": "Thử"}).content
        for path in (
            "/desk/figures/",
            "/desk/figures/so/t_team_share/",
            "/desk/figures/so/t_teams/",
            "/desk/figures/so/t_online/khai/",
            "/desk/figures/so/t_head/khai/",
            "/desk/figures/nhap/",
            f"/desk/figures/nhap/{batch.uuid}/",
            f"/desk/figures/khai/{waiting.uuid}/",
        )
    }
    return found | {path: leader.get(path).content for path in ("/desk/figures/cho-duyet/", "/desk/")}


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
        else:
            route.fulfill(body=pages[asked], content_type="text/html; charset=utf-8")

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
