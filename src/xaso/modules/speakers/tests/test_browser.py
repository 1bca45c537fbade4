"""The pages in a real browser: accessible, they fit a phone and a desk, and a village head is done in a minute."""

import hashlib
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import time_machine
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route, sync_playwright

from xaso.core.accounts.middleware import ACCOUNT, DEVICE, device_of
from xaso.core.files.stores import store
from xaso.core.outbox.actions import deliver_all
from xaso.modules.speakers.models import Play
from xaso.modules.speakers.tests.conftest import NOW, make_recording
from xaso.modules.speakers.tests.test_pages import HOME, life, paths_of

CHROMIUM = Path("/usr/bin/chromium")
SITE = "http://xa.test"
AXE = """axe.run(document, {resultTypes: ['violations'], preload: false})
    .then(found => found.violations.map(v => [v.id, v.nodes[0].html]))"""
LISTEN = """async a => { await a.play(); await new Promise(done => setTimeout(done, 700));
    return [a.currentTime, a.duration] }"""
NOTICE = (
    "Mời bà con thôn Đồng Mới đến nhà văn hoá lúc 19 giờ 30 tối nay, ngày 20/11/2026, để họp bàn việc làm đường. "
    "Đề nghị mỗi nhà cử một người đi họp đầy đủ, đúng giờ."
)

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium")]

assert life  # the fixture of the pages' tests


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@pytest.fixture
def browser(monkeypatch) -> Iterator[Browser]:
    """While it runs, its event loop lives in this thread, beside which the ORM would refuse to work."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--autoplay-policy=no-user-gesture-required",
            ],
        )
        yield running
        running.close()


@pytest.fixture
def pages(db, clock, life, phuc, quan, bay, village, browser_of) -> dict[str, bytes]:
    desk, admin, head = browser_of(phuc), browser_of(quan), browser_of(bay)
    ready = make_recording(village, "Tối nay họp thôn.", "20")
    found = {HOME + path: desk.get(HOME + path).content for path in paths_of(life) if "?" not in path}
    device = f"{HOME}loa/{life['device'].uuid}/"
    found |= {
        path: admin.get(path).content for path in (HOME + "so-loa/moi/", device + "sua/", HOME + "nhap/", "/desk/")
    }
    found[device + "mat-khau/"] = admin.post(device + "mat-khau/").content
    heard = f"{HOME}thon/nghe/{ready.uuid}/"
    sent = head.post(heard, {"day": "2026-11-20", "time": "17:15", "loops": "1"})["Location"]
    return found | {path: head.get(path).content for path in (HOME + "thon/", heard, sent)}


def open_page(browser: Browser, pages: dict[str, bytes], path: str, width: int) -> Page:
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


def faults_of(page: Page, width: int) -> list:
    page.evaluate(AXE_SCRIPT)
    found = [tuple(one) for one in page.evaluate(AXE)]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found.append(("sideways", page.evaluate("document.documentElement.scrollWidth")))
    return found


@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_is_accessible_and_fits(pages, browser, width):
    wrong = []
    for path in pages:
        page = open_page(browser, pages, path, width)
        wrong += [(path, *fault) for fault in faults_of(page, width)]
        if shots := os.environ.get("XASO_SHOTS"):
            name = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "id", path).strip("/").replace("/", "_")
            page.screenshot(path=f"{shots}/{name}-{width}.png", full_page=True)
        page.context.close()
    assert not wrong, "\n".join(map(str, wrong))


class Asking:
    headers = {"User-Agent": "phone"}


def session_of(actor) -> str:
    session = SessionStore()
    session[ACCOUNT], session[DEVICE] = actor.account_id, device_of(Asking())
    session.save()
    return session.session_key


@pytest.fixture
def phone(browser, live_server, bay) -> Iterator[Page]:
    """The village head's telephone, 360 px wide, signed in."""
    with time_machine.travel(NOW, tick=True):
        context = browser.new_context(
            viewport={"width": 360, "height": 740}, user_agent="phone", has_touch=True, is_mobile=True
        )
        context.add_cookies([{"name": "sessionid", "value": session_of(bay), "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        yield page
        context.close()


@pytest.mark.django_db(transaction=True)
def test_a_village_head_schedules_in_under_a_minute_and_hears_it(
    phone, live_server, speakers, village, record_property
):
    began = time.monotonic()
    phone.goto(live_server.url + HOME + "thon/")
    phone.get_by_label("Viết lời thông báo, máy sẽ đọc").press_sequentially(NOTICE, delay=25)
    phone.get_by_label("Hôm nay").check()
    phone.get_by_label("Giờ phát").select_option("17:30")
    assert not faults_of(phone, 360)
    phone.get_by_role("button", name="Nghe thử").tap()
    phone.wait_for_url("**/thon/nghe/**")
    deliver_all()  # the worker: the machine reads the words
    player = phone.locator("audio")
    player.wait_for()
    assert not faults_of(phone, 360)
    length = player.evaluate(
        "async a => { await a.play(); await new Promise(r => setTimeout(r, 700)); return [a.currentTime, a.duration] }"
    )
    assert length[0] > 0
    heard = player.evaluate("async a => Array.from(new Uint8Array(await (await fetch(a.src)).arrayBuffer()))")
    phone.get_by_role("button", name="Gửi ra loa").tap()
    phone.get_by_text("sẽ phát lúc 17:30 ngày 20/11").wait_for()
    took = time.monotonic() - began
    assert took < 60, f"{took:.0f} s"
    record_property("seconds", round(took, 1))
    play = Play.objects.get()
    assert (play.unit, play.klass, play.loops, len(play.runs.all())) == (village, "normal", 2, 2)
    assert play.text == NOTICE
    assert hashlib.sha256(bytes(heard)).hexdigest() == play.sha256
    assert store().exists(play.sha256)
    assert abs(length[1] - play.seconds) < 1


@pytest.mark.django_db(transaction=True)
def test_the_whole_way_without_scripts(browser, live_server, bay, speakers, village):
    with time_machine.travel(NOW, tick=True):
        context = browser.new_context(
            viewport={"width": 360, "height": 740}, user_agent="phone", java_script_enabled=False
        )
        context.add_cookies([{"name": "sessionid", "value": session_of(bay), "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + HOME + "thon/")
        page.get_by_label("Viết lời thông báo, máy sẽ đọc").fill("Sáng mai dọn vệ sinh đường làng.")
        page.get_by_role("button", name="Nghe thử").click()
        page.wait_for_url("**/thon/nghe/**")
        deliver_all()
        page.get_by_role("button", name="Gửi ra loa").click(timeout=20_000)
        page.get_by_text("sẽ phát lúc").wait_for()
        context.close()
    assert Play.objects.get().unit == village
