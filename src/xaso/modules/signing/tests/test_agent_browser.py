"""The signing page in a real browser, talking to a real agent with a real token."""

import base64
import os
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.staticfiles import finders
from django.urls import reverse
from playwright.sync_api import expect, sync_playwright

from xaso.modules.signing.providers.values import fits
from xaso.modules.signing.tests.officer_pc import Pc, Token, need_softhsm
from xaso.modules.signing.tests.test_agent_page import found, in_pc

__all__ = ["found", "in_pc"]

CHROMIUM = Path("/usr/bin/chromium")
SITE = "http://localhost:8123"
AXE = "() => axe.run(document, {resultTypes: ['violations']}).then(found => found.violations.map(v => v.id))"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium"),
]


class Desk:
    """The page as the server renders it, with its own security headers; what the browser posts is kept."""

    def __init__(self, path: str, answer) -> None:
        self.path, self.content = path, answer.content
        self.headers = {name: answer[name] for name in ("Content-Type", "Content-Security-Policy")}
        self.posted: list[str] = []
        self.said: list[str] = []

    def answer(self, route) -> None:
        asked = urlsplit(route.request.url).path
        if route.request.method == "POST":
            self.posted.append(parse_qs(route.request.post_data)["signature"][0])
            route.fulfill(status=200, body="<!doctype html><title>Xong</title>", content_type="text/html")
        elif asked == self.path:
            route.fulfill(status=200, body=self.content, headers=self.headers)
        elif asked.startswith("/static/"):
            route.fulfill(path=finders.find(asked.removeprefix("/static/")))
        else:
            route.fulfill(status=204)


@pytest.fixture
def pc(pki, tmp_path):
    need_softhsm()
    token = Token(tmp_path / "token", {"01": (pki.key("hoa"), pki.certificate("hoa").dump())})
    running = Pc(token, tmp_path / "home", "--yes", "--origin", SITE).begin()
    yield running
    assert running.stop() == 0


@pytest.fixture
def desk(browser_of, hoa, found):
    path = reverse("desk-signing:agent", args=[found.uuid])
    return Desk(path, browser_of(hoa).get(path))


def press(page) -> None:
    page.get_by_role("button", name="Ký bằng thiết bị trên máy này").click()


def told(page, sentence: str) -> None:
    page.locator("[data-agent-status]").get_by_text(sentence).wait_for()


def use_port(page, port: int) -> None:
    page.get_by_text("Trình ký nghe ở cổng khác").click()
    page.get_by_label("Cổng của trình ký").fill(str(port))


def check_looks(page) -> None:
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(AXE) == []
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if folder := os.environ.get("XASO_SHOTS"):
            page.screenshot(path=f"{folder}/agent-{width}.png", full_page=True)


def test_the_page_pairs_once_and_brings_the_value(desk, pc, found, pki):
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
        context = browser.new_context()
        page = context.new_page()
        page.on("console", lambda line: desk.said.append(line.text) if line.type == "error" else None)
        page.route("**/*", desk.answer)
        page.goto(SITE + desk.path)
        use_port(page, pc.port)
        press(page)
        told(page, "Không nối được trình ký")
        # The person's answer to the browser's own question, whether the page may reach this computer.
        context.grant_permissions(["local-network-access"])
        desk.said.clear()
        press(page)
        told(page, "Hãy nhập mã ghép nối")
        page.get_by_label("Mã ghép nối").fill("0000 0000")
        press(page)
        told(page, "Mã ghép nối không đúng")
        check_looks(page)
        page.get_by_label("Mã ghép nối").fill(pc.code)
        press(page)
        expect(page).to_have_title("Xong")
        page.goto(SITE + desk.path)
        use_port(page, pc.port)
        press(page)
        expect(page).to_have_title("Xong")
        browser.close()
    attributes = bytes(found.prepared.signed_attributes)
    assert len(desk.posted) == 2
    assert all(fits(pki.certificate("hoa").dump(), attributes, base64.b64decode(one)) for one in desk.posted)
    assert desk.said == []
